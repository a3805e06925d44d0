import Entries
import SQLite
import Sync
import Testing

@testable import Application

/// What is logged by hand and by itself, and why the rest is not.
@Suite struct LoggingTests {
    private typealias Event = DecidingHome.Event

    private static let past = Event(uid: "a", title: "Past", day: "20251210T0900", people: [DecidingHome.jane])
    private static let coming = Event(uid: "b", title: "Coming", day: "20260110T0900", people: [DecidingHome.jane])
    private static let wholeDay = Event(uid: "c", title: "Offsite", day: "20251212", people: [DecidingHome.jane])
    private static let strangers = Event(uid: "d", title: "Strangers", day: "20251213T0900", people: [DecidingHome.bob])

    private func log(_ it: DecidingHome, _ title: String, force: Bool = false, people: [String] = []) -> Refusal? {
        var request = LogMeetingRequest(user: nil, meeting: title)
        (request.isForced, request.people) = (force, people)
        return it.home.refusal(request)
    }

    @Test func `D06 a whole day, which no run logs, is logged by hand from its first midnight on`() throws {
        let it = try DecidingHome([Self.wholeDay], people: [DecidingHome.jane])
        #expect(try it.activities() == [])
        let answer = try it.home.ask(LogMeetingRequest(user: nil, meeting: "Offsite"))
        #expect(answer.activities.map(\.personName) == ["Jane Doe"])
        let known = try it.home.ask(KnownPersonRequest(user: nil, person: "Jane")).person
        // Midnight in Berlin.
        #expect(known.lastMet == 1_765_494_000_000)
        // The next run leaves it as it is.
        try it.sync(isFull: true)
        #expect(try it.activities() == ["Offsite: Jane Doe"])
    }

    @Test func `D06 what is logged already is a conflict`() throws {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        let refusal = try #require(log(it, "Past"))
        #expect(refusal.kind == .conflict)
        #expect(refusal.message.contains("Jane Doe"))
    }

    @Test func `D06 a meeting that is not over is logged only when it is forced`() throws {
        let it = try DecidingHome([Self.coming], people: [DecidingHome.jane])
        #expect(log(it, "Coming")?.kind == .conflict)
        #expect(try it.activities() == [])
        #expect(log(it, "Coming", force: true) == nil)
        #expect(try it.activities() == ["Coming: Jane Doe"])
    }

    @Test func `D06 where nobody can be logged, it is said who is there and why not`() throws {
        let it = try DecidingHome([Self.strangers], people: [DecidingHome.jane])
        let refusal = try #require(log(it, "Strangers"))
        #expect(refusal.message.contains("bob@stone.example (not known)"))
        #expect(refusal.hint?.contains("daybook match") == true)
        #expect(log(it, "There is none")?.kind == .notFound)
    }

    @Test func `D06 a cancelled meeting is not logged by hand`() throws {
        var cancelled = Self.past
        cancelled.extra = ["STATUS:CANCELLED"]
        let it = try DecidingHome([cancelled], people: [DecidingHome.jane])
        #expect(log(it, "Past", force: true)?.message.contains("was cancelled") == true)
        #expect(try it.activities() == [])
    }

    @Test func `D06 only the people who are named are logged`() throws {
        let both = Event(uid: "e", title: "Both", day: "20251212", people: [DecidingHome.jane, DecidingHome.bob])
        let max = DecidingHome.Person(name: "Max Mint", emails: ["max@mint.example"])
        let it = try DecidingHome([both], people: [DecidingHome.jane, DecidingHome.bob, max])
        #expect(log(it, "Both", people: ["Max"])?.kind == .conflict)
        #expect(log(it, "Both", people: ["Bob"]) == nil)
        #expect(try it.activities() == ["Both: Bob Stone"])
    }

    @Test func `D06 L64 another user's meeting is not found`() throws {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        _ = try it.home.ask(AddUserRequest(user: nil, newName: "Grace"))
        #expect(it.home.refusal(LogMeetingRequest(user: "Grace", meeting: "Past"))?.kind == .notFound)
    }

