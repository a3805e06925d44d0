import Projections
import SQLite
import Sync

/// One meeting with all that is known about it.
public struct MeetingRequest: ReadingRequest {
    public static let name = "meeting"

    public struct Shown: Codable, Sendable {
        public let userZone: String?
        public let meeting: MeetingAnswer
        public let description: String?
        public let meetingURL: String?
        public let providerLink: String?
        public let privacy: String
        public let eventKind: String
        public let note: String?
        public let series: String?
        public let hiddenBehind: String?
        public let sightings: [Sighting]
        public let activities: [ActivityAnswer]
        public let firstPosition: Int64
        public let position: Int64
    }

    public struct Sighting: Codable, Sendable {
        public let calendar: String
        public let calendarName: String?
        public let connectionName: String?
        public let response: String?
        public let withdrawn: String?
    }

    public var user: String?
    public var meeting: String

    public init(user: String?, meeting: String) {
        self.user = user
        self.meeting = meeting
    }

    public func answer(in home: OpenHome) throws -> Shown {
        let viewer = try home.viewer(user)
        let id = try home.meeting(meeting, of: viewer)
        let now = home.options.now()
        return try home.views().read { views in
            let reader = try MeetingReader(views, viewer, now: now)
            guard let answer = try reader.meeting(id) else {
                throw Refusal(.notFound, "there is no meeting “\(meeting)”")
            }
            let activities = try ActivityReader(views, reader.names).ofMeeting(id)
            let sightings = try Self.sightings(id, views)
            return try views.prepare(
                """
                SELECT description, meeting_url, provider_link, privacy, kind, note, series, hidden_behind,
                    first_position, position
                FROM meeting WHERE meeting = ?1 AND owner = ?2
                """
            ).first(.text(id), .text(viewer.user)) { row in
                Shown(
                    userZone: viewer.zone, meeting: answer, description: row.textIfPresent(0),
                    meetingURL: row.textIfPresent(1), providerLink: row.textIfPresent(2),
                    privacy: row.textIfPresent(3) ?? "normal", eventKind: row.textIfPresent(4) ?? "meeting",
                    note: row.textIfPresent(5), series: row.textIfPresent(6), hiddenBehind: row.textIfPresent(7),
                    sightings: sightings, activities: activities, firstPosition: row.integer(8),
                    position: row.integer(9))
            } ?? { throw Refusal(.notFound, "there is no meeting “\(meeting)”") }()
        }
    }

    private static func sightings(_ meeting: String, _ views: Connection) throws -> [Sighting] {
        try views.prepare(
            """
            SELECT meeting_sighting.calendar, calendar.name, connection.name, meeting_sighting.response,
                meeting_sighting.withdrawn
            FROM meeting_sighting
                LEFT JOIN calendar ON calendar.calendar = meeting_sighting.calendar
                LEFT JOIN connection ON connection.connection = meeting_sighting.connection
            WHERE meeting_sighting.meeting = ? ORDER BY meeting_sighting.first_position
            """
        ).map(.text(meeting)) { row in
            Sighting(
                calendar: row.text(0), calendarName: row.textIfPresent(1), connectionName: row.textIfPresent(2),
                response: row.textIfPresent(3), withdrawn: row.textIfPresent(4).map(RuleWords.withdrawal))
        }
    }
}
