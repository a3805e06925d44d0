import Entries
import Testing

@testable import Providers

struct GraphTextTests {
    private func found(_ more: String) throws -> FoundMeeting {
        let event = try GraphJSON.read(GraphJSON.single("1", more: more))
        return try MeetingMaker(zones: Moments.zones).meeting(event, master: nil)
    }

    @Test func `B08 title, description, location and links`() throws {
        let details = try found(
            #"""
            "subject": "Q3 & more", "location": {"displayName": "Room 3", "locationType": "default"},
            "body": {"contentType": "html", "content": "<html><head><style>p {}</style></head><body><p>Line &amp; one</p><p>two</p></body></html>"},
            "webLink": "https://outlook.office365.com/owa/?itemid=1", "lastModifiedDateTime": "2026-11-20T10:00:00.1234567Z"
            """#
        ).details
        #expect(details.title == "Q3 & more")
        #expect(details.location == "Room 3")
        #expect(details.description?.contains("Line & one") == true)
        #expect(details.description?.contains("<") == false)
        #expect(details.description?.contains("p {}") == false)
        #expect(details.providerLink == "https://outlook.office365.com/owa/?itemid=1")
        #expect(details.modified == (try Moments.instant("2026-11-20T10:00:00.123Z")))
        #expect(details.providerPath == "1")
    }

    @Test func `B08 plain text stays as it is`() throws {
        let details = try found(#""body": {"contentType": "text", "content": "a < b & c"}"#).details
        #expect(details.description == "a < b & c")
    }

    @Test func `L24 B16 what is empty clears, what is null or not spoken of does not`() throws {
        let empty = try found(
            #""subject": "", "location": {"displayName": ""}, "body": {"contentType": "html", "content": "<html><body> </body></html>"}, "attendees": []"#
        )
        #expect(empty.emptied == ["title", "location", "description", "attendees"])
        let null = try found(#""subject": null, "location": null, "body": null, "attendees": null"#)
        #expect(null.emptied.isEmpty)
        #expect(null.details.title == nil)
        #expect(try found(#""subject": "x""#).emptied.isEmpty)
    }

    @Test func `B14 a link that is not https is not shown`() throws {
        #expect(try found(#""webLink": "javascript:alert(1)""#).details.providerLink == nil)
    }

    private static let teams =
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_Zm9v%40thread.v2/0?context=%7b%22Tid%22%3a%22a%22%7d"

    @Test(arguments: [
        (#""onlineMeeting": {"joinUrl": "\#(teams)"}, "body": {"content": "https://us02web.zoom.us/j/1"}"#, teams),
        (#""onlineMeeting": null, "onlineMeetingUrl": "\#(teams)""#, teams),
        (#""onlineMeeting": {"joinUrl": "https://meet.own.example/r/1"}"#, "https://meet.own.example/r/1"),
        (#""onlineMeeting": {"joinUrl": "javascript:alert(1)"}"#, nil),
        (#""body": {"contentType": "html", "content": "<a href=\"\#(teams)\">Join the meeting now</a>"}"#, teams),
        (
            #""body": {"contentType": "html", "content": "<a href=\"https://us02web.zoom.us/j/123?pwd=a.b&amp;x=1\">https://us02web.zoom.us/j/12...</a>"}"#,
            "https://us02web.zoom.us/j/123?pwd=a.b&x=1"
        ),
        (
            #""location": {"displayName": "https://meet.google.com/abc-defg-hij"}"#,
            "https://meet.google.com/abc-defg-hij"
        ),
        (#""body": {"contentType": "text", "content": "https://evilzoom.us/j/123"}"#, nil),
    ])
    func `L31 B10 the link of a meeting is whole and at a host that is meant`(_ more: String, _ link: String?) throws {
        #expect(try found(more).details.meetingURL == link)
    }

    @Test func `B16 unknown fields, words and kinds of values break nothing`() throws {
        let found = try found(
            #"""
            "subject": 5, "type": {"a": 1}, "isAllDay": "perhaps", "attendees": "nobody", "organizer": [],
            "showAs": 7, "somethingNew": {"deep": [{"deeper": null}]}, "lastModifiedDateTime": "yesterday", "recurrence": null
            """#)
        #expect(found.details.title == nil)
        #expect(found.details.modified == nil)
        #expect(found.attendees.isEmpty)
    }
}
