import Entries
import Machine
import Testing

@testable import Application

/// What is done with connections and calendars after they were connected.
@Suite struct ConnectionsTests {
    private typealias Event = DecidingHome.Event

    private static let past = Event(uid: "a", title: "Past", day: "20251210T0900", people: [DecidingHome.jane])
    private static let other = Event(uid: "b", title: "Other", day: "20251211T0900", people: [DecidingHome.jane])

    private func connection(_ it: DecidingHome, _ name: String = "Work") throws -> ConnectionsRequest.Shown {
        let all = try it.home.ask(ConnectionsRequest(user: nil, connection: name)).connections
        return try #require(all.first)
    }

    @Test func `L67 a change by somebody who saw an older version is refused`() throws {
        let it = try DecidingHome([Self.past])
        let seen = try connection(it).version
        var first = ChangeConnectionRequest(user: nil, connection: "Work")
        (first.newName, first.seenVersion) = ("Office", seen)
        #expect(try it.home.ask(first).connection.name == "Office")
        var second = ChangeConnectionRequest(user: nil, connection: "Office")
        (second.fromDays, second.seenVersion) = (30, seen)
        let refusal = try #require(it.home.refusal(second))
        #expect(refusal.kind == .conflict)
        let now = try connection(it, "Office")
        #expect(now.fromDays == 90)
        #expect(now.version == seen + 1)
        second.seenVersion = now.version
        #expect(try it.home.ask(second).connection.fromDays == 30)
    }

