import Entries
import HTTP
import Testing

@testable import Providers

/// What a round of changes comes to.
struct GraphChangesTests {
    private let script = GraphScript()
    private let cursor = DeltaCursor(
        window: DeltaWindow(for: .forTests), link: GraphScript.base + GraphScript.next
    ).text

    private static func event(_ id: String) -> String { "/me/calendars/main/events/\(id)" }

    @Test func `B02 nothing changed is nil`() throws {
        try script.page(GraphScript.next, [], next: GraphScript.view + "?$skiptoken=2")
        try script.page(GraphScript.view + "?$skiptoken=2", [], delta: GraphScript.later)
        #expect(try script.read(cursor) == nil)
    }

    @Test func `B02 what changed is told, and the cursor goes on`() throws {
        try script.page(GraphScript.next, [GraphJSON.single("1")], delta: GraphScript.later)
        let reading = try #require(try script.read(cursor))
        #expect(reading.scope == .changes && reading.identifiers == ["1"] && reading.gone.isEmpty)
        let next = try #require(DeltaCursor(reading.cursor))
        #expect(next.link == GraphScript.base + GraphScript.later)
        #expect(next.window == DeltaWindow(for: .forTests))
    }

    @Test func `B06 what was removed and is no more is gone`() throws {
        try script.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try script.refuse(Self.event("1"), 404, "ErrorItemNotFound")
        let reading = try #require(try script.read(cursor, known: ["1"]))
        #expect(reading.scope == .changes && reading.gone == ["1"] && reading.items.isEmpty)
    }

    @Test func `G36 what was moved out of the window is told with its new time, and not as gone`() throws {
        try script.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try script.answer(Self.event("1"), 200, GraphJSON.single("1", "2030-01-07T09:00:00", "2030-01-07T10:00:00"))
        let reading = try #require(try script.read(cursor, known: ["1"]))
        #expect(reading.gone.isEmpty && reading.identifiers == ["1"])
        #expect(try reading.meetings().first?.details.starts == (try Moments.instant("2030-01-07T09:00:00Z")))
    }

    @Test func `G36 what lies outside of the window and was never known is passed over`() throws {
        try script.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try script.answer(Self.event("1"), 200, GraphJSON.single("1", "2030-01-07T09:00:00", "2030-01-07T10:00:00"))
        let reading = try #require(try script.read(cursor))
        #expect(reading.scope == .changes && reading.gone.isEmpty && reading.items.isEmpty)
        #expect(DeltaCursor(reading.cursor)?.link == GraphScript.base + GraphScript.later)
    }

    @Test func `L04 whether it is gone cannot be told where nobody answers, and the cursor does not move`() throws {
        try script.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try script.refuse(Self.event("1"), 503, "serviceNotAvailable")
        #expect(throws: ReadingFailure.self) { try script.read(cursor, known: ["1"]) }
        let portal = GraphScript()
        try portal.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try portal.answer(Self.event("1"), 404, "<html>Welcome to the hotel</html>")
        #expect(throws: ReadingFailure.self) { try portal.read(cursor, known: ["1"]) }
        let mailbox = GraphScript()
        try mailbox.page(GraphScript.next, [GraphJSON.removed("1")], delta: GraphScript.later)
        try mailbox.refuse(Self.event("1"), 404, "MailboxNotEnabledForRESTAPI")
        #expect(throws: ReadingFailure.self) { try mailbox.read(cursor, known: ["1"]) }
    }

    @Test func `a changed series is read with everything, because Graph is silent about its deleted occurrences`()
        throws
    {
        let rest = GraphJSON.bare("2", of: "m", "2026-11-25T09:00:00", "2026-11-25T09:15:00")
        try script.page(GraphScript.next, [GraphJSON.master("m", subject: "New name"), rest], delta: GraphScript.later)
        try script.page(
            GraphScript.view, [GraphJSON.master("m", subject: "New name"), rest], delta: GraphScript.later)
        let reading = try #require(try script.read(cursor, known: ["1", "2"]))
        #expect(reading.scope == .whole && reading.reason == .reconciliation)
        #expect(reading.identifiers == ["2"])
        #expect(try reading.meetings().first?.details.title == "New name")
    }

    @Test func `B06 what is gone is told at once, and everything is looked at the next time`() throws {
        try script.page(
            GraphScript.next, [GraphJSON.master("m"), GraphJSON.removed("1")], delta: GraphScript.later)
        try script.refuse(Self.event("1"), 404, "ErrorItemNotFound")
        let reading = try #require(try script.read(cursor, known: ["1"]))
        #expect(reading.scope == .changes && reading.gone == ["1"])
        #expect(DeltaCursor(reading.cursor)?.isDoubtful == true)
        try script.page(GraphScript.view, [GraphJSON.single("2")], delta: GraphScript.later)
        let next = try #require(try script.read(reading.cursor))
        #expect(next.scope == .whole && next.reason == .reconciliation)
        #expect(DeltaCursor(next.cursor)?.isDoubtful == false)
    }

    @Test func `a removed series may have had occurrences that are not told of, so everything is looked at`() throws {
        try script.page(GraphScript.next, [GraphJSON.removed("m")], delta: GraphScript.later)
        try script.refuse(Self.event("m"), 404, "ErrorItemNotFound")
        try script.page(GraphScript.view, [GraphJSON.single("2")], delta: GraphScript.later)
        #expect(try script.read(cursor, known: ["1"])?.reason == .reconciliation)
    }

    @Test func `G52 no more than four are asked for at once`() throws {
        let many = (0..<10).map { GraphJSON.removed("\($0)") }
        try script.page(GraphScript.next, many, delta: GraphScript.later)
        for number in 0..<10 { try script.refuse(Self.event("\(number)"), 404, "ErrorItemNotFound") }
        let reading = try #require(try script.read(cursor, known: Set((0..<10).map(String.init))))
        #expect(reading.gone.count == 10)
        #expect(script.batches == [1, 4, 4, 2])
    }

    @Test func `very many removals cost a view of everything, and not a request each`() throws {
        try script.page(GraphScript.next, (0..<500).map { GraphJSON.removed("\($0)") }, delta: GraphScript.later)
        try script.page(GraphScript.view, [GraphJSON.single("x")], delta: GraphScript.later)
        let reading = try #require(try script.read(cursor, known: Set((0..<500).map(String.init))))
        #expect(reading.scope == .whole && reading.reason == .reconciliation && script.requests.count == 2)
    }

    @Test func `B07 a cancelled meeting is told, and not gone`() throws {
        try script.page(
            GraphScript.next, [GraphJSON.single("1", more: #""isCancelled": true"#)], delta: GraphScript.later)
        let reading = try #require(try script.read(cursor, known: ["1"]))
        #expect(try reading.meetings().first?.details.status == .cancelled)
    }
}
