import Matching
import Projections
import SQLite
import Sync

/// One person: who it is, the meetings to come and those that were, and how often the two meet.
public struct PersonRequest: ReadingRequest {
    public static let name = "person"

    /// How many of each list are told.
    static let mostListed = 10
    /// What “lately” is: so many months back.
    static let recentMonths: Int64 = 3
    static let month: Int64 = 30 * Days.milliseconds

    public struct Shown: Codable, Sendable {
        public let userZone: String?
        public let person: String
        public let name: String?
        public let otherNames: [String]
        public let organization: String?
        public let phones: [String]
        public let note: String?
        /// By hand, or the name of the address book.
        public let source: String
        /// Those of the address book, and those that were matched.
        public let addresses: [Address]
        public let upcoming: [MeetingAnswer]
        public let past: [MeetingAnswer]
        public let activities: [ActivityAnswer]
        public let activityCount: Int64
        public let firstMet: Int64?
        public let lastMet: Int64?
        public let next: Int64?
        /// Contacts a month, over the last three.
        public let monthly: Double
    }

    public struct Address: Codable, Sendable {
        public let email: String?
        public let name: String?
        public let rule: String?
        public let confidence: Int64?
        public let isOfAddressBook: Bool
    }

    public var user: String?
    public var person: String

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> Shown {
        let viewer = try home.viewer(user)
        let id = try home.person(person, of: viewer)
        let now = home.options.now()
        return try home.views().read { views in
            let reader = try MeetingReader(views, viewer, now: now)
            let today = UserClock(zone: viewer.zone).day(of: now)
            let upcoming = try Self.meetings(id, viewer, .ahead, now, today, views, reader)
            let past = try Self.meetings(id, viewer, .back, now, today, views, reader)
            let activities = try ActivityReader(views, reader.names).timeline(id, limit: Int64(Self.mostListed))
            let figures = try Self.figures(id, viewer, now, views)
            let addresses = try Self.addresses(id, viewer, views)
            let found = try views.prepare(
                """
                SELECT person.name, person.other_names, person.organization, person.phones, person.note,
                    connection.name
                FROM person LEFT JOIN connection ON connection.connection = person.connection
                WHERE person.person = ?1 AND person.owner = ?2
                """
            ).first(.text(id), .text(viewer.user)) { row in
                Shown(
                    userZone: viewer.zone, person: id, name: row.textIfPresent(0),
                    otherNames: StoredList.texts(row.textIfPresent(1)), organization: row.textIfPresent(2),
                    phones: StoredList.texts(row.textIfPresent(3)), note: row.textIfPresent(4),
                    source: row.textIfPresent(5) ?? "added by hand", addresses: addresses, upcoming: upcoming,
                    past: past, activities: activities, activityCount: figures.count, firstMet: figures.first,
                    lastMet: figures.last, next: upcoming.first?.starts,
                    monthly: Double(figures.recent) / Double(Self.recentMonths))
            }
            guard let found else { throw Refusal(.notFound, "there is no person “\(person)”") }
            return found
        }
    }

    private enum Direction { case ahead, back }

    /// The meetings with one of the person's addresses that stand in a calendar, from now on or back.
    private static func meetings(
        _ person: String, _ viewer: Viewer, _ direction: Direction, _ now: Int64, _ today: String,
        _ views: Connection, _ reader: MeetingReader
    ) throws -> [MeetingAnswer] {
        let rows = try views.prepare(
            """
            SELECT DISTINCT meeting.meeting, meeting.starts, meeting.first_day,
                COALESCE(meeting.ends > ?3, meeting.last_day >= ?4, 0)
            FROM address
                CROSS JOIN meeting_attendee ON meeting_attendee.address = address.address
                CROSS JOIN meeting ON meeting.meeting = meeting_attendee.meeting
            WHERE address.person = ?1 AND address.answer = 'matched' AND meeting.owner = ?2
                AND meeting.sightings > 0 AND meeting.status <> 'cancelled' AND meeting.hidden_behind IS NULL
            """
        ).map(.text(person), .text(viewer.user), .integer(now), .text(today)) { row in
            (
                id: row.text(0),
                starts: row.integerIfPresent(1) ?? row.textIfPresent(2).flatMap(Days.start(of:)) ?? 0,
                isAhead: row.integer(3) == 1
            )
        }
        let sorted = rows.filter { $0.isAhead == (direction == .ahead) }
            .sorted { direction == .ahead ? $0.starts < $1.starts : $0.starts > $1.starts }
        return try sorted.prefix(mostListed).compactMap { try reader.meeting($0.id) }
    }

    private static func figures(
        _ person: String, _ viewer: Viewer, _ now: Int64, _ views: Connection
    ) throws -> (count: Int64, first: Int64?, last: Int64?, recent: Int64) {
        try views.prepare(
            """
            SELECT COUNT(*), MIN(occurred), MAX(occurred), COALESCE(SUM(occurred > ?3), 0) FROM activity
            WHERE person = ?1 AND owner = ?2 AND retracted IS NULL
            """
        ).first(.text(person), .text(viewer.user), .integer(now - recentMonths * month)) { row in
            (row.integer(0), row.integerIfPresent(1), row.integerIfPresent(2), row.integer(3))
        } ?? (0, nil, nil, 0)
    }

    private static func addresses(_ person: String, _ viewer: Viewer, _ views: Connection) throws -> [Address] {
        try views.prepare(
            """
            SELECT address.email, address.name, address.rule, address.confidence, person_address.address IS NOT NULL
            FROM address LEFT JOIN person_address
                ON person_address.address = address.address AND person_address.person = ?1
            WHERE address.owner = ?2 AND address.address IN (
                SELECT person_address.address FROM person_address WHERE person_address.person = ?1
                UNION
                SELECT matched.address FROM address AS matched WHERE matched.person = ?1 AND matched.answer = 'matched')
            ORDER BY person_address.number IS NULL, person_address.number, address.email
            """
        ).map(.text(person), .text(viewer.user)) { row in
            Address(
                email: row.textIfPresent(0), name: row.textIfPresent(1), rule: row.textIfPresent(2),
                confidence: row.integerIfPresent(3), isOfAddressBook: row.integer(4) == 1)
        }
    }
}
