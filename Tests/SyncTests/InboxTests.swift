import Entries
import Providers
import Testing

@testable import Sync

/// What becomes of what providers tell.
struct InboxTests {
    private let practice: Practice
    private let google: WatchingSource

    init() throws {
        practice = try Practice()
        let home = practice
        google = WatchingSource(.google) { [unowned home] in home.now }
        google.events.put(.meeting("plan", -9))
        google.events.listing = [
            FoundCalendar(path: "/cal/", name: "Work"), FoundCalendar(path: "/other/", name: "Other"),
        ]
        try practice.people([Contact("bob")])
        try practice.sync()
        try practice.connect("work", watching: google)
        try practice.tend(google)
        practice.wait(minutes: 2)
    }

    private var readings: Int { google.events.wishes.count }

    @Test func `H04 what was told is followed up by reading that calendar from its cursor, and logged`() throws {
        google.events.put(.meeting("new", -3))
        try practice.tell(.changed)
        let before = readings
        #expect(try practice.follow(google).read == 1)
        #expect(readings == before + 1)
        #expect(google.events.wishes.last?.cursor != nil)
        #expect(try practice.activities().contains("new: Bob Stone"))
        let handled = try #require(try practice.facts(NotificationHandled.self).first)
        #expect(handled.outcome == .success)
        #expect(try practice.facts(FetchFinished.self).last?.reading.trigger == .push)
        // Nothing waits any more.
        practice.wait(minutes: 2)
        #expect(try practice.follow(google) == InboxStage.Summary())
    }

    @Test func `G9 23 however much is told, one reading a minute follows, and nothing waits longer`() throws {
        let began = readings
        let minutes = 10
        var longest: Int64 = 0
        var waitsSince: Int64?
        for second in 0..<(minutes * 60) {
            try practice.tell(.changed, number: second + 2)
            waitsSince = waitsSince ?? practice.now
            if try practice.follow(google).read > 0, let since = waitsSince {
                longest = max(longest, practice.now - since)
                waitsSince = nil
            }
            practice.wait(seconds: 1)
        }
        #expect((minutes - 1...minutes + 1).contains(readings - began))
        #expect(longest <= 60_000)
    }

    @Test func `23 a reading that began later found it, and it is not read once more`() throws {
        try practice.tell(.changed)
        practice.wait(minutes: 1)
        var wish = Round.Wish()
        wish.connection = practice.connection("work")
        _ = try Round(practice.desk, owner: "ada", wish, elsewhere: practice.elsewhere([google])).run()
        let before = readings
        practice.wait(minutes: 2)
        #expect(try practice.follow(google).known == 1)
        #expect(readings == before)
        #expect(try practice.facts(NotificationHandled.self).map(\.outcome) == [.skipped])
    }

    @Test func `50 missed messages have everything compared`() throws {
        try practice.tell(.missedChanges)
        #expect(try practice.follow(google).read == 1)
        #expect(google.events.wishes.last?.cursor == nil)
    }

    @Test func `22 a handshake and what nobody understands cause no reading`() throws {
        let before = readings
        try practice.tell(.handshake, number: 1)
        try practice.tell(.other, number: 2)
        #expect(try practice.follow(google) == InboxStage.Summary())
        #expect(readings == before)
    }

    @Test func `L58 what could not be followed up waits, and is then left to the planned readings`() throws {
        try practice.tell(.changed)
        google.events.failure = ReadingFailure(.transient, "status_500", "It may pass.")
        #expect(try practice.follow(google).failed == 1)
        #expect(try practice.follow(google).waiting == 1)
        practice.wait(minutes: 2)
        google.events.failure = nil
        #expect(try practice.follow(google).read == 1)
        try practice.tell(.changed, number: 3)
        google.events.failure = ReadingFailure(.transient, "status_500", "It may pass.")
        for _ in 0..<6 {
            practice.wait(minutes: 2)
            try practice.follow(google)
        }
        #expect(try practice.facts(NotificationHandled.self).map(\.outcome) == [.success, .failure])
    }

    @Test func `H02 a kill before it was followed up loses nothing`() throws {
        google.events.put(.meeting("new", -3))
        try practice.tell(.changed)
        for step in 0..<4 {
            practice.transactionsLeft = step
            _ = try? practice.follow(google)
            try practice.reopen()
            practice.wait(minutes: 2)
        }
        try practice.follow(google)
        practice.wait(minutes: 2)
        try practice.follow(google)
        #expect(try practice.activities().filter { $0 == "new: Bob Stone" }.count == 1)
        #expect(try practice.texts("SELECT COUNT(*) FROM notification_waiting") == ["0"])
    }

    @Test func `T19 a calendar that was marked is read although nothing was written down`() throws {
        let calendar = try practice.watches()[0].calendar
        let before = readings
        #expect(try practice.follow(google, marked: [calendar]).read == 1)
        #expect(readings == before + 1)
        // Too early: the mark stays with whoever handed it in.
        #expect(try practice.follow(google, marked: [calendar]).marked == [calendar])
    }

    @Test
    func `H05 27 of what is paused nothing is read, and with all messages lost the planned readings find everything`()
        throws
    {
        google.events.put(.meeting("silent", -2))
        var wish = Round.Wish()
        wish.connection = practice.connection("work")
        _ = try Round(practice.desk, owner: "ada", wish, elsewhere: practice.elsewhere([google])).run()
        #expect(try practice.activities().contains("silent: Bob Stone"))
        try practice.tell(.changed)
        var paused = ConnectionPaused()
        paused.connection = practice.connection("work")
        try practice.append([practice.draft(paused, "connection/\(paused.connection)")])
        let before = readings
        practice.wait(minutes: 2)
        try practice.follow(google)
        #expect(readings == before)
    }
}
