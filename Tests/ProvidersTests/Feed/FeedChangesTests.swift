import Entries
import HTTP
import Providers
import Testing

/// A feed that is followed: what is new, what changed, and when nothing did.
struct FeedChangesTests {
    private let server: FeedServer
    private let following: Following
    private let two = Feed.calendar(Feed.event("a"), Feed.event("b", "20260311T090000Z"))

    init() throws {
        server = FeedServer(two)
        following = Following(server)
    }

    @Test(arguments: ["", "BEGIN:VCALENDAR\r\nBEGIN:VEV", "<html><body>Log in</body></html>", "Bad gateway"])
    func `what is no calendar for one moment is asked for once more in the same reading`(spoilt: String) throws {
        #expect(try following.read()?.created == ["a", "b"])
        server.body = Array(Feed.calendar(Feed.event("a")).utf8)
        server.spoilt = spoilt
        #expect(try following.read() == Following.Round(absent: ["b"]))
        #expect(server.requests.count == 3)
    }

    // MARK: Asking whether anything changed

    @Test func `G98 a server that knows tags is asked with the tag to the letter, and 304 is no change`() throws {
        server.entityTag = "W/\"7-a b%20\""
        server.lastModified = "Mon, 02 Mar 2026 11:00:00 GMT"
        #expect(try following.read()?.created == ["a", "b"])
        #expect(try following.read() == nil)
        #expect(server.requests.last?.header("If-None-Match") == "W/\"7-a b%20\"")
        #expect(server.requests.last?.header("If-Modified-Since") == "Mon, 02 Mar 2026 11:00:00 GMT")
        server.entityTag = "\"8\""
        server.body = Array(Feed.calendar(Feed.event("a")).utf8)
        #expect(try following.read() == Following.Round(absent: ["b"]))
    }

    @Test func `G98 a server that only knows dates is asked with the date as it was sent`() throws {
        // No date of RFC 9110, and the server's own all the same.
        server.lastModified = "2026-03-02 11:00"
        try following.read()
        #expect(try following.read() == nil)
        #expect(server.requests.last?.header("If-Modified-Since") == "2026-03-02 11:00")
        #expect(server.requests.last?.header("If-None-Match") == nil)
    }

    @Test func `G98 of a server that knows neither, the same body is no change`() throws {
        try following.read()
        #expect(try following.read() == nil)
        #expect(server.answers == [false, false])
    }

    @Test func `G98 a server that sends the whole though nothing changed changes nothing`() throws {
        server.entityTag = "\"7\""
        server.ignoresConditions = true
        try following.read()
        #expect(try following.read() == nil)
        #expect(server.answers == [false, true])
    }

    @Test func `G98 a tag that could not stand in a request is not kept`() throws {
        server.entityTag = "\"" + String(repeating: "x", count: 2_000) + "\""
        server.lastModified = "a\nb"
        try following.read()
        #expect(try following.read() == nil)
        #expect(server.answers == [false, false])
    }

    @Test func `a server that says that nothing changed without being asked has failed`() throws {
        server.status = 304
        #expect(following.failure()?.errorClass == .transient)
    }

