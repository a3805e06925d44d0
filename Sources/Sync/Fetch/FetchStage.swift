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
    private let record: ReadingRecord

    public init(_ desk: Desk, _ calendar: CalendarRow, trigger: Trigger, run: String) {
        self.desk = desk
        self.calendar = calendar
        var reading = FetchRun()
        reading.connection = calendar.connection
        reading.calendar = calendar.calendar
        reading.run = run
        reading.subject = .meetings
        reading.trigger = trigger
        record = ReadingRecord(
            desk: desk, owner: calendar.owner, stream: "calendar/\(calendar.calendar)", reading: reading)
    }

    public struct Summary: Sendable, Equatable {
        public enum Outcome: Sendable, Equatable {
            case read
            /// The source is as it was at the last reading.
            case unchanged
            /// Far too little was found, so nothing was applied.
            case suspected(known: Int64, found: Int64)
            case failed(ReadingFailure)
            /// It was not read at all, and that says nothing about the source.
            case skipped(JobReason)
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

        var isSuccess: Bool { outcome == .read || outcome == .unchanged }
    }

    // MARK: What is wanted

    /// The range that the user asked for, as it lies now.
    public var window: ReadingWindow {
        let now = desk.now()
        return ReadingWindow(
            from: now - calendar.syncFromDays * Days.milliseconds, to: now + calendar.syncToDays * Days.milliseconds)
    }

    /// The range of which meetings are written down. A source that tells only what changed is silent about a meeting that
    /// merely comes into the window, so such are written down well before.
    private var kept: ReadingWindow {
        var kept = window
        if calendar.provider.tellsChanges { kept.to += Self.ahead }
        return kept
    }

    private static let ahead = 60 * Days.milliseconds

    /// Whether the source must be read although it looks as it did: somebody asked for it, something is to be found
    /// absent a second time, or more is wanted than was read.
    private func mustRead(_ cursor: String?, isFull: Bool) -> Bool {
        isFull || calendar.hasAbsences || calendar.suspectedRun != nil || cursor == nil || isWidened
            || isReconciliationDue
    }

    /// More is wanted than was read, so that what did not change may hold something new all the same.
    private var isWidened: Bool {
        let isEarlier = calendar.coveredFrom.map { window.from < $0 - Days.milliseconds } ?? false
        let isLater = calendar.provider.tellsChanges && calendar.coveredTo.map { $0 < window.to } ?? false
        return isEarlier || isLater
    }

    /// A source that tells only what changed may lose some of it; everything is compared now and then.
    private var isReconciliationDue: Bool {
        guard calendar.provider.tellsChanges, let last = calendar.lastFull else { return false }
        return desk.now() - last > Self.reconciliationInterval
    }

    private static let reconciliationInterval = 7 * Days.milliseconds

    private func cursor() throws -> String? {
        try calendar.cursor.flatMap { try desk.cursors(of: calendar.provider).open($0) }
    }

    /// - Parameter source: reads the calendar; it answers nil when nothing changed since the cursor.
    public func run(isFull: Bool, source: (ReadingWish) throws -> Reading?) throws -> Summary {
        let started = desk.now()
        let cursor = try cursor()
        do {
            guard let reading = try source(wish(mustRead(cursor, isFull: isFull) ? nil : cursor)) else {
                return try unchanged(started)
            }
            switch reading.scope {
            case .whole: return try apply(whole: reading, started, isFull: isFull)
            case .changes: return try apply(changes: reading, started)
            }
        } catch let failure as ReadingFailure {
            return try record.fail(failure, started)
        }
    }

    private func wish(_ cursor: String?) -> ReadingWish {
        var calendarKnown: KnownCalendar?
        let known = { [desk, calendar] (identifier: String) -> KnownCalendar.Item? in
            // A source that is silent about what it forgot is not asked again: without the views nothing is known.
            if calendarKnown == nil { calendarKnown = try? desk.read { try KnownCalendar(calendar.calendar, $0) } }
            return calendarKnown?.items[desk.names.provided(identifier)]
        }
        return ReadingWish(
            cursor: cursor,
            window: calendar.provider == .caldav ? kept : window,
            isKnown: { known($0) != nil },
            isSame: { known($0.identifier)?.mark == $0.mark },
            report: { [desk] done, all in try desk.report("reading", done, all ?? 0) })
    }

    private func unchanged(_ started: Int64) throws -> Summary {
        var summary = Summary()
        summary.outcome = .unchanged
        summary.unchanged = calendar.items
        summary.milliseconds = desk.now() - started
        var finished = record.finished(summary, .delta, started)
        finished.isComplete = true
        try desk.append(finished, stream: record.stream, owner: calendar.owner)
        return summary
    }

    // MARK: Everything

    private func apply(whole found: Reading, _ started: Int64, isFull: Bool) throws -> Summary {
        let known = try desk.read { try KnownCalendar(calendar.calendar, $0) }
        let comparison = Comparison(found, known, desk.names)
        let suspicion = comparison.suspicion
        if suspicion.isGrave, !calendar.isSuspicionConfirmed, calendar.suspectedRun == nil {
            return try record.suspect(suspicion, coveredFrom: found.coveredFrom, started)
        }
        var opening = renamed(found.name)
        if suspicion.isGrave, let run = calendar.suspectedRun, !calendar.isSuspicionConfirmed {
            opening.append(record.confirmed(run, found: Int64(found.items.count)))
        }
        var writer = try self.writer()
        let (isWidened, triesAgain) = (isWidened, isFull || isReconciliationDue)
        var closing = try land(found, known, &writer, opening) { isWidened || isWanted($0, known, triesAgain) }
        closing += gone(found, known, &writer)
        let absences = writer.absences(comparison.missing, known, &closing)
        if found.isComplete { closing += released(known, comparison.present, writer) }
        var summary = summary(writer, started)
        summary.absent = Int64(absences.count)
        summary.unchanged = max(
            0, Int64(comparison.present.count) - summary.created - summary.updated - summary.quarantined)
        var finished = record.finished(summary, .full, started)
        finished.modeReason = try found.reason ?? reason(isFull)
        finished.isComplete = found.isComplete
        finished.absences = absences
        try finish(&finished, found, closing)
        return summary
    }

    /// Why everything was read, where only the changes could have been.
    private func reason(_ isFull: Bool) throws -> FullReason? {
        if calendar.cursor == nil { return .first }
        if isFull { return .requested }
        if calendar.hasAbsences { return .reconciliation }
        guard calendar.provider.tellsChanges else { return nil }
        if try cursor() == nil { return .cursorLost }
        return isWidened ? .windowMoved : .reconciliation
    }

    /// - Parameter triesAgain: also what could not be read as it still is, for a newer version may read it.
    private func isWanted(_ item: Reading.Item, _ known: KnownCalendar, _ triesAgain: Bool) -> Bool {
        let identifier = desk.names.provided(item.identifier)
        if let quarantined = known.quarantined[identifier] { return triesAgain || quarantined != item.mark }
        guard let before = known.items[identifier] else { return true }
        return before.mark != item.mark
    }

    // MARK: Changes

    private func apply(changes found: Reading, _ started: Int64) throws -> Summary {
        let known = try desk.read { try KnownCalendar(calendar.calendar, $0) }
        var writer = try self.writer()
        // What the source says has changed is read, whatever its mark: some servers use marks again.
        var closing = try land(found, known, &writer, renamed(found.name)) { _ in true }
        closing += gone(found, known, &writer)
        var summary = summary(writer, started)
        summary.unchanged = max(0, calendar.items - summary.updated - summary.deleted)
        var finished = record.finished(summary, .delta, started)
        finished.isComplete = found.isComplete
        try finish(&finished, found, closing)
        return summary
    }

    // MARK: Both

    /// Each page one transaction; the last one is handed back, to land with the end of the reading.
    private func land(
        _ found: Reading, _ known: KnownCalendar, _ writer: inout GroupWriter, _ opening: [Draft],
        where isWanted: (Reading.Item) -> Bool
    ) throws -> [Draft] {
        var waiting = opening
        var done: Int64 = 0
        let all = Int64(found.items.count)
        try found.forEachPage(where: isWanted) { page in
            if !waiting.isEmpty { try desk.append(waiting) }
            // Nothing is held now that somebody else could change: of what is known, the page is compared with what is so then.
            _ = desk.pause()
            waiting = try desk.read { views in
                var drafts: [Draft] = []
                for group in page {
                    let identifier = desk.names.provided(group.identifier)
                    drafts += try writer.drafts(
                        group, known: known.items[identifier], quarantined: known.quarantined[identifier], views)
                }
                return drafts
            }
            done += Int64(page.count)
            try desk.report("reading", done, all)
        }
        return waiting
    }

    private func finish(_ finished: inout FetchFinished, _ found: Reading, _ closing: [Draft]) throws {
        let kept = self.kept
        finished.pages = found.pages
        finished.coveredFrom = kept.from
        finished.coveredTo = kept.to
        finished.cursor = try desk.cursors(of: calendar.provider).seal(found.cursor)
        try desk.append(closing + [desk.draft(finished, stream: record.stream, owner: calendar.owner)])
    }

    /// What the source says was deleted.
    private func gone(_ found: Reading, _ known: KnownCalendar, _ writer: inout GroupWriter) -> [Draft] {
        found.gone.map(desk.names.provided).flatMap { identifier in
            var drafts = writer.deletion(of: identifier, known)
            // Of a reading of the whole, everything is released at once that is not there.
            if found.scope == .changes || !found.isComplete, known.quarantined[identifier] != nil {
                drafts.append(writer.released(identifier, .gone))
            }
            return drafts
        }
    }

    private func summary(_ writer: GroupWriter, _ started: Int64) -> Summary {
        var summary = Summary()
        summary.created = writer.counts.created
        summary.updated = writer.counts.updated
        summary.deleted = writer.counts.deleted
        summary.quarantined = writer.counts.quarantined
        summary.milliseconds = desk.now() - started
        return summary
    }

    private func writer() throws -> GroupWriter {
        let own = try desk.read { try OwnAddresses(of: calendar.owner, $0).emails }
        return GroupWriter(
            desk: desk, calendar: calendar, window: kept, ownAddresses: own,
            addresses: AddressBook(desk, owner: calendar.owner))
    }

    /// What could not be read and is not there any more.
    private func released(_ known: KnownCalendar, _ present: Set<String>, _ writer: GroupWriter) -> [Draft] {
        known.quarantined.keys.filter { !present.contains($0) }.sorted().map { writer.released($0, .gone) }
    }

    private func renamed(_ name: String?) -> [Draft] {
        guard let name, name != calendar.calendarName else { return [] }
        var renamed = CalendarRenamed()
        renamed.calendar = calendar.calendar
        renamed.connection = calendar.connection
        renamed.name = name
        return [desk.draft(renamed, stream: record.stream, owner: calendar.owner)]
    }
}

extension Provider {
    /// It can say what changed since a cursor, and is then silent about everything else.
    var tellsChanges: Bool {
        switch self {
        case .google, .microsoft, .caldav: true
        case .feed, .files: false
        }
    }
}
