import Entries
import Projections
import SQLite
import Sync

/// An activity as it is told to whoever asks.
public struct ActivityAnswer: Codable, Sendable, Equatable {
    public let activity: String
    public let meeting: String?
    public let person: String
    public let personName: String?
    public let kind: String
    public let occurred: Int64?
    public let durationMinutes: Int64?
    public let zone: String?
    public let title: String?
    public let description: String?
    public let location: String?
    public let meetingURL: String?
    public let note: String?
    /// The other known people who took part, by name.
    public let participants: [String]
    /// scheduled or manual.
    public let trigger: String
    public let rule: String?
    public let confidence: Int64?
    /// When it was recorded, whenever it took place.
    public let logged: Int64
    public let retracted: Int64?
    public let retractionReason: String?
    /// The same in words.
    public let retractionWords: String?
    /// The fields that the user changed by hand; the calendar does not change them any more.
    public let edited: [String]
    public let position: Int64

    public var displayTitle: String { title.flatMap { $0.isEmpty ? nil : $0 } ?? "(No title)" }
}

/// Reads activities as they are told.
struct ActivityReader {
    private let views: Connection
    private let names: MeetingReader.Names

    init(_ views: Connection, _ names: MeetingReader.Names) {
        self.views = views
        self.names = names
    }

    private static let columns = """
        SELECT activity, meeting, person, kind, occurred, duration_minutes, zone, title, description, location,
            meeting_url, note, trigger, rule, confidence, logged, retracted, retraction_reason, first_position
        FROM activity
        """

    func one(_ activity: String, of owner: String) throws -> ActivityAnswer? {
        try read("owner = ?1 AND activity = ?2", .text(owner), .text(activity)).first
    }

    func ofMeeting(_ meeting: String) throws -> [ActivityAnswer] {
        try read("meeting = ?1 ORDER BY first_position", .text(meeting), .null)
    }

    /// Newest first, by when they took place; what has no time stands last.
    func timeline(_ person: String, limit: Int64) throws -> [ActivityAnswer] {
        try read("person = ?1 ORDER BY occurred DESC, first_position DESC LIMIT ?2", .text(person), .integer(limit))
    }

    private func read(_ condition: String, _ first: Value, _ second: Value) throws -> [ActivityAnswer] {
        let statement = try views.prepare("\(Self.columns) WHERE \(condition)")
        statement.bind(first, at: 1)
        if condition.contains("?2") { statement.bind(second, at: 2) }
        return try statement.map { try answer($0) }
    }

    /// - Parameter values: the owner; the person; from and to, by when they took place; 1 for the retracted too; and
    ///   how many at the most, from which on.
    func list(_ filter: Filter) throws -> [ActivityAnswer] {
        // What stands before the place in the order is not looked at.
        let end = min(filter.to, filter.after.map { $0.occurred == .max ? .max : $0.occurred + 1 } ?? .max)
        let order = "ORDER BY occurred DESC, first_position DESC LIMIT ?6"
        let range = """
            AND occurred >= ?3 AND occurred < ?4 AND (?5 = 1 OR retracted IS NULL)
            AND (?7 IS NULL OR (occurred, first_position) < (?7, ?8))
            """
        let sql =
            filter.person == nil
            ? "\(Self.columns) WHERE owner = ?1 AND ?2 IS NULL \(range) \(order)"
            : "\(Self.columns) WHERE owner = ?1 AND person = ?2 \(range) \(order)"
        return try views.prepare(sql).map(
            .text(filter.owner), Value(filter.person), .integer(filter.from), .integer(end),
            .integer(filter.withRetracted ? 1 : 0), .integer(filter.limit),
            filter.after.map { .integer($0.occurred) } ?? .null, filter.after.map { .integer($0.position) } ?? .null
        ) { try answer($0) }
    }

    func count(_ filter: Filter) throws -> Int64 {
        let whose = filter.person == nil ? "owner = ?1 AND ?2 IS NULL" : "owner = ?1 AND person = ?2"
        return try views.prepare(
            """
            SELECT COUNT(*) FROM activity
            WHERE \(whose) AND occurred >= ?3 AND occurred < ?4 AND (?5 = 1 OR retracted IS NULL)
            """
        ).first(
            .text(filter.owner), Value(filter.person), .integer(filter.from), .integer(filter.to),
            .integer(filter.withRetracted ? 1 : 0)
        ) { $0.integer(0) } ?? 0
    }

