import Entries
import Ledger
import Machine
import Projections
import SQLite
import Secrets
import Sync
import Vault

/// Forgets a user of the home: the personal half of every entry that belongs to them, their connections, and all that the
/// vault keeps for them. Asked again after a kill, it goes on where it was.
public struct ForgetAccountRequest: Request {
    public static let name = "forget_account"

    public struct Forgotten: Codable, Sendable {
        public let user: String
        public let userName: String?
        public let isDryRun: Bool
        public let entries: [String: Int64]
        public let connections: Int64
        public let secrets: Int64
        /// Backups of before, which still hold what is erased.
        public let backups: [String]
        public let certificate: ErasureCertificate?
    }

    /// Who asks.
    public var user: String?
    /// Who is forgotten, by name or id.
    public var account: String
    public var note: String?
    public var isDryRun = false

    public init(user: String?, account: String) {
        self.user = user
        self.account = account
    }

    /// Positions in one entry: some hundred kilobytes of it.
    static let batch = 20_000

    public func answer(in home: OpenHome) throws -> Forgotten {
        try home.requireConfirmedHead()
        try home.viewer(user).requireAdmin("forget an account")
        let (id, name) = try found(home)
        try refuseLastAdmin(id, home)
        let (positions, counts) = try traces(of: id, home)
        let connections = try connections(of: id, home)
        let places = try Folder.exists(home.folder.vault) ? home.vault().places().filter { $0.owner == id } : []
        let backups = try home.backupPaths()
        func answer(_ certificate: ErasureCertificate?) -> Forgotten {
            Forgotten(
                user: id, userName: name, isDryRun: isDryRun, entries: counts, connections: Int64(connections.count),
                secrets: Int64(places.count), backups: backups, certificate: certificate)
        }
        if isDryRun { return answer(nil) }
        let before = try home.signHead()
        var recorded: [Int64] = []
        var followers = try isErased(id, home) ? [] : followers(id, connections, home.desk())
        var rest = positions[...]
        repeat {
            let part = rest.prefix(Self.batch)
            rest = rest.dropFirst(Self.batch)
            let (receipt, _) = try OpenHome.explained(home.folder) {
                try home.writer.erase(
                    Array(part), reason: .request, note: note, about: .user(id), owner: Draft.home,
                    actor: Actor.asking, followers: followers)
            }
            recorded.append(receipt.position)
            followers = []
        } while !rest.isEmpty
        for place in places { try home.vault().destroy(owner: place.owner, connection: place.connection) }
        _ = try home.views()
        let after = try home.signHead()
        return answer(
            ErasureCertificate(
                subject: .account, identifier: id, erasedAt: home.options.now(), entries: Int64(positions.count),
                entriesByType: counts, positions: positions, recordedAt: recorded, addresses: 0, mentionsLeft: 0,
                secretsDestroyed: Int64(places.count), backups: Int64(backups.count),
                verifierKey: home.signer.verifier.description, checkpointBefore: before.description,
                checkpointAfter: after.description))
    }

    /// Also one whose erasure was cut short, who is known by id alone.
    private func found(_ home: OpenHome) throws -> (id: String, name: String?) {
        if account.count >= 8 {
            let ids = try home.views().read { views in
                try views.prepare("SELECT account FROM account WHERE is_removed = 1").map { $0.text(0) }
            }
            let removed = ids.filter { $0.hasPrefix(account) }
            if removed.count == 1 { return (removed[0], nil) }
        }
        let viewer = try home.viewer(account)
        return (viewer.user, viewer.name)
    }

    private func refuseLastAdmin(_ id: String, _ home: OpenHome) throws {
        let users = try home.users()
        guard users.contains(where: { $0.user == id && $0.role == .admin }),
            !users.contains(where: { $0.user != id && $0.role == .admin })
        else { return }
        throw Refusal(
            .conflict, "this is the only administrator of the home",
            hint: "Add another first (daybook users add NAME --admin), or do away with the home as a whole.")
    }

    private func traces(of id: String, _ home: OpenHome) throws -> ([Int64], [String: Int64]) {
        var positions: [Int64] = []
        var counts: [String: Int64] = [:]
        try home.reader.scan(Query(owner: id)) { stored in
            if stored.hasPersonal {
                positions.append(stored.position)
                counts[stored.type, default: 0] += 1
            }
            return true
        }
        return (positions, counts)
    }

    private func connections(of id: String, _ home: OpenHome) throws -> [String] {
        try home.views().read { views in
            try views.prepare("SELECT connection FROM connection WHERE owner = ? ORDER BY connection")
                .map(.text(id)) { $0.text(0) }
        }
    }

    private func isErased(_ id: String, _ home: OpenHome) throws -> Bool {
        try !home.reader.entries(Query(stream: "user/\(id)", types: [UserErased.type], limit: 1)).isEmpty
    }

    private func followers(_ id: String, _ connections: [String], _ desk: Desk) -> [Draft] {
        var drafts: [Draft] = []
        for connection in connections {
            var destroyed = CredentialDestroyed()
            (destroyed.connection, destroyed.reason) = (connection, .connectionRemoved)
            var removed = ConnectionRemoved()
            (removed.connection, removed.reason) = (connection, .byHand)
            let stream = "connection/\(connection)"
            drafts.append(desk.draft(destroyed, stream: stream, owner: id))
            drafts.append(desk.draft(removed, stream: stream, owner: id))
        }
        var erased = UserErased()
        erased.user = id
        drafts.append(desk.draft(erased, stream: "user/\(id)", owner: id))
        return drafts
    }
}
