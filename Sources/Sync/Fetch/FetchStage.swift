public import Entries
import Ledger
public import Providers
import SQLite

/// Reads one calendar and writes down what is new, what changed, and what is gone.
///
/// A reading lands page by page; the cursor, and what was found absent, land with the last page only. So a reading that
/// was stopped anywhere is simply made again, and finds what is there already unchanged.
public struct FetchStage {
    private let desk: Desk
    private let calendar: CalendarRow
    private let trigger: Trigger
    private let run: String

    public init(_ desk: Desk, _ calendar: CalendarRow, trigger: Trigger, run: String) {
        self.desk = desk
        self.calendar = calendar
        self.trigger = trigger
        self.run = run
    }

    public struct Summary: Sendable, Equatable {
        public enum Outcome: Sendable, Equatable {
            case read
            /// The source is as it was at the last reading.
            case unchanged
            /// Far too little was found, so nothing was applied.
            case suspected(known: Int64, found: Int64)
            case failed(ReadingFailure)
        }

        public var outcome = Outcome.read
        public var created: Int64 = 0
        public var updated: Int64 = 0
        public var deleted: Int64 = 0
        public var unchanged: Int64 = 0
        public var quarantined: Int64 = 0
        /// Known, not found for the first time; withdrawn if the next reading does not find it either.
        public var absent: Int64 = 0
        public var milliseconds: Int64 = 0

        public init() {}
    }

    /// The range that is wanted now.
    public var window: ReadingWindow {
        let now = desk.now()
        return ReadingWindow(
            from: now - calendar.syncFromDays * Days.milliseconds, to: now + calendar.syncToDays * Days.milliseconds)
    }

    /// Whether the source must be read although it looks as it did: somebody asked for it, something is to be found
    /// absent a second time, or more of the past is wanted than was read.
    public func mustRead(isFull: Bool) -> Bool {
        isFull || calendar.hasAbsences || calendar.suspectedRun != nil || calendar.cursor == nil
            || isWidened
    }

    /// More of the past is wanted than was read, so that what did not change may hold something new all the same.
    private var isWidened: Bool { calendar.coveredFrom.map { window.from < $0 - Days.milliseconds } ?? false }

    /// - Parameter source: reads the calendar; it answers nil when nothing changed since the cursor.
    public func run(
        isFull: Bool, source: (_ cursor: String?, _ window: ReadingWindow) throws -> Reading?
    ) throws -> Summary {
        let started = desk.now()
        let window = self.window
        do {
            guard let reading = try source(mustRead(isFull: isFull) ? nil : calendar.cursor, window) else {
                return try unchanged(started)
            }
            return try apply(reading, window, started, isFull: isFull)
        } catch let failure as ReadingFailure {
            return try fail(failure, started)
        }
    }

    private func unchanged(_ started: Int64) throws -> Summary {
        var summary = Summary()
        summary.outcome = .unchanged
        let count = try desk.read { views in
            try views.prepare(
                "SELECT COUNT(*) FROM meeting_sighting WHERE calendar = ? AND withdrawn IS NULL"
            ).first(.text(calendar.calendar)) { $0.integer(0) } ?? 0
        }
        summary.unchanged = count
        summary.milliseconds = desk.now() - started
        var finished = self.finished(summary, .delta, started)
        finished.isComplete = true
        try desk.append(finished, stream: stream, owner: calendar.owner)
        return summary
    }

    private func fail(_ failure: ReadingFailure, _ started: Int64) throws -> Summary {
        var summary = Summary()
        summary.outcome = .failed(failure)
        summary.milliseconds = desk.now() - started
        var failed = FetchFailed()
        failed.reading = reading
        failed.mode = .full
        failed.errorClass = failure.errorClass
        failed.errorCode = failure.code
        failed.attempts = 1
        failed.started = started
        failed.durationMilliseconds = summary.milliseconds
        failed.message = failure.message
        try desk.append(failed, stream: stream, owner: calendar.owner)
        return summary
    }

    // MARK: Applying

