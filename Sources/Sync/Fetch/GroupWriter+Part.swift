import Entries
import Ledger
import Providers
import SQLite

/// Groups of which a source told only what changed.
extension GroupWriter {
    /// The group with what is known of it besides: a changed exception joins those that the series has, and a changed
    /// series keeps them.
    func merged(
        _ group: FoundGroup, _ known: KnownCalendar.Item?, _ drafts: inout [Draft], _ views: Connection
    ) throws -> FoundGroup {
        var merged = group
        let exceptions = group.exceptions + group.meetings.compactMap(Self.exception)
        if var series = group.series {
            let name = desk.names.series(calendar: calendar.calendar, uid: series.uid)
            let before = try KnownState(views).series(name)?.recurrence.exceptions ?? []
            series.recurrence.exceptions = Self.joined(before, series.recurrence.exceptions + exceptions)
            merged.series = series
        } else if let series = known?.series, let state = try KnownState(views).series(series) {
            let joined = Self.joined(state.recurrence.exceptions, exceptions)
            if joined != state.recurrence.exceptions {
                var changed = SeriesChanged()
                changed.series = series
                changed.connection = calendar.connection
                changed.calendar = calendar.calendar
                changed.recurrence.exceptions = joined
                drafts.append(desk.draft(changed, stream: "series/\(series)", owner: calendar.owner))
            }
        } else {
            drafts += try cancellations(group, views)
        }
        return merged
    }

    /// Without a series an exception is a meeting that stands alone, and a cancelled one takes it away.
    private func cancellations(_ group: FoundGroup, _ views: Connection) throws -> [Draft] {
        try group.exceptions.filter { $0.kind == .cancelled }.flatMap { exception in
            try views.prepare(
                """
                SELECT meeting FROM meeting_sighting
                WHERE calendar = ? AND provider_id = ? AND withdrawn IS NULL
                    AND (original_start = ? OR original_day = ?)
                """
            ).map(
                .text(calendar.calendar), .text(desk.names.provided(group.identifier)),
                Value(exception.originalStart), Value(exception.originalDay)
            ) { $0.text(0) }
        }.map { meetings.withdrawal(of: $0, .cancelled, cause: nil) }
    }

    private static func exception(_ meeting: FoundMeeting) -> SeriesException? {
        guard meeting.originalStart != nil || meeting.originalDay != nil else { return nil }
        var exception = SeriesException()
        exception.originalStart = meeting.originalDay == nil ? meeting.originalStart : nil
        exception.originalDay = meeting.originalDay
        exception.kind = .overridden
        return exception
    }

    /// The newer word about an occurrence holds. In the order of time, so that the same are equal.
    private static func joined(_ before: [SeriesException], _ after: [SeriesException]) -> [SeriesException] {
        func key(_ exception: SeriesException) -> String {
            exception.originalDay ?? exception.originalStart.map(String.init) ?? ""
        }
        let all = Dictionary(before.map { (key($0), $0) }, uniquingKeysWith: { $1 })
            .merging(after.map { (key($0), $0) }) { $1 }
        return all.values.sorted {
            ($0.originalStart ?? 0, $0.originalDay ?? "") < ($1.originalStart ?? 0, $1.originalDay ?? "")
        }
    }
}
