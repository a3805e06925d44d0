import Entries
import Machine
import Projections
import SQLite
import Sync
import Vault

/// Ends that somebody may use the home: sessions and tokens first, then the connections, each by an entry of its own, and
/// last the user. What was logged stays, as it does when a connection is removed. Cut short, it can be run again.
public struct RemoveUserRequest: Request {
    public static let name = "remove_user"

    public struct Removed: Codable, Sendable {
        public let user: String
        public let name: String?
        public let connections: [String]
        public let tokens: Int64
        public let sessions: Int64
        public let grants: [GrantEnd]
        public let isDryRun: Bool
    }

    public var user: String?
    public var account: String
    public var note: String?
    public var isDryRun = false

    public init(user: String?, account: String) {
        self.user = user
        self.account = account
    }

    public func answer(in home: OpenHome) throws -> Removed {
        let viewer = try home.viewer(user)
        try viewer.requireAdmin("remove users")
        let target = try home.viewer(account)
        try home.requireAnotherAdmin(than: target, to: "removed")
        let tokens = try home.tokens(of: target.user).filter { $0.revoked == nil }
        let connections = try ConnectionsRequest(user: target.user).answer(in: home).connections
        var sessions = try home.access().state.with { $0.sessions.count(of: target.user) }
        var grants: [GrantEnd] = []
        if !isDryRun {
            try home.requireConfirmedHead()
            sessions = try end(target, tokens, home)
            grants = try connections.compactMap {
                try RemoveConnectionRequest(user: target.user, connection: $0.connection).answer(in: home).grant
            }
            var removed = UserRemoved()
            (removed.user, removed.note) = (target.user, note)
            try home.desk().append(removed, stream: "user/\(target.user)", owner: target.user)
        }
        return Removed(
            user: target.user, name: target.name, connections: connections.map { $0.name ?? $0.connection },
            tokens: Int64(tokens.count), sessions: Int64(sessions), grants: grants, isDryRun: isDryRun)
    }

    private func end(_ target: Viewer, _ tokens: [TokensRequest.Shown], _ home: OpenHome) throws -> Int {
        try home.access().know(password: nil, of: target.user)
        let sessions = try home.endSessions(of: target.user)
        try home.revoke(tokens, because: .userRemoved)
        try home.endHooks(of: target.user)
        try AccessSecrets(home.vault()).destroyPassword(of: target.user)
        return sessions
    }
}
