import Entries
import Ledger
import Projections
import SQLite

/// Whether whoever asks has the thing of an id.
///
/// On the command line things are meant by names and the beginnings of ids; a program names them by whole ids, and what
/// belongs to another user is as unknown to it as what never was.
public struct IdentifyRequest: ReadingRequest {
    public static let name = "identify"

    public enum Kind: String, Codable, Sendable, CaseIterable {
        case connection, calendar, person, meeting, activity, address, user, entry

        /// As it is said that there is none.
        public var words: String { self == .address ? "address that came up" : rawValue }
    }

    public struct Reference: Codable, Sendable, Equatable {
        public let kind: Kind
        public let id: String

        public init(_ kind: Kind, _ id: String) {
            self.kind = kind
            self.id = id
        }
    }

    public struct Answer: Codable, Sendable {
        /// The ids as the views have them, in the order in which they were asked for.
        public let ids: [String]
    }

    public var user: String?
    public var references: [Reference]

    public init(user: String?, _ references: [Reference]) {
        self.user = user
        self.references = references
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        return Answer(
            ids: try references.map { reference in
                guard let id = try Self.find(reference, viewer, home) else {
                    // The id itself is left out: of what is another's not even that may be heard.
                    throw Refusal(.notFound, "there is no such \(reference.kind.words), or it is not yours")
                }
                return id
            })
    }

    private static func find(_ reference: Reference, _ viewer: Viewer, _ home: OpenHome) throws -> String? {
        let sql: String
        switch reference.kind {
        case .address: return try home.address(reference.id, of: viewer)
        case .entry:
            guard let position = Int64(reference.id), position >= 1, position <= (try home.head.size) else {
                return nil
            }
            return reference.id
        case .user: return try home.users().first { $0.user == reference.id }?.user
        case .connection: sql = "SELECT connection FROM connection WHERE owner = ? AND connection = ?"
        case .calendar: sql = "SELECT calendar FROM calendar WHERE owner = ? AND calendar = ?"
        case .person: sql = "SELECT person FROM person WHERE owner = ? AND person = ? AND merged_into IS NULL"
        case .meeting: sql = "SELECT meeting FROM meeting WHERE owner = ? AND meeting = ?"
        case .activity: sql = "SELECT activity FROM activity WHERE owner = ? AND activity = ?"
        }
        return try home.views().read { views in
            try views.prepare(sql).first(.text(viewer.user), .text(reference.id)) { $0.text(0) }
        }
    }
}
