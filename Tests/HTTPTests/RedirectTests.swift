import HTTP
import Secrets
import Testing

@Suite struct RedirectTests {
    private let hostile: Hostile
    private let client: Client

    init() throws {
        hostile = try Hostile.shared()
        client = try hostile.client()
    }

    private func dav(_ method: String, _ path: String) throws -> Request {
        let headers = [Header("Depth", "1"), Header("Content-Type", "application/xml")]
        return Request(method, try hostile.address(path), headers: headers, body: Array("<a/>".utf8))
    }

    @Test(arguments: [301, 302, 303, 307, 308], ["PROPFIND", "REPORT"])
    func `G57 a redirect keeps method, Depth and body`(status: Int, method: String) throws {
        let word = "keeps-\(status)-\(method)"
        let response = try client.send(dav(method, "/redirect?status=\(status)&to=/echo?\(word)"))
        #expect(response.status == 200)
        #expect(response.address.text.hasSuffix("/echo?\(word)"))
        let last = try #require(try hostile.asked(word).last)
        #expect(last.method == method)
        #expect(last.header("Depth") == "1")
        #expect(last.header("Content-Type") == "application/xml")
        #expect(last.body == "<a/>")
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func `G57 a POST is sent again only where that is asked for`(status: Int, method: String) throws {
        let word = "post-\(status)"
        _ = try client.send(dav("POST", "/redirect?status=\(status)&to=/echo?\(word)"))
        let last = try #require(try hostile.asked(word).last)
        #expect(last.method == method)
        #expect(last.body == (method == "POST" ? "<a/>" : ""))
        #expect((last.header("Content-Type") != nil) == (method == "POST"))
    }

    @Test(arguments: [(301, "PUT"), (303, "GET"), (307, "PUT")])
    func `G57 what changes something is not done twice after a 303`(status: Int, method: String) throws {
        let word = "put-\(status)"
        _ = try client.send(dav("PUT", "/redirect?status=\(status)&to=/echo?\(word)"))
        #expect(try hostile.asked(word).last?.method == method)
    }

    @Test func `G57 five redirects are followed and the sixth is not`() throws {
        let five = try client.send(hostile.get("/redirect?left=4&to=/echo?five"))
        #expect(five.status == 200)
        let six = client.send([try hostile.get("/redirect?left=5&to=/echo?six")])[0].failure
        #expect(six?.kind == .tooManyRedirects)
        #expect(try hostile.asked("six").filter { $0.target.hasPrefix("/echo") }.isEmpty)
    }

    @Test func `G57 a loop ends after five`() throws {
        let error = client.send([try hostile.get("/redirect?to=self&round")])[0].failure
        #expect(error?.kind == .tooManyRedirects)
        #expect(try hostile.asked("round").count == 6)
    }

    @Test func `G57 https never leads to http`() throws {
        for to in ["{main}/echo?down", "{other}/echo?down"] {
            let request = Request("GET", try hostile.place("good", "/redirect?to=\(to)"))
            #expect(client.send([request])[0].failure?.kind == .badRedirect)
        }
        #expect(try hostile.asked("/echo?down").filter { $0.target.hasPrefix("/echo") }.isEmpty)
        let up = try client.send(hostile.get("/redirect?to={good}/echo?up"))
        #expect(up.address.origin.isSecure)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/x", "javascript:1", "http://", "http://a@b/",
    ])
    func `T10 what is no http address is not followed`(to: String) throws {
        #expect(client.send([try hostile.get("/redirect?to=\(to)")])[0].failure?.kind == .badRedirect)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `T10 credentials do not go to another origin`(status: Int) throws {
        let word = "foreign-\(status)"
        var request = try dav("PROPFIND", "/redirect?status=\(status)&to={other}/echo?\(word)")
        request.credentials = Hostile.credentials(for: request.address)
        request.headers.append(Header("Cookie", "a=b"))
        #expect(try client.send(request).status == 200)
        let asked = try hostile.asked(word)
        #expect(asked.map(\.place) == ["main", "other"])
        #expect(asked[0].header("Authorization") != nil)
        #expect(asked[1].header("Authorization") == nil)
        #expect(asked[1].header("Cookie") == nil)
        #expect(asked[1].body == "<a/>")
    }

