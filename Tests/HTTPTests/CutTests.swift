import HTTP
import Testing

@Suite struct CutTests {
    private let hostile: Hostile
    private let client: Client

    init() throws {
        hostile = try Hostile.shared()
        client = try hostile.client()
    }

    private func kind(_ path: String, _ limits: (inout Limits) -> Void = { _ in }) throws -> HTTPError.Kind? {
        client.send([try hostile.get(path, limits)])[0].failure?.kind
    }

    @Test(arguments: [0, 1, 500, 999])
    func `G81 a body that ends before its length is no answer`(at: Int) throws {
        #expect(try kind("/cut?framing=length&size=1000&at=\(at)") == .cutOff)
        #expect(try kind("/cut?framing=chunked&size=1000&at=\(at)") == .cutOff)
    }

    @Test(arguments: [0, 1, 5, 12, 17, 30, 60])
    func `G81 headers that end in the middle are no answer`(at: Int) throws {
        // curl 7.88 takes some of them for a success.
        let kind = try kind("/cut?framing=head&at=\(at)")
        #expect(kind == .cutOff || (kind == .malformed && at < 12), "\(at) \(kind as Any)")
    }

    @Test(arguments: ["close", "old"], [0, 1, 500, 1_000])
    func `G81 a body that ends with the connection is told apart from one whose end is known`(framing: String, at: Int)
        throws
    {
        let response = try client.send(hostile.get("/cut?framing=\(framing)&size=1000&at=\(at)"))
        #expect(response.body.count == at)
        #expect(!response.isLengthKnown)
    }

    @Test(arguments: [
        "/answer?body=abc", "/answer?body=abc&framing=chunked", "/answer?packed=1&body=abc", "/answer?status=204",
        "/answer",
    ])
    func `G81 a body whose end the server names is known to be whole`(path: String) throws {
        #expect(try client.send(hostile.get(path)).isLengthKnown)
    }

    @Test(arguments: [-1, 0, 10])
    func `G81 a reset is no answer, and may pass`(at: Int) throws {
        let error = try #require(client.send([hostile.get("/reset?at=\(at)")])[0].failure)
        #expect(error.kind == .cutOff)
        #expect(error.isTransient)
    }

    @Test func `G81 a length that is too large is no answer, and one that is too small ends it`() throws {
        #expect(try kind("/wrong?by=10") == .cutOff)
        #expect(try client.send(hostile.get("/wrong?by=-2")).text == "123")
    }

    @Test func `G81 nobody at home, another protocol and a server that says nothing are told apart`() throws {
        let nobody = client.send([Request("GET", try Address("http://127.0.0.1:1/"))])[0].failure
        #expect(nobody?.kind == .unreachable)
        #expect(try kind("/not-http") == .malformed)
        #expect(try kind("/delay?milliseconds=60000") { $0.totalSeconds = 1 } == .timedOut)
        let noTLS = client.send([
            Request("GET", try Address(hostile.place("good").text.replacing("https", with: "http")))
        ])[0]
        #expect(noTLS.failure?.kind == .cutOff)
    }

    @Test func `G98 an unchanged feed is answered with 304 and no body`() throws {
        let first = try client.send(hostile.get("/conditional"))
        #expect(first.text == "changed\n")
        for (name, kept) in [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")] {
            var again = try hostile.get("/conditional")
            again.headers = [Header(name, try #require(first.header(kept)))]
            let response = try client.send(again)
            #expect(response.status == 304)
            #expect(response.body.isEmpty)
        }
        var changed = try hostile.get("/conditional")
        changed.headers = [Header("If-None-Match", "\"other\"")]
        #expect(try client.send(changed).status == 200)
    }

    @Test func `G81 what is packed is unpacked, and a lie about it is no answer`() throws {
        let response = try client.send(hostile.get("/answer?packed=1&body=abc"))
        #expect(response.text == "abc")
        #expect(try kind("/answer?body=abc&header=Content-Encoding:gzip") == .malformed)
    }

    @Test func `G81 what was packed from half a text is an answer, and only its reader can tell`() throws {
        let response = try client.send(
            hostile.get("/answer?packed=half&body=" + String(repeating: "abc", count: 1_000)))
        #expect(response.body.count < 3_000)
        #expect(response.isLengthKnown)
    }

    @Test func `G81 a header keeps its letters, and has no more than one line`() throws {
        let response = try client.send(hostile.get("/answer?header=X-Name:%C3%A4b&header=x-name:c"))
        #expect(response.header("X-NAME") == "äb" || response.header("X-NAME") == "Ã¤b")
        #expect(response.headers.filter { $0.name.lowercased() == "x-name" }.count == 2)
        var request = try hostile.get("/echo?lines")
        request.headers = [Header("X-Sent", "a\r\nX-More: b\u{0}c"), Header("X-Empty", "")]
        _ = try client.send(request)
        let asked = try #require(try hostile.asked("lines").first)
        #expect(asked.header("X-Sent") == "aX-More: bc")
        #expect(asked.header("X-More") == nil)
        #expect(asked.header("X-Empty") == "")
        #expect(asked.header("User-Agent") == "Daybook")
    }
}
