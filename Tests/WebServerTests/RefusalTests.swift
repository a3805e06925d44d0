import Machine
import Testing
import WebServer

struct RefusalTests {
    /// What a request gets, sent as it stands.
    private func status(_ place: Surroundings, _ request: [UInt8]) -> Int? {
        let caller = place.call()
        caller.say(request)
        return caller.hear()?.status
    }

    @Test(arguments: [
        "/%", "/%2", "/%zz", "/%00", "/a%0Ab", "/%7F", "/%C3", "/%FF", "/%C0%AF", "/a%2Fb", "/a\\b", "/%5C", "/../b",
        "/a/..", "/a/%2e%2E/b", "/./a", "http://localhost/", "*", "a", "/?a=%", "/?%00=1", "/?a=%FF", "/\u{1}",
        "/\u{E9}\u{1}",
    ])
    func `T22 a target that two readers could read differently is refused`(target: String) throws {
        let place = try Surroundings()
        #expect(status(place, Array("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) == 400)
        #expect(place.heard.with { $0.count } == 0)
        #expect(place.refused.with { $0 } == [.target])
        #expect(place.answers())
    }

    @Test func `T22 a NUL in a target does not hide what follows`() throws {
        let place = try Surroundings()
        #expect(status(place, Array("GET /a".utf8) + [0] + Array("b HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) == 400)
        #expect(status(place, Array("GET /a?b=".utf8) + [0] + Array("b HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) == 400)
        #expect(place.heard.with { $0.count } == 0)
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\nContent-Length: 3", "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Content-Length: 3\r\nContent-Length: 4", "Content-Length: 3\r\nContent-Length: 3", "Content-Length: +3",
        "Content-Length: 3, 3", "Content-Length: -1", "Content-Length: 0x3", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding : chunked", "Content-Length : 3", "X Y: 1", "Host: y", "X-A: a\u{1}b",
        "Authorization: a\r\nAuthorization: b",
    ])
    func `T20 a length that is said in two ways is refused`(lines: String) throws {
        let place = try Surroundings()
        #expect(status(place, Array("POST / HTTP/1.1\r\nHost: x\r\n\(lines)\r\n\r\n0\r\n\r\n".utf8)) == 400)
        #expect(place.heard.with { $0.count } == 0)
        #expect(place.answers())
    }

    @Test func `a request that does not say for whom it is, is refused`() throws {
        let place = try Surroundings()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\n\r\n")
        #expect(caller.hear()?.status == 400)
        #expect(place.refused.with { $0 } == [.header])
        #expect(caller.hearAll().isEmpty)
    }

    @Test(arguments: ["TRACE", "CONNECT", "BREW", "get", "PROPFIND"])
    func `a method that nothing has is refused`(method: String) throws {
        let place = try Surroundings()
        #expect(place.call().ask(method, "/")?.status == 405)
        #expect(place.refused.with { $0 } == [.method])
    }

    @Test func `T20 a body that is too large is refused before it is read`() throws {
        let place = try Surroundings { $0.bodyLimit = { method, path in path == "/import" ? 100 : 10 } }
        #expect(place.call().ask("POST", "/import", body: String(repeating: "x", count: 100))?.status == 200)
        for length in ["101", "99999999999", "99999999999999999999999999"] {
            let request = "POST /import HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
            #expect(status(place, Array(request.utf8)) == 413)
        }
        #expect(place.call().ask("POST", "/other", body: "12345678901")?.status == 413)
        #expect(place.call().ask("POST", "/other", body: "1234567890")?.status == 200)
    }

    @Test func `T20 a body of chunks that grows too large is refused`() throws {
        let place = try Surroundings { $0.bodyLimit = { _, _ in 10 } }
        let caller = place.call()
        caller.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        caller.say("b\r\n12345678901\r\n")
        #expect(caller.hear()?.status == 413)
        #expect(caller.hearAll().isEmpty)
        #expect(place.refused.with { $0 } == [.tooLarge])
        #expect(place.answers())
    }

    @Test func `T20 headers and parameters are counted, and their memory has a bound`() throws {
        let place = try Surroundings()
        let many = (0..<101).map { "X-\($0): 1" }
        #expect(place.call().ask("GET", "/", headers: many)?.status == 431)
        #expect(place.call().ask("GET", "/", headers: Array(many.prefix(90)))?.status == 200)
        #expect(place.call().ask("GET", "/?" + (0..<101).map { "a\($0)=1" }.joined(separator: "&"))?.status == 400)
        #expect(
            place.call().ask("GET", "/", headers: ["X-Long: " + String(repeating: "x", count: 40_000)])?.status == 431)
        #expect(place.call().ask("GET", "/" + String(repeating: "x", count: 40_000))?.status == 414)
        #expect(place.answers())
    }

    @Test(arguments: [
        Reply(200, headers: [.init("X-A", "a\r\nSet-Cookie: b")]), Reply(200, headers: [.init("X-A", "a\nb")]),
        Reply(200, headers: [.init("X\r\nY", "a")]), Reply(200, headers: [.init("X-A", "a\0b")]),
        Reply(200, headers: [.init("Transfer-Encoding", "gzip")]), Reply(99), Reply(100), Reply(1_000), Reply(-1),
    ])
    func `an answer with a line break in a header is not sent, and nothing of it`(reply: Reply) throws {
        let place = try Surroundings(reply: { _ in reply })
        let heard = try #require(place.call().ask("GET", "/"))
        #expect(heard.status == 500)
        #expect(heard.headers.allSatisfy { !["set-cookie", "x-a", "y"].contains($0.name) })
        #expect(place.refused.with { $0 } == [.faultyReply])
    }

    @Test func `a refusal is answered in the words of the program`() throws {
        let place = try Surroundings { $0.reply = { Reply($0.status, body: Array("{}".utf8)) } }
        #expect(place.call().ask("GET", "/%")?.text == "{}")
    }
}