    private func apply(_ found: Reading, _ window: ReadingWindow, _ started: Int64, isFull: Bool) throws -> Summary {
        let known = try desk.read { try KnownCalendar(calendar.calendar, $0) }
        let identifiers = Set(found.items.map { desk.names.provided($0.identifier) })
        let inRange = known.items.values.filter {
            identifiers.contains($0.identifier) || ($0.ends ?? .max) >= (found.coveredFrom ?? .min)
        }
        let missing =
            found.isComplete
            ? inRange.filter { !identifiers.contains($0.identifier) }.sorted { $0.identifier < $1.identifier } : []
        let suspicion = Suspicion(
            known: Int64(found.items.isEmpty ? known.items.count : inRange.count),
            found: Int64(found.items.isEmpty ? 0 : inRange.count - missing.count), isEmpty: found.items.isEmpty,
            isKnown: !missing.isEmpty && missing.allSatisfy(known.isAbsent))
        if suspicion.isGrave, !calendar.isSuspicionConfirmed, calendar.suspectedRun == nil {
            return try suspect(suspicion, found, started)
        }
        var opening = renamed(found.name)
        if suspicion.isGrave, let run = calendar.suspectedRun, !calendar.isSuspicionConfirmed {
            opening.append(confirmed(run, Int64(found.items.count)))
        }
        var writer = try self.writer(window)
        let rest = try land(found, known, &writer, opening)
        var (closing, absences) = self.absences(missing, known, &writer)
        closing = rest + closing + (found.isComplete ? released(known, identifiers, writer) : [])
        var summary = Summary()
        summary.created = writer.counts.created
        summary.updated = writer.counts.updated
        summary.deleted = writer.counts.deleted
        summary.quarantined = writer.counts.quarantined
        summary.absent = Int64(absences.count)
        summary.unchanged = max(
            0, Int64(identifiers.count) - summary.created - summary.updated - summary.quarantined)
        summary.milliseconds = desk.now() - started
        var finished = self.finished(summary, .full, started)
        finished.modeReason =
            isFull ? .requested : calendar.cursor == nil ? .first : calendar.hasAbsences ? .reconciliation : nil
        finished.isComplete = found.isComplete
        finished.coveredFrom = window.from
        finished.coveredTo = window.to
        finished.cursor = found.cursor
        finished.absences = absences
        try desk.append(closing + [desk.draft(finished, stream: stream, owner: calendar.owner)])
        return summary
    }

    /// Each page one transaction; the last one is handed back, to land with the end of the reading.
    private func land(
        _ found: Reading, _ known: KnownCalendar, _ writer: inout GroupWriter, _ opening: [Draft]
    ) throws -> [Draft] {
        var waiting = opening
        var done: Int64 = 0
        let all = Int64(found.items.count)
        let isWidened = isWidened
        let wanted = { (item: Reading.Item) in isWidened || isWanted(item, known) }
        try found.forEachPage(where: wanted) { page in
            if !waiting.isEmpty { try desk.append(waiting) }
            waiting = try desk.read { views in
                var drafts: [Draft] = []
                for group in page {
                    let identifier = desk.names.provided(group.identifier)
                    drafts += try writer.drafts(
                        group, known: known.items[identifier], wasQuarantined: known.quarantined[identifier] != nil,
                        views)
                }
                return drafts
            }
            done += Int64(page.count)
            try desk.report("reading", done, all)
        }
        return waiting
    }

    private func isWanted(_ item: Reading.Item, _ known: KnownCalendar) -> Bool {
        let identifier = desk.names.provided(item.identifier)
        if let quarantined = known.quarantined[identifier] { return quarantined != item.mark }
        guard let before = known.items[identifier] else { return true }
        return before.mark != item.mark
    }

    private func writer(_ window: ReadingWindow) throws -> GroupWriter {
        let own = try desk.read { try OwnAddresses(of: calendar.owner, $0).emails }
        return GroupWriter(
            desk: desk, calendar: calendar, window: window, ownAddresses: own,
            addresses: AddressBook(desk, owner: calendar.owner))
    }

    // MARK: What is not there

