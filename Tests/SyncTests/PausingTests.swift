import Entries
import Ledger
import Testing

@testable import Sync

/// While a long work lets others in between two transactions, they may do the same work, or something that changes it.
struct PausingTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.people([Contact("bob")])
    }

    /// More than one transaction and one page hold.
    private static let events = (0..<450).map { Event("talk \($0)", -Int64($0 % 60) - 2, at: Int64($0 / 60) + 8) }

    private func expectOnce() throws {
        #expect(
            try practice.entries(MeetingSeen.type).count == practice.rows("SELECT 1 FROM meeting_sighting").count)
        #expect(try practice.entries(ActivityLogged.type).count == Self.events.count)
        #expect(try practice.activities().count == Self.events.count)
    }

    @Test func `L09 who logs the same meetings in a pause of another logs none of them twice`() throws {
        try practice.calendar("work", Self.events)
        var pauses = 0
        practice.pause = { [practice] in
            pauses += 1
            guard pauses == 1 else { return false }
            practice.pause = { false }
            _ = try? practice.sync { ($0.isDueOnly, $0.limit) = (true, 1_000) }
            return true
        }
        try practice.sync { $0.limit = 1_000 }
        #expect(pauses == 1)
        try practice.settle()
        try expectOnce()
    }

    @Test func `L16 another calendar with the same meetings that is read in each pause doubles none`() throws {
        try practice.calendar("work", Self.events)
        try practice.calendar("copy", Self.events)
        var isInside = false
        practice.pause = { [practice] in
            if isInside { return false }
            isInside = true
            defer { isInside = false }
            _ = try? practice.sync { ($0.connection, $0.limit) = (practice.connection("copy"), 1_000) }
            return true
        }
        try practice.sync { ($0.connection, $0.limit) = (practice.connection("work"), 1_000) }
        practice.pause = { false }
        try practice.settle()
        #expect(try practice.meetings().count == Self.events.count)
        #expect(try practice.rows("SELECT 1 FROM meeting_sighting").count == 2 * Self.events.count)
        try expectOnce()
    }

    @Test func `a connection that is removed in a pause is read no further`() throws {
        try practice.calendar("work", Self.events)
        practice.pause = { [practice] in
            practice.pause = { false }
            _ = try? practice.disconnect("work")
            return true
        }
        try practice.sync { $0.connection = practice.connection("work") }
        #expect(try practice.entries(FetchFinished.type).isEmpty)
        let removed = try #require(try practice.entries(ConnectionRemoved.type).first)
        #expect(try practice.entries(MeetingSeen.type).allSatisfy { $0.position < removed.position })
    }

    @Test func `series that somebody else unfolds in a pause are unfolded once`() throws {
        let series = (0..<6).map { Event("weekly \($0)", -30, at: Int64($0) + 8, lines: ["RRULE:FREQ=WEEKLY;COUNT=4"]) }
        try practice.calendar("work", series)
        practice.pause = { [practice] in
            practice.pause = { false }
            _ = try? UnfoldStage(practice.desk, owner: practice.owner, zone: nil).run()
            return true
        }
        try practice.sync { $0.limit = 1_000 }
        try practice.settle()
        #expect(try practice.meetings().count == 24)
        #expect(try practice.entries(MeetingSeen.type).count == 24)
        #expect(try practice.entries(ActivityLogged.type).count == 24)
    }

    @Test func `what is said of an address in a pause stands, and who is removed in it is matched no more`() throws {
        let guests = (0..<2_200).map { "guest\($0)" }
        let events = (0..<22).map {
            Event("talk \($0)", -Int64($0) - 2, with: Array(guests[$0 * 100..<$0 * 100 + 100]))
        }
        try practice.people(guests.map { Contact($0) })
        try practice.calendar("work", events)
        practice.pause = { [practice] in
            guard (try? practice.entries(AddressMatched.type).isEmpty) == false else { return false }
            practice.pause = { false }
            do {
                var matched = AddressMatched()
                matched.address = practice.address("guest2150@example.org")
                matched.person = practice.person("guest7")
                (matched.rule, matched.confidence) = (.manual, 100)
                var removed = PersonRemoved()
                (removed.person, removed.reason) = (practice.person("guest2190"), .byHand)
                try practice.append([
                    practice.draft(matched, "address/\(matched.address)"),
                    practice.draft(removed, "person/\(removed.person)"),
                ])
            } catch { Issue.record(error) }
            return true
        }
        try practice.sync { $0.limit = 3_000 }
        func person(of guest: String) throws -> [String] {
            let address = practice.address("\(guest)@example.org")
            return try practice.texts("SELECT COALESCE(person, answer) FROM address WHERE address = '\(address)'")
        }
        #expect(try person(of: "guest2150") == [practice.person("guest7")])
        #expect(try person(of: "guest2190") == ["unmatched"])
        #expect(try person(of: "guest2199") == [practice.person("guest2199")])
        #expect(try practice.entries(AddressMatched.type).count == 2_200 - 1)
    }
}
