import Entries
import HTTP
import Providers
import Secrets
import Testing

/// The address of a feed: how it is read, where it leads, and that nobody sees it.
struct FeedAddressTests {
    private let server = FeedServer(Feed.calendar(Feed.event("a")))
    private let following: Following

    init() { following = Following(server) }

    @Test(arguments: [
        "webcal://Club.example/dates.ics", "webcals://club.example/dates.ics", " https://club.example:443/dates.ics\n",
        "WEBCAL://club.example/dates.ics#top",
    ])
    func `G101 webcal means https`(_ address: String) throws {
        following.address = address
        try following.read()
        #expect(server.requests.first?.address.text == "https://club.example/dates.ics")
    }

    @Test func `G101 http is asked only where somebody allowed it`() throws {
        let address = Secret("http://club.example/dates.ics")
        let failure = #expect(throws: ReadingFailure.self) { try FeedSource(address: address, means: following.means) }
        #expect(failure?.code == "not_encrypted")
        let source = try FeedSource(address: address, allowsPlain: true, means: following.means)
        #expect(try following.read(source)?.created == ["a"])
    }

    @Test func `G101 a permanent redirect tells the new address, and no other does`() throws {
        server.movedTo = "https://new.example/private-2/basic.ics?key=t0ken"
        let source = try following.source()
        #expect(source.movedTo == nil)
        try following.read(source)
        #expect(source.movedTo == Secret("https://new.example/private-2/basic.ics?key=t0ken"))
        server.movedTo = nil
        let unmoved = try following.source()
        try following.read(unmoved)
        #expect(unmoved.movedTo == nil)
    }

    @Test func `G101 a redirect that leads to something else than a calendar moves nothing`() throws {
        server.movedTo = "https://portal.example/login"
        for (status, body) in [(200, "<html>Log in</html>"), (404, "no")] {
            (server.status, server.body) = (status, Array(body.utf8))
            let source = try following.source()
            #expect(throws: ReadingFailure.self) { try following.read(source) }
            #expect(source.movedTo == nil)
        }
    }

    @Test func `G101 a feed that moved and did not change tells its new address too`() throws {
        server.entityTag = "\"7\""
        try following.read()
        server.movedTo = "https://new.example/basic.ics"
        let source = try following.source()
        #expect(try following.read(source) == nil)
        #expect(source.movedTo == Secret("https://new.example/basic.ics"))
    }

    @Test(arguments: [
        ("https://calendar.example/a.ics", "https://evil.example/a.ics"),
        ("https://calendar.example/a.ics", "https://calendar.example:8443/a.ics"),
        ("http://calendar.example:8080/a.ics", "https://calendar.example/a.ics"),
    ])
    func `T10 a feed with a login is not moved to another server, and its owner is told`(_ from: String, _ to: String)
        throws
    {
        (following.address, following.login, following.allowsPlain) = (from, "ada", true)
        server.entityTag = "\"7\""
        try following.read()
        server.movedTo = to
        for isFirst in [true, false] {
            let source = try following.source()
            #expect(try following.read(source)?.absent == [])
            #expect(source.movedTo == nil)
            let problem = try #require(following.groups["feed:moved"]?.problems.first)
            #expect(problem.message.contains("has moved to \(try Address(to).origin.place)."))
            #expect(!problem.message.contains("a.ics"))
            if isFirst { server.body = Array(Feed.calendar(Feed.event("b")).utf8) }
        }
        #expect(following.marks["a"] != nil)
        let failure = #expect(throws: ReadingFailure.self) { try following.source().look() }
        #expect(failure?.code == "moved")
        server.status = 401
        #expect(following.failure()?.code == "moved")
        // It is back where it was.
        (server.status, server.movedTo) = (200, nil)
        #expect(try following.read()?.absent == ["feed:moved", "a"])
        #expect(server.requests.allSatisfy { $0.address.text == from })
    }

    @Test func `G101 a feed with a login moves within its server, and to its encrypted door`() throws {
        for (from, to) in [
            ("https://calendar.example/a.ics", "https://calendar.example/b.ics"),
            ("http://calendar.example/a.ics", "https://calendar.example/a.ics"),
        ] {
            (following.address, following.login, following.allowsPlain) = (from, "ada", true)
            server.movedTo = to
            let source = try following.source()
            try following.read(source)
            #expect(source.movedTo == Secret(to))
        }
    }

    @Test func `a feed behind a password shows it to its own server only`() throws {
        following.login = "ada"
        try following.read()
        let credentials = try #require(server.requests.first?.credentials)
        #expect(credentials.isFor(try Address("https://calendar.example/").origin))
        #expect(!credentials.isFor(try Address("https://other.example/").origin))
        guard case .password(let login, let password) = credentials.kind else { return #expect(Bool(false)) }
        #expect((login, password) == ("ada", Secret("pass w0rd")))
    }

    // MARK: Secrecy

    /// What lets one in, and nothing of the host.
    private static let secrets = ["7f3a", "s3cret", "basic.ics", "pass w0rd", "private"]

    private func expectSecrecy(_ text: String) {
        for secret in Self.secrets { #expect(!text.contains(secret), "“\(secret)” stands in “\(text)”") }
    }

    @Test func `G101 G108 the address stands in no cursor and in no error`() throws {
        following.login = "ada"
        server.entityTag = "\"7\""
        server.lastModified = "Mon, 02 Mar 2026 11:00:00 GMT"
        server.movedTo = "https://calendar.example/private-7f3a/basic.ics?key=s3cret2"
        try following.read()
        expectSecrecy(try #require(following.cursor))
        expectSecrecy(following.memory.facts.description)
        server.entityTag = nil
        server.lastModified = nil
        for body in ["", "<html>", "{}", "BEGIN:VCALENDAR", "BEGIN:VCARD\nEND:VCARD\n"] {
            server.body = Array(body.utf8)
            expectSecrecy("\(try #require(following.failure()))")
        }
        following.cursor = nil
        for status in [204, 301, 304, 400, 401, 403, 404, 408, 410, 418, 429, 500, 503] {
            server.status = status
            expectSecrecy("\(try #require(following.failure()))")
        }
    }

    @Test func `G101 G108 the address stands in no description of what was made from it`() throws {
        server.remembers = false
        let source = try following.source()
        try following.read(source)
        expectSecrecy("\(source) \(String(reflecting: source)) \(try source.look())")
        var dumped = ""
        dump(source, to: &dumped)
        for secret in ["7f3a", "s3cret"] { #expect(!dumped.contains(secret)) }
    }

    @Test(arguments: [
        "https://ada:s3cret@calendar.example/basic.ics", "ftp://calendar.example/private-7f3a", "calendar", "",
        "https://calendar.example:99999/private-7f3a/basic.ics",
    ])
    func `G101 an address that cannot be opened is refused without being repeated`(_ address: String) throws {
        let failure = #expect(throws: ReadingFailure.self) {
            try FeedSource(address: Secret(address), means: following.means)
        }
        #expect(failure?.errorClass == .permanent)
        expectSecrecy("\(try #require(failure))")
    }
}
