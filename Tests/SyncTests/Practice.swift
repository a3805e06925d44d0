import Entries
import Foundation
import ICalendar
import Ledger
import Machine
import Providers
import Rehearsal
import SQLite
import Secrets

@testable import Projections
@testable import Sync

/// A ledger and views in a folder of their own, a clock that a test sets, and calendars and address books as files. The
/// folder is gone with it.
final class Practice {
    let place: String
    private let clock: RehearsedTime
    private let randomness: Randomness
    let names: Names
    private let nameMaker: NameMaker
    private(set) var writer: LedgerWriter
    private(set) var views: Views
    /// Whose home it is; a test may turn to another user.
    var owner = "ada"
    /// The zone of times that have none.
    var zone: String?
    /// So many transactions land before the program is killed; nil lets it live.
    var transactionsLeft: Int?
    private(set) var transactions = 0
    /// What others do while a long work lets them in; true if they did anything.
    var pause: () -> Bool = { false }

    struct Killed: Error {}

    init(seed: UInt64 = 1) throws {
        place = FileManager.default.temporaryDirectory.appending(path: "practice-\(UUID().uuidString)").path
        try Folder.create(place)
        let clock = RehearsedTime(startingAt: Time.start)
        self.clock = clock
        randomness = .seeded(seed)
        nameMaker = MasterKey(from: .seeded(seed)).nameMaker()
        names = Names(nameMaker)
        writer = try LedgerWriter.create(
            at: place + "/ledger.db", .init(now: { clock.now() }, randomness: randomness))
        views = try Self.views(place, writer)
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    private static let projections = Result { try [Projection](checking: .embedded()) }

    private static func views(_ place: String, _ writer: LedgerWriter) throws -> Views {
        try Views.open(in: place, projections.get(), reader: writer.reader).views
    }

    // MARK: Time

    var now: Int64 { clock.now() }

    func wait(days: Int64 = 0, hours: Int64 = 0, minutes: Int64 = 0, seconds: Int64 = 0) {
        clock.jump(by: days * Time.day + hours * Time.hour + minutes * 60_000 + seconds * 1_000)
    }

    // MARK: The stages

    var desk: Desk {
        Desk(
            reader: writer.reader,
            views: { [unowned self] in
                try self.views.follow()
                return self.views
            }, append: { [unowned self] in try self.land($0) }, nameMaker: nameMaker, randomness: randomness,
            now: { [clock] in clock.now() }, zones: Self.zones, actor: "test",
            pause: { [unowned self] in self.pause() })
    }

    private func land(_ drafts: [Draft]) throws -> [Receipt] {
        if let left = transactionsLeft {
            if left == 0 { throw Killed() }
            transactionsLeft = left - 1
        }
        transactions += 1
        return try writer.append(drafts)
    }

    /// The program dies, and another begins with what lies on the disk.
    func reopen() throws {
        transactionsLeft = nil
        writer = try LedgerWriter(
            path: place + "/ledger.db", .init(now: { [clock] in clock.now() }, randomness: randomness))
        views = try Self.views(place, writer)
    }

    static var zones: ZoneBook { ZoneBook { name in try? Folder.read("/usr/share/zoneinfo/" + name, limit: 1 << 20) } }

    @discardableResult
    func sync(_ change: (inout Round.Wish) -> Void = { _ in }) throws -> Round.Summary {
        var wish = Round.Wish()
        wish.zone = zone
        change(&wish)
        return try Round(desk, owner: owner, wish, elsewhere: elsewhere).run()
    }

    /// Syncs until nothing is due any more: an absence is confirmed, a limit does not hold anything back.
    func settle() throws {
        for _ in 0..<40 {
            let before = try substance()
            try sync { $0.limit = 1_000 }
            let open = try rows(
                """
                SELECT 1 FROM meeting_absence UNION ALL SELECT 1 FROM series_absence UNION ALL
                SELECT 1 FROM person_absence UNION ALL
                SELECT 1 FROM calendar WHERE suspected_run IS NOT NULL UNION ALL
                SELECT 1 FROM connection WHERE suspected_run IS NOT NULL
                """)
            if open.isEmpty, try substance() == before { return }
        }
        throw Unsettled()
    }

    struct Unsettled: Error {}

    /// How many entries there are, but for those that only tell that a calendar was looked at.
    func substance() throws -> Int {
        try writer.reader.entries(Query()).count { $0.type != FetchFinished.type }
    }

    // MARK: Files and connections

    func path(_ name: String) -> String { place + "/" + name }

    func write(_ text: String, to name: String) throws { try Folder.replace(path(name), with: Array(text.utf8)) }

    /// Writes a calendar; the first time it is connected as well.
    func calendar(_ name: String = "work", _ events: [Event], email: String? = nil) throws {
        try write(Event.calendar(events), to: name + ".ics")
        if connections[owner + name] == nil { try connect(name, email: email) }
    }

    /// A folder with a file for each event.
    func folder(_ name: String, _ events: [Event]) throws {
        try? FileManager.default.removeItem(atPath: path(name))
        try Folder.create(path(name))
        try write(name, to: name + "/displayname")
        for event in events { try write(Event.calendar([event]), to: "\(name)/\(event.uid).ics") }
        if connections[owner + name] == nil { try connect(name, file: name) }
    }

    /// Writes an address book; the first time it is connected as well.
    func people(_ people: [Contact], book: String = "people") throws {
        try write(people.map(\.text).joined(), to: book + ".vcf")
        if connections[owner + book] == nil { try connectPeople(book) }
    }

    private(set) var connections: [String: String] = [:]
    /// The fake servers, by the name of their connection.
    var sources: [String: FakeSource] = [:]

    func note(_ connection: String, as name: String) { connections[owner + name] = connection }
    private var nextConnection = 0

    func connection(_ name: String) -> String { connections[owner + name] ?? "" }

    func account(_ file: String) -> String { names.account(owner, provider: "files", path(file)) }

    func calendarID(_ name: String, file: String? = nil) -> String {
        let file = file ?? name + ".ics"
        return names.calendar(account: account(file), path: path(file))
    }

    func connect(
        _ name: String, file: String? = nil, email: String? = nil, _ change: (inout ConnectionAdded) -> Void = { _ in }
    ) throws {
        let file = file ?? name + ".ics"
        var added = added(name, file)
        added.email = email
        change(&added)
        let calendar = calendarID(name, file: file)
        var found = CalendarFound()
        found.calendar = calendar
        found.connection = added.connection
        found.providerID = names.provided(path(file))
        found.providerPath = path(file)
        found.name = name
        try append([draft(added, "connection/\(added.connection)"), draft(found, "calendar/\(calendar)")])
        try choose(name, file: file)
    }

    private func added(_ name: String, _ file: String) -> ConnectionAdded {
        nextConnection += 1
        var added = ConnectionAdded()
        added.connection = "connection\(nextConnection)"
        added.provider = .files
        added.account = account(file)
        added.name = name
        added.path = path(file)
        connections[owner + name] = added.connection
        return added
    }

    func connectPeople(_ book: String) throws {
        var added = added(book, book + ".vcf")
        added.subject = .people
        try append([draft(added, "connection/\(added.connection)")])
    }

    func choose(_ name: String, file: String? = nil) throws {
        var chosen = CalendarChosen()
        chosen.calendar = calendarID(name, file: file)
        chosen.connection = connection(name)
        try append([draft(chosen, "calendar/\(chosen.calendar)")])
    }

    func drop(_ name: String) throws {
        var dropped = CalendarDropped()
        dropped.calendar = calendarID(name)
        dropped.connection = connection(name)
        try append([draft(dropped, "calendar/\(dropped.calendar)")])
    }

    func disconnect(_ name: String) throws {
        var removed = ConnectionRemoved()
        removed.connection = connection(name)
        try append([draft(removed, "connection/\(removed.connection)")])
        connections[owner + name] = nil
    }
}

extension Round.Summary {
    /// How the readings of calendars went, in a word each.
    var outcomes: [String] {
        readings.filter { $0.subject == .meetings }.map { reading in
            switch reading.summary.outcome {
            case .read: "read"
            case .unchanged: "unchanged"
            case .suspected(let known, let found): "suspected \(found) of \(known)"
            case .failed(let failure): "failed \(failure.code)"
            case .skipped(let reason): "skipped \(reason.rawValue)"
            }
        }
    }
}
