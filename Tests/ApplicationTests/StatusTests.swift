import Entries
import Rehearsal
import Schedule
import Testing

@testable import Application

/// How the readings stand, what waits, and whether something needs a look.
@Suite struct StatusTests {
    private func status(_ read: ReadHome, user: String? = nil) throws -> StatusRequest.Status {
        try read.home.ask(StatusRequest(user: user))
    }

    private func fail(_ read: ReadHome, run: String) throws {
        try read.home.write(FetchFailed(), stream: "calendar/k") {
            ($0.reading.connection, $0.reading.calendar, $0.reading.run) = ("c", "k", run)
            ($0.errorClass, $0.errorCode, $0.started) = (.permanent, "missing", 1)
            $0.message = "The file is not there."
        }
    }

    @Test func `L54 what was never read is not healthy, and needs no look before it is due`() throws {
        let read = try ReadHome()
        let status = try status(read)
        #expect(status.sources.map(\.health) == ["unknown"])
        #expect(status.sources.first?.freshness == "idle")
        #expect(status.sources.first?.calendars.first?.reading.lastSuccess == nil)
        #expect(!status.needsLook)
    }

    @Test func `L54 silence becomes stale, and that needs a look`() throws {
        let read = try ReadHome()
        try read.finishReading()
        #expect(try status(read).sources.map(\.health) == ["healthy"])
        #expect(try status(read).sources.first?.calendars.map(\.freshness) == ["fresh"])
        #expect(try !status(read).needsLook)
        read.home.time.jump(by: 31 * 60_000)
        let later = try status(read)
        #expect(later.sources.map(\.health) == ["unknown"])
        #expect(later.sources.map(\.freshness) == ["stale"])
        #expect(later.sources.first?.calendars.map(\.freshness) == ["stale"])
        #expect(later.needsLook)
    }

    @Test func `K02 decision 7 three failures in a row are degraded, with what happened and what to do`() throws {
        let read = try ReadHome()
        try read.finishReading(run: "r0")
        for number in 1...3 {
            try fail(read, run: "r\(number)")
            #expect(try status(read).sources.first?.health == (number < 3 ? "healthy" : "degraded"))
        }
        let reading = try #require(try status(read).sources.first?.calendars.first?.reading)
        #expect((reading.errorClass, reading.failures) == ("permanent", 3))
        #expect(reading.message == "The file is not there.")
        #expect(reading.advice?.contains("daybook sync --connection") == true)
        #expect(try status(read).needsLook)
    }

    @Test func `a suspected reading stands there with its numbers until it is confirmed`() throws {
        let read = try ReadHome()
        try read.finishReading(run: "r0")
        try read.home.write(FetchSuspected(), stream: "calendar/k") {
            ($0.reading.connection, $0.reading.calendar, $0.reading.run) = ("c", "k", "r1")
            ($0.known, $0.found) = (20, 2)
        }
        let reading = try #require(try status(read).sources.first?.calendars.first?.reading)
        #expect((reading.suspectedKnown, reading.suspectedFound) == (20, 2))
        #expect(try status(read).needsLook)
        _ = try read.home.ask(ConfirmReadingRequest(user: nil, connection: "c"))
        #expect(try status(read).sources.first?.calendars.first?.reading.suspectedKnown == nil)
        #expect(try !status(read).needsLook)
    }

    @Test func `L39 the next reading is due at the next planned time, and never while it is paused`() throws {
        let read = try ReadHome()
        try read.finishReading()
        let reading = try #require(try status(read).sources.first?.calendars.first?.reading)
        let attempt = try #require(reading.lastAttempt)
        let due = try #require(reading.nextDue)
        #expect(due > attempt && due <= attempt + 15 * 60_000)
        #expect(due == Grid.of("c", minutes: 15).planned(at: due))
        try read.home.write(ConnectionPaused(), stream: "connection/c") { $0.connection = "c" }
        let paused = try #require(try status(read).sources.first)
        #expect(paused.freshness == "paused")
        #expect(paused.calendars.first?.reading.nextDue == nil)
    }

    @Test func `B16 what cannot be read is named, with why`() throws {
        let read = try ReadHome()
        try read.finishReading()
        try read.home.write(MeetingQuarantined(), stream: "calendar/k") {
            ($0.connection, $0.calendar, $0.providerID) = ("c", "k", "e1")
            ($0.problem, $0.message) = (.unsupportedRule, "Its rule repeats by the second.")
        }
        let status = try status(read)
        #expect(status.unreadable.map(\.message) == ["Its rule repeats by the second."])
        #expect(status.unreadable.map(\.calendarName) == ["Work"])
        #expect(status.needsLook)
    }

    @Test func `L25 the queue counts what has ended and was not decided, and nothing else`() throws {
        let read = try ReadHome()
        let bea = try read.bea()
        try read.meeting("past", "Past", hours: -5, with: [bea])
        try read.meeting("decided", "Decided", hours: -6)
        try read.home.write(MeetingSkipped(), stream: "meeting/decided") { $0.meeting = "decided" }
        try read.meeting("ahead", "Ahead", hours: 5)
        let home = try read.address("bea@home.example", "Bea")
        try read.home.write(AddressSuggested(), stream: "address/\(home)") {
            ($0.address, $0.person) = (home, "bea")
        }
        let status = try status(read)
        #expect(status.waiting == 1)
        #expect(status.suggestions == 1)
    }

    @Test func `L64 another user's connections are not shown`() throws {
        let read = try ReadHome()
        try read.addUser("eve", "Eve")
        #expect(try status(read, user: "Eve").sources.isEmpty)
        #expect(try status(read).sources.count == 1)
    }
}
