import Entries
import Foundation
import HTTP
import Neighbours
import Providers
import Secrets
import Testing

/// Feeds through the client that goes out, from a hostile server and from a real one.
@Suite(.serialized) struct FeedNetworkTests {
    private static func client(allowed: [String] = ["127.0.0.0/8"]) -> Client {
        var options = Client.Options()
        options.allowed = allowed
        return Client(options)
    }

    private static func following(_ client: Client, _ address: String) -> Following {
        let following = Following(client)
        following.address = address
        following.allowsPlain = true
        return following
    }

    // MARK: A hostile server

    @Test func `G98 a feed with a tag is not sent twice`() throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let client = Self.client()
        let following = Self.following(client, hostile.url + "/etag")
        #expect(try following.read() == .nothing)
        #expect(try following.read() == nil)
        let log = String(
            decoding: try client.send(Request("GET", Address(hostile.url + "/_requests"))).body, as: UTF8.self)
        #expect(log.contains("\"If-None-Match\": \"\\\"one\\\"\""))
    }

    @Test(arguments: [
        ("/html", "web_page"), ("/cut/length", "cut_off"), ("/cut/chunked", "cut_off"), ("/cut/close", "cut_off"),
        ("/cut/headers", "cut_off"), ("/bomb", "too_large"), ("/headers", "too_large"), ("/reset", "unreachable"),
        ("/loop", "too_many_redirects"), ("/status/404", "not_found"), ("/status/410", "gone"),
        ("/auth/basic", "unauthorized"), ("/echo", "other_text"),
    ])
    func `G100 G103 what goes wrong on the way has its word`(_ path: String, _ code: String) throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let failure = Self.following(Self.client(), hostile.url + path).failure()
        #expect(
            failure?.code == code || failure?.code == "cut_off" && code == "unreachable",
            "\(failure?.code ?? "nothing")")
        #expect(failure?.message.contains(path) == false)
    }

    @Test(arguments: [(301, true), (308, true), (302, false), (307, false)])
    func `G101 only a redirect for good moves a feed`(_ status: Int, _ isMoved: Bool) throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let following = Self.following(Self.client(), hostile.url + "/redirect/\(status)?to=/etag")
        let source = try following.source()
        try following.read(source)
        #expect(source.movedTo == (isMoved ? Secret(hostile.url + "/etag") : nil))
    }

    @Test func `G104 an address of one's own network is not asked unless somebody allowed it`() throws {
        let hostile = try Neighbour(["tools/emulators/hostile/run"])
        let following = Self.following(Self.client(allowed: []), hostile.url + "/etag")
        #expect(following.failure()?.code == "forbidden_address")
        #expect(following.failure()?.errorClass == .permanent)
    }

    // MARK: Radicale

    private static var hasRadicale: Bool { FileManager.default.fileExists(atPath: "/usr/bin/radicale") }

    /// Radicale with a calendar of some events, and a server before it that can spoil its answers.
    private struct Published {
        let radicale: Neighbour
        let proxy: Neighbour
        let client: Client
        let following: Following

        init() throws {
            radicale = try Neighbour(["tools/emulators/radicale/run"])
            proxy = try Neighbour(["tools/emulators/hostile/run", "--before", radicale.url])
            client = FeedNetworkTests.client()
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

        func spoil(_ kind: String, times: Int = 1) throws {
            let fault = Array("{\"kind\": \"\(kind)\", \"match\": \"GET\", \"times\": \(times)}".utf8)
            #expect(try client.send(Request("POST", Address(proxy.url + "/_fault"), body: fault)).isSuccess)
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
        "cut", "cut-close", "truncate", "html", "empty", "garbage", "status:503", "status:404", "status:410",
        "drop-auth", "reset", "wrong-length", "redirect-loop", "gzip-lie", "bomb", "no-answer", "bad-status-line",
        "header-flood",
    ]

    @Test(.enabled(if: hasRadicale)) func `G100 G16 a real server whose answers are spoilt loses nothing here`() throws
    {
        let published = try Published()
        let following = published.following
        try following.read()
        for (number, kind) in Self.faults.enumerated() {
            let (cursor, known) = (following.cursor, following.marks.count)
            try published.put("d\(number)")
            try published.spoil(kind, times: 10)
            #expect(following.failure() != nil, "\(kind)")
            #expect((following.cursor, following.marks.count) == (cursor, known), "\(kind)")
            #expect(try published.client.send(Request("POST", Address(published.proxy.url + "/_reset"))).isSuccess)
            #expect(try following.read() == Following.Round(created: ["d\(number)"]), "\(kind)")
        }
    }
}