    /// What was absent before is withdrawn now; what is absent for the first time is only noted.
    private func absences(
        _ missing: [KnownCalendar.Item], _ known: KnownCalendar, _ writer: inout GroupWriter
    ) -> ([Draft], [Absence]) {
        var drafts: [Draft] = []
        var absences: [Absence] = []
        let meetings = MeetingWriter(
            desk: desk, owner: calendar.owner, connection: calendar.connection, calendar: calendar.calendar)
        for item in missing {
            if let series = item.series {
                if known.absentSeries.contains(series) {
                    drafts.append(withdrawal(ofSeries: series))
                    writer.counts.deleted += 1
                } else {
                    var absence = Absence()
                    absence.series = series
                    absences.append(absence)
                }
                continue
            }
            for meeting in item.meetings {
                if known.absentMeetings.contains(meeting) {
                    drafts.append(meetings.withdrawal(of: meeting, .absent, cause: nil))
                    writer.counts.deleted += 1
                } else {
                    var absence = Absence()
                    absence.meeting = meeting
                    absences.append(absence)
                }
            }
        }
        return (drafts, absences)
    }

    private func withdrawal(ofSeries series: String) -> Draft {
        var withdrawn = SeriesWithdrawn()
        withdrawn.series = series
        withdrawn.connection = calendar.connection
        withdrawn.calendar = calendar.calendar
        withdrawn.reason = .absent
        return desk.draft(withdrawn, stream: "series/\(series)", owner: calendar.owner)
    }

    /// What could not be read and is not there any more.
    private func released(_ known: KnownCalendar, _ present: Set<String>, _ writer: GroupWriter) -> [Draft] {
        known.quarantined.keys.filter { !present.contains($0) }.sorted().map { writer.released($0, .gone) }
    }

    // MARK: The calendar itself

    private func renamed(_ name: String?) -> [Draft] {
        guard let name, name != calendar.calendarName else { return [] }
        var renamed = CalendarRenamed()
        renamed.calendar = calendar.calendar
        renamed.connection = calendar.connection
        renamed.name = name
        return [desk.draft(renamed, stream: stream, owner: calendar.owner)]
    }

    // MARK: Suspicion

    private func suspect(_ suspicion: Suspicion, _ found: Reading, _ started: Int64) throws -> Summary {
        var suspected = FetchSuspected()
        suspected.reading = reading
        suspected.known = suspicion.known
        suspected.found = suspicion.found
        suspected.coveredFrom = found.coveredFrom
        try desk.append(suspected, stream: stream, owner: calendar.owner)
        var summary = Summary()
        summary.outcome = .suspected(known: suspicion.known, found: suspicion.found)
        summary.milliseconds = desk.now() - started
        return summary
    }

    private func confirmed(_ run: String, _ found: Int64) -> Draft {
        var confirmed = FetchConfirmed()
        confirmed.connection = calendar.connection
        confirmed.calendar = calendar.calendar
        confirmed.run = run
        confirmed.confirmation = .laterReading
        confirmed.found = found
        return desk.draft(confirmed, stream: stream, owner: calendar.owner)
    }

    // MARK: Entries about the reading

    private var stream: String { "calendar/\(calendar.calendar)" }

    private var reading: FetchRun {
        var reading = FetchRun()
        reading.connection = calendar.connection
        reading.calendar = calendar.calendar
        reading.run = run
        reading.subject = .meetings
        reading.trigger = trigger
        return reading
    }

    private func finished(_ summary: Summary, _ mode: FetchMode, _ started: Int64) -> FetchFinished {
        var finished = FetchFinished()
        finished.reading = reading
        finished.mode = mode
        finished.pages = 1
        finished.created = summary.created
        finished.updated = summary.updated
        finished.deleted = summary.deleted
        finished.unchanged = summary.unchanged
        finished.quarantined = summary.quarantined
        finished.attempts = 1
        finished.started = started
        finished.durationMilliseconds = summary.milliseconds
        return finished
    }
}

/// Whether a reading found so little of what is known that something else is the likelier reason than deletion.
public struct Suspicion: Sendable, Equatable {
    public let known: Int64
    public let found: Int64
    let isEmpty: Bool
    /// What is missing now was missing in a reading that was applied.
    let isKnown: Bool

    public init(known: Int64, found: Int64, isEmpty: Bool, isKnown: Bool = false) {
        self.known = known
        self.found = found
        self.isEmpty = isEmpty
        self.isKnown = isKnown
    }

    /// Nothing at all where something was known, or less than 70 of 100 where at least ten were.
    public var isGrave: Bool {
        if isKnown { return false }
        if isEmpty && known > 0 { return true }
        return known >= 10 && found * 10 < known * 7
    }
}
