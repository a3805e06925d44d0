import Foundation
import Neighbours
import Secrets
import Testing

@testable import HTTP

/// The client against a server that does all that servers do wrong.
@Suite(.serialized) final class ClientTests {
    private let hostile: Neighbour
    private let client: Client

    init() throws {
        hostile = try Neighbour(["tools/emulators/hostile/run"])
        var options = Client.Options()
        options.allowed = ["127.0.0.0/8"]
        options.resolved = ["rebinding.example:80:127.0.0.1"]
        client = Client(options)
    }

    private func request(_ path: String, _ method: String = "GET", _ body: String = "") throws -> Request {
        var request = Request(method, try Address(hostile.url + path), body: Array(body.utf8))
        request.limits.totalSeconds = 20
        request.limits.connectSeconds = 2
        return request
    }

    private func get(_ path: String) throws -> Response { try client.send(try request(path)) }

    private func kind(_ request: Request) -> HTTPError.Kind? {
        do {
            _ = try client.send(request)
            return nil
        } catch {
            return error.kind
        }
    }

    private struct Seen: Decodable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: String
        let port: Int
        let client: Int

        var authorization: String? { headers["Authorization"] }
    }

    private func seen() throws -> [Seen] {
        try JSONDecoder().decode([Seen].self, from: Data(try get("/_requests").body))
    }

    private var password: Credentials {
        get throws { Credentials(.password(login: "alice", Secret("secret")), for: try Address(hostile.url).origin) }
    }

    // MARK: Redirects

    @Test(arguments: [301, 302, 307, 308])
    func `G57 a redirect keeps method, Depth and body`(_ status: Int) throws {
        var request = try request("/redirect/\(status)?to=/echo", "PROPFIND", "<propfind/>")
        request.headers = [Header("Depth", "0")]
        let response = try client.send(request)
        #expect(String(decoding: response.body, as: UTF8.self) == "<propfind/>")
        let last = try #require(try seen().last)
        #expect((last.method, last.headers["Depth"], last.body) == ("PROPFIND", "0", "<propfind/>"))
        #expect((response.movedTo != nil) == [301, 308].contains(status))
    }

    @Test func `T10 credentials do not follow a redirect to another origin`() throws {
        var request = try request("/elsewhere/307", "REPORT", "<report/>")
        request.credentials = Credentials(.bearer(Secret("TOKEN")), for: request.address.origin)
        _ = try client.send(request)
        let seen = try seen()
        #expect(seen.map(\.authorization) == ["Bearer TOKEN", nil])
        #expect(seen[0].port != seen[1].port)
    }

    @Test func `T10 credentials are not sent to a foreign origin at all`() throws {
        var request = try request("/echo")
        request.credentials = Credentials(
            .bearer(Secret("TOKEN")), for: Origin(scheme: "https", host: "a.b", port: 443))
        _ = try client.send(request)
        #expect(try seen().first?.authorization == nil)
    }

    @Test func `G57 a loop of redirects ends`() throws {
        #expect(kind(try request("/loop")) == .tooManyRedirects)
        #expect(try seen().count == 6)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/", "gopher://x/"])
    func `T10 a redirect to what is no web address is refused`(_ target: String) throws {
        #expect(kind(try request("/redirect/302?to=" + target)) == .badRedirect)
    }

    @Test func `a request that must not be redirected gets the answer itself`() throws {
        var request = try request("/redirect/302?to=/echo", "POST", "code=1")
        request.followsRedirects = false
        #expect(try client.send(request).status == 302)
    }

    // MARK: Logging in

    @Test(arguments: [
        ("basic", 200, ["Basic"]), ("digest", 200, ["Digest"]), ("digest/basic", 200, ["Digest"]),
        ("broken-digest/basic", 200, ["Digest", "Basic"]), ("unknown/basic", 200, ["Basic"]),
        ("combined/basic", 200, ["Basic"]), ("unknown", 401, []),
    ])
    func `G58 ways of logging in are tried as the server offers them`(
        _ offered: String, _ status: Int, _ used: [String]
    ) throws {
        var request = try request("/auth/" + offered)
        request.credentials = try password
        #expect(try client.send(request).status == status)
        let ways = try seen().compactMap { $0.authorization?.split(separator: " ").first.map(String.init) }
        #expect(Array(ways.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }) == used)
    }

    @Test func `T10 a password is not shown unasked where anybody could listen`() throws {
        var request = try request("/echo")
        request.credentials = try password
        _ = try client.send(request)
        #expect(try seen().first?.authorization == nil)
    }

    @Test func `the way that worked is used at once the next time`() throws {
        var request = try request("/auth/basic")
        request.credentials = try password
        _ = try client.send(request)
        let before = try seen().count
        _ = try client.send(request)
        #expect(try seen().count == before + 1)
    }

    // MARK: Conditions, cuts and bombs

    @Test func `G98 a condition that holds is answered with 304`() throws {
        var request = try request("/etag")
        #expect(try client.send(request).header("etag") == "\"one\"")
        request.headers = [Header("If-None-Match", "\"one\"")]
        #expect(try client.send(request).status == 304)
    }

    @Test(arguments: ["length", "chunked", "headers"])
    func `G81 an answer that is cut off is no answer`(_ how: String) throws {
        let kind = kind(try request("/cut/" + how))
        #expect(kind == .cutOff || kind == .malformed)
    }

    @Test func `F8 where the end of an answer cannot be told from a cut, that is said`() throws {
        #expect(try get("/cut/close").isLengthKnown == false)
        #expect(try get("/echo").isLengthKnown)
    }

    @Test func `T11 G103 a bomb is not unpacked`() throws {
        #expect(kind(try request("/bomb")) == .tooLarge)
    }

    @Test func `T11 what is larger than allowed is not read`() throws {
        var request = try request("/large/2000000")
        request.limits.bodyBytes = 1_000_000
        #expect(kind(request) == .tooLarge)
        request.limits.bodyBytes = 2_000_000
        #expect(kind(request) == nil)
    }

    @Test func `T11 headers and chunks without end are given up`() throws {
        #expect(kind(try request("/headers")) == .tooLarge)
        var endless = try request("/endless")
        endless.limits.bodyBytes = 4 << 20
        #expect(kind(endless) == .tooLarge)
    }

    @Test func `T11 G103 a server that drips or is silent is given up`() throws {
        var slow = try request("/drip")
        slow.limits.slowSeconds = 1
        #expect(kind(slow) == .tooSlow)
        var silent = try request("/silent")
        silent.limits.totalSeconds = 1
        #expect(kind(silent) == .timedOut)
    }

    @Test func `G81 a connection that is reset, refused or not there says so`() throws {
        #expect(kind(try request("/reset")) == .cutOff)
        #expect(kind(Request("GET", try Address("http://127.0.0.1:1/"))) == .unreachable)
        #expect(kind(Request("GET", try Address("https://nowhere.invalid/"))) == .unresolved)
    }

    // MARK: Where it goes

    @Test func `T9 G104 a name that leads into a private network is refused at the connection`() throws {
        var options = Client.Options()
        options.resolved = ["rebinding.example:80:127.0.0.1"]
        let strict = Client(options)
        #expect(throws: HTTPError.self) { try strict.send(Request("GET", try Address("http://rebinding.example/"))) }
        for host in [
            "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]",
        ] {
            do {
                _ = try strict.send(Request("GET", try Address("http://\(host)/")))
                Issue.record("\(host) was asked")
            } catch {
                #expect(error.kind == .forbiddenAddress, "\(host): \(error)")
            }
        }
    }

    @Test func `T9 G104 a redirect into a private network is refused too`() throws {
        var options = Client.Options()
        options.allowed = [String(hostile.url.dropFirst("http://".count))]
        let strict = Client(options)
        let target = try Address(hostile.url + "/elsewhere/302")
        do {
            _ = try strict.send(Request("GET", target))
            Issue.record("it was followed")
        } catch {
            #expect(error.kind == .forbiddenAddress)
        }
    }

    @Test func `T25 errors tell neither path nor query nor what was answered`() throws {
        for path in ["/loop?key=SECRET", "/cut/length?SECRET", "/bomb?SECRET", "/redirect/302?to=ftp://SECRET/"] {
            do {
                _ = try client.send(try request(path))
                Issue.record("\(path) was answered")
            } catch {
                #expect(!"\(error)".contains("SECRET"))
            }
        }
    }

    // MARK: Many at once

    @Test func `many requests share a few connections, and each has its own outcome`() throws {
        let requests = try (0..<40).map { try request($0 % 10 == 3 ? "/reset" : "/echo", "GET") }
        let outcomes = client.send(requests)
        for (number, outcome) in outcomes.enumerated() {
            switch outcome {
            case .success(let response): #expect(number % 10 != 3 && response.status == 200)
            case .failure: #expect(number % 10 == 3)
            }
        }
        #expect(Set(try seen().filter { $0.path == "/echo" }.map(\.client)).count <= 12)
    }

    @Test func `one connection serves many requests after each other`() throws {
        for _ in 0..<5 { _ = try get("/echo") }
        #expect(Set(try seen().map(\.client)).count == 1)
    }
}