    struct Filter {
        var owner: String
        var person: String?
        var from = Int64.min
        var to = Int64.max
        var withRetracted = false
        var limit: Int64 = -1
        /// Only those behind it.
        var after: Place?
    }

    /// Where an activity stands in the order of the list.
    struct Place {
        let occurred: Int64
        let position: Int64

        init(_ activity: ActivityAnswer) { (occurred, position) = (activity.occurred ?? .min, activity.position) }

        init(_ cursor: String) throws {
            let parts = cursor.split(separator: ".").compactMap { Int64($0) }
            guard parts.count == 2 else { throw Refusal.badCursor }
            (occurred, position) = (parts[0], parts[1])
        }

        var cursor: String { "\(occurred).\(position)" }
    }

    private func answer(_ row: borrowing Row) throws -> ActivityAnswer {
        let id = row.text(0)
        let retraction = row.textIfPresent(17)
        return ActivityAnswer(
            activity: id, meeting: row.textIfPresent(1), person: row.text(2),
            personName: try names.person(row.text(2)), kind: row.text(3), occurred: row.integerIfPresent(4),
            durationMinutes: row.integerIfPresent(5), zone: row.textIfPresent(6), title: row.textIfPresent(7),
            description: row.textIfPresent(8), location: row.textIfPresent(9), meetingURL: row.textIfPresent(10),
            note: row.textIfPresent(11), participants: try participants(id), trigger: row.text(12),
            rule: row.textIfPresent(13), confidence: row.integerIfPresent(14), logged: row.integer(15),
            retracted: row.integerIfPresent(16), retractionReason: retraction,
            retractionWords: retraction.map { RetractionReason(rawValue: $0).map(RuleWords.retraction) ?? $0 },
            edited: try edited(id), position: row.integer(18))
    }

    private func participants(_ activity: String) throws -> [String] {
        let people = try views.prepare(
            "SELECT person FROM activity_participant WHERE activity = ? ORDER BY number, person"
        ).map(.text(activity)) { $0.text(0) }
        return try people.map { try names.person($0) ?? "(no name)" }
    }

    private func edited(_ activity: String) throws -> [String] {
        try views.prepare("SELECT field FROM activity_edit WHERE activity = ? ORDER BY field")
            .map(.text(activity)) { $0.text(0) }
    }
}

extension OpenHome {
    /// An activity of a user by id, the beginning of its id, or its title; of several with one title the last.
    func activity(_ named: String, of viewer: Viewer) throws -> ActivityAnswer {
        let id = try views().read { views -> String in
            if let exact = try views.prepare("SELECT activity FROM activity WHERE owner = ? AND activity = ?")
                .first(.text(viewer.user), .text(named), transform: { $0.text(0) })
            {
                return exact
            }
            if named.count >= 4 {
                let lowered = named.lowercased()
                let found = try views.prepare(
                    """
                    SELECT activity, COALESCE(title, '') FROM activity
                    WHERE owner = ? AND activity >= ? AND activity < ? LIMIT 6
                    """
                ).map(.text(viewer.user), .text(lowered), .text(lowered + "~")) { ($0.text(0), $0.text(1)) }
                if found.count == 1 { return found[0].0 }
                if found.count > 1 { throw Finding.ambiguous(named, found, "activity") }
            }
            let titled = try views.prepare(
                """
                SELECT activity, title FROM activity WHERE owner = ? AND title IS NOT NULL
                ORDER BY retracted IS NOT NULL, occurred DESC
                """
            ).map(.text(viewer.user)) { ($0.text(0), $0.text(1).lowercased()) }
            let found = titled.filter { $0.1 == named.lowercased() }
            if found.count == 1 { return found[0].0 }
            if found.count > 1 { throw Finding.ambiguous(named, found.map { ($0.0, named) }, "activity") }
            throw Refusal(
                .notFound, "there is no activity “\(named)”", hint: "“daybook activities” lists them with their ids.")
        }
        return try views().read { views in
            guard let found = try ActivityReader(views, MeetingReader.Names(views)).one(id, of: viewer.user) else {
                throw Refusal(.notFound, "there is no activity “\(named)”")
            }
            return found
        }
    }
}
