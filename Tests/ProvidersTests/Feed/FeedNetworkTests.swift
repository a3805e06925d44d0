import Entries
import Foundation
import HTTP
import Neighbours
import Providers
import Secrets
import Testing

/// Feeds through the client that goes out, from a hostile server and from a real one.
@Suite(.serialized) struct FeedNetworkTests {
    private static func client(allowed: String? = "127.0.0.0/8") throws -> Client {
        var options = Client.Options()
        if let allowed { options.allowed = [try Allowance(allowed)] }
        return Client(options)
    }

    private static func following(_ client: Client, _ address: String) -> Following {
        let following = Following(client)
        following.address = address
        following.allowsPlain = true
        return following
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// Where a hostile server answers with a text.
    private static func answer(_ text: String, _ more: String = "") -> String {
        "/answer?type=text/calendar&body=\(escaped(text))\(more)"
    }

    private static let calendar = Feed.calendar(Feed.event("a"), Feed.event("b"))

    // MARK: A hostile server

    @Test func `G98 a tag is sent as it came`() throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let client = try Self.client()
        let following = Self.following(
            client, hostile.url + Self.answer(Self.calendar, "&header=" + Self.escaped("ETag:W/\"a b%\"")))
        #expect(try following.read()?.created == ["a", "b"])
        #expect(try following.read() == nil)
        let log = try client.send(Request("GET", Address(hostile.url + "/_control/requests"))).body
        #expect(String(decoding: log, as: UTF8.self).contains("W/\\\"a b%\\\""))
    }

    private static let spoilt = [
        (answer("<html></html>"), "web_page"), (answer(String(calendar.dropLast(20)), "&framing=close"), "cut_off"),
        (answer(String(calendar.dropLast(20)), "&framing=old"), "cut_off"), ("/cut?framing=length&at=10", "cut_off"),
        ("/cut?framing=chunked&at=10", "cut_off"), ("/cut?framing=head&at=10", "cut_off"), ("/bomb", "too_large"),
        ("/flood?kind=headers", "too_large"), ("/flood?kind=body", "too_large"), ("/reset", "cut_off"),
        ("/redirect?left=9", "too_many_redirects"), ("/answer?status=404", "not_found"),
        ("/answer?status=410", "gone"), ("/identify?offers=basic", "unauthorized"), ("/echo", "other_text"),
        ("/not-http", "malformed"),
    ]

    @Test func `G100 G103 what goes wrong on the way has its word, and the address stands in none`() throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        for (path, code) in Self.spoilt {
            let failure = Self.following(try Self.client(), hostile.url + path).failure()
            #expect(failure?.code == code, "\(path)")
            #expect(failure?.message.contains(path.split(separator: "?")[0]) == false)
        }
    }

    @Test(arguments: [(301, true), (308, true), (302, false), (307, false)])
    func `G101 only a redirect for good moves a feed`(_ status: Int, _ isMoved: Bool) throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let target = Self.answer(Self.calendar)
        let following = Self.following(
            try Self.client(), hostile.url + "/redirect?status=\(status)&to=" + Self.escaped(target))
        let source = try following.source()
        #expect(try following.read(source)?.created == ["a", "b"])
        #expect(source.movedTo == (isMoved ? Secret(hostile.url + target) : nil))
    }

    @Test func `G104 an address of one's own network is not asked unless somebody allowed it`() throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let following = Self.following(try Self.client(allowed: nil), hostile.url + Self.answer(Self.calendar))
        #expect(following.failure()?.code == "forbidden_address")
        #expect(following.failure()?.errorClass == .permanent)
        let port = String(hostile.url.split(separator: ":")[2])
        let elsewhere = "/redirect?status=301&to=" + Self.escaped("{other}/echo")
        let redirected = Self.following(try Self.client(allowed: "127.0.0.1:\(port)"), hostile.url + elsewhere)
        #expect(redirected.failure()?.code == "forbidden_address")
    }

    // MARK: Radicale

    private static var hasRadicale: Bool { Neighbour.has("radicale") }

    /// Radicale with a calendar of some events, and a server before it that can spoil its answers.
    private struct Published {
        let radicale: Neighbour
        let proxy: Neighbour
        let client: Client
        let following: Following

        init() throws {
            radicale = try Neighbour(["tools/servers/run", "radicale"])
            proxy = try Neighbour(["tools/emulators/hostile/run", "--before", radicale.url])
            client = try FeedNetworkTests.client()
            following = FeedNetworkTests.following(client, proxy.url + "/alice/cal/")
            following.login = "alice"
            following.password = Secret("secret")
            try send("MKCALENDAR", "")
            for uid in ["a", "b", "c"] { try put(uid) }
        }

        func put(_ uid: String, _ start: String = "20260310T090000Z") throws {
            try send("PUT", "\(uid).ics", Feed.calendar(Feed.event(uid, start, "DTSTAMP:20260302T120000Z")))
        }

        func send(_ method: String, _ name: String, _ body: String = "") throws {
            let address = try Address(radicale.url + "/alice/cal/" + name)
            var request = Request(
                method, address, headers: [Header("Content-Type", "text/calendar")], body: Array(body.utf8))
            request.credentials = Credentials(.password(login: "alice", Secret("secret")), for: address.origin)
            #expect(try client.send(request).isSuccess)
        }

        func spoil(_ kind: String?) throws {
            let body = kind.map { "{\"kind\": \"\($0)\", \"times\": 100}" } ?? ""
            let address = try Address(proxy.url + "/_control/fault")
            let request = Request(kind == nil ? "DELETE" : "POST", address, body: Array(body.utf8))
            #expect(try client.send(request).isSuccess, "\(kind ?? "")")
        }
    }

    @Test(.enabled(if: hasRadicale)) func `G98 the collection of a real server is followed as a feed`() throws {
        let published = try Published()
        let following = published.following
        #expect(try following.read()?.created == ["a", "b", "c"])
        #expect(try following.read() == nil)
        try published.put("d")
        try published.put("a", "20260311T090000Z")
        try published.send("DELETE", "b.ics")
        #expect(try following.read() == Following.Round(created: ["d"], changed: ["a"], absent: ["b"]))
        #expect(try following.read() == nil)
    }

    private static let faults = [
        "dropped", "reset", "lost", "lost_reset", "cut_headers", "cut_length", "cut_chunked", "cut_close", "cut_reset",
        "too_long", "too_short", "bad_chunk", "bomb", "flood", "not_http", "page", "empty", "garbage", "loop",
        "unauthorized_401", "forbidden_403", "missing_404", "late_408", "failed_500", "gateway_502", "busy_429",
        "busy_503", "busy_503_date",
    ]

    @Test(.enabled(if: hasRadicale)) func `G100 G16 a real server whose answers are spoilt loses nothing here`() throws
    {
        let published = try Published()
        let following = published.following
        try following.read()
        for (number, kind) in Self.faults.enumerated() {
            let (cursor, known) = (following.cursor, following.marks.count)
            try published.put("d\(number)")
            try published.spoil(kind)
            #expect(following.failure() != nil, "\(kind)")
            #expect((following.cursor, following.marks.count) == (cursor, known), "\(kind)")
            try published.spoil(nil)
            #expect(try following.read() == Following.Round(created: ["d\(number)"]), "\(kind)")
        }
    }
}
