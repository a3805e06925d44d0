import Machine
import Testing
import WebServer

struct RequestTests {
    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func `a method comes to the handler`(method: String) throws {
        let place = try Surroundings()
        let heard = try #require(place.call().ask(method, "/a/b", body: method == "GET" ? nil : "text"))
        #expect(heard.status == 200)
        #expect(heard.text == "\(method) /a/b")
    }

    @Test func `a body arrives whole, told by length or chunk by chunk`() throws {
        let place = try Surroundings { $0.bodyLimit = { _, _ in 1 << 20 } }
        let long = String(repeating: "0123456789", count: 50_000)
        let caller = place.call()
        #expect(caller.ask("POST", "/long", body: long)?.status == 200)
        caller.say("POST /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        caller.say("5\r\nhello\r\n7;note=1\r\n, world\r\n0\r\n\r\n")
        #expect(caller.hear()?.status == 200)
        let bodies = place.heard.with { $0.map(\.body) }
        #expect(bodies == [Array(long.utf8), Array("hello, world".utf8)])
    }

    @Test func `a client that waits for leave to send its body gets it`() throws {
        let place = try Surroundings()
        let caller = place.call()
        caller.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        #expect(caller.hearHead()?.status == 100)
        caller.say("body")
        #expect(caller.hear()?.status == 200)
    }

    @Test func `path, query and headers are decoded once`() throws {
        let place = try Surroundings()
        let caller = place.call()
        caller.ask(
            "GET", "/caf%C3%A9/a%2520b?name=J%C3%BCrgen+M&empty=&flag&name=%26%3D", headers: ["X-Note:  two words "])
        let first = place.heard.with { $0.first }
        let visit = try #require(first)
        #expect(visit.path == "/café/a%20b")
        #expect(
            visit.query == [.init("name", "Jürgen M"), .init("empty", ""), .init("flag", ""), .init("name", "&=")])
        #expect(visit.header("x-note") == "two words")
        #expect(visit.header("host") == "localhost")
        #expect(visit.peer == "127.0.0.1")
    }

    @Test func `HEAD is answered as GET without the body`() throws {
        let place = try Surroundings()
        let caller = place.call()
        let heard = try #require(caller.ask("HEAD", "/a"))
        #expect(heard.status == 200)
        #expect(heard.header("content-length") == "7")
        #expect(caller.ask("GET", "/a")?.text == "GET /a")
    }

    @Test func `an answer has a date and does not say who gave it`() throws {
        let place = try Surroundings(reply: { _ in Reply(201, headers: [.init("X-A", "1"), .init("X-A", "2")]) })
        let heard = try #require(place.call().ask("GET", "/"))
        #expect(heard.status == 201)
        #expect(heard.header("date") != nil)
        #expect(heard.header("server") == nil)
        #expect(heard.headers.filter { $0.name == "x-a" }.map(\.value) == ["1", "2"])
    }

    @Test func `requests that are sent together are answered one after the other`() throws {
        let place = try Surroundings()
        let caller = place.call()
        let count = 50
        caller.say((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
        let texts = (0..<count).map { _ in caller.hear()?.text }
        #expect(texts == (0..<count).map { "GET /\($0)" })
    }

    @Test func `two hundred clients are served at once, each on its own connection`() throws {
        let place = try Surroundings()
        let port = place.port
        try together(20) { thread in
            let callers = (0..<10).map { _ in Caller(port) }
            for round in 0..<5 {
                for (number, caller) in callers.enumerated() {
                    #expect(
                        caller.ask("GET", "/\(thread)/\(number)/\(round)")?.text == "GET /\(thread)/\(number)/\(round)")
                }
            }
        }
        #expect(place.heard.with { $0.count } == 1_000)
    }

    @Test func `an old client is answered and let go`() throws {
        let place = try Surroundings()
        let caller = place.call()
        caller.say("GET /old HTTP/1.0\r\n\r\n")
        #expect(String(decoding: caller.hearAll(), as: UTF8.self).hasSuffix("\r\n\r\nGET /old"))
    }

    @Test func `what is not free cannot be listened on, and the error says so`() throws {
        let place = try Surroundings()
        var options = Listener.Options()
        options.port = place.port
        let error = #expect(throws: ListenerError.self) { try Listener(options) { _, _ in } }
        #expect(error?.isInUse == true)
        #expect(error?.description == "cannot listen on 127.0.0.1:\(place.port): Address already in use")
        options.address = "localhost"
        #expect(throws: ListenerError.self) { try Listener(options) { _, _ in } }
    }
}
