import Entries
import HTTP
import Testing

@testable import Providers

/// Occurrences, and what they have from their series.
struct GraphSeriesTests {
    private let script = GraphScript()

    private static let first = GraphJSON.bare("o1", of: "m", "2026-11-24T09:00:00", "2026-11-24T09:15:00")
    private static let second = GraphJSON.bare("o2", of: "m", "2026-11-25T09:00:00", "2026-11-25T09:15:00")

    @Test func `G34 L08 a bare occurrence has everything but its time from its series, before or behind it`() throws {
        let master = GraphJSON.master(
            "m", more: #""location": {"displayName": "Room 3"}, "lastModifiedDateTime": "2026-11-01T10:00:00Z","#)
        try script.page(GraphScript.view, [Self.first, master, Self.second], delta: GraphScript.next)
        let reading = try #require(try script.read())
        #expect(reading.identifiers == ["o1", "o2"])
        let meetings = try reading.meetings()
        #expect(meetings.map(\.details.title) == ["Standup", "Standup"])
        #expect(meetings.map(\.details.location) == ["Room 3", "Room 3"])
        #expect(
            meetings.map(\.details.starts) == [
                try Moments.instant("2026-11-24T09:00:00Z"), try Moments.instant("2026-11-25T09:00:00Z"),
            ])
        #expect(script.requests.count == 1)
    }

    @Test func `G35 the series itself is no meeting`() throws {
        try script.page(GraphScript.view, [GraphJSON.master("m"), GraphJSON.single("1")], delta: GraphScript.next)
        #expect(try script.read()?.identifiers == ["1"])
    }

    @Test func `G34 series that are not told of are asked for, four at once and each of them once`() throws {
        let occurrences = (0..<12).map {
            GraphJSON.bare("o\($0)", of: "m\($0 % 6)", "2026-11-24T09:00:00", "2026-11-24T09:15:00")
        }
        try script.page(GraphScript.view, occurrences, delta: GraphScript.next)
        for number in 0..<6 {
            try script.answer("/me/calendars/main/events/m\(number)", 200, GraphJSON.master("m\(number)"))
        }
        let reading = try #require(try script.read())
        #expect(reading.items.count == 12)
        #expect(script.batches == [1, 4, 2])
        #expect(reading.pages == 7)
    }

    @Test func `G34 an occurrence of a series that is no more is no more either`() throws {
        try script.page(GraphScript.view, [Self.first, GraphJSON.single("1")], delta: GraphScript.next)
        try script.forget("m")
        #expect(try script.read()?.identifiers == ["1"])
        let changes = GraphScript()
        try changes.page(GraphScript.next, [Self.first], delta: GraphScript.later)
        try changes.forget("m")
        let cursor = DeltaCursor(window: DeltaWindow(for: .forTests), link: GraphScript.base + GraphScript.next).text
        #expect(try changes.read(cursor)?.gone == ["o1"])
    }

    @Test func `G34 a series that is found below the account alone is found`() throws {
        try script.page(GraphScript.view, [Self.first], delta: GraphScript.next)
        try script.refuse("/me/calendars/main/events/m", 404, "ErrorItemNotFound")
        try script.answer("/me/events/m", 200, GraphJSON.master("m"))
        #expect(try script.read()?.meetings().map(\.details.title) == ["Standup"])
    }

    @Test func `G34 where nobody answers for a series nothing is handed over`() throws {
        try script.page(GraphScript.view, [Self.first], delta: GraphScript.next)
        try script.refuse("/me/calendars/main/events/m", 503, "serviceNotAvailable")
        #expect(throws: ReadingFailure.self) { try script.read() }
    }

    @Test func `B16 occurrences of a series that may not be seen are set aside`() throws {
        try script.page(GraphScript.view, [Self.first, GraphJSON.single("1")], delta: GraphScript.next)
        try script.refuse("/me/calendars/main/events/m", 403, "ErrorAccessDenied")
        let groups = try #require(try script.read()).all()
        #expect(groups.map { $0.problems.map(\.problem) } == [[.missingPart], []])
    }

    @Test func `an occurrence has another mark when its series changes`() throws {
        func mark(_ master: String) throws -> String? {
            let script = GraphScript()
            try script.page(GraphScript.view, [master, Self.first], delta: GraphScript.next)
            return try script.read()?.items.first?.mark
        }
        let mark1 = try mark(GraphJSON.master("m"))
        #expect(mark1 != nil)
        #expect(try mark(GraphJSON.master("m")) == mark1)
        #expect(try mark(GraphJSON.master("m", subject: "Sitdown")) != mark1)
        #expect(try mark(GraphJSON.master("m", more: #""isCancelled": true,"#)) != mark1)
        #expect(
            try mark(GraphJSON.master("m", more: #""attendees": [{"emailAddress": {"address": "a@b.test"}}],"#))
                != mark1)
        // What nobody understands here is no change.
        #expect(try mark(GraphJSON.master("m", more: #""reminderMinutesBeforeStart": 5,"#)) == mark1)
    }

    // MARK: Which meeting

    @Test func `G112 occurrences and exceptions are meetings of their series, whatever iCalUId they have`() throws {
        let moved = GraphJSON.exception(
            "e", of: "m", original: "2026-11-26T09:00:00Z", "2026-11-26T14:00:00", "2026-11-26T15:00:00")
        try script.page(GraphScript.view, [GraphJSON.master("m"), Self.first, moved], delta: GraphScript.next)
        let meetings = try #require(try script.read()).meetings()
        #expect(meetings.map(\.uid) == ["uid-of-the-series", "uid-of-the-series"])
        #expect(
            meetings.map(\.originalStart) == [
                try Moments.instant("2026-11-24T09:00:00Z"), try Moments.instant("2026-11-26T09:00:00Z"),
            ])
        #expect(meetings[1].details.starts == (try Moments.instant("2026-11-26T14:00:00Z")))
        #expect(meetings[1].details.title == "Moved")
        #expect(meetings.allSatisfy { $0.originalDay == nil })
    }

