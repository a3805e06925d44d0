import Entries
import Ledger
import Providers
import SQLite

/// Keeps the list of a connection's calendars: which are new, and which are called otherwise now.
///
/// Finding a calendar chooses nothing, and never undoes what somebody chose.
struct DiscoverStage {
    let desk: Desk
    let connection: ConnectionRow
    let record: ReadingRecord

    init(_ desk: Desk, _ connection: ConnectionRow, trigger: Trigger, run: String) {
        self.desk = desk
        self.connection = connection
        var reading = FetchRun()
        reading.connection = connection.connection
        reading.run = run
        reading.subject = .calendars
        reading.trigger = trigger
        record = ReadingRecord(
            desk: desk, owner: connection.owner, stream: "connection/\(connection.connection)", reading: reading)
    }

    /// Lists are asked for no more often than this, unless somebody asks for it.
    private static let interval: Int64 = 6 * 3_600_000

    /// A listing that costs nothing extra is made each time.
    func isDue(isAsked: Bool) -> Bool {
        if isAsked || connection.provider == .caldav { return true }
        guard connection.provider != .feed else { return false }
        return connection.discovered.map { desk.now() - $0 >= Self.interval } ?? true
    }

    struct Summary {
        /// Calendars that were not known, by their names; somebody has to choose them before they are read.
        var found: [String] = []
        /// The paths of those that are there; nil where the list was not complete.
        var present: Set<String>?
    }

    private struct Known {
        var name: String?
        var description: String?
        var colour: String?
        var zone: String?
        var access: Access?
        var isPrimary: Bool
        var isSubscribed: Bool
    }

    func run(_ source: any CalendarSource) throws -> Summary {
        let started = desk.now()
        let listing = try source.calendars()
        let known = try self.known()
        var summary = Summary()
        var drafts: [Draft] = []
        let entries = CalendarEntries(
            desk: desk, owner: connection.owner, connection: connection.connection, account: connection.account)
        for calendar in listing.calendars {
            if let before = known[calendar.path] {
                drafts += changes(before, calendar, entries.identifier(calendar))
            } else {
                drafts += entries.found(calendar, isChosen: false)
                summary.found.append(calendar.name)
            }
        }
        if listing.isComplete { summary.present = Set(listing.calendars.map(\.path)) }
        // That nothing is new is worth an entry only where it says when the next look is due.
        if !drafts.isEmpty || connection.provider != .caldav || connection.discovered == nil {
            drafts.append(finished(listing, started))
        }
        try desk.append(drafts)
        return summary
    }

    private func finished(_ listing: FoundCalendars, _ started: Int64) -> Draft {
        var summary = FetchStage.Summary()
        summary.milliseconds = desk.now() - started
        var finished = record.finished(summary, .full, started)
        finished.isComplete = listing.isComplete
        return desk.draft(finished, stream: record.stream, owner: connection.owner)
    }

    private func known() throws -> [String: Known] {
        var known: [String: Known] = [:]
        try desk.read { views in
            try views.prepare(
                """
                SELECT provider_path, name, description, colour, zone, access, is_primary, is_subscribed
                FROM calendar WHERE connection = ?
                """
            ).eachRow(.text(connection.connection)) { row in
                guard let path = row.textIfPresent(0) else { return }
                known[path] = Known(
                    name: row.textIfPresent(1), description: row.textIfPresent(2), colour: row.textIfPresent(3),
                    zone: row.textIfPresent(4), access: row.word(5), isPrimary: row.integer(6) == 1,
                    isSubscribed: row.integer(7) == 1)
            }
        }
        return known
    }

    private func changes(_ known: Known, _ found: FoundCalendar, _ calendar: String) -> [Draft] {
        var drafts: [Draft] = []
        if known.name != found.name, found.isNamed || known.name == nil {
            var renamed = CalendarRenamed()
            renamed.calendar = calendar
            renamed.connection = connection.connection
            renamed.name = found.name
            drafts.append(desk.draft(renamed, stream: "calendar/\(calendar)", owner: connection.owner))
        }
        var changed = CalendarChanged()
        changed.calendar = calendar
        changed.connection = connection.connection
        // A list that leaves something out says nothing about it.
        if let description = found.description, description != known.description { changed.description = description }
        if let colour = found.colour, colour != known.colour { changed.colour = colour }
        if let zone = found.zone, zone != known.zone { changed.zone = zone }
        if let access = found.access, access != known.access { changed.access = access }
        if found.isPrimary != known.isPrimary { changed.isPrimary = found.isPrimary }
        if found.isSubscribed != known.isSubscribed { changed.isSubscribed = found.isSubscribed }
        if changed.colour != nil || changed.zone != nil || changed.access != nil || changed.isPrimary != nil
            || changed.isSubscribed != nil || changed.description != nil
        {
            drafts.append(desk.draft(changed, stream: "calendar/\(calendar)", owner: connection.owner))
        }
        return drafts
    }
}
