public import Entries
import Machine
import Matching
public import Secrets
public import Vault

/// Who may come in, as the process that owns a home knows it: users, tokens, sessions, and who failed how often.
///
/// Everybody who asks over the network is looked up here, from any thread and without waiting for the home. The ledger says
/// which tokens and users there are, the vault keeps the hashes; a request that changes one of them changes it here too,
/// before it is answered. So what was revoked is dead at once.
public final class AccessBook: Sendable {
    public struct User: Sendable, Equatable {
        public let user: String
        public let name: String?
        public let email: String?
        public let role: Role
    }

    /// A token that opens something.
    public struct Token: Sendable, Equatable {
        public let token: String
        public let user: String
        public let scopes: Set<TokenScope>
        public let expires: Int64?
        let hash: [UInt8]
    }

    struct State: Sendable {
        var users: [String: User] = [:]
        var passwords: [String: Secret] = [:]
        var tokens: [String: Token] = [:]
        /// When each was last used, and when the vault was last told so.
        var uses: [String: (last: Int64, kept: Int64)] = [:]
        var sessions = SessionBook()
        var limiter = Limiter()
    }

    let key: HashKey
    let state: Guarded<State>
    private let desk: PasswordDesk

    init(key: HashKey, desk: PasswordDesk, _ state: State) {
        (self.key, self.desk, self.state) = (key, desk, Guarded(state))
    }

    public func user(_ user: String) -> User? { state.with { $0.users[user] } }

    func know(_ users: [User]) { state.with { $0.users = Dictionary(users.map { ($0.user, $0) }) { $1 } } }
}

// MARK: Tokens

extension AccessBook {
    /// The last use of a token is written down at most so often.
    static let useMilliseconds: Int64 = 3_600_000

    /// `dbk_ID_SECRET`. The beginning lets a scanner of sources find one that was left lying about.
    static let tokenPrefix = "dbk_"

    static func text(of token: String, _ secret: Secret) -> Secret {
        secret.reveal { Secret(tokenPrefix + token + "_" + $0) }
    }

    static func hash(of secret: Secret, _ key: HashKey) -> [UInt8] { key.hash(secret, kind: "token") }

    /// Whether a text looks as a token does.
    public static func isToken(_ text: String) -> Bool { text.hasPrefix(tokenPrefix) && text.utf8.count > 20 }

    /// The token and its user; nil if it opens nothing, for whatever reason.
    public func token(_ text: String, now: Int64) -> (token: Token, user: User)? {
        // The secret itself may hold the mark between the parts.
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] + "_" == Self.tokenPrefix else { return nil }
        let known = state.with { $0.tokens[parts[1]] }
        let isRight = key.matches(Secret(parts[2]), known?.hash ?? Self.nobodys, kind: "token")
        guard let known, isRight, known.expires.map({ now < $0 }) ?? true else { return nil }
        return state.with { state in
            guard state.tokens[known.token] == known, let user = state.users[known.user] else { return nil }
            state.uses[known.token, default: (now, 0)].last = now
            return (known, user)
        }
    }

    /// What a token that there is not is compared with.
    private static let nobodys = [UInt8](repeating: 0, count: HashKey.byteCount)

    func lastUse(of token: String) -> Int64? { state.with { $0.uses[token]?.last } }

    func add(_ token: Token) { state.with { $0.tokens[token.token] = token } }

    func remove(tokens: [String]) {
        state.with { state in
            for token in tokens {
                state.tokens[token] = nil
                state.uses[token] = nil
            }
        }
    }
}

// MARK: Sessions

extension AccessBook {
    /// The user of a session, which is used by this; nil where it is over.
    public func session(_ id: String, now: Int64) -> User? {
        let hash = sessionHash(id)
        return state.with { state in
            guard let session = state.sessions.use(hash, now: now), state.passwords[session.user] != nil else {
                return nil
            }
            return state.users[session.user]
        }
    }

    /// As `session`, and it counts for no use: nobody stays logged in by leaving a page open.
    public func sessionUser(_ id: String, now: Int64) -> User? {
        let hash = sessionHash(id)
        return state.with { state in
            guard let user = state.sessions.user(hash, now: now), state.passwords[user] != nil else { return nil }
            return state.users[user]
        }
    }

    /// What a page must send back with whatever changes something, to show that it is this session's own.
    public func sessionMark(_ id: String) -> String { key.hash(Secret(id), kind: "mark").base64URL }

    public func isMark(_ text: String, of id: String) -> Bool {
        guard let bytes = [UInt8](base64URL: text) else { return false }
        return key.matches(Secret(id), bytes, kind: "mark")
    }

    func sessionHash(_ id: String) -> [UInt8] { key.hash(Secret(id), kind: "session") }

    /// Ends one; what is answered is still to be kept.
    public func logOut(_ id: String) -> AccessChanges {
        let hash = sessionHash(id)
        state.with { _ = $0.sessions.end(hash) }
        return AccessChanges(ended: [hash])
    }

