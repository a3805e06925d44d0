import Entries
import Testing

@testable import Sync

/// Several calendars, several users, and what becomes of meetings when a calendar comes or goes.
struct ConnectionTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo")])
    }

    private let older = Event("older", -40, with: [])

    @Test func `pain 11 B03 one meeting in two calendars is one meeting, seen twice, and logged once`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.calendar("home", [Event("plan")])
        try practice.settle()
        #expect(try practice.meetings() == ["plan 02-20 09:00"])
        #expect(try practice.texts("SELECT sightings FROM meeting") == ["2"])
        #expect(try practice.activities() == ["plan: Bob Stone"])
    }

    @Test func `L12 a calendar that is dropped keeps what another one shows, and what was logged`() throws {
        try practice.calendar("work", [older, Event("plan"), Event("only", -9, with: ["cleo"])])
        try practice.calendar("home", [older, Event("plan")])
        try practice.settle()
        try practice.drop("work")
        try practice.settle()
        #expect(try practice.meetings() == ["older 01-21 09:00", "plan 02-20 09:00"])
        #expect(try practice.activities() == ["plan: Bob Stone", "only: Cleo Stone"])
        try practice.choose("work")
        try practice.settle()
        #expect(try practice.meetings().count == 3)
        #expect(try practice.entries(ActivityLogged.type).count == 2)
        #expect(try practice.retracted() == [])
    }

    @Test func `L12 a meeting that is deleted in one calendar stays while another shows it`() throws {
        try practice.calendar("work", [older, Event("plan")])
        try practice.calendar("home", [older, Event("plan")])
        try practice.settle()
        try practice.calendar("work", [older])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        try practice.calendar("home", [older])
        try practice.settle()
        #expect(try practice.retracted() == ["plan: withdrawn"])
    }

    @Test func `L30 pain 12 D05 who connects again finds everything logged, and nothing twice`() throws {
        let events = [older, Event("plan"), Event("standup", -21, lines: ["RRULE:FREQ=WEEKLY"])]
        try practice.calendar("work", events)
        try practice.settle()
        let before = try practice.activities()
        try #require(before.count == 5)
        try practice.disconnect("work")
        try practice.settle()
        #expect(try practice.activities() == before)
        #expect(try practice.meetings() == [])
        try practice.calendar("work", events)
        try practice.settle()
        #expect(try practice.activities() == before)
        #expect(try practice.entries(ActivityLogged.type).count == 5)
        #expect(try practice.entries(ActivityRetracted.type, ActivityAmended.type).isEmpty)
    }

    @Test func `pain 13 a series comes back when its calendar is connected again`() throws {
        let events = [Event("standup", -21, lines: ["RRULE:FREQ=WEEKLY"])]
        try practice.calendar("work", events)
        try practice.settle()
        let before = try practice.meetings()
        try practice.disconnect("work")
        try practice.calendar("work", events)
        try practice.settle()
        #expect(try practice.meetings() == before)
    }

    @Test func `L30 what changed while nobody looked is seen when the calendar is connected again`() throws {
        let plan = Event("plan", with: ["bob", "cleo"], lines: ["LOCATION:Room 1"])
        try practice.calendar("work", [older, plan])
        try practice.settle()
        try practice.disconnect("work")
        try practice.calendar("work", [older, Event("plan", with: ["cleo"]).with { $0.title = "Planning" }])
        try practice.settle()
        #expect(try practice.activities() == ["Planning: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: attendee_removed"])
        #expect(try practice.texts("SELECT location FROM meeting WHERE sightings > 0 AND title = 'Planning'") == ["–"])
    }

    @Test func `L30 C08 an address book that is connected again knows who was in it, and sees who goes`() throws {
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"])])
        try practice.settle()
        try practice.disconnect("people")
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
        #expect(try practice.entries(ActivityLogged.type, ActivityRetracted.type).count == 2)
        try practice.people([Contact("bob")])
        try practice.settle()
        #expect(try practice.knownPeople() == ["Bob Stone"])
        #expect(try practice.activities() == ["plan: Bob Stone"])
    }

    @Test func `L13 nothing that is shown belongs to a connection that is gone`() throws {
        try practice.calendar("work", [older, Event("plan"), Event("standup", -21, lines: ["RRULE:FREQ=WEEKLY"])])
        try practice.settle()
        try practice.calendar("work", [older])
        try practice.sync()
        try practice.disconnect("work")
        for table in [
            "meeting_sighting", "series", "calendar", "meeting_quarantine", "meeting_absence", "series_absence",
        ] {
            #expect(try practice.texts("SELECT COUNT(*) FROM \(table)") == ["0"], "\(table)")
        }
    }

    @Test func `L35 L37 L64 two users with one calendar have each their own people and activities`() throws {
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"])])
        try practice.settle()
        practice.owner = "grace"
        try practice.people([Contact("cleo", name: "Cleopatra")], book: "hers")
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"])])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Cleopatra"])
        try practice.people([], book: "hers")
        practice.owner = "ada"
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting") == ["2"])
        #expect(try practice.differences().isEmpty)
    }

    @Test func `B16 L46 a calendar that cannot be read stands in nobody's way`() throws {
        try practice.calendar("broken", [Event("plan")])
        try practice.calendar("work", [Event("talk", -9, with: ["cleo"])])
        try practice.write("<!DOCTYPE html><title>Sign in</title>", to: "broken.ics")
        let summary = try practice.sync()
        #expect(summary.outcomes == ["failed web-page", "read"])
        #expect(try practice.activities() == ["talk: Cleo Stone"])
        #expect(try practice.texts("SELECT consecutive_failures FROM connection WHERE name = 'broken'") == ["1"])
    }

    // MARK: Limits and switches

    @Test func `L25 D02 ten are logged in a run, the oldest first, and those that come to nothing take no place`()
        throws
    {
        let known = (1...25).map { Event("known\($0 < 10 ? "0" : "")\($0)", -40 + Int64($0)) }
        let nothing = (1...15).map { Event("nothing\($0)", -70 + Int64($0), with: ["stranger\($0)"]) }
        try practice.calendar("work", nothing + known.reversed())
        let first = try practice.sync().logged
        #expect(first.logged == 10)
        #expect(first.remaining == 15)
        #expect(first.skipped == 15)
        #expect(try practice.activities().first == "known01: Bob Stone")
        #expect(try practice.activities().last == "known10: Bob Stone")
        #expect(try practice.sync().logged.logged == 10)
        let last = try practice.sync().logged
        #expect(last.logged == 5)
        #expect(last.remaining == 0)
        #expect(last.skipped == 0)
    }

    @Test func `D02 the limit is a setting`() throws {
        try practice.set(.limit, "3")
        try practice.calendar("work", (1...5).map { Event("plan\($0)", -20 + Int64($0)) })
        #expect(try practice.sync().logged.logged == 3)
    }

    @Test func `D09 switched off nothing is logged, and switched on with a date only what ends later`() throws {
        try practice.write(Event.calendar([Event("plan"), Event("talk", -2, with: ["cleo"])]), to: "work.ics")
        try practice.connect("work") { $0.isAutoLogEnabled = false }
        try practice.settle()
        #expect(try practice.skipRules() == ["plan: auto_log_off", "talk: auto_log_off"])
        var changed = ConnectionChanged()
        changed.connection = practice.connection("work")
        changed.isAutoLogEnabled = true
        changed.autoLogFrom = Time.at(-5)
        try practice.append([practice.draft(changed, "connection/\(changed.connection)")])
        try practice.settle()
        #expect(try practice.activities() == ["talk: Cleo Stone"])
        #expect(try practice.skipRules() == ["plan: before_auto_log"])
    }

    @Test func `L32 D01 a meeting is logged when our clock says that it is over`() throws {
        try practice.calendar("work", [Event("today", 0, at: 12)])
        try practice.sync()
        #expect(try practice.activities() == [])
        practice.wait(hours: 2)
        try practice.sync()
        #expect(try practice.activities() == ["today: Bob Stone"])
    }

    @Test func `B08 B10 L31 a title that is missing, a text in HTML and a link are what they are`() throws {
        try practice.calendar(
            "work",
            [
                Event(
                    "plan",
                    lines: ["DESCRIPTION:Join https://teams.microsoft.com/l/meetup-join/19%3ameeting%40thread.v2/0"]
                )
                .with { $0.title = nil },
                Event("bad", -9, lines: ["LOCATION:https://evilzoom.us/j/1"]),
            ])
        try practice.sync()
        #expect(
            try practice.texts("SELECT title, meeting_url FROM meeting ORDER BY starts")
                == ["– https://teams.microsoft.com/l/meetup-join/19%3ameeting%40thread.v2/0", "bad –"])
    }

    @Test func `B07 what is no meeting is kept, and never logged`() throws {
        try practice.calendar(
            "work",
            [
                Event("focus", -9, lines: ["X-GOOGLE-EVENT-TYPE:focusTime"]),
                Event("birthday", -8, lines: ["X-KDE-KABC-BIRTHDAY:yes"]),
            ])
        try practice.settle()
        #expect(try practice.activities() == [])
        #expect(try practice.meetings().count == 2)
    }
}
