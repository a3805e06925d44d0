import Entries
import HTTP
import Projections
import Providers
import SQLite
import Sync

/// Asks the server of a connection whether it can be read now. Nothing of what it answers is stored; only that it was
/// refused before ends with an answer, so that it is read again.
public struct TestConnectionRequest: Request {
    public static let name = "test_connection"

    public struct Answer: Codable, Sendable {
        public let connection: ConnectionsRequest.Shown
        public let works: Bool
        public let milliseconds: Int64
        /// Calendars that are there; nil for an address book.
        public let calendars: Int64?
        /// Of those that are chosen, the names of the ones that are not there any more.
        public let missing: [String]
        public let people: Int64?
        /// When the credentials end and its user has to connect it again, where that is known.
        public let grantExpires: Int64?
        /// What was learned about its server.
        public let server: [String]
        public let errorClass: String?
        public let message: String?
    }

    public var user: String?
    public var connection: String

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        let shown = try ConnectionsRequest.one(id, of: viewer, home)
        let row = try home.views().read { try ConnectionRow.one(id, $0) }
        guard let row else { throw Refusal(.notFound, "there is no connection “\(connection)”") }
        guard row.provider != .files else {
            throw Refusal(
                .badRequest, "“\(shown.name ?? connection)” lies in files, and needs no server",
                hint: "daybook sync --connection reads it.")
        }
        let started = home.options.now()
        var calendars: Set<String>?
        var people: Int64?
        var failure: ReadingFailure?
        do {
            let opened = try home.elsewhere(viewer, .attended).open(row)
            switch opened.subject {
            case .calendars(let source): calendars = Set(try source.calendars().calendars.map(\.path))
            case .people(let source): people = Int64(try source.people(since: nil)?.contacts.count ?? 0)
            }
        } catch let reason as ReadingFailure {
            if reason.isInterruption { throw Refusal(reason) }
            failure = reason
        }
        if failure == nil { try home.desk().readmit(row) }
        return Answer(
            connection: shown, works: failure == nil, milliseconds: home.options.now() - started,
            calendars: calendars.map { Int64($0.count) }, missing: try missing(id, calendars, home), people: people,
            grantExpires: try grantExpires(id, home), server: row.memory, errorClass: failure?.errorClass.rawValue,
            message: failure?.message)
    }

    private func missing(_ connection: String, _ present: Set<String>?, _ home: OpenHome) throws -> [String] {
        guard let present else { return [] }
        return try home.views().read { views in
            try views.prepare(
                "SELECT provider_path, name FROM calendar WHERE connection = ? AND is_chosen = 1 ORDER BY name"
            ).map(.text(connection)) { ($0.textIfPresent(0) ?? "", $0.textIfPresent(1) ?? "") }
        }.filter { !present.contains($0.0) }.map(\.1)
    }

    private func grantExpires(_ connection: String, _ home: OpenHome) throws -> Int64? {
        try home.views().read { views in
            try views.prepare("SELECT grant_expires FROM connection WHERE connection = ?")
                .first(.text(connection)) { $0.integerIfPresent(0) } ?? nil
        }
    }
}
