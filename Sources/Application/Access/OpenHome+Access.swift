import Entries
import Machine
import Projections
import SQLite
import Secrets
import Sync
import Vault

/// The book of who may come in, and its way to the vault and back.
extension OpenHome {
    /// Read once from the ledger and the vault, and the same from then on for all who ask.
    public func access() throws -> AccessBook {
        if let openedAccess { return openedAccess }
        let vault = try vault()
        let book = try Self.explained(folder) { try AccessLoading(self, vault).book() }
        openedAccess = book
        return book
    }

    /// Keeps what happened in the book; it is on the disk when this returns.
    public func keep(_ changes: AccessChanges) throws {
        let (vault, book) = (try vault(), try access())
        // What was ended in the meantime must not come back.
        let session = changes.session.flatMap { session in
            book.state.with { $0.sessions.holds(session.hash) } ? session : nil
        }
        try Self.explained(folder) {
            try vault.keep(
                session, removing: changes.ended, attempts: changes.attempts, forgetting: changes.forgotten)
            guard let (user, _, hash) = changes.renewed, book.state.with({ $0.passwords[user] == hash }) else { return }
            try AccessSecrets(vault).keep(password: hash, of: user)
        }
    }

    /// Writes down what was used, and lets go what is over. To be called every ten minutes or so, and before the end.
    public func keepUses() throws {
        guard let book = openedAccess else { return }
        book.know(try accessUsers())
        let now = options.now()
        var uses: [String: Int64] = [:]
        let (sessions, changes) = book.state.with { state in
            for (token, use) in state.uses where use.last - use.kept >= AccessBook.useMilliseconds {
                uses[token] = use.last
                state.uses[token]?.kept = use.last
            }
            state.limiter.forget(now: now)
            let ended = state.sessions.expire(now: now)
            let forgotten = state.limiter.toKeep([]).forgotten
            return (state.sessions.toKeep(), AccessChanges(ended: ended, forgotten: forgotten))
        }
        let vault = try vault()
        try Self.explained(folder) { try vault.keepUses(of: uses, of: sessions) }
        try keep(changes)
    }

    /// Tells the book of users who came, changed or went. Where that cannot be read nobody is let in, until it can be: what
    /// was taken from somebody must not go on.
    func followUsers(_ drafts: [Draft]) {
        let types = [UserAdded.type, UserChanged.type, UserRemoved.type, UserErased.type]
        guard let book = openedAccess, drafts.contains(where: { types.contains($0.type) }) else { return }
        book.know((try? accessUsers()) ?? [])
    }

    func accessUsers() throws -> [AccessBook.User] {
        try views().read { views in
            try views.prepare("SELECT account, name, email, role FROM account WHERE is_removed = 0 ORDER BY account")
                .map {
                    AccessBook.User(
                        user: $0.text(0), name: $0.textIfPresent(1), email: $0.textIfPresent(2),
                        role: Role(rawValue: $0.text(3)) ?? .member)
                }
        }
    }

    /// Ends all sessions of a user, here and in the vault; answers how many there were.
    @discardableResult
    func endSessions(of user: String) throws -> Int {
        let changes = try access().logOutEverywhere(user)
        try keep(changes)
        return changes.ended.count
    }
}

/// The secrets of users in the vault. Their places have a slash, so that nobody takes them for a connection's.
struct AccessSecrets {
    private static let (place, name) = ("access/password", "hash")
    private let vault: Vault

    init(_ vault: Vault) { self.vault = vault }

    /// Nil also where it cannot be opened: then the password has to be set anew.
    func password(of user: String) throws -> Secret? {
        do {
            return try vault.get(owner: user, connection: Self.place, name: Self.name)
        } catch let fault as VaultFault where fault.isOfOneRecord {
            return nil
        }
    }

    func keep(password hash: Secret, of user: String) throws {
        try vault.put(hash, owner: user, connection: Self.place, name: Self.name)
    }

    func destroyPassword(of user: String) throws { try vault.destroy(owner: user, connection: Self.place) }
}

/// Reads the book. What the ledger does not know, as after a kill between two steps, opens nothing and goes.
private struct AccessLoading {
    private let home: OpenHome
    private let vault: Vault

    init(_ home: OpenHome, _ vault: Vault) { (self.home, self.vault) = (home, vault) }

    func book() throws -> AccessBook {
        var state = AccessBook.State()
        state.users = Dictionary(try home.accessUsers().map { ($0.user, $0) }) { $1 }
        let secrets = AccessSecrets(vault)
        for user in state.users.keys { state.passwords[user] = try secrets.password(of: user) }
        try readTokens(into: &state)
        state.sessions = SessionBook(try vault.sessions().filter { state.passwords[$0.user] != nil })
        state.limiter = Limiter(try vault.attempts())
        return AccessBook(key: try vault.hashKey(), desk: home.options.passwords, state)
    }

    private func readTokens(into state: inout AccessBook.State) throws {
        let hashes = Dictionary(try vault.tokens().map { ($0.token, $0) }) { $1 }
        let live = try home.views().read { views in
            try views.prepare("SELECT token, account, scopes, expires FROM access_token WHERE revoked IS NULL").map {
                (
                    token: $0.text(0), user: $0.text(1), scopes: StoredList.texts($0.text(2)),
                    expires: $0.integerIfPresent(3)
                )
            }
        }
        for token in live {
            guard let kept = hashes[token.token], kept.user == token.user, state.users[token.user] != nil else {
                continue
            }
            state.tokens[token.token] = AccessBook.Token(
                token: token.token, user: token.user, scopes: Set(token.scopes.compactMap { TokenScope(rawValue: $0) }),
                expires: token.expires, hash: kept.hash)
            if let used = kept.used { state.uses[token.token] = (used, used) }
        }
        // While it is not certain that this ledger is the right one, nothing is destroyed.
        guard home.headWarning == nil else { return }
        let orphans = hashes.keys.filter { state.tokens[$0] == nil }
        if !orphans.isEmpty { try vault.removeTokens(orphans.sorted()) }
    }
}
