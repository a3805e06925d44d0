import Entries
import Ledger
import Providers
import SQLite

/// Reads all that one connection holds: its chosen calendars, or its address book.
///
/// Whatever goes wrong with it is recorded as its own fault, and the next connection has its turn.
struct ConnectionReading {
    let desk: Desk
    let connection: ConnectionRow
    let wish: Round.Wish
    let run: String
    let elsewhere: Elsewhere

    typealias Reading = Round.Summary.Reading

    func run(_ summary: inout Round.Summary, _ heard: (Reading) throws -> Void) throws {
        if connection.isRefused, wish.connection == nil {
            return try hear(refused, &summary, heard)
        }
        switch (connection.provider, connection.subject) {
        case (.files, .people): try hear(readBook(FileBook(connection, desk)), &summary, heard)
        case (.files, _): try readFiles(&summary, heard)
        default: try readElsewhere(&summary, heard)
        }
    }

    private func hear(_ reading: Reading, _ summary: inout Round.Summary, _ heard: (Reading) throws -> Void) throws {
        summary.readings.append(reading)
        try heard(reading)
    }

    private func reading(_ summary: FetchStage.Summary, _ calendar: CalendarRow? = nil) -> Reading {
        Reading(
            connection: connection.connection, calendar: calendar?.calendar,
            name: calendar?.calendarName ?? connection.name ?? "", connectionName: connection.name,
            subject: connection.subject,
            provider: connection.provider, summary: summary)
    }

    /// A login that was refused is not tried again before somebody has looked: a few more, and some servers lock it.
    private var refused: Reading {
        var summary = FetchStage.Summary()
        summary.outcome = .skipped(.needsCredentials)
        return reading(summary)
    }

    // MARK: Files

    private func readFiles(_ summary: inout Round.Summary, _ heard: (Reading) throws -> Void) throws {
        summary.found += try discoverFiles()
        for calendar in try chosen() {
            let files = FileReading(
                calendar: calendar.providerPath ?? calendar.path ?? "", zones: desk.zones, floatingZone: wish.zone,
                now: desk.now(), mark: desk.names.mark)
            let stage = FetchStage(desk, calendar, trigger: wish.trigger, run: run)
            let read = try stage.run(isFull: wish.isFull) {
                try files.read(since: $0.cursor, window: $0.window)
            }
            try hear(reading(read, calendar), &summary, heard)
        }
    }

    /// Finding a calendar chooses nothing, and never undoes what somebody chose.
    private func discoverFiles() throws -> [String] {
        guard let path = connection.path else { return [] }
        let known = try desk.read { views in
            Set(
                try views.prepare("SELECT provider_path FROM calendar WHERE connection = ?")
                    .map(.text(connection.connection)) { $0.text(0) })
        }
        let entries = CalendarEntries(
            desk: desk, owner: connection.owner, connection: connection.connection, account: connection.account)
        return try FileCalendar.added(to: path, known: known).map { calendar in
            try desk.append(entries.found(FoundCalendar(calendar), isChosen: false))
            return calendar.name
        }
    }

    private func chosen() throws -> [CalendarRow] {
        let chosen = try desk.read {
            try CalendarRow.chosen(owner: connection.owner, connection: connection.connection, $0)
        }
        guard let wanted = wish.calendars else { return chosen }
        return chosen.filter { wanted.contains($0.calendar) }
    }

    // MARK: Elsewhere

    private func readElsewhere(_ summary: inout Round.Summary, _ heard: (Reading) throws -> Void) throws {
        let opened: Elsewhere.Opened
        do {
            opened = try elsewhere.open(connection)
        } catch let failure as ReadingFailure {
            return try hear(failed(failure, connection.subject), &summary, heard)
        }
        switch opened.subject {
        case .people(let source):
            try hear(readBook(source), &summary, heard)
        case .calendars(let source):
            try readCalendars(source, &summary, heard)
        }
        try remember(opened.memory)
        try opened.close()
    }

    private func readCalendars(
        _ source: any CalendarSource, _ summary: inout Round.Summary, _ heard: (Reading) throws -> Void
    ) throws {
        let discovery = DiscoverStage(desk, connection, trigger: wish.trigger, run: run)
        var present: Set<String>?
        if wish.calendars == nil, discovery.isDue(isAsked: wish.isFull) {
            do {
                let found = try discovery.run(source)
                summary.found += found.found
                present = found.present
            } catch let failure as ReadingFailure {
                return try hear(failed(failure, .calendars), &summary, heard)
            }
        }
        for calendar in try chosen() {
            guard let read = try read(calendar, source) else { continue }
            try hear(reading(read, calendar), &summary, heard)
            guard case .failed(let failure) = read.outcome else { continue }
            if failure.errorClass == .auth { try refuse(failure) }
            if isGone(calendar, failure, present) { try drop(calendar) }
            if failure.concernsAll { return }
        }
        try readmit(summary)
    }

