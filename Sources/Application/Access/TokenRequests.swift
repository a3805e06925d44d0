import Entries
import Projections
import SQLite
import Secrets
import Sync
import Vault

/// The tokens of a user, or of all; none is shown, for none is known.
public struct TokensRequest: Request {
    public static let name = "tokens"

    public struct Answer: Codable, Sendable {
        public let tokens: [Shown]
    }

    public struct Shown: Codable, Sendable, Equatable {
        /// The id, which is not the token.
        public let token: String
        public let name: String?
        public let user: String
        public let userName: String?
        public let scopes: [String]
        public let issued: Int64
        public let expires: Int64?
        public let revoked: Int64?
        /// Why it was revoked: by_hand, expired, user_removed or leaked.
        public let reason: String?
        /// When it last opened something; up to an hour may be lost when the service is killed.
        public let lastUsed: Int64?
        public let isLive: Bool
    }

    public var user: String?
    /// Those of all users, for an admin.
    public var isOfAll = false
    /// Also those that open nothing any more.
    public var withEnded = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        if isOfAll { try viewer.requireAdmin("see the tokens of everybody") }
        let tokens = try home.tokens(of: isOfAll ? nil : viewer.user)
        return Answer(tokens: tokens.filter { withEnded || $0.isLive })
    }
}

/// Makes a token with which a program may act in the user's name. It is shown this once.
public struct IssueTokenRequest: Request {
    public static let name = "issue_token"

    public struct Answer: Codable, Sendable {
        public let secret: ShownOnce
        public let token: TokensRequest.Shown
    }

    /// A user with more has lost sight of them.
    private static let mostOfOneUser = 100
    private static let longestName = 200

    public var user: String?
    public var tokenName: String
    public var scopes: [String]
    /// When it ends; nil is never.
    public var expires: Int64?

    public init(user: String?, tokenName: String, scopes: [String]) {
        self.user = user
        self.tokenName = tokenName
        self.scopes = scopes
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let scopes = try TokenScope.required(scopes)
        try check(scopes, viewer, home)
        try home.requireConfirmedHead()
        let (book, randomness) = (try home.access(), home.options.randomness)
        let id = randomness.identifier()
        let secret = Secret(randomness.bytes(32).base64URL)
        let hash = AccessBook.hash(of: secret, book.key)
        // A kill before the entry leaves a hash that opens nothing and goes with the next start.
        try home.vault().put(KeptToken(token: id, user: viewer.user, hash: hash))
        var issued = TokenIssued()
        (issued.token, issued.user, issued.name) = (id, viewer.user, tokenName)
        (issued.scopes, issued.expires) = (scopes.map(\.rawValue), expires)
        try home.desk().append(issued, stream: "user/\(viewer.user)", owner: viewer.user)
        book.add(.init(token: id, user: viewer.user, scopes: Set(scopes), expires: expires, hash: hash))
        guard let shown = try home.tokens(of: viewer.user).first(where: { $0.token == id }) else {
            throw Refusal(.failed, "the token was made, and is not in the views")
        }
        return Answer(secret: ShownOnce(AccessBook.text(of: id, secret)), token: shown)
    }

    private func check(_ scopes: [TokenScope], _ viewer: Viewer, _ home: OpenHome) throws {
        guard !tokenName.isEmpty, tokenName.count <= Self.longestName else {
            throw Refusal(.badRequest, "the token needs a name of at most \(Self.longestName) characters")
        }
        if scopes.contains(.admin) { try viewer.requireAdmin("make a token for what takes an admin") }
        if scopes.contains(.metrics) { try viewer.requireAdmin("make a token for the figures of the home") }
        if let expires, expires <= home.options.now() {
            throw Refusal(.badRequest, "the token would have ended before it began")
        }
        let live = try home.tokens(of: viewer.user).filter(\.isLive)
        if live.contains(where: { $0.name == tokenName }) {
            throw Refusal(
                .conflict, "there is a token “\(tokenName)” already", hint: "Revoke that one, or call this otherwise.")
        }
        guard live.count < Self.mostOfOneUser else {
            throw Refusal(.conflict, "there are \(live.count) tokens already", hint: "Revoke those that nobody uses.")
        }
    }
}