    @Test func `G112 a single meeting is its own iCalUId, and no part of a series`() throws {
        try script.page(GraphScript.view, [GraphJSON.single("1")], delta: GraphScript.next)
        let meeting = try #require(try script.read()).meetings().first
        #expect(meeting?.uid == "uid-1" && meeting?.originalStart == nil && meeting?.originalDay == nil)
    }

    @Test(arguments: [
        ("2026-11-24T00:00:00Z", "UTC"), ("2026-11-23T23:00:00Z", "W. Europe Standard Time"),
        ("2026-11-23T23:00:00Z", "tzone://Microsoft/Custom"), ("2026-11-24T05:00:00Z", "Eastern Standard Time"),
        ("2026-11-24T05:00:00Z", "tzone://Microsoft/Custom"), ("2026-11-23T11:00:00Z", "New Zealand Standard Time"),
    ])
    func `G112 G42 whole days of a series are known by their days`(_ original: String, _ zone: String) throws {
        let master = GraphJSON.master("m", more: #""isAllDay": true, "originalStartTimeZone": "\#(zone)","#)
        let plain = GraphJSON.bare("o", of: "m", "2026-11-23T00:00:00", "2026-11-24T00:00:00")
        let moved = GraphJSON.exception(
            "e", of: "m", original: original, "2026-11-28T14:00:00", "2026-11-28T15:00:00")
        try script.page(GraphScript.view, [master, plain, moved], delta: GraphScript.next)
        let meetings = try #require(try script.read()).meetings()
        #expect(meetings.map(\.originalDay) == ["2026-11-23", "2026-11-24"])
        #expect(meetings.allSatisfy { $0.originalStart == nil })
        #expect(meetings[0].details.firstDay == "2026-11-23" && meetings[0].details.lastDay == "2026-11-23")
        #expect(meetings[1].details.starts == (try Moments.instant("2026-11-28T14:00:00Z")))
    }

    private static let series =
        "040000008200E00074C5B7101A82E008000000009063E97D5E57D901"
        + "0000000000000000100000003E9EF82FC4F68B47AA38749DEC560C23"
    private static let occurrence = series.replacing("E00800000000", with: "E00807EA0B1A")

    @Test func `G112 an exception whose series is no more has the UID that others know it by`() throws {
        let moved = GraphJSON.exception(
            "e", of: "m", original: "2026-11-26T09:00:00Z", "2026-11-26T14:00:00", "2026-11-26T15:00:00")
        try script.page(
            GraphScript.view, [moved.replacing("uid-of-e", with: Self.occurrence)], delta: GraphScript.next)
        try script.forget("m")
        let meeting = try #require(try script.read()).meetings().first
        #expect(meeting?.uid == Self.series)
        #expect(meeting?.originalStart == (try Moments.instant("2026-11-26T09:00:00Z")))
    }

    @Test func `G112 what Exchange calls a meeting by tells the series from an occurrence`() throws {
        #expect(GlobalObjectID(Self.series)?.seriesUID == Self.series)
        #expect(GlobalObjectID(Self.series)?.isOfOccurrence == false)
        #expect(GlobalObjectID(Self.occurrence)?.seriesUID == Self.series)
        #expect(GlobalObjectID(Self.occurrence)?.isOfOccurrence == true)
        let foreign = "vCal-Uid\u{1}\0\0\0abc123@google.com\0".utf8.map {
            ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true)
        }
        let wrapped =
            "040000008200E00074C5B7101A82E008" + String(repeating: "0", count: 40) + "1E000000" + foreign.joined()
        #expect(GlobalObjectID(wrapped)?.seriesUID == "abc123@google.com")
        for text in [
            "", "0", "abc123@google.com", "040000008200E00074C5B7101A82E008", String(repeating: "04", count: 60),
        ] {
            #expect(GlobalObjectID(text) == nil)
        }
    }

    @Test func `G112 invitations to two occurrences of a series that is not here are two meetings`() throws {
        let other = Self.series.replacing("E00800000000", with: "E00807EA0B1B")
        try script.page(
            GraphScript.view,
            [
                GraphJSON.single("1").replacing("uid-1", with: Self.occurrence),
                GraphJSON.single("2").replacing("uid-2", with: other),
            ], delta: GraphScript.next)
        let meetings = try #require(try script.read()).meetings()
        #expect(meetings.map(\.uid) == [Self.occurrence, other])
    }

    @Test func `B16 an exception that does not say which occurrence it is is set aside`() throws {
        let odd = GraphJSON.exception("e", of: "m", original: "someday", "2026-11-26T14:00:00", "2026-11-26T15:00:00")
        try script.page(GraphScript.view, [GraphJSON.master("m"), odd], delta: GraphScript.next)
        let groups = try #require(try script.read()).all()
        #expect(groups.first?.problems.map(\.problem) == [.missingPart])
    }
}
