import Entries
import Ledger
import Projections
import SQLite
import Sync

/// The calendars of a user's connections, and which of them are read.
public struct CalendarsRequest: ReadingRequest {
    public static let name = "calendars"

    public struct Answer: Codable, Sendable {
        public let calendars: [Shown]
        /// The zone in which the user reads times.
        public let zone: String?
    }

    public struct Shown: Codable, Sendable {
        public let calendar: String
        public let name: String?
        public let connection: String
        public let connectionName: String?
        public let isChosen: Bool
        public let zone: String?
        public let meetings: Int64
        public let lastSuccess: Int64?
    }

    public var user: String?
    public var connection: String?

    public init(user: String?, connection: String? = nil) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let wanted = try connection.map { try home.connection($0, of: viewer) }
        return Answer(
            calendars: try home.views().read { views in
                try views.prepare(
                    """
                    SELECT calendar.calendar, calendar.name, calendar.connection, connection.name, calendar.is_chosen,
                        calendar.zone,
                        (SELECT COUNT(*) FROM meeting_sighting
                            WHERE meeting_sighting.connection = calendar.connection
                                AND meeting_sighting.calendar = calendar.calendar
                                AND meeting_sighting.withdrawn IS NULL),
                        calendar.last_success
                    FROM calendar JOIN connection ON connection.connection = calendar.connection
                    WHERE calendar.owner = ?1 AND (calendar.connection = ?2 OR ?2 IS NULL)
                    ORDER BY connection.added, calendar.name, calendar.calendar
                    """
                ).map(.text(viewer.user), Value(wanted)) { row in
                    Shown(
                        calendar: row.text(0), name: row.textIfPresent(1), connection: row.text(2),
                        connectionName: row.textIfPresent(3), isChosen: row.integer(4) == 1,
                        zone: row.textIfPresent(5), meetings: row.integer(6), lastSuccess: row.integerIfPresent(7))
                }
            }, zone: viewer.zone)
    }
}

/// Chooses calendars to be read, or drops them. Finding calendars again never undoes it.
public struct ChooseCalendarsRequest: Request {
    public static let name = "choose_calendars"

    public struct Answer: Codable, Sendable {
        public let calendars: [Chosen]
        public let isChosen: Bool
    }

    public struct Chosen: Codable, Sendable {
        public let calendar: String
        public let name: String?
        public let isChanged: Bool
        /// Meetings that no other chosen calendar shows, and that leave the views.
        public let meetings: Int64
    }

    public var user: String?
    public var calendars: [String]
    public var isChosen: Bool
    public var isDryRun = false

    public init(user: String?, calendars: [String], isChosen: Bool) {
        self.user = user
        self.calendars = calendars
        self.isChosen = isChosen
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        // All are found before the first is changed.
        var found: [(calendar: String, connection: String)] = []
        for named in calendars {
            let one = try home.calendar(named, of: viewer)
            if !found.contains(where: { $0.calendar == one.calendar }) { found.append(one) }
        }
        return Answer(
            calendars: try found.map { try choose($0.calendar, $0.connection, viewer, home) }, isChosen: isChosen)
    }

    private func choose(_ calendar: String, _ connection: String, _ viewer: Viewer, _ home: OpenHome) throws -> Chosen {
        let known = try home.views().read { views in
            try views.prepare("SELECT name, is_chosen FROM calendar WHERE owner = ? AND calendar = ?")
                .first(.text(viewer.user), .text(calendar)) { ($0.textIfPresent(0), $0.integer(1) == 1) }
        }
        if known?.1 == isChosen { return Chosen(calendar: calendar, name: known?.0, isChanged: false, meetings: 0) }
        let meetings = isChosen ? 0 : try leaving(calendar, connection, home)
        let desk = home.desk()
        let stream = "calendar/\(calendar)"
        let version = try home.reader.version(of: stream) + 1
        if isDryRun {
            return Chosen(calendar: calendar, name: known?.0, isChanged: true, meetings: meetings)
        }
        if isChosen {
            var chosen = CalendarChosen()
            chosen.calendar = calendar
            chosen.connection = connection
            try desk.append(chosen, stream: stream, owner: viewer.user, expectedVersion: version)
        } else {
            var dropped = CalendarDropped()
            dropped.calendar = calendar
            dropped.connection = connection
            dropped.reason = .byHand
            dropped.meetings = meetings
            try desk.append(dropped, stream: stream, owner: viewer.user, expectedVersion: version)
        }
        return Chosen(calendar: calendar, name: known?.0, isChanged: true, meetings: meetings)
    }

    private func leaving(_ calendar: String, _ connection: String, _ home: OpenHome) throws -> Int64 {
        try home.views().read { views in
            try views.prepare(
                """
                SELECT COUNT(*) FROM meeting_sighting AS gone
                WHERE gone.connection = ?2 AND gone.calendar = ?1 AND gone.withdrawn IS NULL AND NOT EXISTS (
                    SELECT 1 FROM meeting_sighting AS kept
                    WHERE kept.meeting = gone.meeting AND kept.calendar <> ?1 AND kept.withdrawn IS NULL)
                """
            ).first(.text(calendar), .text(connection)) { $0.integer(0) } ?? 0
        }
    }
}
