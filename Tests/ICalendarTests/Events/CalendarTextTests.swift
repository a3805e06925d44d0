import Testing

@testable import ICalendar

@Suite struct CalendarTextTests {
    static func events(_ events: [[String]], calendar: [String] = []) -> CalendarText {
        let lines = events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] }
        let text = ["BEGIN:VCALENDAR"] + calendar + lines + ["END:VCALENDAR", ""]
        return CalendarText([UInt8](text.joined(separator: "\n").utf8))
    }

    static func content(_ object: CalendarObject?) -> [UInt8] {
        var content: [UInt8] = []
        object?.appendContent(to: &content)
        return content
    }

    @Test func `a calendar says who it is`() {
        let text = Self.events(
            [],
            calendar: [
                "X-WR-CALNAME:Team", "X-WR-TIMEZONE:Europe/Berlin", "METHOD:publish", "PRODID:-//x//y", "COLOR:teal",
                "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-WR-CALDESC:ours",
            ])
        #expect(text.properties.name == "Team")
        #expect(text.properties.zone == "Europe/Berlin")
        #expect(text.properties.method == "PUBLISH")
        #expect(text.properties.producer == "-//x//y")
        #expect(text.properties.colour == "teal")
        #expect(text.properties.refreshInterval == EventDuration(seconds: 43_200))
        #expect(text.isWhole)
    }

    @Test func `tasks, journals and busy times are counted and passed over; zones are handed on`() {
        let text = CalendarText(
            [UInt8](
                """
                BEGIN:VCALENDAR
                BEGIN:VTIMEZONE
                TZID:x
                BEGIN:STANDARD
                TZOFFSETFROM:+0200
                END:STANDARD
                END:VTIMEZONE
                BEGIN:VTODO
                UID:t
                END:VTODO
                BEGIN:VJOURNAL
                END:VJOURNAL
                BEGIN:VTODO
                END:VTODO
                BEGIN:X-OWN
                END:X-OWN
                END:VCALENDAR
                """.utf8))
        #expect(text.passedOver == ["VTODO": 2, "VJOURNAL": 1, "X-OWN": 1])
        #expect(text.zoneDefinitions.first?.first("TZID")?.text == "x")
        #expect(text.zoneDefinitions.first?.children.first?.kind == .standard)
        #expect(text.objects.isEmpty)
        #expect(text.flaws.isEmpty)
    }

    @Test(arguments: [
        ("", Flaw.Problem.empty), ("  \r\n", .empty), ("<!DOCTYPE html><html><body>Login</body></html>", .webPage),
        ("{\"error\": 401}", .otherText), ("BEGIN:VCARD\nFN:x\nEND:VCARD\n", .otherText),
    ])
    func `what is no calendar is told apart from an empty calendar`(_ body: String, _ problem: Flaw.Problem) {
        let text = CalendarText([UInt8](body.utf8))
        #expect(!text.isWhole)
        #expect(text.flaws.map(\.problem) == [problem])
        let empty = CalendarText([UInt8]("BEGIN:VCALENDAR\nEND:VCALENDAR\n".utf8))
        #expect(empty.isWhole)
        #expect(empty.flaws.isEmpty)
    }

    // MARK: Identity

    @Test func `check 94: an event without a UID has the same one again, whenever it was written`() {
        let lines = ["DTSTART:20260321", "SUMMARY:x", "LOCATION:y"]
        let first = Self.events([["DTSTAMP:20260101T000000Z"] + lines, ["DTSTART:20260322", "SUMMARY:x"]])
        let second = Self.events([
            ["DTSTART:20260322", "SUMMARY:x"], lines + ["DTSTAMP:20270101T000000Z", "LAST-MODIFIED:20270101T000000Z"],
        ])
        #expect(first.objects.count == 2)
        #expect(Set(first.objects.map(\.uid)) == Set(second.objects.map(\.uid)))
        #expect(Set(first.objects.map(\.uid)).count == 2)
        #expect(first.objects.allSatisfy { $0.isUIDMade })
        #expect(first.objects.first?.read().master?.uid == nil)
        #expect(first.flaws.map(\.problem) == [.uidMissing, .uidMissing])
    }

    @Test func `check 94: a missing DTSTAMP is no flaw`() {
        let reading = Self.events([["UID:a", "DTSTART:20260321"]]).objects.first?.read()
        #expect(reading?.flaws == [])
        #expect(reading?.master?.stamp == nil)
    }

    @Test func `check 94: two versions of an event are one, and the newer counts`() {
        let old = ["UID:a", "SEQUENCE:1", "DTSTART:20260321", "SUMMARY:x"]
        let new = ["UID:a", "SEQUENCE:2", "DTSTART:20260322", "SUMMARY:x"]
        for events in [[old, new], [new, old]] {
            let text = Self.events(events)
            #expect(text.objects.map(\.uid) == ["a"])
            #expect(text.objects.first?.read().master?.sequence == 2)
        }
        let stamps = [
            ["UID:a", "DTSTART:20260321", "DTSTAMP:20260102T000000Z", "LOCATION:new"],
            ["UID:a", "DTSTART:20260321", "DTSTAMP:20260101T000000Z"],
        ]
        #expect(Self.events(stamps).objects.first?.read().master?.location == .value("new"))
    }

    @Test func `check 94: different events that share a UID do not swallow each other`() {
        let one = ["UID:a", "DTSTART:20260321", "SUMMARY:x"]
        let two = ["UID:a", "DTSTART:20260322", "SUMMARY:x"]
        let three = ["UID:a", "DTSTART:20260321", "SUMMARY:y"]
        let text = Self.events([one, two, three])
        #expect(text.objects.count == 3)
        #expect(Set(text.objects.map(\.uid)).count == 3)
        #expect(Set(text.objects.map(\.uid)) == Set(Self.events([three, two, one]).objects.map(\.uid)))
        #expect(text.flaws.map(\.problem) == [.uidShared])
        let many = Self.events((10..<30).map { ["UID:a", "DTSTART:202603\($0)", "SUMMARY:x"] })
        #expect(many.objects.count == 20)
    }

    @Test func `check 93: an override without its series is an object of its own`() {
        let reading = Self.events([["UID:a", "RECURRENCE-ID:20260321T090000Z", "DTSTART:20260321T100000Z"]]).objects
            .first?.read()
        #expect(reading?.master == nil)
        #expect(reading?.overrides.count == 1)
    }

    // MARK: Content

    @Test func `check 99: what only says when it was written changes no content`() {
        let lines = ["UID:a", "DTSTART:20260321", "SUMMARY:x"]
        let stamps = ["dtstamp;X=1:20260101T000000Z", "LAST-MODIFIED:20260102T000000Z", "CREATED:20260103T000000Z"]
        let bare = Self.content(Self.events([lines]).objects.first)
        #expect(!bare.isEmpty)
        #expect(Self.content(Self.events([stamps + lines]).objects.first) == bare)
        #expect(Self.content(Self.events([lines + ["CREATEDBY:me"]]).objects.first) != bare)
        #expect(Self.content(Self.events([lines + ["BEGIN:VALARM", "END:VALARM"]]).objects.first) != bare)
    }
}
