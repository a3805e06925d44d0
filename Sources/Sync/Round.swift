public import Entries
import ICalendar
import Providers
import SQLite
import Secrets

/// One round of work for one user: read what is connected, unfold, match, log.
///
/// Each stage asks a view what is due, so a round that was stopped anywhere is simply made again.
public struct Round {
    public struct Wish: Sendable {
        /// Only this connection; nil is all that are not paused.
        public var connection: String?
        /// Read although nothing seems to have changed.
        public var isFull = false
        public var trigger = Trigger.manual
        /// The zone of times that have none.
        public var zone: String?
        /// More meetings are left for the next run; nil is what the settings say.
        public var limit: Int64?
        public var logs = true

        public init() {}
    }

    public struct Summary: Sendable {
        public var readings: [Reading] = []
        public var unfolded = UnfoldStage.Summary()
        public var matched = MatchStage.Summary()
        public var logged = LogStage.Summary()

        /// Calendars that were not known, by their names; somebody has to choose them before they are read.
        public var found: [String] = []

        public init() {}

        /// One calendar or address book.
        public struct Reading: Sendable {
            public let connection: String
            public let calendar: String?
            public let name: String
            public let subject: FetchSubject
            public let summary: FetchStage.Summary
        }
    }

    private let desk: Desk
    private let owner: String
    private let wish: Wish

    public init(_ desk: Desk, owner: String, _ wish: Wish) {
        self.desk = desk
        self.owner = owner
        self.wish = wish
    }

    /// - Parameter heard: hears of each reading as it ends.
    public func run(_ heard: (Summary.Reading) throws -> Void = { _ in }) throws -> Summary {
        var summary = Summary()
        let run = desk.randomness.identifier()
        for book in try books() {
            let reading = try read(book, run)
            summary.readings.append(reading)
            try heard(reading)
        }
        summary.found = try discover()
        for calendar in try calendars() {
            let reading = try read(calendar, run)
            summary.readings.append(reading)
            try heard(reading)
        }
        try decide(&summary)
        return summary
    }

    /// What follows the readings, also when nothing was read.
    public func decide(_ summary: inout Summary) throws {
        let settings = try desk.read { try Settings(of: owner, $0) }
        summary.unfolded = try UnfoldStage(desk, owner: owner, zone: wish.zone).run()
        summary.matched = try MatchStage(desk, owner: owner, settings: settings).run()
        guard wish.logs else { return }
        summary.logged = try LogStage(desk, owner: owner, settings: settings, trigger: .scheduled)
            .run(limit: wish.limit ?? settings.number(.limit))
    }

    // MARK: Reading

    /// Finding a calendar chooses nothing, and never undoes what somebody chose.
    private func discover() throws -> [String] {
        let folders = try desk.read { views in
            try views.prepare(
                """
                SELECT connection, account, path FROM connection
                WHERE owner = ?1 AND provider = 'files' AND subject = 'meetings' AND path IS NOT NULL
                    AND (connection = ?2 OR ?2 IS NULL AND is_paused = 0)
                """
            ).map(.text(owner), Value(wish.connection)) { ($0.text(0), $0.text(1), $0.text(2)) }
        }
        var found: [String] = []
        for (connection, account, path) in folders {
            let known = try desk.read { views in
                Set(
                    try views.prepare("SELECT provider_path FROM calendar WHERE connection = ?")
                        .map(.text(connection)) { $0.text(0) })
            }
            let entries = CalendarEntries(desk: desk, owner: owner, connection: connection, account: account)
            for calendar in FileCalendar.added(to: path, known: known) {
                try desk.append(entries.found(calendar, isChosen: false))
                found.append(calendar.name)
            }
        }
        return found
    }

    private func calendars() throws -> [CalendarRow] {
        try desk.read { try CalendarRow.chosen(owner: owner, connection: wish.connection, $0) }
            .filter { $0.provider == .files && (wish.connection != nil || !$0.isPaused) }
    }

    private func read(_ calendar: CalendarRow, _ run: String) throws -> Summary.Reading {
        let stage = FetchStage(desk, calendar, trigger: wish.trigger, run: run)
        let files = FileReading(
            calendar: calendar.providerPath ?? calendar.path ?? "", zones: desk.zones, floatingZone: wish.zone,
            now: desk.now(), mark: desk.names.mark)
        let summary = try stage.run(isFull: wish.isFull) { cursor, window in
            try files.read(since: cursor, window: window)
        }
        return Summary.Reading(
            connection: calendar.connection, calendar: calendar.calendar,
            name: calendar.calendarName ?? calendar.connectionName ?? "", subject: .meetings, summary: summary)
    }

    private func books() throws -> [(book: PeopleStage.Book, name: String)] {
        try desk.read { views in
            try views.prepare(
                """
                SELECT connection, owner, account, path, cursor, suspected_run, is_suspicion_confirmed, name,
                    EXISTS (SELECT 1 FROM person_absence WHERE person_absence.connection = connection.connection)
                FROM connection
                WHERE owner = ?1 AND subject = 'people' AND provider = 'files'
                    AND (connection.connection = ?2 OR ?2 IS NULL AND is_paused = 0)
                ORDER BY added, connection
                """
            ).map(.text(owner), Value(wish.connection)) { row in
                var book = PeopleStage.Book()
                book.connection = row.text(0)
                book.owner = row.text(1)
                book.account = row.text(2)
                book.path = row.text(3)
                book.cursor = row.textIfPresent(4)
                book.suspectedRun = row.textIfPresent(5)
                book.isSuspicionConfirmed = row.integer(6) == 1
                book.hasAbsences = row.integer(8) == 1
                return (book, row.textIfPresent(7) ?? "")
            }
        }
    }

    private func read(_ item: (book: PeopleStage.Book, name: String), _ run: String) throws -> Summary.Reading {
        let files = FileAddressBook(path: item.book.path, mark: desk.names.mark)
        let summary = try PeopleStage(desk, item.book, trigger: wish.trigger, run: run).run(isFull: wish.isFull) {
            cursor in
            try files.read(since: cursor).map {
                PeopleStage.Found(
                    contacts: $0.contacts, cursor: $0.cursor, problems: $0.problems, isComplete: $0.isComplete)
            }
        }
        return Summary.Reading(
            connection: item.book.connection, calendar: nil, name: item.name, subject: .people, summary: summary)
    }
}
