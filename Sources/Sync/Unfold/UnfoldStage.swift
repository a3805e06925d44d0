import Entries
import ICalendar
import Ledger
import Providers
import SQLite

/// Writes down the occurrences of series as meetings: when a series is new or changed, and when time brings the next
/// occurrence into the window. For that no calendar has to be read.
public struct UnfoldStage {
    private let desk: Desk
    private let owner: String
    private let zone: String?

    /// - Parameter zone: the zone of times that have none.
    public init(_ desk: Desk, owner: String, zone: String?) {
        self.desk = desk
        self.owner = owner
        self.zone = zone
    }

    public struct Summary: Sendable, Equatable {
        public var series: Int64 = 0
        public var created: Int64 = 0
        public var updated: Int64 = 0
        public var deleted: Int64 = 0
        /// Series whose rule gave more occurrences than are written down.
        public var limited: Int64 = 0

        public init() {}
    }

    public func run() throws -> Summary {
        let now = desk.now()
        var summary = Summary()
        var due = try self.due(now)
        var done = 0
        // The rest is due again in the next round: no calendar takes hours, whatever is in it.
        while done < due.count, summary.created < Self.mostOccurrences {
            let drafts = try desk.read { try self.drafts(due[done], now, &summary, $0) }
            try desk.append(drafts)
            done += 1
            summary.series += 1
            try desk.report("unfolding", Int64(done), Int64(due.count))
            if desk.pause() {
                let unfolded = Set(due[..<done].map(\.series))
                due = due[..<done] + (try self.due(now)).filter { !unfolded.contains($0.series) }
            }
        }
        return summary
    }

    /// Occurrences that one round writes down: more than any calendar of a person has in its window.
    private static let mostOccurrences: Int64 = 100_000

    // MARK: What is due

    private struct Series {
        var series = ""
        var connection = ""
        var calendar = ""
        var providerID = ""
        var icalUID = ""
        var coveredTo: Int64 = 0
        var isChanged = true
        var changed: Int64 = 0
        var fromDays: Int64 = 90
        var toDays: Int64 = 30
    }

    private static let columns = """
        SELECT series.series, series.connection, series.calendar, series.provider_id, series.ical_uid, series.covered_to,
            series.unfolded < series.changed, series.changed, connection.sync_from_days, connection.sync_to_days
        FROM series JOIN connection ON connection.connection = series.connection
        """

    private func due(_ now: Int64) throws -> [Series] {
        try desk.read { views in
            let changed = try views.prepare(
                "\(Self.columns) WHERE series.owner = ? AND series.unfolded < series.changed ORDER BY series.changed"
            ).map(.text(owner)) { Self.series($0) }
            let reached = try views.prepare(
                """
                \(Self.columns) WHERE series.owner = ?1 AND series.withdrawn IS NULL
                    AND series.covered_to < ?2 AND series.covered_to < ?3 + connection.sync_to_days * 86400000
                    AND series.unfolded >= series.changed
                ORDER BY series.covered_to
                """
            ).map(.text(owner), .integer(now + 366 * Days.milliseconds), .integer(now)) { Self.series($0) }
            return changed + reached
        }
    }

    private static func series(_ row: borrowing Row) -> Series {
        var series = Series()
        series.series = row.text(0)
        series.connection = row.text(1)
        series.calendar = row.text(2)
        series.providerID = row.text(3)
        series.icalUID = row.text(4)
        series.coveredTo = row.integer(5)
        series.isChanged = row.integer(6) == 1
        series.changed = row.integer(7)
        series.fromDays = row.integer(8)
        series.toDays = row.integer(9)
        return series
    }

    // MARK: One series

    /// What the calendar shows of the series by now.
    private struct Sighting {
        let meeting: String
        let original: OriginalStart?
        let isWithdrawn: Bool
    }

