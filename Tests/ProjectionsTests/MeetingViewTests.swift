import Entries
import Testing

@testable import Projections

/// What is in the calendars, when, and who is to come.
@Suite struct MeetingViewTests {
    private func see(
        _ book: Book, _ meeting: String = "m", in calendar: String = "k1",
        _ change: (inout MeetingSeen) -> Void = { _ in }
    ) throws {
        try book.write(MeetingSeen()) {
            ($0.meeting, $0.connection, $0.calendar, $0.providerID) = (meeting, "c", calendar, "i-" + meeting)
            ($0.details.starts, $0.details.ends, $0.details.title) = (100, 200, "Tea")
            change(&$0)
        }
    }

    private func change(_ book: Book, in calendar: String = "k1", _ change: (inout MeetingChanged) -> Void) throws {
        try book.write(MeetingChanged()) {
            ($0.meeting, $0.connection, $0.calendar) = ("m", "c", calendar)
            change(&$0)
        }
    }

    private func withdraw(_ book: Book, _ meeting: String = "m", from calendar: String = "k1") throws {
        try book.write(MeetingWithdrawn()) { ($0.meeting, $0.connection, $0.calendar) = (meeting, "c", calendar) }
    }

    private func attendees(_ addresses: String...) -> [Attendee] {
        addresses.map { address in
            var attendee = Attendee()
            attendee.address = address
            return attendee
        }
    }

    private func sightings(_ book: Book) throws -> String { try book.row("SELECT sightings FROM meeting")[0] }

