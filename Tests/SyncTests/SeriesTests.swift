import Entries
import Providers
import Testing

@testable import Sync

/// Meetings that repeat, and what is done to them.
struct SeriesTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo")])
    }

    /// Every Monday at nine; a practice begins on a Monday at noon.
    private func weekly(_ uid: String = "standup", from days: Int64 = -21, _ lines: String...) -> Event {
        Event(uid, days, lines: ["RRULE:FREQ=WEEKLY"] + lines)
    }

    private func override(
        _ uid: String = "standup", of days: Int64, at place: Int64, hour: Int64 = 9, title: String? = nil,
        _ lines: String...
    ) -> Event {
        var event = Event(uid, place, at: hour, lines: ["RECURRENCE-ID:" + Time.text(Time.at(days))] + lines)
        event.title = title ?? uid
        return event
    }

    private func occurred() throws -> [String] {
        try practice.texts(
            """
            SELECT strftime('%m-%d', occurred / 1000, 'unixepoch') FROM activity WHERE retracted IS NULL
            ORDER BY occurred
            """)
    }

    private func shown() throws -> [String] { try practice.meetings().map { String($0.suffix(11).prefix(5)) } }

    @Test func `B13 L08 each occurrence in the window is a meeting, and those that are over are logged`() throws {
        try practice.calendar("work", [weekly()])
        try practice.sync()
        #expect(try occurred() == ["02-09", "02-16", "02-23", "03-02"])
        #expect(try shown() == ["02-09", "02-16", "02-23", "03-02", "03-09", "03-16", "03-23", "03-30"])
    }

    @Test func `B13 time alone brings the next occurrence, without a new file`() throws {
        try practice.calendar("work", [weekly()])
        try practice.sync()
        practice.wait(days: 7)
        let summary = try practice.sync()
        #expect(summary.outcomes == ["unchanged"])
        #expect(try occurred().last == "03-09")
        #expect(try shown().last == "04-06")
    }

    @Test func `pain 15 an override replaces its instance`() throws {
        try practice.calendar("work", [weekly(), override(of: -7, at: -6, hour: 15, title: "late")])
        try practice.sync()
        #expect(try occurred() == ["02-09", "02-16", "02-24", "03-02"])
        #expect(try practice.meetings().contains("late 02-24 15:00"))
        #expect(try !shown().contains("02-23"))
    }

    @Test func `B13 an occurrence that is moved later is amended, and put back when the override goes`() throws {
        try practice.calendar("work", [weekly()])
        try practice.settle()
        let before = try practice.entries(ActivityLogged.type).count
        try practice.calendar("work", [weekly(), override(of: -7, at: -5)])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-25", "03-02"])
        try practice.calendar("work", [weekly().with { $0.lines += ["X-SAME:1"] }])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-23", "03-02"])
        #expect(try practice.entries(ActivityLogged.type).count == before)
    }

    @Test func `B06 an occurrence that is cancelled is retracted, and the others stand`() throws {
        try practice.calendar("work", [weekly()])
        try practice.settle()
        try practice.calendar("work", [weekly(), override(of: -7, at: -7, "STATUS:CANCELLED")])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "03-02"])
        #expect(try practice.retracted() == ["standup: cancelled"])
    }

    @Test func `B13 an occurrence that is taken out after it was logged is retracted`() throws {
        try practice.calendar("work", [weekly()])
        try practice.settle()
        try practice.calendar("work", [weekly(from: -21, "EXDATE:" + Time.text(Time.at(-7)))])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "03-02"])
        #expect(try practice.retracted() == ["standup: withdrawn"])
        try practice.calendar("work", [weekly()])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-23", "03-02"])
    }

    @Test func `B13 an override that lies behind the window comes into it with time`() throws {
        try practice.calendar("work", [weekly(), override(of: 63, at: 64, title: "late")])
        try practice.settle()
        practice.wait(days: 40)
        try practice.settle()
        #expect(try practice.meetings().contains("late 05-05 09:00"))
        #expect(try !shown().contains("05-04"))
        practice.wait(days: 26)
        try practice.settle()
        #expect(try occurred().suffix(3) == ["04-20", "04-27", "05-05"])
    }

    @Test func `B01 an override that lies before the window is read when more of the past is wanted`() throws {
        try practice.write(
            Event.calendar([weekly(from: -70), override(of: -56, at: -55, title: "late")]), to: "work.ics")
        try practice.connect("work") { $0.syncFromDays = 10 }
        try practice.settle()
        #expect(try shown().first == "02-23")
        var changed = ConnectionChanged()
        changed.connection = practice.connection("work")
        changed.syncFromDays = 90
        try practice.append([practice.draft(changed, "connection/\(changed.connection)")])
        try practice.settle()
        #expect(try shown().prefix(4) == ["12-22", "12-29", "01-06", "01-12"])
    }

    @Test func `D08 a series that gets another title and place amends what was logged`() throws {
        try practice.calendar("work", [weekly()])
        try practice.settle()
        try practice.calendar("work", [weekly().with { $0.title = "daily" }])
        try practice.settle()
        #expect(try practice.activities() == Array(repeating: "daily: Bob Stone", count: 4))
        #expect(try practice.entries(ActivityLogged.type).count == 4)
    }

    @Test func `D08 a series that is deleted takes its activities with it, and brings them back when it is put back`()
        throws
    {
        let other = Event("other", -30, with: ["cleo"])
        try practice.calendar("work", [other, weekly()])
        try practice.settle()
        try practice.calendar("work", [other])
        try practice.settle()
        #expect(try practice.activities() == ["other: Cleo Stone"])
        try practice.calendar("work", [other, weekly()])
        try practice.settle()
        #expect(try occurred() == ["01-31", "02-09", "02-16", "02-23", "03-02"])
        #expect(try practice.entries(ActivityLogged.type).count == 5)
    }

    @Test(arguments: [false, true])
    func `pain 10 a series that is split goes on as the same meetings, whichever part comes first`(isNewFirst: Bool)
        throws
    {
        let older = Event("older", -60, with: [])
        let uid = "abc@google.com"
        try practice.calendar("work", [older, weekly(uid)])
        try practice.settle()
        let until = "RRULE:FREQ=WEEKLY;UNTIL=" + Time.text(Time.at(-8))
        let before = Event(uid, -21, lines: [until])
        let after = Event("abc_R20260223T090000@google.com", -7, lines: ["RRULE:FREQ=WEEKLY"]).with { $0.title = "new" }
        let parts = isNewFirst ? [after, before] : [before, after]
        try practice.calendar("work", [older] + parts)
        try practice.settle()
        #expect(
            try practice.activities() == [
                "\(uid): Bob Stone", "\(uid): Bob Stone", "new: Bob Stone", "new: Bob Stone",
            ])
        #expect(try practice.entries(ActivityLogged.type).count == 4)
        // What is done to the first part later says nothing about the second.
        try practice.calendar("work", [older] + parts.map { $0.uid == uid ? $0.with { $0.title = "old" } : $0 })
        try practice.settle()
        #expect(
            try practice.activities() == ["old: Bob Stone", "old: Bob Stone", "new: Bob Stone", "new: Bob Stone"])
        // And the second part can go without the first.
        try practice.calendar("work", [older] + parts.filter { $0.uid == uid })
        try practice.settle()
        #expect(try practice.activities() == ["\(uid): Bob Stone", "\(uid): Bob Stone"])
        #expect(try practice.differences().isEmpty)
    }

    @Test func `B13 a single meeting that is turned into a series is that series only`() throws {
        try practice.calendar("work", [Event("standup", -21)])
        try practice.settle()
        try practice.calendar("work", [weekly().with { _ in }])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-23", "03-02"])
        #expect(try shown().count == 8)
    }

    @Test func `B13 a series that is turned into a single meeting is that meeting only`() throws {
        try practice.calendar("work", [weekly()])
        try practice.settle()
        try practice.calendar("work", [Event("standup", -21).with { _ in }])
        try practice.settle()
        #expect(try occurred() == ["02-09"])
        #expect(try shown() == ["02-09"])
    }

    @Test func `B13 an override for all that follow moves them all, and time brings more of them`() throws {
        var following = override(of: -7, at: -6, hour: 15, title: "late")
        following.lines = ["RECURRENCE-ID;RANGE=THISANDFUTURE:" + Time.text(Time.at(-7))]
        try practice.calendar("work", [weekly(), following])
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-24"])
        practice.wait(days: 14)
        try practice.settle()
        #expect(try occurred() == ["02-09", "02-16", "02-24", "03-03", "03-10"])
        // Long after, what has left the window is still there.
        practice.wait(days: 90)
        try practice.calendar("work", [weekly(), following.with { $0.title = "later" }])
        try practice.settle()
        #expect(try occurred().prefix(3) == ["02-09", "02-16", "02-24"])
    }

    @Test func `L06 B01 what leaves the window stays`() throws {
        try practice.calendar("work", [Event("plan", -80), weekly(from: -84)])
        try practice.settle()
        let count = try practice.activities().count
        practice.wait(days: 60)
        try practice.calendar("work", [Event("plan", -80), weekly(from: -84).with { $0.title = "new" }])
        try practice.settle()
        #expect(try practice.activities().contains("plan: Bob Stone"))
        #expect(try practice.activities().count == count + 8)
        #expect(try practice.retracted() == [])
    }

    @Test func `pain 16 L19 one odd rule is set aside with its name, and the others are read`() throws {
        try practice.calendar("work", [Event("odd", -3, lines: ["RRULE:FREQ=SOMETIMES"]), Event("plan")])
        let summary = try practice.sync()
        #expect(summary.readings.last?.summary.quarantined == 1)
        #expect(try practice.activities().contains("plan: Bob Stone"))
        #expect(try practice.entries(MeetingQuarantined.type).count == 1)
        try practice.calendar("work", [Event("odd", -3), Event("plan")])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone", "odd: Bob Stone"])
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["0"])
    }

    @Test func `L02 an event that cannot be read any more is still there`() throws {
        let older = Event("older", -60, with: [])
        try practice.calendar("work", [older, Event("plan"), weekly()])
        try practice.settle()
        let before = try practice.activities()
        try practice.calendar(
            "work",
            [older, Event("plan").with { $0.start = ":nonsense" }, weekly().with { $0.lines = ["RRULE:FREQ=X"] }])
        try practice.settle()
        try practice.sync()
        #expect(try practice.activities() == before)
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["2"])
    }

    // MARK: Days and zones

    @Test func `pain 19 B11 L22 L23 whole days stay days, end before their end, and are never logged`() throws {
        var fair = Event("fair")
        fair.start = ";VALUE=DATE:20260220"
        fair.end = ";VALUE=DATE:20260223"
        try practice.calendar("work", [fair])
        try practice.sync()
        #expect(try practice.texts("SELECT first_day, last_day, starts FROM meeting") == ["2026-02-20 2026-02-22 –"])
        #expect(try practice.activities() == [])
        try practice.calendar("work", [Event("fair").with { $0.move(-10) }])
        try practice.sync()
        #expect(try practice.activities() == ["fair: Bob Stone"])
    }

    @Test func `B11 a meeting over midnight is one meeting, and logged when it is over`() throws {
        var night = Event("night")
        night.start = ":" + Time.text(Time.at(-1, 22))
        night.end = ":" + Time.text(Time.at(0, 14))
        try practice.calendar("work", [night])
        try practice.sync()
        #expect(try practice.activities() == [])
        practice.wait(hours: 3)
        try practice.sync()
        #expect(try practice.texts("SELECT duration_minutes FROM activity") == ["960"])
    }

    @Test func `B12 L07 a series keeps its wall time over the night in which the clocks change`() throws {
        practice.wait(days: 35)
        var weekly = Event("standup")
        weekly.start = ";TZID=Europe/Berlin:20260323T090000"
        weekly.end = ";TZID=Europe/Berlin:20260323T100000"
        weekly.lines = ["RRULE:FREQ=WEEKLY;COUNT=2"]
        try practice.calendar("work", [weekly])
        try practice.sync()
        #expect(try practice.meetings() == ["standup 03-23 08:00", "standup 03-30 07:00"])
        #expect(try practice.texts("SELECT DISTINCT zone FROM meeting") == ["Europe/Berlin"])
    }

    @Test func `B12 a meeting in the night in which an hour is left out has its real length`() throws {
        practice.wait(days: 35)
        var night = Event("night")
        night.start = ";TZID=Europe/Berlin:20260329T010000"
        night.end = ";TZID=Europe/Berlin:20260329T040000"
        try practice.calendar("work", [night])
        try practice.sync()
        #expect(try practice.texts("SELECT duration_minutes FROM activity") == ["120"])
    }

    @Test func `pain 20 L06 a floating time is in the zone of whoever reads it`() throws {
        practice.zone = "Asia/Tokyo"
        var lunch = Event("lunch")
        lunch.start = ":20260220T090000"
        lunch.end = ":20260220T100000"
        try practice.calendar("work", [lunch])
        try practice.sync()
        #expect(try practice.meetings() == ["lunch 02-20 00:00"])
        #expect(try practice.texts("SELECT zone, is_floating FROM meeting") == ["Asia/Tokyo 1"])
    }

    @Test func `pain 21 a zone by its Windows name and one that the file defines are understood`() throws {
        var windows = Event("windows")
        windows.start = ";TZID=W. Europe Standard Time:20260220T090000"
        windows.end = ";TZID=W. Europe Standard Time:20260220T100000"
        var custom = Event("custom")
        custom.start = ";TZID=Ours:20260220T120000"
        custom.end = ";TZID=Ours:20260220T130000"
        let zone = [
            "BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0230",
            "TZOFFSETTO:+0230", "END:STANDARD", "END:VTIMEZONE",
        ]
        try practice.calendar("work", [])
        try practice.write(Event.calendar([windows, custom], lines: zone), to: "work.ics")
        try practice.sync()
        #expect(try practice.meetings() == ["windows 02-20 08:00", "custom 02-20 09:30"])
    }
}