    @Test func `a server that says for ever that nothing changed is not believed for more than a week`() throws {
        server.entityTag = "\"7\""
        try following.read()
        server.body = Array(Feed.calendar(Feed.event("a")).utf8)
        following.now += 7 * Following.day
        #expect(try following.read() == nil)
        following.now += 1
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.reason == .reconciliation)
        #expect(try following.apply(reading) == Following.Round(absent: ["b"]))
        #expect(try following.read() == nil)
    }

    // MARK: What is no change

    @Test func `G99 a server that writes the time of the request into each event changes nothing`() throws {
        func stamped(_ minute: Int) -> String {
            let stamps = [
                "DTSTAMP:20260302T12\(minute)00Z", "CREATED:20260302T12\(minute)00Z",
                "LAST-MODIFIED:20260302T12\(minute)00Z",
            ]
            return Feed.calendar(
                Feed.event("a", "20260310T090000Z", stamps[0], stamps[1], stamps[2]),
                Feed.event(nil, "20260311T090000Z", stamps[0]), properties: ["X-GENERATED:12\(minute)"])
        }
        server.body = Array(stamped(10).utf8)
        #expect(try following.read()?.created.count == 2)
        for minute in 11..<20 {
            server.body = Array(stamped(minute).utf8)
            server.entityTag = "\"\(minute)\""
            #expect(try following.read() == nil)
        }
        // Asked for everything, it still has nothing new.
        following.cursor = nil
        server.body = Array(stamped(20).utf8)
        #expect(try following.read() == .nothing)
    }

    @Test func `G99 beside a stamp, what changes is seen, and only that`() throws {
        server.body = Array(
            Feed.calendar(Feed.event("a", "20260310T090000Z", "DTSTAMP:20260302T120000Z"), Feed.event("b")).utf8)
        try following.read()
        server.body = Array(
            Feed.calendar(Feed.event("a", "20260310T100000Z", "DTSTAMP:20260302T130000Z"), Feed.event("b")).utf8)
        #expect(try following.read() == Following.Round(changed: ["a"]))
        let tenOClock: Int64 = 1_773_136_800_000
        #expect(following.groups["a"]?.meetings.first?.details.starts == tenOClock)
    }

    @Test func `events in another order are no change`() throws {
        try following.read()
        server.body = Array(Feed.calendar(Feed.event("b", "20260311T090000Z"), Feed.event("a")).utf8)
        #expect(try following.read() == nil)
    }

    @Test func `a calendar that only has another name has changed`() throws {
        try following.read()
        server.body = Array(
            Feed.calendar(Feed.event("a"), Feed.event("b", "20260311T090000Z"), properties: ["X-WR-CALNAME:Club"]).utf8)
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.name == "Club")
        #expect(try following.apply(reading) == .nothing)
    }

    // MARK: The window

    @Test func `a feed that did not change is read whole when one of its events has come into the window`() throws {
        server.entityTag = "\"7\""
        server.body = Array(Feed.calendar(Feed.event("a"), Feed.event("later", "20260405T090000Z")).utf8)
        try following.read()
        following.now += 3 * Following.day
        #expect(try following.read() == nil)
        following.now += Following.day
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.reason == .windowMoved)
        #expect(server.answers == [false, true, false])
        _ = try following.apply(reading)
        #expect(try following.read() == nil)
    }

    @Test
    func `B05 what ended before the earliest event of the feed is not covered, so that its absence means nothing`()
        throws
    {
        server.body = Array(Feed.calendar(Feed.event("old", "20260201T090000Z"), Feed.event("a")).utf8)
        var reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        let february = Following.start - 29 * Following.day
        #expect(try #require(reading.coveredFrom) < february + Following.day)
        server.body = Array(
            Feed.calendar(Feed.event("a"), Feed.event("birthdays", "19700101T000000Z", "RRULE:FREQ=YEARLY")).utf8)
        reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.coveredFrom == Following.start)
    }

    // MARK: Cursors

    @Test func `a cursor of another feed is refused, and everything is read`() throws {
        server.entityTag = "\"7\""
        try following.read()
        following.address = "https://calendar.example/another.ics"
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.reason == .cursorRefused)
        #expect(server.answers == [false, false])
        following.cursor = "1 a b c"
        #expect(try following.source().read(CalendarPlace(path: "feed"), following.wish)?.reason == .cursorRefused)
    }

    @Test func `the list of calendars and the reading cost one request`() throws {
        let source = try following.source()
        #expect(try source.calendars().calendars.map(\.name) == ["calendar.example"])
        #expect(try following.read(source)?.created == ["a", "b"])
        #expect(server.requests.count == 1)
        let again = try following.source()
        #expect(try following.read(again) == nil)
        #expect(server.requests.count == 2)
    }

    @Test func `a calendar says its name, colour and zone`() throws {
        server.body = Array(
            Feed.calendar(
                Feed.event("a"),
                properties: ["NAME:Club", "COLOR:teal", "X-WR-TIMEZONE:Europe/Rome", "X-WR-CALDESC:All dates"]
            ).utf8)
        let found = try following.source().calendars()
        let calendar = try #require(found.calendars.first)
        #expect(found.isComplete)
        #expect((calendar.path, calendar.name, calendar.colour) == ("feed", "Club", "teal"))
        #expect((calendar.zone, calendar.description, calendar.access) == ("Europe/Rome", "All dates", .read))
    }
}