    private func drafts(
        _ series: Series, _ now: Int64, _ summary: inout Summary, _ views: Connection
    ) throws -> [Draft] {
        guard let known = try KnownState(views).series(series.series) else { return [] }
        let window = ReadingWindow(
            from: now - series.fromDays * Days.milliseconds, to: now + series.toDays * Days.milliseconds)
        let sightings = try sightings(series, views)
        var unfolded = SeriesUnfolded()
        unfolded.series = series.series
        unfolded.coveredFrom = window.from
        unfolded.coveredTo = window.to
        var drafts: [Draft] = []
        if known.withdrawn == nil {
            let range = ReadingWindow(
                from: series.isChanged ? window.from : max(window.from, series.coveredTo - 1), to: window.to)
            let expansion = expansion(known, range)
            unfolded.coveredTo = expansion.next
            unfolded.isLimited = expansion.isCut ? true : nil
            let exceptions = Set(known.recurrence.exceptions.compactMap(Self.original))
            let expected = expansion.occurrences.filter { !exceptions.contains($0.original) }
            for occurrence in expected {
                drafts += try self.drafts(occurrence, series, known, &unfolded, views)
            }
            if series.isChanged {
                // What stands as a meeting of its own is not made from the rule, and is there all the same.
                let overridden = known.recurrence.exceptions.filter { $0.kind != .cancelled }
                let originals = Set(expected.map(\.original)).union(overridden.compactMap(Self.original))
                drafts += leftovers(sightings, originals, window, series, &unfolded)
            }
        } else {
            drafts += sightings.filter { !$0.isWithdrawn }.map {
                writer(series).withdrawal(of: $0.meeting, .seriesWithdrawn, cause: series.changed)
            }
            unfolded.deleted = Int64(drafts.count)
        }
        summary.created += unfolded.created
        summary.updated += unfolded.updated
        summary.deleted += unfolded.deleted
        if unfolded.isLimited == true { summary.limited += 1 }
        return drafts + [
            desk.draft(unfolded, stream: "series/\(series.series)", owner: owner, cause: series.changed)
        ]
    }

    private func expansion(_ known: KnownState.Series, _ range: ReadingWindow) -> EventClock.Expanded {
        guard
            let (schedule, definitions) = ScheduleText.schedule(
                known.recurrence.rules, zoneDefinition: known.recurrence.zoneDefinition)
        else { return EventClock.Expanded(occurrences: [], next: .max, isCut: false) }
        let clock = EventClock(
            zones: desk.zones, definitions: definitions,
            calendarZone: known.details.isFloating == true ? nil : known.details.zone, floatingZone: zone)
        return clock.expanded(schedule, range)
    }

    private static func original(_ exception: SeriesException) -> OriginalStart? {
        exception.originalDay.map(OriginalStart.day) ?? exception.originalStart.map(OriginalStart.instant)
    }

    private func drafts(
        _ occurrence: EventClock.Occurrence, _ series: Series, _ known: KnownState.Series,
        _ unfolded: inout SeriesUnfolded, _ views: Connection
    ) throws -> [Draft] {
        var details = known.details
        occurrence.place(in: &details)
        // They tell of the series, and each occurrence would be written anew whenever one of them counts up.
        details.sequence = nil
        details.modified = nil
        details.revision = nil
        var meeting = MeetingWriter.Meeting(
            meeting: desk.names.meeting(owner, uid: series.icalUID, original: occurrence.original),
            providerID: series.providerID, icalUID: series.icalUID, series: series.series,
            original: occurrence.original, details: details)
        meeting.isWhole = true
        let (drafts, outcome) = try writer(series).drafts(meeting, cause: series.changed, views)
        switch outcome {
        case .created: unfolded.created += 1
        case .updated: unfolded.updated += 1
        case .unchanged: break
        }
        return drafts
    }

    /// What the calendar showed and the rule does not give any more. What lies before the window stays as it was.
    private func leftovers(
        _ sightings: [Sighting], _ expected: Set<OriginalStart>, _ window: ReadingWindow, _ series: Series,
        _ unfolded: inout SeriesUnfolded
    ) -> [Draft] {
        var drafts: [Draft] = []
        for sighting in sightings where !sighting.isWithdrawn {
            if let original = sighting.original, expected.contains(original) || Self.lies(original, before: window) {
                continue
            }
            drafts.append(writer(series).withdrawal(of: sighting.meeting, .seriesChanged, cause: series.changed))
            unfolded.deleted += 1
        }
        return drafts
    }

    private static func lies(_ original: OriginalStart, before window: ReadingWindow) -> Bool {
        switch original {
        case .instant(let instant): instant < window.from
        case .day(let day): (Days.start(of: day) ?? .max) < window.from
        }
    }

    private func writer(_ series: Series) -> MeetingWriter {
        MeetingWriter(desk: desk, owner: owner, connection: series.connection, calendar: series.calendar)
    }

    private func sightings(_ series: Series, _ views: Connection) throws -> [Sighting] {
        try views.prepare(
            """
            SELECT meeting, original_start, original_day, withdrawn FROM meeting_sighting
            WHERE connection = ? AND calendar = ? AND provider_id = ?
            """
        ).map(.text(series.connection), .text(series.calendar), .text(series.providerID)) { row in
            Sighting(
                meeting: row.text(0),
                original: row.textIfPresent(2).map(OriginalStart.day)
                    ?? row.integerIfPresent(1).map(OriginalStart.instant),
                isWithdrawn: !row.isNull(3))
        }
    }
}