    @Test func `D02 L25 what comes to nothing takes no place in the queue`() throws {
        var events = (1...12).map {
            Event(uid: "s\($0)", title: "Nobody \($0)", day: "202512\($0 + 10)T0800", people: [DecidingHome.bob])
        }
        events += (1...3).map {
            Event(uid: "j\($0)", title: "Jane \($0)", day: "202512\($0 + 24)T0800", people: [DecidingHome.jane])
        }
        let it = try DecidingHome(people: [DecidingHome.jane])
        try it.writeCalendar(events)
        _ = try it.home.ask(ConnectFilesRequest(path: it.home.path("work.ics")))
        _ = try it.home.ask(ChangeSettingRequest(user: nil, setting: "limit", value: "2"))
        try it.sync()
        #expect(try it.activities() == ["Jane 1: Jane Doe", "Jane 2: Jane Doe"])
        let rest = try it.home.ask(AutoLogRequest(user: nil))
        #expect(rest.logged.map(\.title) == ["Jane 3"])
        #expect(rest.remaining == 0)
    }

    @Test func `D01 K03 a dry run says who and why not, rule by rule, and writes nothing`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        try it.writeCalendar([Self.past, Self.strangers, Self.wholeDay, Self.coming])
        _ = try it.home.ask(ConnectFilesRequest(path: it.home.path("work.ics")))
        // What was read and not decided yet: the log stage is left to the preview.
        _ = try it.home.door.open { home in
            let desk = home.desk()
            let viewer = try home.viewer(nil)
            var wish = Round.Wish()
            wish.logs = false
            _ = try Round(desk, owner: viewer.user, wish).run()
        }
        let before = try it.entryCount()
        var preview = AutoLogRequest(user: nil)
        (preview.isDryRun, preview.isWithoutLimit) = (true, true)
        let answer = try it.home.ask(preview)
        #expect(answer.logged.map(\.title) == ["Past"])
        #expect(answer.logged.first?.people.map(\.name) == ["Jane Doe"])
        #expect(answer.logged.first?.people.map(\.rule) == ["email_exact"])
        #expect(answer.rules == [.init(rule: "nobody_known", meetings: 1)])
        #expect(try it.entryCount() == before)
        #expect(try it.activities() == [])
        preview.isDryRun = false
        #expect(try it.home.ask(preview).logged.map(\.title) == ["Past"])
        #expect(try it.activities() == ["Past: Jane Doe"])
    }

    @Test func `D09 a backfill is bounded by the limit of a run, and the rest is left for the next`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        try it.writeCalendar([
            Self.past, Event(uid: "z", title: "Later", day: "20251220T0900", people: [DecidingHome.jane]),
        ])
        var connect = ConnectFilesRequest(path: it.home.path("work.ics"))
        connect.terms.isAutoLogEnabled = false
        let connection = try it.home.ask(connect).connection
        try it.sync()
        _ = try it.home.ask(ChangeSettingRequest(user: nil, setting: "limit", value: "1"))
        var change = ChangeConnectionRequest(user: nil, connection: connection)
        (change.isAutoLogEnabled, change.isBackfill) = (true, true)
        let followed = try it.home.ask(change).followed
        #expect([followed.logged, followed.remaining] == [1, 1])
        #expect(try it.activities() == ["Past: Jane Doe"])
    }

    @Test func `D05 what was retracted by hand is not logged again by itself, and holds again when its user says so`()
        throws
    {
        let it = try DecidingHome([Self.past], people: [DecidingHome.jane])
        let activity = try it.home.door.open { home in
            try home.desk().read { views in
                try views.prepare("SELECT activity FROM activity").first { $0.text(0) } ?? ""
            }
        }.answer
        try it.home.write(ActivityRetracted(), stream: "activity/\(activity)") { $0.activity = activity }
        _ = try it.home.ask(MatchRequest(user: nil, address: "jane@doe.example", person: "Jane"))
        var all = AutoLogRequest(user: nil)
        all.isWithoutLimit = true
        _ = try it.home.ask(all)
        #expect(try it.activities() == ["Past: Jane Doe (by_hand)"])
        let answer = try it.home.ask(LogMeetingRequest(user: nil, meeting: "Past"))
        #expect(answer.activities.map(\.isRestored) == [true])
        #expect(answer.activities.map(\.activity) == [activity])
        #expect(try it.activities() == ["Past: Jane Doe"])
        #expect(try it.entries(of: "activity.logged") == 1)
    }
}
