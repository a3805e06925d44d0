import Entries
import SQLite

/// What the views know of one calendar before it is read.
struct KnownCalendar {
    /// Something that the calendar shows, as far as is known: a series, or a meeting that is no occurrence of one.
    struct Item {
        var identifier: String
        var mark: String?
        var series: String?
        var meetings: [String] = []
        /// When each of them ends.
        var endOfMeeting: [String: Int64] = [:]
        /// When the last of it ends; nil for a series, which may go on for ever.
        var ends: Int64?
        /// When the first of it starts, as far as that is known.
        var starts = Int64.min
    }

    /// By the keyed hash of the source's identifier.
    private(set) var items: [String: Item] = [:]
    private(set) var absentMeetings: Set<String> = []
    private(set) var absentSeries: Set<String> = []
    private(set) var quarantined: [String: String?] = [:]

    init(_ calendar: String, _ views: Connection) throws {
        try views.prepare(
            "SELECT provider_id, series, revision FROM series WHERE calendar = ? AND withdrawn IS NULL"
        ).eachRow(.text(calendar)) { row in
            let identifier = row.text(0)
            items[identifier] = Item(identifier: identifier, mark: row.textIfPresent(2), series: row.text(1))
        }
        try views.prepare(
            """
            SELECT meeting_sighting.provider_id, meeting_sighting.meeting, meeting_sighting.revision, meeting.ends,
                meeting.last_day, meeting.starts, meeting.first_day
            FROM meeting_sighting JOIN meeting ON meeting.meeting = meeting_sighting.meeting
            WHERE meeting_sighting.calendar = ? AND meeting_sighting.withdrawn IS NULL
            """
        ).eachRow(.text(calendar)) { row in
            let identifier = row.text(0)
            var item = items[identifier] ?? Item(identifier: identifier, mark: row.textIfPresent(2))
            item.meetings.append(row.text(1))
            item.endOfMeeting[row.text(1)] = Self.end(row)
            if item.series == nil {
                let isFirst = item.ends == nil
                item.ends = max(item.ends ?? .min, Self.end(row))
                item.starts = isFirst ? Self.start(row) : min(item.starts, Self.start(row))
            }
            items[identifier] = item
        }
        absentMeetings = try Self.texts("SELECT meeting FROM meeting_absence WHERE calendar = ?", calendar, views)
        absentSeries = try Self.texts("SELECT series FROM series_absence WHERE calendar = ?", calendar, views)
        try views.prepare("SELECT provider_id, content_hash FROM meeting_quarantine WHERE calendar = ?")
            .eachRow(.text(calendar)) { row in quarantined[row.text(0)] = .some(row.textIfPresent(1)) }
    }

    /// It was not found the last time either.
    func isAbsent(_ item: Item) -> Bool {
        if let series = item.series { return absentSeries.contains(series) }
        return item.meetings.allSatisfy(absentMeetings.contains)
    }

    private static func end(_ row: borrowing Row) -> Int64 {
        if let ends = row.integerIfPresent(3) { return ends }
        guard let day = row.textIfPresent(4).flatMap({ Days.start(of: $0) }) else { return .max }
        return day + Days.milliseconds
    }

    private static func start(_ row: borrowing Row) -> Int64 {
        row.integerIfPresent(5) ?? row.textIfPresent(6).flatMap { Days.start(of: $0) } ?? .min
    }

    private static func texts(_ sql: String, _ calendar: String, _ views: Connection) throws -> Set<String> {
        Set(try views.prepare(sql).map(.text(calendar)) { $0.text(0) })
    }
}