    /// Nil where the calendar was dropped while it was read.
    private func read(_ calendar: CalendarRow, _ source: any CalendarSource) throws -> FetchStage.Summary? {
        let place = CalendarPlace(
            path: calendar.providerPath ?? "", name: calendar.calendarName, zone: calendar.zone,
            access: calendar.access)
        let standing = desk.whileStanding { try CalendarRow.isChosen(calendar.calendar, $0) }
        do {
            return try FetchStage(standing, calendar, trigger: wish.trigger, run: run).run(isFull: wish.isFull) {
                try source.read(place, $0)
            }
        } catch is Superseded {
            return nil
        }
    }

    // MARK: People

    private func readBook(_ source: any PeopleSource) throws -> Reading {
        let stage = PeopleStage(desk, PeopleStage.Book(connection), trigger: wish.trigger, run: run)
        let summary = try stage.run(isFull: wish.isFull) { try source.people(since: $0) }
        if case .failed(let failure) = summary.outcome, failure.errorClass == .auth { try refuse(failure) }
        if summary.isSuccess { try desk.readmit(connection) }
        return reading(summary)
    }

    // MARK: What a connection's readings say about it

    private func failed(_ failure: ReadingFailure, _ subject: FetchSubject) throws -> Reading {
        if failure.errorClass == .auth { try refuse(failure) }
        var fetch = FetchRun()
        fetch.connection = connection.connection
        fetch.run = run
        fetch.subject = subject
        fetch.trigger = wish.trigger
        let record = ReadingRecord(
            desk: desk, owner: connection.owner, stream: "connection/\(connection.connection)", reading: fetch)
        return reading(try record.fail(failure, desk.now()))
    }

    private func refuse(_ failure: ReadingFailure) throws {
        try desk.refuse(connection, failure.code, failure.message)
    }

    /// It was refused, and somebody tried it by hand, and it works again.
    private func readmit(_ summary: Round.Summary) throws {
        let works = summary.readings.contains { $0.connection == connection.connection && $0.summary.isSuccess }
        if works { try desk.readmit(connection) }
    }

    /// The calendar itself is gone: it says so, and the list of calendars, which is complete, agrees.
    private func isGone(_ calendar: CalendarRow, _ failure: ReadingFailure, _ present: Set<String>?) -> Bool {
        guard failure.code == "calendar_gone", let present, let path = calendar.providerPath else { return false }
        return !present.contains(path)
    }

    private func drop(_ calendar: CalendarRow) throws {
        var dropped = CalendarDropped()
        dropped.calendar = calendar.calendar
        dropped.connection = calendar.connection
        dropped.reason = .goneAtProvider
        try desk.append(dropped, stream: "calendar/\(calendar.calendar)", owner: connection.owner)
    }

    private func remember(_ memory: ServerMemory) throws {
        guard memory.isChanged else { return }
        var learned = ServerLearned()
        learned.connection = connection.connection
        learned.facts = memory.lines
        try desk.append(learned, stream: "connection/\(connection.connection)", owner: connection.owner)
    }
}

extension Desk {
    /// Writes down that the credentials of a connection were refused, so that nobody tries them again.
    public func refuse(_ connection: ConnectionRow, _ code: String, _ message: String) throws {
        guard !connection.isRefused else { return }
        var refused = CredentialRefused()
        refused.connection = connection.connection
        refused.errorCode = code
        refused.message = message
        try append(refused, stream: "connection/\(connection.connection)", owner: connection.owner)
    }

    /// Writes down that the server lets in again what it refused before, if it did.
    public func readmit(_ connection: ConnectionRow) throws {
        guard connection.isRefused else { return }
        var renewed = CredentialRenewed()
        renewed.connection = connection.connection
        try append(renewed, stream: "connection/\(connection.connection)", owner: connection.owner)
    }
}

extension ReadingFailure {
    /// It would be the same for every other calendar of the connection.
    fileprivate var concernsAll: Bool {
        switch errorClass {
        case .auth, .rate: true
        case .transient, .permanent: ["unresolved", "unreachable", "untrusted", "timed_out"].contains(code)
        }
    }
}

/// An address book that lies in files.
private final class FileBook: PeopleSource {
    private let book: FileAddressBook

    init(_ connection: ConnectionRow, _ desk: Desk) {
        book = FileAddressBook(path: connection.path ?? "", mark: desk.names.mark)
    }

    func people(since cursor: String?) throws -> FoundPeople? {
        try book.read(since: cursor).map {
            FoundPeople(contacts: $0.contacts, problems: $0.problems, cursor: $0.cursor, isComplete: $0.isComplete)
        }
    }
}
