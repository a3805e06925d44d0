import Entries
import Ledger
import Testing

@testable import Sync

/// What is kept: one activity, notes, names of calendars, and what is still to come.
struct KeepingTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob")])
    }

    @Test func `L09 D05 the ledger itself refuses a second logging of one meeting and person`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.settle()
        let first = try #require(try practice.entries(ActivityLogged.type).first)
        var again = try #require(try first.fact() as? ActivityLogged)
        again.details.title = "Something else"
        var draft = practice.draft(again, first.stream)
        draft.expectedVersion = 1
        #expect(throws: AppendError.self) { try practice.append([draft]) }
        #expect(try practice.entries(ActivityLogged.type).count == 1)
    }

    @Test func `L10 what is still to come is seen like everything else`() throws {
        try practice.calendar("work", [Event("plan"), Event("next", 12)])
        try practice.settle()
        #expect(try practice.meetings().count == 2)
        #expect(try practice.activities() == ["plan: Bob Stone"])
    }

    @Test func `B14 the name of a calendar follows that in its file`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.settle()
        try practice.write(Event.calendar([Event("plan")], lines: ["X-WR-CALNAME:Harbour works"]), to: "work.ics")
        try practice.settle()
        #expect(try practice.texts("SELECT name FROM calendar WHERE connection <> ''").contains("Harbour works"))
        #expect(try practice.entries(CalendarRenamed.type).count == 1)
    }

    @Test func `D10 a note about a meeting stays when the calendar changes`() throws {
        try practice.calendar("work", [Event("plan")])
        try practice.settle()
        var note = NoteWritten()
        note.meeting = practice.meeting("plan")
        note.note = "Ask about the crane."
        try practice.append([practice.draft(note, "meeting/\(practice.meeting("plan"))")])
        var moved = Event("plan")
        moved.move(-3)
        try practice.calendar("work", [moved])
        try practice.settle()
        #expect(try practice.texts("SELECT note FROM meeting") == ["Ask about the crane."])
    }
}
