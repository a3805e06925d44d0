import Entries
import Projections
import SQLite
import Sync

/// Which of a user's meetings may be copies of each other, and what was decided.
public struct ConflictsRequest: ReadingRequest {
    public static let name = "conflicts"

    public struct Answer: Codable, Sendable {
        public let zone: String?
        public let conflicts: [Shown]
    }

    public struct Shown: Codable, Sendable, Equatable {
        public let conflict: String
        public let kind: String
        public let confidence: Int64
        public let found: Int64
        public let first: Side
        public let second: Side
        /// keep_event1, keep_event2, merge_events or manual; nil while nothing was decided.
        public let resolution: String?
        public let strategy: String?
        public let resolved: Int64?
        public let undone: Int64?
    }

    /// One meeting of the pair.
    public struct Side: Codable, Sendable, Equatable {
        public let meeting: String
        public let title: String?
        public let starts: Int64?
        public let calendars: [String]
        public let isHidden: Bool
    }

    public var user: String?
    /// Also those about which something was decided.
    public var withResolved = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        return try home.views().read { views in
            let rows = try ConflictRow.all(of: viewer.user, views).filter { withResolved || $0.isOpen }
            return Answer(zone: viewer.zone, conflicts: try rows.compactMap { try Self.shown($0, views) })
        }
    }

    /// Nil where one of the two is gone and nothing was decided: then there is no question.
    static func shown(_ row: ConflictRow, _ views: Connection) throws -> Shown? {
        let (first, second) = (try side(row.meeting, views), try side(row.otherMeeting, views))
        guard let first, let second else { return nil }
        return Shown(
            conflict: row.conflict, kind: row.kind.rawValue, confidence: row.confidence, found: row.found, first: first,
            second: second, resolution: row.resolution.map(ResolveConflictRequest.word),
            strategy: row.strategy?.rawValue,
            resolved: row.resolved, undone: row.undone)
    }

    private static func side(_ meeting: String, _ views: Connection) throws -> Side? {
        let calendars = try views.prepare(
            """
            SELECT DISTINCT COALESCE(calendar.name, '') FROM meeting_sighting
                LEFT JOIN calendar ON calendar.calendar = meeting_sighting.calendar
            WHERE meeting = ? ORDER BY 1
            """
        ).map(.text(meeting)) { $0.text(0) }
        return try views.prepare(
            "SELECT title, starts, hidden_behind IS NOT NULL FROM meeting WHERE meeting = ? AND sightings > 0"
        ).first(.text(meeting)) {
            Side(
                meeting: meeting, title: $0.textIfPresent(0), starts: $0.integerIfPresent(1), calendars: calendars,
                isHidden: $0.integer(2) == 1)
        }
    }
}

/// Decides about two meetings that may be one.
public struct ResolveConflictRequest: Request {
    public static let name = "resolve_conflict"

    public typealias Answer = ConflictsRequest.Shown

    public var user: String?
    public var conflict: String
    /// keep_event1, keep_event2, merge_events or manual.
    public var resolution: String
    public var note: String?

    public init(user: String?, conflict: String, resolution: String) {
        (self.user, self.conflict, self.resolution) = (user, conflict, resolution)
    }

    public static let words = ["keep_event1", "keep_event2", "merge_events", "manual"]

    static func word(_ resolution: Resolution) -> String {
        switch resolution {
        case .keepFirst: "keep_event1"
        case .keepSecond: "keep_event2"
        case .merge: "merge_events"
        case .manual: "manual"
        }
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        guard
            let resolution = [Resolution.keepFirst, .keepSecond, .merge, .manual].first(where: {
                Self.word($0) == resolution
            })
        else {
            throw Refusal(
                .badRequest, "“\(resolution)” decides nothing",
                hint: "There is: \(Self.words.joined(separator: ", ")).",
                field: "resolution")
        }
        let row = try home.conflict(conflict, of: viewer)
        try ConflictStage(home.desk()).resolve(row, resolution, note: note)
        return try home.shownConflict(row.conflict, of: viewer)
    }
}

/// Takes a decision back: both meetings are shown again, and the pair waits for another.
public struct UndoConflictRequest: Request {
    public static let name = "undo_conflict"

    public typealias Answer = ConflictsRequest.Shown

    public var user: String?
    public var conflict: String

    public init(user: String?, conflict: String) { (self.user, self.conflict) = (user, conflict) }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let row = try home.conflict(conflict, of: viewer)
        guard row.resolved != nil, row.undone == nil else {
            throw Refusal(.conflict, "nothing was decided about these two", hint: "daybook conflicts lists what waits.")
        }
        try ConflictStage(home.desk()).undo(row)
        return try home.shownConflict(row.conflict, of: viewer)
    }
}

extension OpenHome {
    func conflict(_ id: String, of viewer: Viewer) throws -> ConflictRow {
        let found = try views().read { try ConflictRow.all(of: viewer.user, $0) }
            .filter { $0.conflict == id || (id.count >= 4 && $0.conflict.hasPrefix(id)) }
        guard found.count == 1 else {
            throw Refusal(.notFound, "there is no such pair", hint: "daybook conflicts lists them.")
        }
        return found[0]
    }

    func shownConflict(_ id: String, of viewer: Viewer) throws -> ConflictsRequest.Shown {
        let row = try conflict(id, of: viewer)
        guard let shown = try views().read({ try ConflictsRequest.shown(row, $0) }) else {
            throw Refusal(.notFound, "one of the two meetings is gone")
        }
        return shown
    }
}

/// Looks for copies, as a job of the service.
enum Comparing {
    static func run(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        var report = JobReport()
        let stage = ConflictStage(home.desk(actor: order.actor))
        for viewer in try home.users() {
            let summary = try stage.run(viewer.user)
            report.created += summary.found
            report.updated += summary.resolved
        }
        report.processed = report.created + report.updated
        return report
    }
}