    @Test func `a meeting that is seen is there, with what was left unsaid`() throws {
        let book = try Book()
        try see(book) { $0.details.attendees = attendees("a1", "a2") }
        #expect(
            try book.row(
                "SELECT owner, status, transparency, privacy, kind, starts, ends, title, location, is_floating, sightings, first_position, position FROM meeting"
            ) == ["ada", "confirmed", "opaque", "normal", "meeting", "100", "200", "Tea", "–", "0", "1", "1", "1"])
        #expect(
            try book.rows(
                "SELECT address, number, response, is_organizer, is_self FROM meeting_attendee ORDER BY number")
                == [["a1", "0", "–", "0", "0"], ["a2", "1", "–", "0", "0"]])
    }

    @Test func `L24 what is absent in a change stays, and what is cleared is empty`() throws {
        let book = try Book()
        try see(book) {
            $0.details.location = "Room 4"
            $0.details.attendees = attendees("a1", "a2")
        }
        try change(book) { $0.details.starts = 150 }
        let sql = "SELECT starts, ends, title, location FROM meeting"
        #expect(try book.row(sql) == ["150", "200", "Tea", "Room 4"])
        #expect(try book.rows("SELECT address FROM meeting_attendee").count == 2)
        try change(book) {
            $0.cleared = ["location", "attendees"]
            $0.details.title = "Coffee"
        }
        #expect(try book.row(sql) == ["150", "200", "Coffee", "–"])
        #expect(try book.rows("SELECT address FROM meeting_attendee") == [])
    }

    @Test func `a list of attendees in a change is the whole list`() throws {
        let book = try Book()
        try see(book) { $0.details.attendees = attendees("a1", "a2") }
        try change(book) { $0.details.attendees = attendees("a3", "a1") }
        #expect(try book.rows("SELECT address FROM meeting_attendee ORDER BY number") == [["a3"], ["a1"]])
    }

    @Test func `a meeting of whole days becomes one of hours, and back`() throws {
        let book = try Book()
        try see(book) {
            ($0.details.starts, $0.details.ends) = (nil, nil)
            ($0.details.firstDay, $0.details.lastDay) = ("2026-11-21", "2026-11-22")
        }
        let sql = "SELECT starts, ends, first_day, last_day FROM meeting"
        #expect(try book.row(sql) == ["–", "–", "2026-11-21", "2026-11-22"])
        try change(book) {
            ($0.details.starts, $0.details.ends) = (5, 6)
            $0.cleared = ["first_day", "last_day"]
        }
        #expect(try book.row(sql) == ["5", "6", "–", "–"])
    }

    @Test func `L12 a meeting in two calendars is one, and is gone when both have let it go`() throws {
        let book = try Book()
        try see(book)
        try see(book, in: "k2")
        #expect(try book.rows("SELECT meeting, sightings FROM meeting") == [["m", "2"]])
        try withdraw(book)
        #expect(try sightings(book) == "1")
        #expect(
            try book.rows("SELECT calendar, withdrawn FROM meeting_sighting ORDER BY calendar") == [
                ["k1", "deleted"], ["k2", "–"],
            ])
        try withdraw(book, from: "k2")
        #expect(try sightings(book) == "0")
        try book.write(MeetingRestored()) { ($0.meeting, $0.connection, $0.calendar) = ("m", "c", "k2") }
        #expect(try sightings(book) == "1")
        #expect(try book.row("SELECT withdrawn FROM meeting_sighting WHERE calendar = 'k2'") == ["–"])
    }

    @Test func `L12 a calendar that is dropped takes its sightings, and no meeting that another holds`() throws {
        let book = try Book()
        try see(book)
        try see(book, in: "k2")
        try see(book, "only", in: "k1")
        try book.write(NoteWritten()) { ($0.meeting, $0.note) = ("only", "Bring the list.") }
        try book.write(CalendarDropped()) { ($0.connection, $0.calendar) = ("c", "k1") }
        #expect(
            try book.rows("SELECT meeting, sightings, note FROM meeting ORDER BY meeting")
                == [["m", "1", "–"], ["only", "0", "Bring the list."]])
        try see(book, "only", in: "k1")
        #expect(try book.row("SELECT sightings, note FROM meeting WHERE meeting = 'only'") == ["1", "Bring the list."])
    }

    @Test func `a meeting that is seen again after it was withdrawn is there again, once`() throws {
        let book = try Book()
        try see(book)
        try withdraw(book)
        try see(book) { $0.details.title = "Tea again" }
        #expect(try book.rows("SELECT title, sightings, first_position FROM meeting") == [["Tea again", "1", "1"]])
        #expect(try book.rows("SELECT calendar, withdrawn FROM meeting_sighting") == [["k1", "–"]])
    }

    @Test func `each calendar keeps its own answer`() throws {
        let book = try Book()
        try see(book) { $0.details.response = .accepted }
        try see(book, in: "k2") { $0.details.response = .declined }
        try change(book, in: "k2") { $0.details.response = .tentative }
        #expect(
            try book.rows("SELECT calendar, response FROM meeting_sighting ORDER BY calendar") == [
                ["k1", "accepted"], ["k2", "tentative"],
            ])
    }

    @Test func `an absence is remembered until the meeting is seen, withdrawn, or found in a complete reading`() throws
    {
        let book = try Book()
        func read(_ meetings: String..., mode: FetchMode = .full) throws {
            try book.write(FetchFinished()) {
                ($0.reading.connection, $0.reading.calendar, $0.mode, $0.isComplete) = ("c", "k1", mode, true)
                $0.absences = meetings.map { meeting in
                    var absence = Absence()
                    absence.meeting = meeting
                    return absence
                }
            }
        }
        func absent() throws -> [[String]] { try book.rows("SELECT meeting FROM meeting_absence ORDER BY meeting") }
        for meeting in ["m", "n", "o"] { try see(book, meeting) }
        try read("m", "n", "o")
        try withdraw(book, "n")
        #expect(try absent() == [["m"], ["o"]])
        try read(mode: .delta)
        #expect(try absent() == [["m"], ["o"]])
        try change(book) { $0.details.title = "There" }
        #expect(try absent() == [["o"]])
        try read()
        #expect(try absent() == [])
    }

    @Test func `what could not be read is set aside until it can`() throws {
        let book = try Book()
        for problem in [Problem.malformed, .tooLarge] {
            try book.write(MeetingQuarantined()) {
                ($0.connection, $0.calendar, $0.providerID, $0.problem) = ("c", "k1", "bad", problem)
            }
        }
        #expect(try book.rows("SELECT provider_id, problem FROM meeting_quarantine") == [["bad", "too_large"]])
        try book.write(MeetingReleased()) { ($0.connection, $0.calendar, $0.providerID) = ("c", "k1", "bad") }
        #expect(try book.rows("SELECT * FROM meeting_quarantine") == [])
    }

    @Test func `L25 a meeting that was skipped says by which rule, until it changes`() throws {
        let book = try Book()
        for again in ["changed", "seen", "restored"] {
            try see(book)
            try book.write(MeetingSkipped()) { ($0.meeting, $0.rule) = ("m", .declined) }
            #expect(try book.row("SELECT skip_rule FROM meeting") == ["declined"])
            switch again {
            case "changed": try change(book) { $0.details.title = "Other" }
            case "seen": try see(book)
            default: try book.write(MeetingRestored()) { ($0.meeting, $0.connection, $0.calendar) = ("m", "c", "k1") }
            }
            #expect(try book.row("SELECT skip_rule FROM meeting") == ["–"], "\(again)")
        }
    }

    @Test func `L71 a duplicate is hidden behind the other, and shown again when that is undone`() throws {
        let book = try Book()
        try see(book)
        try see(book, "n")
        let sql = "SELECT meeting, hidden_behind FROM meeting ORDER BY meeting"
        try book.write(ConflictResolved()) { ($0.conflict, $0.keptMeeting, $0.hiddenMeeting) = ("x", "m", "n") }
        #expect(try book.rows(sql) == [["m", "–"], ["n", "m"]])
        try book.write(ConflictResolved()) { ($0.conflict, $0.keptMeeting, $0.hiddenMeeting) = ("x", "n", "m") }
        #expect(try book.rows(sql) == [["m", "n"], ["n", "–"]])
        try book.write(ConflictUndone()) { $0.conflict = "x" }
        #expect(try book.rows(sql) == [["m", "–"], ["n", "–"]])
    }

    @Test func `a note stays when the calendar changes, and goes when it is removed`() throws {
        let book = try Book()
        try see(book)
        try book.write(NoteWritten()) { ($0.meeting, $0.note) = ("m", "Bring the list.") }
        try change(book) { $0.cleared = ["description"] }
        try see(book, in: "k2")
        #expect(try book.row("SELECT note FROM meeting") == ["Bring the list."])
        try book.write(NoteRemoved()) { $0.meeting = "m" }
        #expect(try book.row("SELECT note FROM meeting") == ["–"])
    }

    @Test func `what is older than its owner wants to see leaves the view, and nothing else does`() throws {
        let book = try Book()
        try see(book, "old") { $0.details.attendees = attendees("a") }
        try see(book, "new") { ($0.details.starts, $0.details.ends) = (1_000, 2_000) }
        try see(book, "old days") {
            ($0.details.starts, $0.details.ends, $0.details.firstDay, $0.details.lastDay) = (
                nil, nil, "2025-01-01", "2025-01-01"
            )
        }
        try book.write(RetentionApplied(), owner: "bea") { ($0.subject, $0.before) = (.meetings, 500) }
        try book.write(RetentionApplied()) { ($0.subject, $0.before) = (.jobs, 500) }
        #expect(try book.rows("SELECT meeting FROM meeting").count == 3)
        try book.write(RetentionApplied()) { ($0.subject, $0.before, $0.beforeDay) = (.meetings, 500, "2025-06-01") }
        #expect(try book.rows("SELECT meeting FROM meeting") == [["new"]])
        #expect(try book.rows("SELECT meeting FROM meeting_sighting") == [["new"]])
        #expect(try book.rows("SELECT meeting FROM meeting_attendee") == [])
    }

    @Test func `an address that stands twice among the attendees is one attendee`() throws {
        let book = try Book()
        try see(book) {
            var organizer = attendees("a1")[0]
            organizer.isOrganizer = true
            $0.details.attendees = [organizer] + attendees("a1", "a2")
        }
        #expect(
            try book.rows("SELECT address, is_organizer FROM meeting_attendee ORDER BY address") == [
                ["a1", "1"], ["a2", "0"],
            ])
    }
}
