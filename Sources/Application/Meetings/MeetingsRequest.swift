import Matching
import Projections
import SQLite
import Sync

/// The meetings of a range of time: all that overlap it, so that what lasts several days stands on each of them.
public struct MeetingsRequest: ReadingRequest {
    public static let name = "meetings"

    public static let mostInPage: Int64 = 1_000
    /// What is shown from today on where no range is given.
    static let daysAhead = 7

    public struct Page: Codable, Sendable {
        public let zone: String?
        public let from: Int64
        public let to: Int64
        public let meetings: [MeetingAnswer]
        /// How many fit in all.
        public let count: Int
        /// Where the next page begins; nil after the last.
        public let next: String?
    }

    public enum State: String, Codable, Sendable, CaseIterable {
        case coming, logged, waiting
        case notLogged = "not-logged"
        case tentative, cancelled, declined, withdrawn, `private`
    }

    public var user: String?
    public var since: String?
    public var until: String?
    public var person: String?
    public var text: String?
    public var calendar: String?
    public var state: State?
    /// Also those that were cancelled, that no calendar shows any more, and that are hidden behind another.
    public var isAll = false
    public var limit: Int64 = 50
    /// Where to go on, as the page before said.
    public var cursor: String?

    public init() {}

    public func answer(in home: OpenHome) throws -> Page {
        let viewer = try home.viewer(user)
        let clock = UserClock(zone: viewer.zone)
        let now = home.options.now()
        let (from, to) = try range(clock, now)
        let person = try person.map { try home.person($0, of: viewer) }
        let calendar = try calendar.map { try home.calendar($0, of: viewer).calendar }
        return try home.look { views, remembered in
            var rows = try Self.rows(viewer.user, from, to, clock, person, calendar, views)
            if let text { rows = rows.filter { Self.has(Folding.fold(text), $0) } }
            if !(isAll || state == .cancelled || state == .withdrawn) { rows = rows.filter { !$0.isGone } }
            let reader = try MeetingReader(views, viewer, now: now, remembered)
            let first = try cursor.map { try Self.place(behind: $0, rows) } ?? 0
            let most = Int(min(limit, Self.mostInPage))
            var (meetings, count, isCut): ([MeetingAnswer], Int, Bool) = ([], 0, false)
            // Only with a state must every meeting be read to be counted.
            for (index, row) in rows.enumerated() where state != nil || index >= first {
                if state == nil, meetings.count == most {
                    isCut = true
                    break
                }
                guard let meeting = try reader.meeting(row.meeting), state.map({ meeting.isIn($0) }) ?? true else {
                    continue
                }
                count += 1
                if index < first { continue }
                if meetings.count < most { meetings.append(meeting) } else { isCut = true }
            }
            return Page(
                zone: viewer.zone, from: from, to: to, meetings: meetings, count: state == nil ? rows.count : count,
                next: isCut ? meetings.last.flatMap { last in rows.first { $0.meeting == last.meeting }?.cursor } : nil)
        }
    }

    private func range(_ clock: UserClock, _ now: Int64) throws -> (Int64, Int64) {
        let from = try since.map { try clock.instant($0, now: now) } ?? clock.startOfDay(of: now)
        // A beginning in the past without an end means up to what is usually shown.
        let usual = clock.startOfDay(of: max(now, from), later: Self.daysAhead + 1)
        let to = try until.map { try clock.instant($0, .end, now: now) } ?? usual
        guard from < to else {
            throw Refusal(
                .badRequest, "the range ends (\(clock.text(to))) before it begins (\(clock.text(from)))",
                hint: "Say --since and --until, the earlier first.")
        }
        return (from, to)
    }

    // MARK: Looking

    struct Row {
        let meeting: String
        let title: String?
        let location: String?
        let isGone: Bool
        /// By what it is ordered.
        var begins: Int64 = 0

        var cursor: String { "\(begins).\(meeting)" }
    }

    /// The first row behind the one that a cursor names; where that is gone, behind all that began by then.
    private static func place(behind cursor: String, _ rows: [Row]) throws -> Int {
        let parts = cursor.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let begins = Int64(parts[0]) else { throw Refusal.badCursor }
        if let index = rows.firstIndex(where: { $0.meeting == parts[1] }) { return index + 1 }
        return rows.firstIndex { $0.begins > begins } ?? rows.count
    }

