import Entries
import Testing

@testable import Application

/// The meetings of a range: which are in it, how they stand, and whose they are.
@Suite struct MeetingsTests {
    private func titles(
        _ read: ReadHome, _ since: String? = nil, _ until: String? = nil,
        _ change: (inout MeetingsRequest) -> Void = { _ in }
    ) throws -> [String] {
        var request = MeetingsRequest()
        request.since = since
        request.until = until
        change(&request)
        return try read.home.ask(request).meetings.map(\.displayTitle)
    }

    @Test func `L22 a meeting of several days stands on each of them and on no other`() throws {
        let read = try ReadHome()
        try read.days("fair", "Fair", "2026-01-06", "2026-01-08")
        for (day, isThere) in [
            ("2026-01-05", false), ("2026-01-06", true), ("2026-01-07", true), ("2026-01-08", true),
            ("2026-01-09", false),
        ] {
            #expect(try titles(read, day, day) == (isThere ? ["Fair"] : []), "\(day)")
        }
        try read.meeting("night", "Night", hours: 24 + 14.5, lasting: 3)
        #expect(try titles(read, "2026-01-06", "2026-01-06") == ["Fair", "Night"])
        #expect(try titles(read, "2026-01-07", "2026-01-07") == ["Fair", "Night"])
    }

    @Test func `L22 a day is the day of the user's zone and not of UTC`() throws {
        let berlin = try ReadHome()
        let utc = try ReadHome(zone: "UTC")
        for read in [berlin, utc] { try read.meeting("late", "Late", hours: 15.5, lasting: 0.5) }
        #expect(try titles(berlin, "2026-01-06", "2026-01-06") == ["Late"])
        #expect(try titles(utc, "2026-01-06", "2026-01-06") == [])
        #expect(try titles(utc, "2026-01-05", "2026-01-05") == ["Late"])
    }

    @Test func `L23 whole days stay days, and never have an instant`() throws {
        let read = try ReadHome()
        try read.days("fair", "Fair", "2026-01-06", "2026-01-06")
        let meeting = try #require(try read.home.ask(MeetingsRequest()).meetings.first)
        #expect(meeting.starts == nil)
        #expect((meeting.firstDay, meeting.lastDay) == ("2026-01-06", "2026-01-06"))
    }

    @Test func `today and the next seven days are shown where no range is given`() throws {
        let read = try ReadHome()
        try read.meeting("yesterday", "Yesterday", hours: -24)
        try read.meeting("morning", "This morning", hours: -2)
        try read.meeting("later", "Later", hours: 24 * 7)
        try read.meeting("far", "Far", hours: 24 * 9)
        #expect(try titles(read) == ["This morning", "Later"])
        #expect(try titles(read, "yesterday", "yesterday") == ["Yesterday"])
    }

    @Test func `B05 one meeting in three calendars is one row`() throws {
        let read = try ReadHome()
        for (id, name) in [("k2", "Team"), ("k3", "House")] { try read.calendar(id, name) }
        for calendar in ["k", "k2", "k3"] { try read.meeting("m", "Review", hours: 1, calendar: calendar) }
        let meetings = try read.home.ask(MeetingsRequest()).meetings
        #expect(meetings.count == 1)
        #expect(meetings.first?.calendars.sorted() == ["House", "Team", "Work"])
        #expect(try titles(read) { $0.calendar = "Team" } == ["Review"])
    }

    @Test func `cancelled and withdrawn ones are only shown when all are asked for`() throws {
        let read = try ReadHome()
        try read.meeting("stays", "Stays", hours: 1)
        try read.meeting("off", "Off", hours: 2) { $0.details.status = .cancelled }
        try read.meeting("gone", "Gone", hours: 3)
        try read.home.write(MeetingWithdrawn(), stream: "meeting/gone") {
            ($0.meeting, $0.connection, $0.calendar) = ("gone", "c", "k")
        }
        #expect(try titles(read) == ["Stays"])
        #expect(try titles(read) { $0.isAll = true } == ["Stays", "Off", "Gone"])
        #expect(try titles(read) { $0.state = .withdrawn } == ["Gone"])
    }

    @Test func `known people stand there by name, and the others are counted without rooms and oneself`() throws {
        let read = try ReadHome()
        let addresses = [
            try read.bea(), try read.address("x@else.example"), try read.address("room@else.example"),
            try read.address("ada@brandt.example"),
        ]
        try read.meeting("m", "Review", hours: 1, with: addresses) {
            $0.details.attendees[2].isResource = true
            $0.details.attendees[3].isSelf = true
        }
        try read.meeting("n", "Alone", hours: 2)
        let meeting = try #require(try read.home.ask(MeetingsRequest()).meetings.first)
        #expect(meeting.known == ["Bea Brandt"])
        #expect(meeting.others == 1)
        #expect(try titles(read) { $0.person = "bea" } == ["Review"])
        #expect(try titles(read) { $0.text = "REVIEW" } == ["Review"])
    }

