import Foundation
import HTTP
import Machine
import Testing

/// The faults that other suites put between them and their servers, each seen once with this client.
@Suite(.serialized) struct FaultTests {
    private static let proxy = Result { try Hostile(["--before", try Hostile.shared().url]) }

    enum Seen: Equatable {
        case failure(HTTPError.Kind)
        case status(Int)
        case body(String)
    }

    static let faults: [(String, Seen)] = [
        ("bad_chunk", .failure(.cutOff)), ("bomb", .failure(.tooLarge)), ("busy_429", .status(429)),
        ("busy_503", .status(503)), ("busy_503_date", .status(503)), ("cut_chunked", .failure(.cutOff)),
        ("cut_close", .body("abcd")), ("cut_headers", .failure(.cutOff)), ("cut_length", .failure(.cutOff)),
        ("cut_reset", .failure(.cutOff)), ("dropped", .failure(.cutOff)), ("empty", .body("")),
        ("failed_500", .status(500)), ("flood", .failure(.tooLarge)), ("forbidden_403", .status(403)),
        ("garbage", .status(200)), ("gateway_502", .status(502)), ("gateway_504", .status(504)),
        ("late_408", .status(408)), ("loop", .failure(.tooManyRedirects)), ("lost", .failure(.cutOff)),
        ("lost_reset", .failure(.cutOff)), ("missing_404", .status(404)), ("not_http", .failure(.malformed)),
        ("page", .status(200)), ("reset", .failure(.cutOff)), ("slow", .failure(.tooSlow)),
        ("stale", .body("abcdefgh")),
        ("stalled", .failure(.tooSlow)), ("too_long", .failure(.cutOff)), ("too_short", .body("abcd")),
        ("twice", .body("abcdefgh")), ("unauthorized_401", .status(401)),
    ]

    @Test(arguments: faults)
    func `G15 a fault strikes when it is told to, and the next request is well again`(kind: String, seen: Seen) throws {
        let proxy = try Self.proxy.get()
        let client = try proxy.client()
        let request = try proxy.get("/answer?body=abcdefgh") {
            $0.slowSeconds = ["slow", "stalled"].contains(kind) ? 1 : 20
        }
        try proxy.spoil(kind, at: 2, times: Self.strikes(kind))
        #expect(try client.send(request).text == "abcdefgh")
        let outcome = client.send([request])[0]
        switch seen {
        case .failure(let kind): #expect(outcome.failure?.kind == kind)
        case .status(let status): #expect(try outcome.get().status == status)
        case .body(let text): #expect(try outcome.get().text == text)
        }
        #expect(try client.send(request).text == "abcdefgh")
    }

    /// A connection that had been kept and turns out to be gone is replaced unseen, so it takes two.
    private static func strikes(_ kind: String) -> Int {
        switch kind {
        case "loop": 6
        case "dropped", "lost", "lost_reset", "reset": 2
        default: 1
        }
    }

    @Test func `G15 what may be done only once is sent only once`() throws {
        let proxy = try Self.proxy.get()
        let client = try proxy.client()
        for kind in ["dropped", "lost", "lost_reset", "reset"] {
            #expect(try client.send(proxy.get("/echo")).status == 200)
            try proxy.spoil(kind)
            let once = Request("POST", try proxy.address("/echo?once-\(kind)"), body: [1])
            #expect(client.send([once])[0].failure?.kind == .cutOff)
            #expect(try proxy.asked("once-\(kind)").count == 1)
        }
    }

    @Test func `G15 each fault that there is was seen`() throws {
        let names = try JSONDecoder().decode([String].self, from: Self.proxy.get().control("GET", "faults"))
        #expect(names == Self.faults.map(\.0))
    }

    @Test func `G15 what passes is got over with patience, and what does not is not waited for`() throws {
        let proxy = try Self.proxy.get()
        for (kind, seen) in Self.faults where kind != "loop" && kind != "slow" && kind != "stalled" {
            let time = FakeTime()
            time.set(Moment.now())  // the server says a date
            let patience = Patience(try proxy.client(), time.surroundings)
            try proxy.spoil(kind, at: 1, times: 3)
            let outcome = patience.send([try proxy.get("/answer?body=abcdefgh")])[0]
            let isPassing =
                switch seen {
                case .failure(let kind): HTTPError(kind, "").isTransient
                case .status(let status): [408, 429, 500, 502, 503, 504].contains(status)
                case .body: false
                }
            #expect((time.waits.count == 3) == isPassing, "\(kind) \(time.waits)")
            if isPassing { #expect(try outcome.get().attempts == 4, "\(kind)") }
        }
    }
}
