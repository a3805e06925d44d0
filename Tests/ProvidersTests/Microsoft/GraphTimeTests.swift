import Entries
import ICalendar
import Testing

@testable import Providers

struct GraphTimeTests {
    @Test(arguments: [
        ("2026-01-05T09:00:00.0000000", 1_767_603_600_000),
        ("2026-01-05T09:00:00", 1_767_603_600_000),
        ("2026-01-05T09:00:00.1234567Z", 1_767_603_600_123),
        ("2026-01-05T09:00:00.5", 1_767_603_600_500),
        ("2026-01-05T09:00:00Z", 1_767_603_600_000),
        ("2026-01-05T11:00:00+02:00", 1_767_603_600_000),
        ("2026-01-05T01:30:00-07:30", 1_767_603_600_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.9999999Z", 253_402_300_799_999),
    ])
    func `G43 seven digits of a second and what else may stand in a time are read`(_ text: String, _ instant: Int64) {
        #expect(GraphTime(text)?.instant == instant)
    }

    @Test(arguments: [
        "", "2026-01-05", "2026-01-05T", "2026-01-05T9:00:00", "2026-01-05T09:00", "2026-02-30T09:00:00",
        "2026-01-05T25:00:00", "2026-01-05T09:61:00", "2026-01-05T09:00:00+2", "2026-01-05T09:00:00X",
        "2026-01-05T09:00:00Zz", "datetime-value", "٢٠٢٦-01-05T09:00:00",
    ])
    func `G43 what is no time is none`(_ text: String) {
        #expect(GraphTime(text) == nil)
    }

    private func details(zone: String, written: String = "UTC", isAllDay: Bool = false) throws -> MeetingDetails {
        let event = try GraphJSON.read(
            #"""
            {"id": "1", "originalStartTimeZone": "\#(zone)", "isAllDay": \#(isAllDay),
            "start": {"dateTime": "2026-07-06T00:00:00.0000000", "timeZone": "\#(written)"},
            "end": {"dateTime": "2026-07-08T00:00:00.0000000", "timeZone": "\#(written)"}}
            """#)
        return try MeetingMaker(zones: Moments.zones).meeting(event, master: nil).details
    }

    @Test(arguments: [
        ("W. Europe Standard Time", "Europe/Berlin"), ("Europe/Berlin", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"), ("UTC", "UTC"), ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", nil), ("Customized Time Zone", nil), ("originalStartTimeZone-value", nil),
        ("", nil),
    ])
    func `G41 zones are read by their names of Windows and of IANA, and an unknown one costs no instant`(
        _ name: String, _ zone: String?
    ) throws {
        let details = try details(zone: name)
        #expect(details.zone == zone)
        #expect(details.starts == (try Moments.instant("2026-07-06T00:00:00Z")))
    }

    @Test func `G41 times in another zone than the one that was asked for are that zone's`() throws {
        let details = try details(zone: "UTC", written: "W. Europe Standard Time")
        #expect(details.starts == (try Moments.instant("2026-07-05T22:00:00Z")))
    }

    @Test func `G41 a time in a zone that nobody knows is set aside, and nothing else`() throws {
        let script = GraphScript()
        let odd = #"{"dateTime": "2026-11-24T09:00:00", "timeZone": "tzone://Microsoft/Custom"}"#
        try script.page(
            GraphScript.view, [#"{"id": "odd", "start": \#(odd), "end": \#(odd)}"#, GraphJSON.single("good")],
            delta: GraphScript.next)
        let groups = try #require(try script.read()).all()
        #expect(groups.map(\.identifier) == ["odd", "good"])
        #expect(groups[0].problems.map(\.problem) == [.unknownZone])
        #expect(groups[1].problems.isEmpty)
    }

    @Test(arguments: ["UTC", "Pacific Standard Time", "Tonga Standard Time", "tzone://Microsoft/Custom"])
    func `G42 L23 whole days are the days that are written, in whatever zone, and end the day before`(
        _ zone: String
    ) throws {
        let details = try details(zone: "W. Europe Standard Time", written: zone, isAllDay: true)
        #expect(details.firstDay == "2026-07-06")
        #expect(details.lastDay == "2026-07-07")
        #expect(details.starts == nil && details.ends == nil && details.zone == nil)
    }

    @Test func `L22 a day that ends where it begins is one day`() throws {
        let event = try GraphJSON.read(
            #"""
            {"id": "1", "isAllDay": true, "start": \#(GraphJSON.time("2026-07-06T00:00:00")),
            "end": \#(GraphJSON.time("2026-07-06T00:00:00"))}
            """#)
        let details = try MeetingMaker(zones: Moments.zones).meeting(event, master: nil).details
        #expect(details.firstDay == "2026-07-06" && details.lastDay == "2026-07-06")
    }

    @Test func `B12 an end before the start is the start`() throws {
        let event = try GraphJSON.read(GraphJSON.single("1", "2026-07-06T09:00:00", "2026-07-06T08:00:00"))
        let details = try MeetingMaker(zones: Moments.zones).meeting(event, master: nil).details
        #expect(details.ends == details.starts)
    }
}
