import Entries
import Foundation
import Testing

@testable import Sync

/// Files that are not what they were: cut off, empty, gone, or with far too little in them.
struct TruncationTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob"), Contact("cleo")])
    }

    private let older = Event("older", -60, with: [])

    private func many(_ count: Int) -> [Event] {
        [older] + (1..<count).map { Event("plan\($0)", -20 + Int64($0)) }
    }

    private func withdrawals() throws -> Int {
        try practice.entries(
            MeetingWithdrawn.type, SeriesWithdrawn.type, ActivityRetracted.type, FetchSuspected.type
        ).count
    }

    @Test func `G16 F8 L01 a file that is cut off at any length withdraws nothing and makes nothing up`() throws {
        let events = [
            older, Event("plan", lines: ["DESCRIPTION:Long words about nothing"]),
            Event("standup", -21, lines: ["RRULE:FREQ=WEEKLY"]),
        ]
        try practice.calendar("work", events)
        try practice.settle()
        let before = (try practice.meetings(), try practice.activities(), try practice.lastPosition())
        let whole = Array(Event.calendar(events).utf8)
        // Without its last line break it is whole.
        for length in 0..<(whole.count - 2) {
            try practice.write(String(decoding: whole.prefix(length), as: UTF8.self), to: "work.ics")
            let outcome = try #require(try practice.sync().outcomes.first)
            #expect(outcome.hasPrefix("failed"), "\(length) of \(whole.count): \(outcome)")
        }
        #expect(try practice.meetings() == before.0)
        #expect(try practice.activities() == before.1)
        let after = try practice.entries(after: before.2)
        #expect(Set(after.map(\.type)) == [FetchFailed.type, FetchFinished.type])
        #expect(after.count { $0.type == FetchFailed.type } == whole.count - 2)
        // Whole again, it is read as if nothing had been.
        try practice.calendar("work", events + [Event("new", -1, with: ["cleo"])])
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.activities().contains("new: Cleo Stone"))
        #expect(try practice.texts("SELECT consecutive_failures FROM connection WHERE name = 'work'") == ["0"])
    }

    @Test func `G16 an address book that is cut off takes nobody away`() throws {
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"])])
        try practice.settle()
        let whole = [Contact("bob"), Contact("cleo")].map(\.text).joined()
        for length in 0..<(whole.utf8.count - 2) {
            // Cut off between two people it looks whole, and only the second absence in a row would count.
            try practice.write(String(decoding: whole.utf8.prefix(length), as: UTF8.self), to: "people.vcf")
            try practice.sync()
            try practice.write(whole, to: "people.vcf")
            try practice.sync()
        }
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
        #expect(try practice.knownPeople() == ["Bob Stone", "Cleo Stone"])
        #expect(try practice.entries(PersonRemoved.type, PersonChanged.type, ActivityRetracted.type).isEmpty)
    }

    @Test func `G16 one file of a folder that is cut off hides nothing, and the others are read`() throws {
        try practice.folder("days", [older, Event("plan"), Event("talk", -9, with: ["cleo"])])
        try practice.settle()
        let text = Event.calendar([Event("plan")])
        try practice.write(String(text.prefix(90)), to: "days/plan.ics")
        try practice.write(
            Event.calendar([Event("talk", -9, with: ["cleo"]).with { $0.title = "Talk" }]), to: "days/talk.ics")
        try practice.settle()
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone", "Talk: Cleo Stone"])
        #expect(try practice.entries(MeetingQuarantined.type).count == 1)
        #expect(try withdrawals() == 0)
        try practice.write(Event.calendar([Event("plan").with { $0.title = "Plan" }]), to: "days/plan.ics")
        try practice.settle()
        #expect(try practice.activities() == ["Plan: Bob Stone", "Talk: Cleo Stone"])
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_quarantine") == ["0"])
    }

    @Test func `L04 a file of a folder that is gone is an event that is absent`() throws {
        try practice.folder("days", [older, Event("plan"), Event("talk", -9, with: ["cleo"])])
        try practice.settle()
        try practice.folder("days", [older, Event("talk", -9, with: ["cleo"])])
        try practice.sync()
        #expect(try practice.activities().count == 2)
        try practice.sync()
        #expect(try practice.activities() == ["talk: Cleo Stone"])
    }

    @Test(arguments: ["", "<!DOCTYPE html><html><body>Please sign in</body></html>", "no calendar at all"])
    func `L01 what is no calendar is a failure and no empty calendar`(text: String) throws {
        try practice.calendar("work", [older, Event("plan")])
        try practice.settle()
        try practice.write(text, to: "work.ics")
        for _ in 0..<3 { #expect(try practice.sync().outcomes.allSatisfy { $0.hasPrefix("failed") }) }
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try withdrawals() == 0)
    }

    @Test func `L01 L17 a file that is gone is a failure, and no success is recorded for it`() throws {
        try practice.calendar("work", [older, Event("plan")])
        try practice.settle()
        let success = try practice.texts("SELECT last_success FROM calendar")
        try FileManager.default.removeItem(atPath: practice.path("work.ics"))
        for _ in 0..<3 { #expect(try practice.sync().outcomes == ["failed missing"]) }
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.texts("SELECT last_success FROM calendar") == success)
        #expect(try practice.texts("SELECT consecutive_failures FROM calendar") == ["3"])
    }

    @Test func `L03 decision 11 nothing at all where something was known is suspected`() throws {
        try practice.calendar("work", [Event("plan"), Event("next", 3)])
        try practice.settle()
        try practice.calendar("work", [])
        #expect(try practice.sync().outcomes == ["suspected 0 of 2"])
        #expect(try withdrawals() == 1)
        try practice.calendar("work", [Event("plan"), Event("next", 3)])
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.texts("SELECT COUNT(*) FROM meeting_absence") == ["0"])
        #expect(try practice.meetings().count == 2)
    }

    @Test func `L03 a reading that is suspected is an answer: the error before it is told no more, and it was read`()
        throws
    {
        try practice.calendar("work", [Event("plan"), Event("next", 3)])
        try practice.settle()
        try FileManager.default.removeItem(atPath: practice.path("work.ics"))
        #expect(try practice.sync().outcomes == ["failed missing"])
        let errors = """
            SELECT COALESCE(calendar.last_error_code, 'none') || ' ' || COALESCE(connection.last_error_code, 'none')
            FROM calendar JOIN connection USING (connection)
            """
        #expect(try practice.texts(errors) == ["missing missing"])
        practice.wait(minutes: 15)
        try practice.calendar("work", [])
        let before = practice.now
        #expect(try practice.sync().outcomes == ["suspected 0 of 2"])
        #expect(try practice.texts(errors) == ["none none"])
        let work = practice.connection("work")
        let attempt = "SELECT last_attempt >= \(before) FROM connection WHERE connection = '\(work)'"
        #expect(try practice.texts(attempt) == ["1"])
    }

    @Test(arguments: [(10, 7, false), (10, 6, true), (11, 7, true), (9, 1, false), (20, 14, false), (20, 13, true)])
    func `B05 decision 11 fewer than 70 of 100 of ten or more are suspected, and no others`(
        known: Int, found: Int, isSuspected: Bool
    ) throws {
        try practice.calendar("work", many(known))
        try practice.settle()
        try practice.calendar("work", Array(many(known).prefix(found)))
        #expect(try practice.sync().outcomes == [isSuspected ? "suspected \(found) of \(known)" : "read"])
        #expect(try practice.activities().count == known - 1)
    }

    @Test func `decision 11 a suspected reading is applied when the next one says the same`() throws {
        try practice.calendar("work", many(12))
        try practice.settle()
        try practice.calendar("work", many(4))
        #expect(try practice.sync().outcomes == ["suspected 4 of 12"])
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.activities().count == 11)
        #expect(try practice.entries(FetchConfirmed.type).count == 1)
        // That was the first absence that counts; what is still missing then is no news.
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.activities().count == 3)
        #expect(try practice.retracted().count == 8)
        #expect(try practice.entries(FetchSuspected.type).count == 1)
    }

    @Test func `decision 11 a suspected reading is applied when a person confirms it`() throws {
        try practice.calendar("work", many(12))
        try practice.settle()
        try practice.calendar("work", many(4))
        try practice.sync()
        try practice.confirmReading("work")
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.sync().outcomes == ["read"])
        #expect(try practice.activities().count == 3)
        #expect(try practice.entries(FetchConfirmed.type).count == 1)
    }

    @Test func `L03 a suspicion that the next reading does away with leaves nothing behind`() throws {
        try practice.calendar("work", many(12))
        try practice.settle()
        try practice.calendar("work", many(4))
        try practice.sync()
        try practice.calendar("work", many(12))
        try practice.settle()
        #expect(try practice.activities().count == 11)
        #expect(try practice.entries(FetchConfirmed.type).isEmpty)
        try practice.calendar("work", many(4))
        #expect(try practice.sync().outcomes == ["suspected 4 of 12"])
    }

    @Test func `L03 an address book that suddenly holds far too few is suspected as well`() throws {
        let people = (1...12).map { Contact("person\($0)") }
        try practice.people(people, book: "more")
        try practice.calendar("work", [Event("plan", with: ["person12"])])
        try practice.settle()
        try practice.people(Array(people.prefix(3)), book: "more")
        try practice.sync()
        #expect(try practice.entries(FetchSuspected.type).count == 1)
        #expect(try practice.knownPeople().count == 14)
        try practice.sync()
        #expect(try practice.knownPeople().count == 14)
        try practice.sync()
        #expect(try practice.knownPeople().count == 5)
        #expect(try practice.activities() == [])
    }

    @Test func `L16 the range that a reading covered, and where the next begins, land with its end`() throws {
        try practice.calendar("work", [older, Event("plan")])
        try practice.sync()
        let finished = try practice.entries(FetchFinished.type).compactMap { try $0.fact() as? FetchFinished }
            .filter { $0.reading.subject == .meetings }
        #expect(finished.count == 1)
        #expect(finished.first?.modeReason == .first)
        let from = try #require(finished.first?.coveredFrom)
        let to = try #require(finished.first?.coveredTo)
        #expect(to - from == 120 * Time.day)
        #expect(try practice.texts("SELECT covered_from, cursor IS NULL FROM calendar") == ["\(from) 0"])
    }
}