    @Test func `T10 a bearer token and a header of one's own do not go to another origin`() throws {
        var token = try dav("PROPFIND", "/redirect?to={other}/echo?foreign-token")
        token.credentials = Credentials(.bearer(Secret("token-1")), for: token.address.origin)
        var header = try dav("PROPFIND", "/redirect?to={other}/echo?foreign-token")
        header.headers.append(Header("authorization", "Bearer token-1"))
        for outcome in client.send([token, header]) { #expect(try outcome.get().status == 200) }
        let asked = try hostile.asked("foreign-token")
        #expect(asked.filter { $0.place == "main" }.allSatisfy { $0.header("Authorization") == "Bearer token-1" })
        #expect(asked.filter { $0.place == "other" }.allSatisfy { $0.header("Authorization") == nil })
    }

    @Test func `T10 credentials come along on the same origin, and to those that a rule names`() throws {
        var same = try dav("PROPFIND", "/redirect?to=/echo?same")
        same.credentials = Hostile.credentials(for: same.address)
        let other = try hostile.place("other").origin
        var ruled = try dav("PROPFIND", "/redirect?to={other}/echo?ruled")
        ruled.credentials = Credentials(
            .password(login: "joe", Secret("pw")), for: ruled.address.origin, others: { $0 == other })
        for outcome in client.send([same, ruled]) { #expect(try outcome.get().status == 200) }
        #expect(try hostile.asked("same").allSatisfy { $0.header("Authorization") != nil })
        #expect(try hostile.asked("ruled").allSatisfy { $0.header("Authorization") != nil })
    }

    @Test func `T10 credentials that are for elsewhere are not sent at all`() throws {
        var request = try hostile.get("/identify?offers=basic&elsewhere")
        request.credentials = Hostile.credentials(for: try hostile.place("other"))
        #expect(try client.send(request).status == 401)
        #expect(try hostile.asked("elsewhere").map { $0.header("Authorization") } == [nil])
    }

    @Test func `T10 who was led away and back is known again`() throws {
        let back = "{main}/identify?offers=basic%26back"
        var request = try hostile.get("/redirect?to={other}/redirect?to=" + back.replacing("%", with: "%25"))
        request.credentials = Hostile.credentials(for: request.address)
        #expect(try client.send(request).status == 200)
    }

    @Test func `T10 no cookie is kept`() throws {
        _ = try client.send(hostile.get("/answer?header=Set-Cookie:a=b&cookie"))
        _ = try client.send(hostile.get("/echo?cookie"))
        #expect(try hostile.asked("cookie").allSatisfy { $0.header("Cookie") == nil })
    }

    @Test(arguments: [
        ("/redirect?status=301&to=/echo?moved", true), ("/redirect?status=308&to=/echo?moved", true),
        ("/redirect?status=302&to=/echo?moved", false), ("/redirect?status=307&to=/echo?moved", false),
        ("/redirect?status=301&to=/redirect?status=308%26to=/echo", true),
        ("/redirect?status=301&to=/redirect?status=302%26to=/echo", false),
        ("/redirect?status=302&to=/redirect?status=301%26to=/echo", false), ("/echo?moved", false),
    ])
    func `G101 a new address is told when all that led to it was for good`(path: String, isMoved: Bool) throws {
        let response = try client.send(hostile.get(path))
        #expect(response.movedTo == (isMoved ? response.address : nil))
        #expect(response.address.path == "/echo")
    }

    @Test func `T10 a request that follows nothing hands back the redirect`() throws {
        var request = try hostile.get("/redirect?to=/echo?unfollowed")
        request.followsRedirects = false
        let response = try client.send(request)
        #expect(response.status == 302)
        #expect(response.header("location") == "/echo?unfollowed")
        #expect(try hostile.asked("unfollowed").count == 1)
    }

    @Test func `G56 a redirect without a place to go to, and a 304, are answers`() throws {
        #expect(try client.send(hostile.get("/redirect?to=")).status == 302)
        #expect(try client.send(hostile.get("/answer?status=304&header=Location:/echo")).status == 304)
        #expect(try client.send(hostile.get("/answer?status=300&header=Location:/echo")).status == 300)
    }

    @Test func `G56 relative, absolute and encoded places are found`() throws {
        for (to, path) in [
            ("echo?a", "/echo"), ("./x/../echo", "/echo"), ("{main}/echo", "/echo"), ("/%C3%A4%2Fb", "/ä/b"),
        ] {
            #expect(try client.send(hostile.get("/redirect?to=\(to)")).status == 200, "\(to) \(path)")
        }
    }

    @Test func `T11 redirects share one budget of bytes`() throws {
        let way = "/redirect?left=4&to=/answer?body=" + String(repeating: "a", count: 100)
        #expect(try client.send(hostile.get(way) { $0.bodyBytes = 200 }).status == 200)
        #expect(client.send([try hostile.get(way) { $0.bodyBytes = 120 }])[0].failure?.kind == .tooLarge)
        #expect(client.send([try hostile.get(way) { $0.headerBytes = 300 }])[0].failure?.kind == .tooLarge)
    }
}
