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
    private let names: Names
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

    func wait(days: Int64 = 0, hours: Int64 = 0) { clock.jump(by: days * Time.day + hours * Time.hour) }

    // MARK: The stages

    var desk: Desk {
        Desk(
            reader: writer.reader,
            views: { [unowned self] in
                try self.views.follow()
                return self.views
            }, append: { [unowned self] in try self.land($0) }, nameMaker: nameMaker, randomness: randomness,
            now: { [clock] in clock.now() }, zones: Self.zones, actor: "test")
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
        return try Round(desk, owner: owner, wish).run()
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
    private var nextConnection = 0

    func connection(_ name: String) -> String { connections[owner + name] ?? "" }

    private func account(_ file: String) -> String { names.account(owner, provider: "files", path(file)) }

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

    // MARK: What a user does

    func draft<SomeFact: Fact>(_ fact: SomeFact, _ stream: String) -> Draft {
        Draft(fact, stream: stream, owner: owner, actor: "test")
    }

    func append(_ drafts: [Draft]) throws { try writer.append(drafts) }

    func set(_ setting: Setting, _ json: String) throws {
        var changed = SettingChanged()
        changed.setting = setting.rawValue
        changed.value = json
        try append([draft(changed, "setting/\(setting.rawValue)")])
    }

    func address(_ email: String) -> String { names.address(owner, email: email) }

    /// The id of a person of an address book.
    func person(_ contact: String, book: String = "people") -> String {
        names.person(owner, account: account(book + ".vcf"), identifier: "uid:" + contact)
    }

    func meeting(_ uid: String, original: OriginalStart? = nil) -> String {
        names.meeting(owner, uid: names.uid(uid), original: original)
    }

    func activity(_ uid: String, _ contact: String, original: OriginalStart? = nil, book: String = "people") -> String {
        names.activity(meeting: meeting(uid, original: original), person: person(contact, book: book))
    }

    func claim(_ email: String) throws {
        var seen = AddressSeen()
        seen.address = address(email)
        seen.email = email
        seen.source = .hand
        var claimed = AddressClaimed()
        claimed.address = address(email)
        claimed.user = owner
        try append([seen].map { draft($0, "address/\($0.address)") } + [draft(claimed, "address/\(claimed.address)")])
    }

    func merge(_ contact: String, into survivor: String) throws {
        var merged = PersonMerged()
        merged.person = person(contact)
        merged.survivor = person(survivor)
        try append([draft(merged, "person/\(merged.person)")])
    }

    func retract(_ activity: String) throws {
        var retracted = ActivityRetracted()
        retracted.activity = activity
        retracted.reason = .byHand
        try append([draft(retracted, "activity/\(activity)")])
    }

    func edit(_ activity: String, title: String) throws {
        var edited = ActivityEdited()
        edited.activity = activity
        edited.editedFields = ["title"]
        edited.details.title = title
        try append([draft(edited, "activity/\(activity)")])
    }

    func confirmReading(_ name: String) throws {
        let run = try rows("SELECT suspected_run FROM calendar WHERE calendar = '\(calendarID(name))'").first?.first
        var confirmed = FetchConfirmed()
        confirmed.connection = connection(name)
        confirmed.calendar = calendarID(name)
        confirmed.run = run ?? ""
        try append([draft(confirmed, "calendar/\(calendarID(name))")])
    }

    // MARK: What is there

    func rows(_ sql: String) throws -> [[String]] {
        try views.follow()
        return try views.read { views in
            try views.prepare(sql).map { row in
                (0..<row.count).map { column in
                    switch row.value(column) {
                    case .null: "–"
                    case .integer(let integer): String(integer)
                    case .real(let real): String(real)
                    case .text(let text): text
                    case .blob: "blob"
                    }
                }
            }
        }
    }

    func texts(_ sql: String) throws -> [String] { try rows(sql).map { $0.joined(separator: " ") } }

    /// The activities that stand, as `Planning: Bob Stone`, the oldest meeting first.
    func activities() throws -> [String] {
        try texts(
            """
            SELECT activity.title || ':', COALESCE(person.name, activity.person)
            FROM activity LEFT JOIN person ON person.person = activity.person
            WHERE activity.owner = '\(owner)' AND activity.retracted IS NULL
            ORDER BY activity.occurred, activity.title, 2
            """)
    }

    /// The activities that were retracted, as `Planning: declined`.
    func retracted() throws -> [String] {
        try texts(
            """
            SELECT title || ':', retraction_reason FROM activity WHERE owner = '\(owner)' AND retracted IS NOT NULL
            ORDER BY occurred, title
            """)
    }

    /// What the calendars show, as `Planning 02-20 09:00`.
    func meetings() throws -> [String] {
        try texts(
            """
            SELECT COALESCE(title, 'untitled'), COALESCE(strftime('%m-%d %H:%M', starts / 1000, 'unixepoch'), first_day)
            FROM meeting WHERE owner = '\(owner)' AND sightings > 0
            ORDER BY COALESCE(starts, unixepoch(first_day) * 1000), title
            """)
    }

    /// Why nobody was logged for a meeting.
    func skipRules() throws -> [String] {
        try texts(
            """
            SELECT COALESCE(title, 'untitled') || ':', skip_rule FROM meeting
            WHERE owner = '\(owner)' AND skip_rule IS NOT NULL ORDER BY starts, first_day, title
            """)
    }

    func knownPeople() throws -> [String] {
        try texts("SELECT name FROM person WHERE owner = '\(owner)' AND merged_into IS NULL ORDER BY name")
    }

    func entries(_ types: String...) throws -> [Entry] {
        try writer.reader.entries(Query(types: Set(types)))
    }

    func lastPosition() throws -> Int64 { try writer.reader.lastPosition() }

    func entries(after position: Int64) throws -> [Entry] { try writer.reader.entries(Query(from: position + 1)) }

    /// The entry that led to another.
    func cause(of entry: Entry?) throws -> Entry? { try entry?.cause.flatMap { try writer.reader.entry($0) } }

    func rebuild() throws { try views.rebuild() }

    /// The tables that a rebuild would fill with other rows than those in use.
    func differences() throws -> [String] {
        try views.follow()
        return try views.verify().filter { !$0.isEqual }.map(\.table)
    }
}