    /// Ends all of a user, in all browsers.
    public func logOutEverywhere(_ user: String) -> AccessChanges {
        AccessChanges(ended: state.with { $0.sessions.end(allOf: user) })
    }
}

// MARK: Passwords

extension AccessBook {
    func hasPassword(_ user: String) -> Bool { state.with { $0.passwords[user] != nil } }

    func know(password hash: Secret?, of user: String) { state.with { $0.passwords[user] = hash } }

    /// Why somebody is not let in. Wrong is wrong: nothing tells a user from none.
    public enum LoginFault: Error, Sendable {
        case wrong(AccessChanges)
        case wait(milliseconds: Int64)
        case busy
    }

    /// Somebody who was let in: the id of the session is told to the browser and kept nowhere.
    public struct Login: Sendable {
        public let id: Secret
        public let user: User
        public let changes: AccessChanges
    }

    /// Logs somebody in who knows a password.
    ///
    /// - Parameters:
    ///   - login: the name or the address of a user.
    ///   - address: from where, as `ClientAddress.sender` says it.
    ///   - previous: the id of the session that the browser has; it ends.
    public func logIn(
        _ login: String, _ password: Secret, from address: String, previous: String? = nil, now: Int64,
        _ randomness: Randomness
    ) throws(LoginFault) -> Login {
        let (user, verified, subjects) = try check(login, password, from: address, now: now)
        let id = Secret(randomness.bytes(32).base64URL)
        let hash = id.reveal { sessionHash($0) }
        let renewed = desk.needsRenewal(verified) ? try? desk.hash(password) : nil
        let changes: AccessChanges? = state.with { state in
            // Whoever was removed, or got another password meanwhile, is not let in with the old one.
            guard state.passwords[user.user] == verified, let known = state.users[user.user] else { return nil }
            if let renewed { state.passwords[user.user] = renewed }
            state.limiter.succeeded(subjects)
            var ended: [[UInt8]] = []
            if let previous {
                let hash = sessionHash(previous)
                state.sessions.end(hash)
                ended.append(hash)
            }
            let (session, over) = state.sessions.begin(hash, user: known.user, now: now)
            var changes = AccessChanges(session: session, ended: ended + over)
            (changes.attempts, changes.forgotten) = state.limiter.toKeep(subjects)
            changes.renewed = renewed.map { (known.user, verified, $0) }
            return changes
        }
        guard let changes else { throw .wrong(AccessChanges()) }
        return Login(id: id, user: user, changes: changes)
    }

    /// Looks whether a password is right, at the price of one hash, whatever the name.
    private func check(
        _ login: String, _ password: Secret, from address: String, now: Int64
    ) throws(LoginFault) -> (user: User, hash: Secret, subjects: [Limiter.Subject]) {
        let found = user(calling: login)
        let subjects = [
            Limiter.Subject(.account, subject(found.map { "user " + $0.user } ?? "name " + Folding.fold(login))),
            Limiter.Subject(.address, subject("address " + address)),
        ]
        let (verdict, known) = state.with { state in
            (state.limiter.begin(subjects, now: now), found.flatMap { state.passwords[$0.user] })
        }
        if case .wait(let milliseconds) = verdict { throw .wait(milliseconds: milliseconds) }
        let isRight: Bool
        do {
            isRight = try desk.verify(password, against: password.byteCount > PasswordRules.mostBytes ? nil : known)
        } catch {
            state.with { $0.limiter.abandoned(subjects) }
            throw .busy
        }
        guard isRight, let found, let known else {
            let (attempts, forgotten) = state.with { $0.limiter.toKeep(subjects) }
            throw .wrong(AccessChanges(attempts: attempts, forgotten: forgotten))
        }
        return (found, known, subjects)
    }

    private func subject(_ text: String) -> [UInt8] { key.hash(Secret(text), kind: "attempt") }

    /// A user by id, name or address.
    private func user(calling login: String) -> User? {
        let folded = Folding.fold(login)
        let email = login.contains("@") ? MailAddress(login)?.text : nil
        return state.with { state in
            if let user = state.users[login] { return user }
            let found = state.users.values.filter { user in
                (!folded.isEmpty && user.name.map { Folding.fold($0) } == folded)
                    || (email != nil && user.email == email)
            }
            return found.count == 1 ? found.first : nil
        }
    }
}

/// What the vault has to learn of what happened in the book.
public struct AccessChanges: Sendable {
    public var session: KeptSession?
    public var ended: [[UInt8]] = []
    public var attempts: [KeptAttempt] = []
    public var forgotten: [[UInt8]] = []
    /// The user whose hash was made at another cost than today's, that hash, and the one for its place.
    var renewed: (user: String, before: Secret, hash: Secret)?

    init(
        session: KeptSession? = nil, ended: [[UInt8]] = [], attempts: [KeptAttempt] = [], forgotten: [[UInt8]] = []
    ) {
        (self.session, self.ended, self.attempts, self.forgotten) = (session, ended, attempts, forgotten)
    }
}