    private static let columns = """
        SELECT meeting.meeting, meeting.title, meeting.location,
            meeting.sightings = 0 OR meeting.status = 'cancelled' OR meeting.hidden_behind IS NOT NULL,
        """

    private static let conditions = """
        AND (?5 IS NULL OR EXISTS (
                SELECT 1 FROM meeting_sighting
                WHERE meeting_sighting.meeting = meeting.meeting AND meeting_sighting.calendar = ?5))
        """

    /// With a person, their meetings are found first, which are few; else those of the range.
    private static func source(_ person: String?) -> String {
        guard person != nil else { return "FROM meeting WHERE ?4 IS NULL" }
        return """
            FROM (
                SELECT DISTINCT meeting_attendee.meeting
                FROM address CROSS JOIN meeting_attendee ON meeting_attendee.address = address.address
                WHERE address.person = ?4
            ) AS attended CROSS JOIN meeting ON meeting.meeting = attended.meeting
            WHERE true
            """
    }

    /// What overlaps the range, in the order in which it begins. Whole days are compared as days, in the user's zone.
    static func rows(
        _ owner: String, _ from: Int64, _ to: Int64, _ clock: UserClock, _ person: String?, _ calendar: String?,
        _ views: Connection
    ) throws -> [Row] {
        func row(_ row: borrowing SQLite.Row) -> (Row, Int64) {
            (
                Row(
                    meeting: row.text(0), title: row.textIfPresent(1), location: row.textIfPresent(2),
                    isGone: row.integer(3) == 1), row.integer(4)
            )
        }
        let timed = try views.prepare(
            person == nil
                ? """
                \(columns) meeting.starts, meeting.ends
                FROM meeting
                WHERE meeting.owner = ?1 AND ?4 IS NULL AND meeting.starts >= ?2 - 86400000 AND meeting.starts < ?3
                    AND (COALESCE(meeting.ends, meeting.starts) > ?2 OR meeting.starts >= ?2)
                \(conditions)
                UNION ALL
                \(columns) meeting.starts, meeting.ends
                FROM meeting INDEXED BY meeting_long
                WHERE meeting.owner = ?1 AND meeting.ends - meeting.starts > 86400000
                    AND meeting.starts < ?2 - 86400000 AND meeting.ends > ?2
                \(conditions)
                ORDER BY 5, 6, 1
                """
                : """
                \(columns) meeting.starts, meeting.ends
                \(source(person))
                    AND meeting.owner = ?1 AND meeting.starts < ?3
                    AND (COALESCE(meeting.ends, meeting.starts) > ?2 OR meeting.starts >= ?2)
                \(conditions)
                ORDER BY 5, 6, 1
                """
        ).map(.text(owner), .integer(from), .integer(to), Value(person), Value(calendar)) { row($0) }
        let days = try views.prepare(
            """
            \(columns) meeting.first_day
            \(source(person))
                AND meeting.owner = ?1 AND meeting.first_day <= ?3 AND COALESCE(meeting.last_day, meeting.first_day) >= ?2
                AND meeting.starts IS NULL
            \(conditions)
            ORDER BY meeting.first_day, meeting.meeting
            """
        ).map(
            .text(owner), .text(clock.day(of: from)), .text(clock.day(of: to - 1)), Value(person), Value(calendar)
        ) { found in
            (
                Row(
                    meeting: found.text(0), title: found.textIfPresent(1), location: found.textIfPresent(2),
                    isGone: found.integer(3) == 1), try clock.instant(found.text(4), now: 0)
            )
        }
        // Whole days stand before what begins at an hour of their first day.
        return (days + timed).enumerated()
            .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
            .map { sorted in
                var row = sorted.element.0
                row.begins = sorted.element.1
                return row
            }
    }

    private static func has(_ folded: String, _ row: Row) -> Bool {
        [row.title, row.location].contains { $0.map { Folding.fold($0).contains(folded) } ?? false }
    }
}

extension MeetingAnswer {
    func isIn(_ state: MeetingsRequest.State) -> Bool {
        switch state {
        case .coming: outcome == "coming" || outcome == "going_on"
        case .logged, .waiting: outcome == state.rawValue
        case .notLogged: outcome == "not_logged"
        case .tentative, .cancelled: status == state.rawValue
        case .declined: isDeclined
        case .withdrawn: isWithdrawn
        case .private: isPrivate
        }
    }
}
