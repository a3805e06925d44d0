import Entries
import Projections
import SQLite
import Secrets
import Sync

/// Asks for a reading without waiting for it: the service does it next, before what is due by itself.
///
/// What is asked for already, or is being read, is not asked for twice: the answer names the run that does it.
public struct RequestSyncRequest: Request {
    public static let name = "request_sync"

    public struct Answer: Codable, Sendable {
        public let runs: [Run]
    }

    public struct Run: Codable, Sendable {
        public let run: String
        public let connection: String
        /// It was in the queue before.
        public let isRepeated: Bool
    }

    public var user: String?
    /// Nil is every connection of the user that is read by itself.
    public var connection: String?
    public var isForAll = false
    public var isFull = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        if isForAll { try home.requireAdmin(user) }
        let viewers = isForAll ? try home.users() : [try home.viewer(user)]
        var runs: [Run] = []
        for viewer in viewers {
            for row in try wanted(viewer, home) { runs.append(try request(row, home)) }
        }
        return Answer(runs: runs)
    }

    private func wanted(_ viewer: Viewer, _ home: OpenHome) throws -> [ConnectionRow] {
        if let connection {
            let id = try home.connection(connection, of: viewer)
            return try home.views().read { [try ConnectionRow.one(id, $0)].compactMap(\.self) }
        }
        return try home.views().read { try ConnectionRow.due(of: viewer.user, $0) }
    }

    private func request(_ row: ConnectionRow, _ home: OpenHome) throws -> Run {
        let waiting = try home.views().read { try QueueRow.all($0).first { $0.connection == row.connection } }
        if let waiting { return Run(run: waiting.run, connection: row.connection, isRepeated: true) }
        var requested = JobRequested()
        requested.job = .fetch
        requested.run = home.options.randomness.identifier()
        requested.trigger = .manual
        requested.priority = .user
        requested.mode = isFull ? .full : nil
        requested.user = row.owner
        requested.connection = row.connection
        try home.append([Draft(requested, stream: "job/fetch", owner: row.owner, actor: Actor.asking)])
        return Run(run: requested.run, connection: row.connection, isRepeated: false)
    }
}
