import Entries
import Testing

@testable import Sync

/// What becomes of an activity when its meeting changes after it was logged.
struct AmendingTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo")])
    }

    private let older = Event("older", -40, with: [])

    /// The meeting is logged, and then it stands otherwise in the calendar.
    private func log(_ event: Event, then later: Event...) throws {
        try practice.calendar("work", [older, event])
        try practice.settle()
        try #require(try practice.activities() == ["\(event.uid): Bob Stone"])
        try practice.calendar("work", [older] + later)
        try practice.settle()
    }

    @Test func `D01 D03 D04 a past meeting is logged once for each person who is known`() throws {
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo", "stranger"]), Event("next", 3)])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
        #expect(
            try practice.texts("SELECT occurred, duration_minutes, rule, confidence FROM activity")
                == ["\(Time.at(-10)) 60 email_exact 100", "\(Time.at(-10)) 60 email_exact 100"])
        #expect(try practice.texts("SELECT COUNT(*) FROM activity_participant") == ["2"])
        #expect(try practice.meetings() == ["plan 02-20 09:00", "next 03-05 09:00"])
        #expect(try practice.differences().isEmpty)
    }

    @Test func `L29 D04 an activity counts from the start of its meeting, and names it`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.sync()
        #expect(
            try practice.texts("SELECT meeting, occurred FROM activity")
                == ["\(practice.meeting("plan")) \(Time.at(-10))"])
        #expect(try practice.entries(ActivityLogged.type).allSatisfy { $0.at >= Time.start })
    }

    @Test func `D08 pain 14 a meeting that was moved is the same meeting, and its activity follows`() throws {
        let plan = Event("plan")
        try log(plan, then: plan.with { $0.move(-8, at: 15) })
        #expect(try practice.meetings().last == "plan 02-22 15:00")
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.texts("SELECT occurred FROM activity") == ["\(Time.at(-8, 15))"])
        #expect(try practice.entries(ActivityLogged.type, ActivityAmended.type).count == 2)
    }

    @Test func `D08 a new title and place and link reach the activity`() throws {
        let plan = Event("plan", lines: ["LOCATION:Room 1"])
        try log(
            plan,
            then: plan.with {
                $0.title = "Planning"
                $0.lines = ["LOCATION:https://example.zoom.us/j/123?pwd=abc"]
            })
        #expect(try practice.activities() == ["Planning: Bob Stone"])
        #expect(
            try practice.texts("SELECT location, meeting_url FROM activity")
                == ["https://example.zoom.us/j/123?pwd=abc https://example.zoom.us/j/123?pwd=abc"])
    }

    @Test func `decision 3 what a user edited by hand wins over the calendar, and the rest follows it`() throws {
        let plan = Event("plan")
        try practice.calendar("work", [older, plan])
        try practice.settle()
        try practice.edit(practice.activity("plan", "bob"), title: "Lunch")
        try practice.calendar(
            "work",
            [
                older,
                plan.with {
                    $0.title = "Planning"
                    $0.move(-7)
                },
            ])
        try practice.settle()
        #expect(try practice.activities() == ["Lunch: Bob Stone"])
        #expect(try practice.texts("SELECT occurred FROM activity") == ["\(Time.at(-7))"])
    }

    @Test func `D08 L19 pain 18 a meeting that was cancelled takes its activity with it at once`() throws {
        let plan = Event("plan")
        try practice.calendar("work", [plan])
        try practice.sync()
        try practice.calendar("work", [plan.with { $0.lines = ["STATUS:CANCELLED"] }])
        try practice.sync()
        #expect(try practice.activities() == [])
        #expect(try practice.retracted() == ["plan: cancelled"])
    }

    @Test func `B06 D08 what was cancelled and takes place after all is the same activity again`() throws {
        let plan = Event("plan")
        let cancelled = plan.with { $0.lines = ["STATUS:CANCELLED"] }
        try log(plan, then: cancelled)
        try practice.calendar("work", [older, cancelled.with { $0.lines = ["STATUS:CONFIRMED"] }])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.entries(ActivityLogged.type).count == 1)
        #expect(try practice.entries(ActivityRestored.type).count == 1)
    }

    @Test(arguments: [[[-10, -9], [-9]], [[-9], [-10, -9]], [[-10, -9], [-9], [-10, -9], [-10], [-10, -9]]])
    func `D01 of several meetings with one UID each is logged once, whichever of them come and go`(_ steps: [[Int64]])
        throws
    {
        func event(_ days: Int64) -> Event { Event("same", days).with { $0.title = "day \(days)" } }
        for days in steps {
            try practice.calendar("work", [older] + days.map(event))
            try practice.settle()
        }
        let wanted = Set(steps.joined()).sorted().filter { steps.last?.contains($0) == true }
        #expect(try practice.activities().filter { $0.hasPrefix("day") } == wanted.map { "day \($0): Bob Stone" })
        #expect(try practice.entries(ActivityLogged.type).count == Set(steps.joined()).count)
    }

    @Test func `L04 B05 a meeting is withdrawn at its second absence, and not at its first`() throws {
        try practice.calendar("work", [older, Event("plan"), Event("other", -9, with: ["cleo"])])
        try practice.settle()
        try practice.calendar("work", [older, Event("other", -9, with: ["cleo"])])
        let first = try practice.sync()
        #expect(first.readings.last?.summary.absent == 1)
        #expect(try practice.activities() == ["plan: Bob Stone", "other: Cleo Stone"])
        // The file did not change, and is read all the same, because something waits for its second absence.
        let second = try practice.sync()
        #expect(second.readings.last?.summary.deleted == 1)
        #expect(try practice.activities() == ["other: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: withdrawn"])
    }

    @Test func `L04 a meeting that is there again after its first absence was never gone`() throws {
        try practice.calendar("work", [older, Event("plan")])
        try practice.settle()
        try practice.calendar("work", [older])
        try practice.sync()
        try practice.calendar("work", [older, Event("plan")])
        try practice.settle()
        try practice.calendar("work", [older])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.entries(MeetingWithdrawn.type).isEmpty)
    }

    @Test func `B06 L11 a meeting that was deleted and put back is the same activity again`() throws {
        try log(Event("plan"))
        #expect(try practice.retracted() == ["plan: withdrawn"])
        try practice.calendar("work", [older, Event("plan")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.entries(ActivityLogged.type).count == 1)
    }

    @Test func `pain 17 D08 who declines after it was logged takes the activity back`() throws {
        try practice.claim("ada@example.org")
        let plan = Event("plan", with: ["ada?ACCEPTED", "bob"])
        try log(plan, then: plan.with { $0.guests[0] = Event.guest("ada?DECLINED") })
        #expect(try practice.retracted() == ["plan: declined"])
    }

    @Test func `pain 17 the address of a connection is the user's own, whatever its case`() throws {
        try practice.calendar(
            "work", [Event("plan", with: ["ADA@Example.org?DECLINED", "bob"])], email: "Ada@example.org")
        try practice.settle()
        #expect(try practice.activities() == [])
        #expect(try practice.skipRules() == ["plan: declined"])
    }

    @Test func `D08 an attendee who declined is not logged, and one who comes after all is`() throws {
        let plan = Event("plan", with: ["bob", "cleo?DECLINED"])
        try log(
            plan,
            then: plan.with { $0.guests = [Event.guest("bob?DECLINED"), Event.guest("cleo")] })
        #expect(try practice.activities() == ["plan: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: declined"])
    }

    @Test func `pain 30 an attendee who was taken off the list is not logged any more`() throws {
        let plan = Event("plan", with: ["bob", "stranger"])
        try log(plan, then: plan.with { $0.guests = [Event.guest("cleo"), Event.guest("stranger")] })
        #expect(try practice.activities() == ["plan: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: attendee_removed"])
    }

    @Test func `pain 31 a meeting that turns private is retracted, and no entry after that has its title`() throws {
        let plan = Event("plan", lines: ["LOCATION:Clinic", "DESCRIPTION:Knee"])
        try practice.calendar("work", [older, plan])
        try practice.settle()
        let before = try practice.lastPosition()
        try practice.calendar("work", [older, plan.with { $0.lines += ["CLASS:PRIVATE"] }])
        try practice.settle()
        #expect(try practice.retracted() == ["plan: turned_private"])
        let after = try practice.entries(after: before)
        #expect(!after.isEmpty)
        for word in ["plan", "Clinic", "Knee"] {
            let holding = after.filter { entry in
                String(decoding: entry.content.personal ?? [], as: UTF8.self).contains("\"title\":\"\(word)")
                    || String(decoding: entry.content.personal ?? [], as: UTF8.self).contains("Knee")
                    || String(decoding: entry.content.personal ?? [], as: UTF8.self).contains("Clinic")
            }
            #expect(holding.map(\.type) == [])
        }
        #expect(
            try practice.texts("SELECT title, location, description FROM meeting WHERE privacy = 'private'") == [
                "– – –"
            ])
    }

    @Test func `pain 31 what was private from the first leaves nothing of what it is about`() throws {
        try practice.calendar("work", [older, Event("secret", lines: ["CLASS:CONFIDENTIAL", "DESCRIPTION:Knee"])])
        try practice.settle()
        #expect(try practice.skipRules() == ["older: without_others", "untitled: private"])
        let text = try practice.entries(MeetingSeen.type).map {
            String(decoding: $0.content.personal ?? [], as: UTF8.self)
        }
        #expect(!text.contains { $0.contains("Knee") || $0.contains("\"title\":\"secret\"") })
    }

    @Test func `decision 3 a meeting that is made public again is the same activity again`() throws {
        let plan = Event("plan")
        let hidden = plan.with { $0.lines = ["CLASS:PRIVATE"] }
        try log(plan, then: hidden)
        try practice.calendar("work", [older, hidden.with { $0.lines = ["CLASS:PUBLIC"] }])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
    }

    @Test func `D08 a meeting that is put off into the future is logged again when it is over`() throws {
        let plan = Event("plan")
        try log(plan, then: plan.with { $0.move(5) })
        #expect(try practice.retracted() == ["plan: postponed"])
        try practice.sync()
        #expect(try practice.entries(ActivityRetracted.type).count == 1)
        practice.wait(days: 6)
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.texts("SELECT occurred FROM activity") == ["\(Time.at(5))"])
        #expect(try practice.entries(ActivityLogged.type).count == 1)
    }

    @Test func `D09 a retraction by hand is final, whatever the calendar says later`() throws {
        let plan = Event("plan", with: ["bob", "cleo"])
        try practice.calendar("work", [older, plan])
        try practice.settle()
        try practice.retract(practice.activity("plan", "bob"))
        for change in ["STATUS:CANCELLED", "STATUS:CONFIRMED", "LOCATION:Elsewhere"] {
            try practice.calendar(
                "work",
                [
                    older,
                    plan.with {
                        $0.lines = [change]
                        $0.sequence = Int(practice.now % 1_000_000)
                    },
                ])
            try practice.settle()
        }
        #expect(try practice.activities() == ["plan: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: by_hand"])
    }

    @Test func `L05 B04 what did not change writes nothing but that it was looked at`() throws {
        try practice.claim("ada@example.org")
        try practice.calendar(
            "work",
            [
                older, Event("plan"), Event("series", -30, lines: ["RRULE:FREQ=WEEKLY"]), Event("next", 4),
                Event("far", 80), Event("odd", -3, lines: ["RRULE:FREQ=SOMETIMES"]),
            ])
        try practice.settle()
        let before = try practice.lastPosition()
        try practice.sync()
        try practice.sync { $0.isFull = true }
        let after = try practice.entries(after: before)
        #expect(Set(after.map(\.type)) == [FetchFinished.type])
        #expect(after.count == 4)
    }

    @Test func `L24 B16 a field that is left out in passing keeps its value, and an empty one is empty`() throws {
        let plan = Event("plan", lines: ["LOCATION:Room 1"])
        try log(plan, then: Event("plan"))
        #expect(try practice.texts("SELECT location FROM meeting WHERE title = 'plan'") == ["Room 1"])
        try practice.calendar("work", [older, Event("plan", lines: ["LOCATION:"])])
        try practice.settle()
        #expect(try practice.texts("SELECT location FROM meeting WHERE title = 'plan'") == ["–"])
    }

    @Test func `E03 an activity leads back to the match, and the match to the address that came up`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.sync()
        let logged = try #require(try practice.entries(ActivityLogged.type).first)
        let matched = try practice.cause(of: logged)
        #expect(matched?.type == AddressMatched.type)
        #expect(try practice.cause(of: matched)?.type == AddressSeen.type)
        try practice.calendar("work", [Event("plan").with { $0.move(-9) }])
        try practice.sync()
        let amended = try #require(try practice.entries(ActivityAmended.type).first)
        #expect(try practice.cause(of: amended)?.type == MeetingChanged.type)
    }
}