    @Test func `a past meeting says whether it is logged, and by which rule not`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        let stranger = try read.address("x@else.example")
        try read.meeting("done", "Done", hours: -5, with: [bea])
        try read.log("a", "done", "bea", hours: -5)
        try read.meeting("open", "Open", hours: -4, with: [bea])
        try read.meeting("nobody", "Nobody", hours: -3, with: [stranger])
        let meetings = try read.home.ask(MeetingsRequest()).meetings
        #expect(meetings.map(\.outcome) == ["logged", "waiting", "not_logged"])
        #expect(meetings.map(\.rule) == [nil, nil, "nobody_known"])
        #expect(try titles(read) { $0.state = .notLogged } == ["Nobody"])
    }

    @Test func `more than the limit are counted and not shown`() throws {
        let read = try ReadHome()
        for number in 1...4 { try read.meeting("m\(number)", "M\(number)", hours: Double(number)) }
        var request = MeetingsRequest()
        request.limit = 3
        let page = try read.home.ask(request)
        #expect(page.meetings.map(\.title) == ["M1", "M2", "M3"])
        #expect(page.count == 4)
    }

    @Test func `L64 what is another user's is not found`() throws {
        let read = try ReadHome()
        try read.addUser("eve", "Eve")
        try read.bea()
        try read.meeting("secret", "Secret", hours: 1)
        #expect(try titles(read) { $0.user = "Eve" } == [])
        #expect(read.home.refusal(MeetingRequest(user: "Eve", meeting: "secret"))?.kind == .notFound)
        #expect(read.home.refusal(MeetingRequest(user: "Eve", meeting: "Secret"))?.kind == .notFound)
        #expect(read.home.refusal(PersonRequest(user: "Eve", person: "Bea Brandt"))?.kind == .notFound)
        #expect(read.home.refusal(ExplainRequest(user: "Eve", subject: "Secret"))?.kind == .notFound)
        #expect(try read.home.ask(MeetingRequest(user: nil, meeting: "Secret")).meeting.meeting == "secret")
    }

    @Test(arguments: ["soon", "2026-02-30", "2026-01-05T25:00", "7x", ""])
    func `what is no moment is refused with examples`(_ text: String) throws {
        let read = try ReadHome()
        var request = MeetingsRequest()
        request.since = text
        let refusal = try #require(read.home.refusal(request))
        #expect(refusal.kind == .badRequest)
        #expect(refusal.hint?.contains("2026-11-21") == true)
    }

    @Test func `a moment without an offset is meant in the user's zone`() throws {
        let clock = UserClock(zone: "Europe/Berlin")
        let now = ReadHome.monday
        #expect(try clock.instant("2026-01-05 09:00", now: now) == now)
        #expect(try clock.instant("2026-01-05T08:00:00Z", now: now) == now)
        #expect(try clock.instant("2026-01-05T10:30:00+02:30", now: now) == now)
        #expect(try clock.instant("2h", now: now) == now - 7_200_000)
        #expect(try clock.instant("+2h", now: now) == now + 7_200_000)
        #expect(try clock.instant("2026-01-05", .end, now: now) - clock.instant("2026-01-05", now: now) == 86_400_000)
        #expect(clock.text(now) == "2026-01-05 09:00")
        // The day on which the clocks go forward has 23 hours.
        #expect(try clock.instant("2026-03-29", .end, now: 0) - clock.instant("2026-03-29", now: 0) == 82_800_000)
    }

    @Test func `a person has meetings to come and past ones, and is counted by what holds`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.meeting("past", "Past", hours: -24, with: [bea])
        try read.meeting("next", "Next", hours: 24, with: [bea])
        try read.meeting("other", "Other", hours: 25)
        try read.log("a1", "past", "bea", hours: -24)
        try read.log("a2", nil, "bea", hours: -24 * 200)
        try read.log("a3", nil, "bea", hours: -1)
        try read.home.write(ActivityRetracted(), stream: "activity/a3") { $0.activity = "a3" }
        let shown = try read.home.ask(PersonRequest(user: nil, person: "bea@brandt.example"))
        #expect(shown.name == "Bea Brandt")
        #expect(shown.addresses.map(\.email) == ["bea@brandt.example"])
        #expect(shown.upcoming.map(\.title) == ["Next"])
        #expect(shown.past.map(\.title) == ["Past"])
        #expect(shown.activityCount == 2)
        #expect(shown.firstMet == ReadHome.monday - 4_800 * ReadHome.hour)
        #expect(shown.lastMet == ReadHome.monday - 24 * ReadHome.hour)
        #expect(shown.next == ReadHome.monday + 24 * ReadHome.hour)
        #expect(abs(shown.monthly - 1.0 / 3) < 0.01)
    }
}