/// Days and hours around the moment at which a practice begins: Monday, 2 March 2026, noon in UTC.
enum Time {
    static let start: Int64 = 1_772_452_800_000
    static let day: Int64 = 86_400_000
    static let hour: Int64 = 3_600_000

    /// So many days from the day on which a practice begins, at an hour in UTC.
    static func at(_ days: Int64, _ hour: Int64 = 9) -> Int64 { start + days * day + (hour - 12) * Time.hour }

    /// As calendars write it: `20260220T090000Z`.
    static func text(_ instant: Int64) -> String {
        let day = Days.day(of: instant).filter { $0 != "-" }
        let seconds = (instant % Time.day + Time.day) % Time.day / 1_000
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return day + "T" + two(seconds / 3_600) + two(seconds / 60 % 60) + two(seconds % 60) + "Z"
    }

    static func dayText(_ instant: Int64) -> String { String(text(instant).prefix(8)) }
}

/// A VEVENT of a test.
struct Event {
    var uid: String
    var title: String?
    /// After `DTSTART`, as in `:20260220T090000Z` or `;VALUE=DATE:20260220`.
    var start: String
    var end: String?
    var guests: [String] = []
    var sequence = 0
    /// More lines, as they stand in the file.
    var lines: [String] = []

    /// An hour, so many days from the day on which a practice begins.
    init(_ uid: String, _ days: Int64 = -10, at hour: Int64 = 9, with guests: [String] = ["bob"], lines: [String] = [])
    {
        self.uid = uid
        title = uid
        start = ":" + Time.text(Time.at(days, hour))
        end = ":" + Time.text(Time.at(days, hour) + Time.hour)
        self.guests = guests.map(Self.guest)
        self.lines = lines
    }

    /// `bob` is bob@example.org, and `bob?DECLINED` declined.
    static func guest(_ word: String) -> String {
        let parts = word.split(separator: "?").map(String.init)
        let address = parts[0].contains("@") ? parts[0] : parts[0] + "@example.org"
        return "ATTENDEE;PARTSTAT=\(parts.count > 1 ? parts[1] : "ACCEPTED"):mailto:\(address)"
    }

    mutating func move(_ days: Int64, at hour: Int64 = 9) {
        start = ":" + Time.text(Time.at(days, hour))
        end = ":" + Time.text(Time.at(days, hour) + Time.hour)
        sequence += 1
    }

    func with(_ change: (inout Event) -> Void) -> Event {
        var event = self
        change(&event)
        event.sequence += 1
        return event
    }

    var text: String {
        var all = ["BEGIN:VEVENT", "UID:\(uid)", "DTSTAMP:20260101T000000Z", "DTSTART\(start)"]
        if let end { all.append("DTEND\(end)") }
        if let title { all.append("SUMMARY:\(title)") }
        all.append("SEQUENCE:\(sequence)")
        return (all + guests + lines + ["END:VEVENT"]).map { $0 + "\r\n" }.joined()
    }

    static func calendar(_ events: [Event], lines: [String] = []) -> String {
        (["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"] + lines).map { $0 + "\r\n" }.joined()
            + events.map(\.text).joined() + "END:VCALENDAR\r\n"
    }
}

/// A vCard of a test.
struct Contact {
    var uid: String
    var name: String
    var addresses: [String]

    /// `bob` is Bob Stone with bob@example.org.
    init(_ uid: String, name: String? = nil, _ addresses: String...) {
        self.uid = uid
        self.name = name ?? uid.capitalized + " Stone"
        self.addresses = addresses.isEmpty ? [uid + "@example.org"] : addresses
    }

    var text: String {
        let lines =
            ["BEGIN:VCARD", "VERSION:3.0", "UID:\(uid)", "FN:\(name)"] + addresses.map { "EMAIL:\($0)" } + ["END:VCARD"]
        return lines.map { $0 + "\r\n" }.joined()
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
            }
        }
    }
}