/// Ends a token at once.
public struct RevokeTokenRequest: Request {
    public static let name = "revoke_token"

    public struct Answer: Codable, Sendable {
        public let token: TokensRequest.Shown
        public let isChanged: Bool
    }

    public var user: String?
    /// Its id, the beginning of it, or its name.
    public var token: String
    /// It came into other hands.
    public var isLeaked = false
    /// Only a whole id names a token, as programs do it.
    public var isWhole = false

    public init(user: String?, token: String) {
        self.user = user
        self.token = token
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let known = try find(home, viewer)
        if known.revoked != nil { return Answer(token: known, isChanged: false) }
        try home.revoke([known], because: isLeaked ? .leaked : .byHand)
        let after = try home.tokens(of: known.user).first { $0.token == known.token }
        return Answer(token: after ?? known, isChanged: true)
    }

    /// An admin ends those of others too, by their whole id.
    private func find(_ home: OpenHome, _ viewer: Viewer) throws -> TokensRequest.Shown {
        let all = try home.tokens(of: viewer.role == .admin ? nil : viewer.user)
        if let token = all.first(where: { $0.token == token }) { return token }
        let own = isWhole ? [] : all.filter { $0.user == viewer.user }
        let named = own.filter { $0.isLive && $0.name == token }
        let begun = token.count >= 4 ? own.filter { $0.token.hasPrefix(token) } : []
        let found = named.isEmpty ? begun : named
        guard found.count == 1 else {
            throw Refusal(
                .notFound, found.isEmpty ? "there is no token “\(shown)”" : "several tokens are meant by “\(shown)”",
                hint: "The ids are shown by: daybook tokens")
        }
        return found[0]
    }

    /// Whoever gives the token itself must not read it again in the answer.
    private var shown: String { AccessBook.isToken(token) ? "dbk_…" : token }
}

extension OpenHome {
    /// The tokens of a user, or of everybody.
    func tokens(of user: String?) throws -> [TokensRequest.Shown] {
        let (book, now) = (try access(), options.now())
        return try views().read { views in
            try views.prepare(
                """
                SELECT token, access_token.name, access_token.account, account.name, scopes, issued, expires, revoked,
                    reason
                FROM access_token LEFT JOIN account ON account.account = access_token.account
                WHERE ?1 IS NULL OR access_token.account = ?1
                ORDER BY issued, token
                """
            ).map(Value(user)) { row in
                let (expires, revoked) = (row.integerIfPresent(6), row.integerIfPresent(7))
                return TokensRequest.Shown(
                    token: row.text(0), name: row.textIfPresent(1), user: row.text(2), userName: row.textIfPresent(3),
                    scopes: StoredList.texts(row.text(4)), issued: row.integer(5), expires: expires, revoked: revoked,
                    reason: row.textIfPresent(8), lastUsed: book.lastUse(of: row.text(0)),
                    isLive: revoked == nil && expires.map { now < $0 } ?? true)
            }
        }
    }

    /// Ends tokens: first in the book, so that nothing waits for the disk.
    func revoke(_ tokens: [TokensRequest.Shown], because reason: TokenEnd) throws {
        try requireConfirmedHead()
        let (ids, desk) = (tokens.map(\.token), desk())
        try access().remove(tokens: ids)
        try desk.append(
            tokens.map { token in
                var revoked = TokenRevoked()
                (revoked.token, revoked.user, revoked.reason) = (token.token, token.user, reason)
                return desk.draft(revoked, stream: "user/\(token.user)", owner: token.user)
            })
        // A kill before this leaves hashes of what the ledger says is over; the next start takes them away.
        try vault().removeTokens(ids)
    }
}
