import Entries
import HTTP
import Providers
import Secrets
import Testing

/// Feeds of odd shapes, and what a feed says about itself.
struct FeedShapeTests {
    private let server = FeedServer(Feed.calendar(Feed.event("a")))
    private let following: Following

    init() { following = Following(server) }

    // MARK: Identities

    @Test func `G105 two calendars in one body are one feed`() throws {
        server.body = Array(
            (Feed.calendar(Feed.event("a"), properties: ["X-WR-CALNAME:One"])
                + Feed.calendar(Feed.event("b"), properties: ["X-WR-CALNAME:Two"])).utf8)
        let source = try following.source()
        #expect(try source.calendars().calendars.map(\.name) == ["One"])
        #expect(try following.read(source)?.created == ["a", "b"])
    }

    @Test func `G105 different events under one UID stay different, in whatever order they come`() throws {
        let events = [
            Feed.event("a", "20260310T090000Z", "DESCRIPTION:1"), Feed.event("a", "20260311T100000Z", "LOCATION:Two"),
            Feed.event("a", "20260312T110000Z"),
        ].enumerated().map { $1.replacing("SUMMARY:a", with: "SUMMARY:\($0)") }
        server.body = Array(Feed.calendar(events[0], events[1], events[2]).utf8)
        let created = try #require(try following.read()?.created)
        #expect(created.count == 3)
        server.body = Array(Feed.calendar(events[2], events[0], events[1]).utf8)
        following.cursor = nil
        #expect(try following.read() == .nothing)
    }

    @Test func `G105 two versions of one event are one, and the newer counts`() throws {
        server.body = Array(
            Feed.calendar(
                Feed.event("a", "20260310T090000Z", "SEQUENCE:1", "LOCATION:Here"),
                Feed.event("a", "20260310T090000Z", "SEQUENCE:2", "LOCATION:There")
            ).utf8)
        #expect(try following.read()?.created == ["a"])
        #expect(following.groups["a"]?.meetings.map(\.details.location) == ["There"])
    }

    @Test func `G94 G105 events without an identity keep the one that was made for them`() throws {
        func body(_ minute: String) -> String {
            Feed.calendar(
                Feed.event(nil, "20260310T090000Z", "DTSTAMP:20260302T12\(minute)00Z"),
                Feed.event(nil, "20260311T090000Z", "DTSTAMP:20260302T12\(minute)00Z"))
        }
        server.body = Array(body("10").utf8)
        let created = try #require(try following.read()?.created)
        #expect(created.count == 2)
        following.cursor = nil
        server.body = Array(body("11").utf8)
        #expect(try following.read() == .nothing)
        #expect(Set(following.marks.keys) == created)
    }

    @Test func `B16 one bad event is set aside and counts as present`() throws {
        try following.read()
        server.body = Array(
            Feed.calendar(
                Feed.event("a", "tomorrow"), Feed.event("b"), Feed.event("c", "20260310T090000Z", "RRULE:NONSENSE")
            ).utf8)
        let round = try #require(try following.read())
        #expect((round.created, round.changed, round.absent) == (["b", "c"], ["a"], []))
        #expect(following.groups["a"]?.problems.isEmpty == false)
        #expect(following.groups["c"]?.problems.first?.problem == .unsupportedRule)
        #expect(following.groups["b"]?.problems.isEmpty == true)
    }

    // MARK: How often

    @Test(
        arguments: [
            (["REFRESH-INTERVAL;VALUE=DURATION:PT1H"], "max-age=7200", 3_600_000),
            (["X-PUBLISHED-TTL:PT2H"], nil, 7_200_000),
            (["REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT2H"], nil, 14_400_000),
            ([], "public, Max-Age=\"1800\", must-revalidate", 1_800_000),
            (["REFRESH-INTERVAL;VALUE=DURATION:PT1S"], nil, 900_000), (["X-PUBLISHED-TTL:P1W"], nil, 86_400_000),
            (["X-PUBLISHED-TTL:PT99999999999999H"], nil, nil), (["X-PUBLISHED-TTL:-PT1H"], nil, nil),
            (["X-PUBLISHED-TTL:P1D"], nil, 86_400_000), (["X-PUBLISHED-TTL:P1M"], "max-age=3600", 3_600_000),
            ([], "max-age=0, no-cache", nil), ([], "max-age=99999999999999999999", 86_400_000), ([], "max-age=x", nil),
            ([], "s-maxage=3600", nil), ([], nil, nil),
        ] as [([String], String?, Int64?)])
    func `G102 how often a feed wants to be read is heard within limits`(
        _ properties: [String], _ control: String?, _ expected: Int64?
    ) throws {
        server.body = Array(Feed.calendar(Feed.event("a"), properties: properties).utf8)
        server.more = control.map { [Header("Cache-Control", $0)] } ?? []
        let source = try following.source()
        try following.read(source)
        #expect(source.refreshMilliseconds == expected)
    }

    @Test func `G102 a feed that did not change still says how often`() throws {
        server.entityTag = "\"7\""
        server.body = Array(Feed.calendar(Feed.event("a"), properties: ["X-PUBLISHED-TTL:PT2H"]).utf8)
        try following.read()
        let source = try following.source()
        #expect(try following.read(source) == nil)
        #expect(source.refreshMilliseconds == 7_200_000)
    }

    // MARK: A first look

    @Test func `a first look says whose calendar it is and what is in it`() throws {
        server.body = Array(
            Feed.calendar(
                Feed.event("a", "20260310T090000Z", "ATTENDEE:mailto:ada@brandt.example"),
                Feed.event("b", "20250105T090000Z", "RRULE:FREQ=DAILY"), Feed.event("c", "20270101"),
                properties: ["NAME:Club", "COLOR:teal", "X-WR-TIMEZONE:Europe/Rome", "X-PUBLISHED-TTL:PT2H"]
            ).utf8)
        let look = try FeedConnect.look(address: Secret(FeedServer.address), means: following.means)
        #expect((look.name, look.host, look.colour, look.zone) == ("Club", "calendar.example", "teal", "Europe/Rome"))
        #expect((look.events, look.eventsWithAttendees) == (3, 1))
        #expect((look.firstDay, look.lastDay) == ("2025-01-05", "2027-01-01"))
        #expect((look.refreshMilliseconds, look.movedTo, look.isBlemished) == (7_200_000, nil, false))
    }

    @Test func `a first look at an empty calendar is no failure`() throws {
        server.body = Array(Feed.calendar().utf8)
        let look = try FeedConnect.look(address: Secret(FeedServer.address), means: following.means)
        #expect((look.name, look.events, look.firstDay, look.lastDay) == (nil, 0, nil, nil))
    }

    @Test func `a first look at a web page says so`() throws {
        server.body = Array("<html></html>".utf8)
        let failure = #expect(throws: ReadingFailure.self) {
            try FeedConnect.look(address: Secret(FeedServer.address), means: following.means)
        }
        #expect(failure?.code == "web_page")
    }
}
