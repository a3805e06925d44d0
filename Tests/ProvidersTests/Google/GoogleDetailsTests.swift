import Entries
import Foundation
import ICalendar
import Testing

@testable import Providers

/// What one event of Google's says.
struct GoogleDetailsTests {
    /// Reads a calendar that holds the events.
    private func haul(
        _ events: [[String: Any]], page: [String: Any] = ["timeZone": "Europe/Berlin", "accessRole": "owner"]
    ) throws -> GoogleHaul {
        let body = page.merging(["items": events, "nextSyncToken": "next"]) { $1 }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        let source = GoogleSource(GoogleMeans.make(GoogleScript([(200, text)])))
        return try #require(try source.haul("me@example.test"))
    }

    private func event(_ more: [String: Any]) -> [String: Any] {
        [
            "id": "tea", "etag": "\"1\"", "status": "confirmed", "iCalUID": "tea@google.com",
            "start": ["dateTime": "2026-01-05T09:00:00+01:00", "timeZone": "Europe/Berlin"],
            "end": ["dateTime": "2026-01-05T10:00:00+01:00", "timeZone": "Europe/Berlin"],
        ].merging(more) { $1 }
    }

    private func meeting(_ more: [String: Any]) throws -> FoundMeeting {
        try #require(try haul([event(more)]).meetings.first)
    }

    private func details(_ more: [String: Any]) throws -> MeetingDetails { try meeting(more).details }

    // MARK: When

    @Test func `B12 an instant, and the zone in which it was made`() throws {
        let details = try details([
            "start": ["dateTime": "2026-07-01T09:00:00-04:00", "timeZone": "Europe/Berlin"],
            "end": ["dateTime": "2026-07-01T16:30:00+02:00", "timeZone": "Europe/Berlin"],
        ])
        #expect(details.starts == 1_782_910_800_000)
        #expect(details.ends == 1_782_916_200_000)
        #expect(details.zone == "Europe/Berlin")
        #expect(details.isFloating == nil)
        #expect(details.firstDay == nil && details.lastDay == nil)
    }

    @Test func `B12 without a zone of its own it has that of its calendar, or none at all`() throws {
        let bare: [String: Any] = [
            "start": ["dateTime": "2026-01-05T09:00:00"], "end": ["dateTime": "2026-01-05T10:00:00"],
        ]
        #expect(try details(bare).starts == 1_767_600_000_000)
        #expect(try details(bare).zone == "Europe/Berlin")
        let floating = try #require(try haul([event(bare)], page: [:]).meetings.first?.details)
        #expect(floating.isFloating == true)
        #expect(floating.starts == 1_767_603_600_000)
    }

    @Test func `B12 a zone that nobody knows leaves the instant as it is`() throws {
        let details = try details([
            "start": ["dateTime": "2026-01-05T09:00:00+01:00", "timeZone": "Moon/Base"],
            "end": ["dateTime": "2026-01-05T10:00:00+01:00", "timeZone": "Moon/Base"],
        ])
        #expect(details.starts == 1_767_600_000_000)
        #expect(details.zone == "Europe/Berlin")
    }

    @Test func `B11 L22 L23 whole days are dates, and the end does not belong to them`() throws {
        let details = try details(["start": ["date": "2026-01-05"], "end": ["date": "2026-01-08"]])
        #expect(details.firstDay == "2026-01-05")
        #expect(details.lastDay == "2026-01-07")
        #expect(details.starts == nil && details.ends == nil)
    }

    @Test(arguments: ["2026-01-05", "2026-01-04", "2026-01-06"])
    func `L23 a day that ends when it begins, or before, is one day`(_ end: String) throws {
        let details = try details(["start": ["date": "2026-01-05"], "end": ["date": end]])
        #expect(details.lastDay == "2026-01-05")
    }

    @Test func `an end that Google only made up is none`() throws {
        #expect(try details(["endTimeUnspecified": true]).ends == 1_767_600_000_000)
        let day = try details([
            "start": ["date": "2026-01-05"], "end": ["date": "2026-01-09"], "endTimeUnspecified": true,
        ])
        #expect(day.lastDay == "2026-01-05")
    }

