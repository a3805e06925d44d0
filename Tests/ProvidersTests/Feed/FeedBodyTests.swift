import Entries
import HTTP
import Providers
import Testing

/// What servers send in place of a calendar. None of it takes anything away.
struct FeedBodyTests {
    private let server: FeedServer
    private let following: Following
    private let two = Feed.calendar(Feed.event("a"), Feed.event("b", "20260311T090000Z"))

    init() throws {
        server = FeedServer(two)
        following = Following(server)
        try following.read()
    }

    private func failure(_ body: String) throws -> ReadingFailure {
        server.body = Array(body.utf8)
        let before = following.cursor
        let failure = try #require(following.failure())
        #expect(following.cursor == before)
        #expect(failure.message.contains("calendar.example"))
        return failure
    }

    // MARK: Bodies

    @Test(arguments: [
        "<!DOCTYPE html><html><body>Please log in</body></html>", "\r\n  <html></html>", "\u{FEFF}<p>Moved</p>",
        "<?xml version=\"1.0\"?><error/>",
        "<pre>\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR\n</pre>",
    ])
    func `G100 a web page is no calendar, whatever its status says`(_ body: String) throws {
        let failure = try failure(body)
        #expect((failure.errorClass, failure.code) == (.permanent, "web_page"))
    }

    @Test(arguments: ["", " \r\n\r\n", "\u{FEFF}"])
    func `G100 an empty body is a failure that may pass`(_ body: String) throws {
        let failure = try failure(body)
        #expect((failure.errorClass, failure.code) == (.transient, "empty"))
    }

    @Test func `G100 a body without its end is a failure that may pass`() throws {
        for cut in ["END:VCALENDAR\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n", "LENDAR\r\n"] {
            let failure = try failure(String(two.dropLast(cut.count)))
            #expect((failure.errorClass, failure.code) == (.transient, "cut_off"))
        }
    }

    @Test func `G100 an error message behind the calendar is a failure that may pass`() throws {
        let failure = try failure(two + "Fatal error: out of memory")
        #expect((failure.errorClass, failure.code) == (.transient, "stray_text"))
    }

    @Test func `G100 other texts are told apart`() throws {
        #expect(try failure("{\"error\":\"x\"}").code == "other_text")
        #expect(try failure("BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n").code == "address_book")
        #expect(try failure("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260310T090000Z\r\nEND:VEVENT\r\n").code == "cut_off")
    }

    @Test func `G100 no text of the server stands in a message`() throws {
        for body in [
            "<html>hidden-words</html>", "hidden-words", two + "hidden-words", "BEGIN:VCALENDAR\r\nhidden-words",
        ] {
            #expect(!(try failure(body).message.contains("hidden-words")))
        }
    }

    @Test func `a calendar in which beginnings and ends do not fit is read, and nothing in it counts as missing`()
        throws
    {
        server.body = Array(
            Feed.calendar(Feed.event("a"), "BEGIN:VEVENT\r\nUID:c\r\nDTSTART:20260312T090000Z\r\n").utf8)
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(!reading.isComplete)
        #expect(try following.apply(reading).absent.isEmpty)
    }

    @Test(arguments: ["text/calendar", "text/plain", "application/octet-stream", "text/html", nil] as [String?])
    func `what is a calendar is one, whatever its type says`(_ type: String?) throws {
        server.type = type
        server.body = Array(Feed.calendar(Feed.event("c")).utf8)
        #expect(try following.read()?.created == ["c"])
    }

    @Test func `a calendar without an event is read whole, and it is for others to doubt it`() throws {
        server.body = Array(Feed.calendar().utf8)
        let reading = try #require(try following.source().read(CalendarPlace(path: "feed"), following.wish))
        #expect(reading.isComplete && reading.items.isEmpty)
        #expect(reading.coveredFrom == Following.start)
    }

    // MARK: Cut off anywhere

