import Testing

@testable import ICalendar

@Suite struct MeetingLinkTests {
    static let teams =
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d"

    static let links: [(String, MeetingLink.Service)] = [
        ("https://zoom.us/j/123456?pwd=aBc_d-1.1", .zoom), ("https://us02web.zoom.us/j/1?pwd=x#success", .zoom),
        ("https://example.zoom.us/my/ann", .zoom), ("HTTPS://Zoom.US/j/1", .zoom), ("https://zoom.us:443/j/1", .zoom),
        ("https://meet.google.com/abc-defg-hij", .meet), ("https://meet.google.com/abc-defg-hij?authuser=0", .meet),
        (teams, .teams), ("https://teams.live.com/meet/93?p=abc", .teams),
        ("https://teams.microsoft.com/meet/27?p=a", .teams), ("https://firm.webex.com/firm/j.php?MTID=m1", .webex),
        ("https://firm.webex.com/meet/ann", .webex), ("http://zoom.us/j/1", .zoom),
    ]

    @Test(arguments: links)
    func `L31: a link is known by its host and path, and kept whole`(_ address: String, _ service: MeetingLink.Service)
    {
        #expect(MeetingLink(address)?.service == service)
        #expect(MeetingLink(address)?.address == address)
        #expect(MeetingLink.first(in: "Join: \(address), please")?.address == address)
        #expect(MeetingLink.first(in: "<a href=\"\(address)\">here</a>")?.address == address)
        #expect(MeetingLink.first(in: "<\(address)>\n")?.address == address)
        #expect(MeetingLink.first(in: "(\(address)).")?.address == address)
        #expect(MeetingLink.first(in: "\(address)<br>Passcode&nbsp;1")?.address == address)
        #expect(MeetingLink.first(in: "\(address)&nbsp;or")?.address == address)
    }

    @Test(arguments: [
        "https://evilzoom.us/j/1", "https://zoom.us.evil.example/j/1", "https://zoom.us@evil.example/j/1",
        "https://evil.example/https://zoom.us/j/1", "https://evil.example/?u=zoom.us/j/1", "https://zoom.us\\.evil/j/1",
        "https://evil.example#@zoom.us/j/1", "ftp://zoom.us/j/1", "https:/zoom.us/j/1", "https://", "https:///j/1",
        "https://zoom.us/download", "https://zoom.us", "https://teams.microsoft.com/meetingOptions/?x=1",
        "https://xteams.live.com/meet/1", "https://meet.google.com.evil.example/abc", "https://meet.google.com/",
        "https://notwebex.com/meet/a", "https://zoom.us:80:80/j/1", "https://zoom%2eus/j/1", "zoom.us/j/1",
        "javascript:1",
    ])
    func `L31: what only looks like a link to a meeting is none`(_ address: String) {
        #expect(MeetingLink(address) == nil)
        #expect(MeetingLink.first(in: "see \(address) now") == nil)
    }

    @Test func `L31: entities of HTML are undone in the link`() {
        #expect(MeetingLink.first(in: "https://zoom.us/j/1?a=b&amp;pwd=c")?.address == "https://zoom.us/j/1?a=b&pwd=c")
    }

    @Test func `L31: a link that a mail program guards is taken out`() {
        let guarded =
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F1%3Fpwd%3Da&data=05"
        #expect(MeetingLink.first(in: guarded)?.address == "https://zoom.us/j/1?pwd=a")
        #expect(
            MeetingLink.first(in: "https://www.google.com/url?q=https://zoom.us/j/1&sa=D")?.address
                == "https://zoom.us/j/1")
        #expect(MeetingLink.first(in: "https://evil.example/url?q=https://zoom.us/j/1") == nil)
    }

    @Test func `B10: the link comes from where it is most surely meant`() {
        let lines = [
            "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join:https://video.example/room",
            "X-GOOGLE-CONFERENCE:https://meet.google.com/aaa",
            "URL:https://zoom.us/j/2", "DESCRIPTION:https://zoom.us/j/3", "LOCATION:https://zoom.us/j/4",
        ]
        let expected = [
            "https://video.example/room", "https://meet.google.com/aaa", "https://zoom.us/j/2", "https://zoom.us/j/3",
            "https://zoom.us/j/4",
        ]
        for first in lines.indices {
            let text = calendarText(["UID:a", "DTSTART:20260321"] + lines[first...].reversed())
            let event = text.objects.first?.read().master
            #expect(event.flatMap(MeetingLink.find)?.address == expected[first])
        }
        #expect(event("URL:https://event.example/1").flatMap(MeetingLink.find) == nil)
        #expect(event("CONFERENCE:tel:+3112345").flatMap(MeetingLink.find) == nil)
        #expect(event("X-MICROSOFT-SKYPETEAMSMEETINGURL:\(Self.teams)").flatMap(MeetingLink.find)?.service == .teams)
    }

    @Test func `T14: a megabyte of links takes no longer than a megabyte`() {
        for piece in ["https://", "http", "https://zoom.us/x)", "https://a.example/"] {
            let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
            let spent = ContinuousClock().measure { #expect(MeetingLink.first(in: text) == nil) }
            #expect(spent < .seconds(5))
        }
    }
}