    @Test func `L67 an address book that was read since can still be changed`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        let book = try connection(it, "people.vcf")
        var change = ChangeConnectionRequest(user: nil, connection: "people.vcf")
        (change.newName, change.seenVersion) = ("Friends", book.version)
        #expect(try it.home.ask(change).connection.name == "Friends")
    }

    @Test func `what lies in a file has no credentials, and asks for none`() throws {
        let it = try DecidingHome([Self.past])
        let refusal = try #require(it.home.refusal(ReconnectServerRequest(user: nil, connection: "Work")))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message == "“Work” is read from a file and needs no password")
        #expect(refusal.hint == "To move it: daybook connect ics PATH")
        let shown = try connection(it)
        #expect(throws: refusal) { try ReconnectServerRequest.requireCredentials(shown) }
    }

    @Test func `no two connections have one name, whoever gave it`() throws {
        let it = try DecidingHome([Self.past])
        let calendar = try Folder.read(it.home.path("work.ics"))
        for name in ["a", "b", "c"] {
            try Folder.create(it.home.path(name))
            try Folder.replace(it.home.path(name + "/work.ics"), with: calendar)
        }
        var second = ConnectFilesRequest(path: it.home.path("a/work.ics"))
        second.terms.name = "WORK"
        let refusal = try #require(it.home.refusal(second))
        #expect(refusal.kind == .badRequest && refusal.message == "another connection is called “WORK”")
        let others = try ["a", "b"].map {
            try it.home.ask(ConnectFilesRequest(path: it.home.path($0 + "/work.ics"))).name
        }
        #expect(others == ["Work (2)", "Work (3)"])
        var change = ChangeConnectionRequest(user: nil, connection: "Work (2)")
        change.newName = "work"
        #expect(it.home.refusal(change)?.kind == .badRequest)
        change.newName = "Work (2)"
        #expect(try it.home.ask(change).changed.isEmpty)
        change.newName = "Club"
        #expect(try it.home.ask(change).connection.name == "Club")
    }

    @Test(arguments: [(-1, 5), (366, 5), (5, 366)] as [(Int64, Int64)])
    func `A03 days out of range are refused with the field and the range`(_ from: Int64, _ to: Int64) throws {
        let it = try DecidingHome([Self.past])
        var change = ChangeConnectionRequest(user: nil, connection: "Work")
        (change.fromDays, change.toDays) = (from, to)
        let refusal = try #require(it.home.refusal(change))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.message.contains("-days") && refusal.message.contains("0 to 365"))
    }

    @Test func `D09 logging that is switched on again begins with later meetings`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        try it.writeCalendar([Self.past])
        var connect = ConnectFilesRequest(path: it.home.path("work.ics"))
        connect.terms.isAutoLogEnabled = false
        _ = try it.home.ask(connect)
        try it.sync()
        var change = ChangeConnectionRequest(user: nil, connection: "Work")
        change.isAutoLogEnabled = true
        let changed = try it.home.ask(change)
        #expect(changed.connection.autoLogFrom != nil)
        try it.sync(isFull: true)
        #expect(try it.activities() == [])
        change.isBackfill = true
        #expect(try it.home.ask(change).connection.autoLogFrom == nil)
        #expect(try it.activities() == ["Past: Jane Doe"])
    }

    @Test func `A10 a paused connection is left out, and resumed`() throws {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        #expect(try it.home.ask(PauseConnectionRequest(user: nil, connection: "Work", isPaused: true)).isChanged)
        #expect(!(try it.home.ask(PauseConnectionRequest(user: nil, connection: "Work", isPaused: true)).isChanged))
        try it.writeCalendar([Self.past, Self.other])
        try it.sync()
        #expect(try it.activities() == ["Past: Jane Doe"])
        _ = try it.home.ask(PauseConnectionRequest(user: nil, connection: "Work", isPaused: false))
        try it.sync()
        #expect(try it.activities() == ["Other: Jane Doe", "Past: Jane Doe"])
    }

    @Test func `L12 L30 D05 a removed connection leaves its activities, and reconnected logs nothing twice`() throws {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        let calendars = try it.home.ask(CalendarsRequest(user: nil)).calendars.map(\.calendar)
        let removed = try it.home.ask(RemoveConnectionRequest(user: nil, connection: "Work"))
        #expect(removed.meetings == 1)
        #expect(removed.activities == 1)
        #expect(try it.home.ask(CalendarsRequest(user: nil)).calendars.isEmpty)
        try it.sync()
        #expect(try it.activities() == ["Past: Jane Doe"])
        try it.connect([Self.past])
        #expect(try it.home.ask(CalendarsRequest(user: nil)).calendars.map(\.calendar) == calendars)
        #expect(try it.activities() == ["Past: Jane Doe"])
        #expect(try it.entries(of: "activity.logged") == 1)
    }

    @Test func `A11 a look at what a removal does removes nothing`() throws {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        var request = RemoveConnectionRequest(user: nil, connection: "Work")
        request.isDryRun = true
        #expect(try it.home.ask(request).meetings == 1)
        #expect(try it.home.ask(ConnectionsRequest(user: nil)).connections.count == 2)
    }

    @Test func `A09 L21 a dropped calendar tells how many meetings leave, and syncing does not bring it back`() throws {
        let it = try DecidingHome([Self.past, Self.other], people: [DecidingHome.jane])
        let dropped = try it.home.ask(ChooseCalendarsRequest(user: nil, calendars: ["Work"], isChosen: false))
        #expect(dropped.calendars.map(\.meetings) == [2])
        try it.sync(isFull: true)
        let calendar = try #require(try it.home.ask(CalendarsRequest(user: nil)).calendars.first)
        #expect(!calendar.isChosen)
        #expect(calendar.meetings == 0)
        #expect(try it.activities() == ["Other: Jane Doe", "Past: Jane Doe"])
        _ = try it.home.ask(ChooseCalendarsRequest(user: nil, calendars: ["Work"], isChosen: true))
        try it.sync()
        #expect(try it.home.ask(CalendarsRequest(user: nil)).calendars.map(\.meetings) == [2])
        #expect(try it.entries(of: "activity.logged") == 2)
    }

    @Test func `A09 a meeting that another chosen calendar holds does not leave`() throws {
        let it = try DecidingHome([Self.past, Self.other], people: [DecidingHome.jane])
        try it.connect([Self.past], named: "second.ics")
        let id = try #require(
            try it.home.ask(CalendarsRequest(user: nil)).calendars.first { $0.meetings == 2 }
        ).calendar
        let dropped = try it.home.ask(ChooseCalendarsRequest(user: nil, calendars: [id], isChosen: false))
        #expect(dropped.calendars.map(\.meetings) == [1])
    }

    @Test func `A13 an own address that is given later counts from then on`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        try it.connect([Self.past])
        var again = ConnectFilesRequest(path: it.home.path("work.ics"))
        again.terms.email = "Jane@doe.example"
        #expect(try it.home.ask(again).wasConnected)
        try it.sync()
        #expect(try it.home.ask(OwnAddressesRequest(user: nil)).addresses.map(\.email) == ["jane@doe.example"])
        #expect(try it.activities() == ["Past: Jane Doe (excluded)"])
        again.terms.email = "jane"
        #expect(it.home.refusal(again)?.kind == .badRequest)
    }
}