    @Test func `a meeting that ends before it begins ends when it begins`() throws {
        #expect(
            try details(["end": ["dateTime": "2026-01-05T08:00:00+01:00"]]).ends == 1_767_600_000_000)
    }

    // MARK: What it is

    @Test(
        arguments: [
            ("default", nil), ("workingLocation", .workingLocation), ("focusTime", .focusTime),
            ("outOfOffice", .outOfOffice), ("birthday", .birthday), ("fromGmail", .reservation), ("seance", .other),
        ] as [(String, EventKind?)])
    func `B07 G12 what an item is, and what nobody knows yet is no meeting`(_ word: String, _ kind: EventKind?) throws {
        #expect(try details(["eventType": word]).kind == kind)
    }

    @Test func `G11 unknown words, unknown fields and fields of another kind do not break the reading`() throws {
        let meeting = try meeting([
            "status": "postponed", "transparency": "foggy", "visibility": "sworn", "sequence": "7", "summary": 5,
            "attendees": [["email": "Anna@Example.org", "responseStatus": "maybe"], 5, [:]], "brandNew": ["a": [1]],
            "updated": "yesterday", "htmlLink": [:], "conferenceData": "none", "organizer": [],
        ])
        #expect(meeting.details.status == nil)
        #expect(meeting.details.transparency == nil)
        #expect(meeting.details.privacy == .private)
        #expect(meeting.details.sequence == 7)
        #expect(meeting.details.title == nil && meeting.emptied.isEmpty)
        #expect(meeting.attendees.map(\.email) == ["anna@example.org"])
        #expect(meeting.attendees.map(\.response) == [nil])
    }

    @Test func `B07 status, privacy, and whether it takes up time`() throws {
        let details = try details(["status": "tentative", "visibility": "confidential", "transparency": "transparent"])
        #expect(details.status == .tentative)
        #expect(details.privacy == .confidential)
        #expect(details.transparency == .transparent)
        #expect(try self.details(["visibility": "public"]).privacy == nil)
        #expect(try self.details([:]).status == .confirmed)
    }

    @Test func `sequence, time of change and the provider's own page`() throws {
        let details = try details([
            "sequence": 3, "updated": "2026-01-04T12:00:00.000Z",
            "htmlLink": "https://www.google.com/calendar/event?eid=x",
        ])
        #expect(details.sequence == 3)
        #expect(details.modified == 1_767_528_000_000)
        #expect(details.providerLink == "https://www.google.com/calendar/event?eid=x")
        #expect(details.providerPath == "tea")
        #expect(try self.details(["htmlLink": "javascript:alert(1)"]).providerLink == nil)
        #expect(try self.details(["htmlLink": "http://www.google.com/x"]).providerLink == nil)
    }

    // MARK: Texts

    @Test func `L24 B16 what is not said stays, what is said to be empty goes`() throws {
        let silent = try meeting([:])
        #expect(silent.emptied.isEmpty)
        let empty = try meeting([
            "summary": "", "description": NSNull(), "location": " ", "attendees": [Any](), "hangoutLink": "",
        ])
        #expect(empty.emptied == ["title", "description", "location", "attendees", "meeting_url"])
        let full = try meeting(["summary": "Tea", "location": "Room 5"])
        #expect(full.emptied.isEmpty)
        #expect(full.details.title == "Tea" && full.details.location == "Room 5")
    }

    @Test(arguments: [
        ("plain", "plain"), ("two\nlines  apart", "two\nlines  apart"), ("a < b & c", "a < b & c"),
        ("Tom &amp; Jerry", "Tom & Jerry"), ("<b>bold</b><br>next", "bold\nnext"),
        ("one\n<i>two</i>", "one\ntwo"), ("Anna <anna@example.org>", "Anna <anna@example.org>"),
        ("<p>Anna <anna@example.org></p>", "Anna <anna@example.org>"), ("&amp;lt;", "&lt;"),
        ("<html-blob>x<br></html-blob>", "x"), ("<script>evil()</script>good", "good"),
    ])
    func `B08 a description is plain text, decoded once`(_ given: String, _ expected: String) throws {
        #expect(try details(["description": given]).description == expected)
    }

    @Test func `a description that is nothing but tags is empty`() throws {
        let meeting = try meeting(["description": "<br><p></p>"])
        #expect(meeting.details.description == nil)
        #expect(meeting.emptied == ["description"])
    }

    // MARK: Links

    private let video = "https://zoom.us/j/123?pwd=abc"
    private let meet = "https://meet.google.com/abc-defg-hij"
    private let teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting/0?context=x"

    @Test func `B10 L31 the link: the video of the conference first, then Meet, description and location`() throws {
        let conference: [String: Any] = [
            "entryPoints": [
                ["entryPointType": "phone", "uri": "tel:+49-30-1"],
                ["entryPointType": "more", "uri": "https://tel.meet/x"],
                ["entryPointType": "video", "uri": video],
            ]
        ]
        var all: [String: Any] = [
            "conferenceData": conference, "hangoutLink": meet, "description": "<a href=\"\(teams)\">join</a>",
            "location": "https://acme.webex.com/meet/anna",
        ]
        #expect(try details(all).meetingURL == video)
        all["conferenceData"] = nil
        #expect(try details(all).meetingURL == meet)
        all["hangoutLink"] = nil
        #expect(try details(all).meetingURL == teams)
        all["description"] = "nothing here: https://example.org/zoom.us/j/1"
        #expect(try details(all).meetingURL == "https://acme.webex.com/meet/anna")
        all["location"] = "https://zoom.us.evil.example/j/1"
        #expect(try details(all).meetingURL == nil)
    }

    @Test func `B10 a conference of another service is believed where the calendar names it`() throws {
        let conference: [String: Any] = [
            "entryPoints": [["entryPointType": "video", "uri": "https://meet.jit.si/tea"]]
        ]
        #expect(try details(["conferenceData": conference]).meetingURL == "https://meet.jit.si/tea")
        let evil: [String: Any] = ["entryPoints": [["entryPointType": "video", "uri": "javascript:alert(1)"]]]
        #expect(try details(["conferenceData": evil]).meetingURL == nil)
    }

    // MARK: Who

    @Test func `B09 who is to come, what they answered, and what they are`() throws {
        let meeting = try meeting([
            "organizer": ["email": "Boss@Example.org", "displayName": "The Boss"],
            "attendees": [
                ["email": "boss@example.org", "organizer": true, "responseStatus": "accepted"],
                ["email": "me@example.test", "self": true, "responseStatus": "tentative"],
                [
                    "email": "MAILTO:Carl@Example.org", "displayName": "Carl", "optional": true,
                    "responseStatus": "needsAction",
                ],
                ["email": "c_1@resource.calendar.google.com", "displayName": "Room 5", "resource": true],
                ["displayName": "Somebody"],
            ],
        ])
        #expect(meeting.attendees.count == 5)
        #expect(meeting.attendees[0].isOrganizer && meeting.attendees[0].name == "The Boss")
        #expect(meeting.attendees[1].isSelf && meeting.attendees[1].response == .tentative)
        #expect(meeting.attendees[2].email == "carl@example.org" && meeting.attendees[2].isOptional)
        #expect(meeting.attendees[2].response == .needsAction)
        #expect(meeting.attendees[3].kind == .resource)
        #expect(meeting.attendees[4].email == nil && meeting.attendees[4].name == "Somebody")
        #expect(meeting.details.response == .tentative)
        #expect(meeting.details.isPartial == nil)
    }

    @Test func `G12 a meeting that the user declined says so`() throws {
        let details = try details([
            "attendees": [["email": "me@example.test", "self": true, "responseStatus": "declined"]]
        ])
        #expect(details.response == .declined)
    }

    @Test func `B09 the organizer takes part, listed or not`() throws {
        let meeting = try meeting([
            "organizer": ["email": "boss@example.org"], "attendees": [["email": "me@example.test", "self": true]],
        ])
        #expect(meeting.attendees.map(\.email) == ["boss@example.org", "me@example.test"])
        #expect(meeting.attendees[0].isOrganizer && meeting.attendees[0].response == .accepted)
    }

    @Test(arguments: [
        "abc@group.calendar.google.com", "unknownorganizer@calendar.google.com", "x@import.calendar.google.com",
    ])
    func `a calendar that organizes is nobody`(_ email: String) throws {
        let meeting = try meeting(["organizer": ["email": email, "displayName": "Team", "self": true]])
        #expect(meeting.attendees.isEmpty)
    }

    @Test func `rooms and lists are known by their addresses as well`() throws {
        let meeting = try meeting([
            "attendees": [["email": "c_1@resource.calendar.google.com"], ["email": "all@googlegroups.com"]]
        ])
        #expect(meeting.attendees.map(\.kind) == [.resource, .group])
    }

    @Test func `G13 a list of attendees that was cut is partial`() throws {
        #expect(try details(["attendeesOmitted": true, "attendees": [["email": "a@b.example"]]]).isPartial == true)
        let many = (1...600).map { ["email": "guest\($0)@example.org"] }
        let meeting = try meeting(["attendees": many + [["email": "me@example.test", "self": "true"]]])
        #expect(meeting.details.isPartial == true)
        #expect(meeting.attendees.count == 501)
        #expect(meeting.attendees.last?.isSelf == true)
    }

    // MARK: Set aside

    private func problem(_ more: [String: Any], without names: [String] = []) throws -> Problem? {
        let event = event(more).filter { !names.contains($0.key) }
        let haul = try haul([event, self.event(["id": "fine"])])
        #expect(haul["fine"]?.meetings.count == 1)
        #expect(haul.identifiers == ["fine", "tea"])
        let group = try #require(haul["tea"])
        #expect(group.problems.isEmpty || group.meetings.isEmpty && group.series == nil)
        return group.problems.first?.problem
    }

    @Test func `L19 B16 one bad event is set aside, and the others are read`() throws {
        #expect(try problem([:]) == nil)
        #expect(try problem([:], without: ["start"]) == .missingPart)
        #expect(try problem(["start": ["dateTime": "soon"]]) == .missingPart)
        #expect(try problem(["start": ["date": "2026-02-30"]]) == .missingPart)
        #expect(try problem(["end": ["dateTime": "later"]]) == .malformed)
        #expect(try problem(["end": ["date": "2026-01-06"]]) == .malformed)
        #expect(try problem(["recurrence": ["RRULE:FREQ=WHENEVER"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": ["RRULE:FREQ=SECONDLY"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": ["RRULE:FREQ=MINUTELY"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": ["DTSTART:20260101"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": ["RRULE:FREQ=DAILY\r\nBEGIN:VEVENT"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": ["RRULE:FREQ=DAILY\r\nDTSTART:20200101T000000Z"]]) == .unsupportedRule)
        #expect(try problem(["recurrence": Array(repeating: "EXDATE:20260105", count: 10_001)]) == .tooMany)
        #expect(try problem(["description": String(repeating: "x", count: 2 << 20)]) == .tooLarge)
    }

    @Test func `L02 an event without an id hides what it is, so that nothing counts as missing`() throws {
        let haul = try haul([["summary": "Who am I?"], event([:])])
        #expect(haul["tea"]?.meetings.count == 1)
        #expect(!haul.reading.isComplete)
        #expect(haul.groups.count == 2)
        #expect(haul.groups.flatMap(\.problems).map(\.problem) == [.missingPart])
    }

    @Test func `L02 an exception that cannot be read is there all the same`() throws {
        let haul = try haul([
            event(["id": "weekly", "recurrence": ["RRULE:FREQ=WEEKLY"]]),
            [
                "id": "weekly_1", "status": "confirmed", "recurringEventId": "weekly",
                "originalStartTime": ["dateTime": "2026-01-12T09:00:00+01:00"],
            ],
            ["id": "weekly_2", "status": "confirmed", "recurringEventId": "weekly"],
        ])
        let group = try #require(haul["weekly"])
        #expect(group.series?.recurrence.exceptions.map(\.originalStart) == [1_768_204_800_000])
        #expect(group.series?.recurrence.exceptions.map(\.kind) == [.overridden])
        #expect(group.meetings.isEmpty)
        #expect(group.problems.map(\.problem) == [.missingPart, .missingPart])
    }

    @Test func `L02 an exception that cannot be read keeps no cancelled one from being told`() throws {
        let page = #"""
            {"items": [
              {"id": "w_1", "status": "cancelled", "recurringEventId": "w", "originalStartTime": {"date": "2026-01-05"}},
              {"id": "w_2", "status": "confirmed", "recurringEventId": "w", "originalStartTime": {"date": "2026-01-06"}},
              {"id": "w_3", "status": "confirmed", "recurringEventId": "w"}], "nextSyncToken": "u"}
            """#
        let source = GoogleSource(GoogleMeans.make(GoogleScript([(200, #"{"nextSyncToken": "t"}"#), (200, page)])))
        let before = try #require(try source.haul("x"))
        let groups = try #require(try source.haul("x", since: before.reading.cursor)).groups
        #expect(groups.map(\.identifier) == ["w", "w"])
        #expect(groups.first?.isPart == true && groups.first?.problems == [])
        #expect(groups.first?.exceptions.map(\.originalDay) == ["2026-01-05", "2026-01-06"])
        #expect(groups.first?.exceptions.map(\.kind) == [.cancelled, .overridden])
        #expect(groups.last?.problems.map(\.problem) == [.missingPart, .missingPart])
    }

    @Test func `exclusions alone make no series`() throws {
        let group = try #require(try haul([event(["recurrence": ["EXDATE:20260105T080000Z"]])])["tea"])
        #expect(group.series == nil && group.meetings.count == 1)
    }

    @Test func `problems repeat nothing that the source said`() throws {
        let haul = try haul([event(["start": ["dateTime": "CANARY"], "summary": "CANARY", "recurrence": ["CANARY"]])])
        #expect(haul.groups.flatMap(\.problems).map(\.message).allSatisfy { !$0.contains("CANARY") })
        let rule = try self.haul([event(["recurrence": ["RRULE:FREQ=CANARY"]])])
        #expect(rule.groups.flatMap(\.problems).map(\.message).allSatisfy { !$0.contains("CANARY") })
    }

    @Test func `of two versions of one event the later is meant`() throws {
        let haul = try haul([event(["summary": "Old"]), event(["summary": "New"])])
        #expect(haul.meetings.map(\.details.title) == ["New"])
    }

    // MARK: Other sources

    @Test func `G112 the same series from Google and from a file is the same, to the occurrence`() throws {
        let haul = try haul([
            event(["id": "weekly", "iCalUID": "weekly@example.org", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]]),
            event([
                "id": "weekly_20260112T080000Z", "iCalUID": "weekly@example.org", "recurringEventId": "weekly",
                "originalStartTime": ["dateTime": "2026-01-12T08:00:00Z"], "summary": "Moved",
                "start": ["dateTime": "2026-01-12T11:00:00+01:00"], "end": ["dateTime": "2026-01-12T12:00:00+01:00"],
            ]),
        ])
        let text = CalendarText(
            Array(
                """
                BEGIN:VCALENDAR
                VERSION:2.0
                BEGIN:VEVENT
                UID:weekly@example.org
                DTSTART;TZID=Europe/Berlin:20260105T090000
                DTEND;TZID=Europe/Berlin:20260105T100000
                RRULE:FREQ=WEEKLY;COUNT=4
                END:VEVENT
                BEGIN:VEVENT
                UID:weekly@example.org
                RECURRENCE-ID;TZID=Europe/Berlin:20260112T090000
                DTSTART;TZID=Europe/Berlin:20260112T110000
                DTEND;TZID=Europe/Berlin:20260112T120000
                SUMMARY:Moved
                END:VEVENT
                END:VCALENDAR

                """.utf8))
        let means = GoogleMeans.make(GoogleScript([]))
        let clock = EventClock(zones: means.zones, definitions: [], calendarZone: nil, floatingZone: nil)
        let reader = GroupReader(clock: clock, definitions: [], window: GoogleMeans.window)
        let file = reader.group(try #require(text.objects.first), identifier: "x", path: nil, mark: "x")
        let google = try #require(haul["weekly"])
        #expect(google.series?.uid == file.series?.uid)
        #expect(google.series?.recurrence == file.series?.recurrence)
        #expect(google.meetings.map(\.uid) == file.meetings.map(\.uid))
        #expect(google.meetings.map(\.originalStart) == file.meetings.map(\.originalStart))
        #expect(google.meetings.map(\.details.starts) == file.meetings.map(\.details.starts))
        #expect(google.meetings.map(\.details.zone) == file.meetings.map(\.details.zone))
    }
}