    private static let feeds = [
        Feed.calendar(Feed.event("a"), Feed.event("b", "20260311T090000Z", "DESCRIPTION:Grüße\\, all\r\n  of you")),
        Feed.calendar(
            Feed.event("a", "20260310T090000Z", "RRULE:FREQ=WEEKLY"),
            Feed.event("a", "20260318T090000Z", "RECURRENCE-ID:20260317T090000Z"),
            Feed.event("c", "20260310T090000Z", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM")),
        "\u{FEFF}"
            + Feed.calendar(
                "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
                    + "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n", Feed.event(nil), Feed.event("b")),
        Feed.calendar(Feed.event("a"), Feed.event("b")).replacing("\r\n", with: "\n"),
        Feed.calendar(Feed.event("a")) + Feed.calendar(Feed.event("b")) + Feed.calendar(Feed.event("c")),
    ]

    @Test(arguments: Self.feeds.indices)
    func `G16 F8 G100 L01 no beginning of a feed takes anything away`(_ index: Int) throws {
        let whole = Array(Self.feeds[index].utf8)
        let server = FeedServer("")
        server.isLengthKnown = false
        let following = Following(server)
        server.body = whole
        let known = try #require(try following.read()?.created)
        for length in 0..<whole.count {
            server.body = Array(whole[..<length])
            for cursor in [following.cursor, nil] {
                do {
                    let wish = ReadingWish(cursor: cursor, window: following.window)
                    guard let reading = try following.source().read(CalendarPlace(path: "feed"), wish) else { continue }
                    let present = Set(reading.items.map(\.identifier))
                    #expect(!reading.isComplete || present == known, "\(length) of \(whole.count)")
                } catch let failure as ReadingFailure {
                    #expect(failure.errorClass == .transient, "\(length) of \(whole.count): \(failure)")
                }
                // The whole again, as a server sends it that only failed once.
                server.body = whole
                _ = try following.source().read(
                    CalendarPlace(path: "feed"), ReadingWish(cursor: nil, window: following.window))
                server.body = Array(whole[..<length])
            }
        }
    }

    @Test func `a feed that really has fewer calendars than before is believed at the next reading`() throws {
        server.isLengthKnown = false
        server.body = Array((Feed.calendar(Feed.event("a")) + Feed.calendar(Feed.event("b"))).utf8)
        #expect(try following.read() != nil)
        server.body = Array(Feed.calendar(Feed.event("a")).utf8)
        #expect(try following.read() == .nothing)
        #expect(try following.read() == Following.Round(absent: ["b"]))
        // Where the server says how long the body is, there is nothing to doubt.
        server.isLengthKnown = true
        server.body = Array((Feed.calendar(Feed.event("a")) + Feed.calendar(Feed.event("b"))).utf8)
        try following.read()
        server.body = Array(Feed.calendar(Feed.event("a")).utf8)
        #expect(try following.read()?.absent == ["b"])
    }

    // MARK: Statuses

    private struct Expected {
        let status: Int
        let errorClass: ErrorClass
        let code: String
        let word: String
    }

    @Test func `G100 each status says what happened and what to do`() throws {
        let table = [
            Expected(status: 401, errorClass: .auth, code: "unauthorized", word: "wants a user name"),
            Expected(status: 403, errorClass: .auth, code: "forbidden", word: "connections reconnect"),
            Expected(status: 404, errorClass: .permanent, code: "not_found", word: "no calendar at that address"),
            Expected(status: 410, errorClass: .permanent, code: "gone", word: "gone for good"),
            Expected(status: 429, errorClass: .rate, code: "too_many_requests", word: "left alone"),
            Expected(status: 500, errorClass: .transient, code: "status_500", word: "may pass"),
            Expected(status: 503, errorClass: .transient, code: "status_503", word: "may pass"),
            Expected(status: 204, errorClass: .transient, code: "empty", word: "nothing at all"),
            Expected(status: 206, errorClass: .permanent, code: "status_206", word: "206"),
            Expected(status: 302, errorClass: .permanent, code: "status_302", word: "302"),
        ]
        for expected in table {
            server.status = expected.status
            let failure = try failure(two)
            #expect((failure.errorClass, failure.code) == (expected.errorClass, expected.code))
            #expect(failure.message.contains(expected.word), "\(failure)")
        }
        following.login = "ada"
        server.status = 401
        #expect(try failure(two).message.contains("refused the user name or the password"))
    }

    @Test(arguments: [
        ("120", 120_000), ("Mon, 02 Mar 2026 12:10:00 GMT", 600_000), ("99999999", 86_400_000), ("soon", nil),
    ])
    func `G100 G102 a server that asks to be left alone is`(_ header: String, _ milliseconds: Int64?) throws {
        for status in [429, 503] {
            server.status = status
            server.more = [Header("Retry-After", header)]
            #expect(try failure(two).retryAfterMilliseconds == milliseconds)
        }
    }

    @Test func `a request without an answer is a failure that may pass or not, as the error says`() throws {
        server.error = HTTPError(.timedOut, "calendar.example did not answer.")
        #expect(try failure(two).errorClass == .transient)
        server.error = HTTPError(.forbiddenAddress, "calendar.example is a private address.")
        #expect(try failure(two).errorClass == .permanent)
    }
}
