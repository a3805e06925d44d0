import Entries
import Foundation
import HTTP
import ICalendar
import Testing

@testable import Providers

/// Readings of the emulator, which answers as Graph does, through the client that everything goes out through.
@Suite(.serialized, .enabled(if: GraphEmulator.isHere)) final class GraphEmulatorTests {
    private let graph: GraphEmulator

    init() throws { graph = try GraphEmulator() }

    private func titles(_ reading: Reading?) throws -> [String] {
        try #require(reading).meetings().compactMap(\.details.title)
    }

    @Test func `A08 the calendars of an account`() throws {
        try graph.control("PUT", "calendars/team", ["name": "Team", "canEdit": false, "canShare": false])
        try graph.control("PUT", "paging", ["largest": 1])
        let found = try graph.source().calendars()
        #expect(found.isComplete && found.calendars.count == 2)
        #expect(found.calendars.first?.isPrimary == true && found.calendars.first?.access == .own)
        #expect(found.calendars.last?.name == "Team")
    }

    @Test func `G32 G37 pages, empty ones, and events that are told twice`() throws {
        for number in 1...5 {
            try graph.make(["id": "\(number)", "subject": "\(number)", "start": "2026-11-2\(number)T09:00"])
        }
        try graph.control("PUT", "paging", ["largest": 2, "emptyPages": 2, "twice": true, "reverse": true])
        let reading = try #require(try graph.read())
        #expect(reading.isComplete && reading.pages > 5)
        #expect(try titles(reading).sorted() == ["1", "2", "3", "4", "5"])
        #expect(try graph.read(reading.cursor) == nil)
    }

    @Test(arguments: [false, true])
    func `G34 G35 occurrences have what their series says, whether it comes along or not`(_ omitted: Bool) throws {
        try graph.makeSeries()
        try graph.control("PUT", "paging", ["omitMasters": omitted])
        let meetings = try #require(try graph.read()).meetings()
        #expect(meetings.count == 5)
        #expect(Set(meetings.map(\.details.title)) == ["Standup"])
        #expect(Set(meetings.map(\.uid)).count == 1)
        #expect(meetings.first?.details.starts == (try Moments.instant("2026-11-23T08:00:00Z")))
        #expect(meetings.first?.details.zone == "Europe/Berlin")
        #expect(meetings.allSatisfy { $0.originalStart == $0.details.starts })
    }

    @Test func `G112 a moved occurrence is the same meeting at another time`() throws {
        try graph.makeSeries()
        let first = try #require(try graph.read())
        try graph.control(
            "POST", "calendars/primary/events/series/instances/2026-11-25/move", ["start": "2026-11-25T15:00"])
        let second = try #require(try graph.read(first.cursor, known: Set(first.identifiers)))
        let original = try Moments.instant("2026-11-25T08:00:00Z")
        let before = try first.meetings().first { $0.originalStart == original }
        let after = try second.meetings().first { $0.originalStart == original }
        #expect(before?.uid == after?.uid)
        #expect(after?.details.starts == (try Moments.instant("2026-11-25T14:00:00Z")))
    }

    @Test func `a change of a series reaches all its occurrences`() throws {
        try graph.makeSeries()
        let first = try #require(try graph.read())
        try graph.control("PATCH", "calendars/primary/events/series", ["subject": "Sitdown"])
        let second = try #require(try graph.read(first.cursor, known: Set(first.identifiers)))
        #expect(second.scope == .whole && second.reason == .reconciliation)
        #expect(try titles(second) == Array(repeating: "Sitdown", count: 5))
        #expect(Set(second.identifiers) == Set(first.identifiers))
        #expect(Set(first.items.map(\.mark)).isDisjoint(with: second.items.map(\.mark)))
        #expect(try graph.read(second.cursor) == nil)
    }

    @Test func `B06 a deleted occurrence, a deleted series and a deleted meeting are gone at once`() throws {
        try graph.makeSeries()
        try graph.make(["id": "single", "subject": "Lunch", "start": "2026-11-24T12:00"])
        let first = try #require(try graph.read())
        let known = Set(first.identifiers)
        try graph.delete("single")
        try graph.control("DELETE", "calendars/primary/events/series/instances/2026-11-25")
        let second = try #require(try graph.read(first.cursor, known: known))
        #expect(second.gone.count == 2 && Set(second.gone).isSubset(of: known))
        try graph.delete("series")
        let third = try #require(try graph.read(second.cursor, known: known.subtracting(second.gone)))
        #expect(third.scope == .changes && third.gone.count == 4)
        #expect(Set(third.gone).union(second.gone) == known)
        let fourth = try #require(try graph.read(third.cursor))
        #expect(fourth.scope == .whole && fourth.items.isEmpty)
    }

    @Test func `G36 what moves out of the window is not gone, and comes back as itself`() throws {
        try graph.make(["id": "1", "subject": "Trip", "start": "2026-11-24T09:00"])
        let first = try #require(try graph.read())
        try graph.control("POST", "calendars/primary/events/1/move", ["start": "2028-01-10T09:00"])
        let second = try #require(try graph.read(first.cursor, known: Set(first.identifiers)))
        #expect(second.gone.isEmpty && second.identifiers == first.identifiers)
        #expect(try second.meetings().first?.details.starts == (try Moments.instant("2028-01-10T09:00:00Z")))
        // Something that was never in the window changes out there.
        try graph.make(["id": "2", "subject": "Far", "start": "2029-01-10T09:00"])
        let third = try #require(try graph.read(second.cursor, known: Set(first.identifiers)))
        #expect(third.scope == .changes && third.items.isEmpty && third.gone.isEmpty)
    }

    @Test func `G40 an event that moves to another calendar keeps its identifier, and leaves this one`() throws {
        try graph.control("PUT", "calendars/team", ["name": "Team"])
        try graph.make(["id": "1", "subject": "Lunch", "start": "2026-11-24T12:00"])
        let first = try #require(try graph.read())
        try graph.control("POST", "calendars/primary/events/1/transfer", ["calendar": "team"])
        let second = try #require(try graph.read(first.cursor, known: Set(first.identifiers)))
        #expect(second.gone == first.identifiers)
        let there = try graph.source().read(CalendarPlace(path: "team"), ReadingWish(cursor: nil, window: .forTests))
        #expect(there?.identifiers == first.identifiers)
        for request in try graph.journal() {
            let headers = try #require(request["headers"] as? [[String]])
            let prefer = headers.first { $0.first?.lowercased() == "prefer" }?.last
            #expect(prefer?.contains(#"IdType="ImmutableId""#) == true)
            #expect(prefer?.contains(#"outlook.timezone="UTC""#) == true)
        }
    }

    @Test(arguments: [
        "410", "400:SyncStateNotFound", "404:syncStateInvalid", "410:resyncRequired", "400:ResyncRequired",
    ])
    func `G38 the death of a cursor leads to everything, without what went meanwhile`(_ kind: String) throws {
        try graph.make(
            ["id": "1", "subject": "Stays", "start": "2026-11-24T09:00"],
            ["id": "2", "subject": "Goes", "start": "2026-11-24T10:00"])
        let first = try #require(try graph.read())
        try graph.delete("2")
        try graph.control("POST", "calendars/primary/expire", ["kind": kind])
        let second = try #require(try graph.read(first.cursor, known: Set(first.identifiers)))
        #expect(second.scope == .whole && second.reason == .cursorRefused && second.isComplete)
        #expect(try titles(second) == ["Stays"])
        #expect(try graph.read(second.cursor) == nil)
    }

    @Test func `G39 L16 the window goes on, and what was there before has the same marks`() throws {
        try graph.makeSeries(count: 200)
        try graph.make(["id": "1", "subject": "Lunch", "start": "2026-11-24T12:00"])
        let first = try #require(try graph.read())
        var window = ReadingWindow.forTests
        window.from += 35 * Moments.day
        window.to += 35 * Moments.day
        let second = try #require(try graph.read(first.cursor, window: window, known: Set(first.identifiers)))
        #expect(second.scope == .whole && second.reason == .windowMoved)
        let before = Dictionary(uniqueKeysWithValues: first.items.map { ($0.identifier, $0.mark) })
        let both = second.items.filter { before[$0.identifier] != nil }
        #expect(both.count > 50 && second.items.count > both.count)
        #expect(both.allSatisfy { before[$0.identifier] == $0.mark })
        // Whatever lies in the range that counts as covered is there.
        let covered = try #require(second.coveredFrom)
        let missing = try first.meetings().filter { meeting in
            guard let id = meeting.details.providerPath, let ends = meeting.details.ends else { return false }
            return ends >= covered && !second.identifiers.contains(id)
        }
        #expect(missing.isEmpty)
    }

    @Test func `G42 L23 whole days, alone and in a series`() throws {
        try graph.make(
            ["id": "1", "subject": "Fair", "start": "2026-11-24", "end": "2026-11-27"],
            [
                "id": "2", "subject": "Cleaning", "isAllDay": true,
                "start": ["dateTime": "2026-11-23T00:00:00", "timeZone": "Pacific Standard Time"],
                "end": ["dateTime": "2026-11-24T00:00:00", "timeZone": "Pacific Standard Time"],
                "recurrence": [
                    "pattern": ["type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday"],
                    "range": ["type": "endDate", "startDate": "2026-11-23", "endDate": "2026-12-07"],
                ],
            ])
        try graph.control("PATCH", "calendars/primary/events/2/instances/2026-11-30", ["subject": "Great cleaning"])
        let meetings = try #require(try graph.read()).meetings()
        let fair = try #require(meetings.first { $0.details.title == "Fair" })
        #expect(fair.details.firstDay == "2026-11-24" && fair.details.lastDay == "2026-11-26")
        let cleaning = meetings.filter { $0.details.title != "Fair" }.sorted {
            $0.originalDay ?? "" < $1.originalDay ?? ""
        }
        #expect(cleaning.map(\.originalDay) == ["2026-11-23", "2026-11-30", "2026-12-07"])
        #expect(cleaning.map(\.details.firstDay) == ["2026-11-23", "2026-11-30", "2026-12-07"])
        #expect(cleaning.map(\.details.lastDay) == ["2026-11-23", "2026-11-30", "2026-12-07"])
        #expect(Set(cleaning.map(\.uid)).count == 1)
    }

    @Test(arguments: [
        ("Eastern Standard Time", "America/New_York", "2026-11-24T14:00:00Z"),
        ("Asia/Tokyo", "Asia/Tokyo", "2026-11-24T00:00:00Z"),
        ("tzone://Microsoft/Custom", nil, "2026-11-24T08:00:00Z"),
    ])
    func `G41 zones of Windows, of IANA and of nobody`(_ zone: String, _ name: String?, _ starts: String) throws {
        try graph.make([
            "id": "1", "start": ["dateTime": "2026-11-24T09:00:00", "timeZone": zone],
            "end": ["dateTime": "2026-11-24T10:00:00", "timeZone": zone], "clockZone": "Europe/Berlin",
        ])
        let details = try #require(try graph.read()).meetings().first?.details
        #expect(details?.zone == name)
        #expect(details?.starts == (try Moments.instant(starts)))
    }

    @Test func `C08 contacts, and who is gone`() throws {
        for number in 1...3 {
            try graph.control(
                "PUT", "people/\(number)",
                [
                    "displayName": "Person \(number)",
                    "emailAddresses": [["name": "x", "address": "P\(number)@Example.test"]],
                ])
        }
        try graph.control("PUT", "paging", ["largest": 2, "emptyPages": 1])
        let first = try #require(try graph.people())
        #expect(first.isComplete && first.contacts.map(\.name).sorted() == ["Person 1", "Person 2", "Person 3"])
        #expect(first.contacts.flatMap(\.addresses).map(\.text).sorted().first == "p1@example.test")
        #expect(try graph.people(first.cursor) == nil)
        try graph.control("DELETE", "people/2")
        try graph.control("PUT", "people/3", ["displayName": "Another"])
        let second = try #require(try graph.people(first.cursor))
        #expect(second.scope == .changes && second.contacts.map(\.name) == ["Another"])
        #expect(second.gone == first.contacts.filter { $0.name == "Person 2" }.compactMap(\.uid))
    }

    // MARK: What goes wrong

    @Test func `G52 no more than four are under way at once`() throws {
        for number in 0..<20 { try graph.makeSeries("series\(number)", subject: "\(number)") }
        try graph.control("PUT", "paging", ["omitMasters": true])
        try graph.control("PUT", "limits", ["concurrentPerApp": 4])
        let reading = try #require(try graph.read())
        #expect(reading.items.count == 100 && reading.pages >= 21)
        #expect(graph.waits.count == 0)
        #expect(try graph.journal().allSatisfy { ($0["status"] as? Int ?? 0) < 400 })
    }

    @Test(arguments: [("retry-after:7", 7_000), ("retry-after:date+9", 9_000)] as [(String, Int64)])
    func `G52 who is asked to wait waits as long as it says, in seconds or up to a date`(
        _ kind: String, _ least: Int64
    ) throws {
        try graph.make(["id": "1", "subject": "Lunch", "start": "2026-11-24T12:00"])
        try graph.control(
            "POST", "faults", ["match": "calendars.calendarView.delta", "kind": "status:429|\(kind)", "times": 1])
        #expect(try titles(try graph.read()) == ["Lunch"])
        #expect(graph.waits.count == 1 && graph.waits.milliseconds >= least)
    }

    @Test func `an expired sign-in is told as such`() throws {
        try graph.control("POST", "tokens/expire", [:])
        let failure = #expect(throws: ReadingFailure.self) { try graph.read() }
        #expect(failure?.errorClass == .auth)
    }

    @Test(arguments: ["cut", "truncate", "html", "garbage", "empty", "reset"])
    func `L04 a spoiled answer takes nothing away`(_ kind: String) throws {
        for number in 1...5 { try graph.make(["id": "\(number)", "start": "2026-11-2\(number)T09:00"]) }
        try graph.control("PUT", "paging", ["largest": 2])
        try graph.control(
            "POST", "faults", ["match": "calendars.calendarView.delta", "kind": kind, "times": 0, "after": 1])
        let failure = #expect(throws: ReadingFailure.self) { try graph.read() }
        #expect(failure?.errorClass == .transient)
    }
}
