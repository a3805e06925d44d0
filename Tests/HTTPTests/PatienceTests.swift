import HTTP
import Synchronization
import Testing

@Suite struct PatienceTests {
    private let time = FakeTime()
    private let address: Address

    init() throws { address = try Address("https://calendar.example/a") }

    private func response(_ status: Int, _ headers: Header...) -> Result<Response, HTTPError> {
        .success(Response(status: status, headers: headers, body: [], address: address))
    }

    private func failure(_ kind: HTTPError.Kind) -> Result<Response, HTTPError> { .failure(HTTPError(kind, "a")) }

    @Test func `F06 what may pass is tried again after 5, 10 and 20 seconds, and then given up`() {
        let script = Script { _, _ in response(503) }
        let outcome = Patience(script, time.surroundings).send([Request("GET", address)])[0]
        #expect(time.waits == [5_000, 10_000, 20_000])
        #expect(script.count == 4)
        #expect((try? outcome.get())?.status == 503)
        #expect((try? outcome.get())?.attempts == 4)
    }

    @Test func `F06 what is answered is not waited for`() {
        let script = Script { _, number in number == 2 ? response(200) : failure(.cutOff) }
        let outcome = Patience(script, time.surroundings).send([Request("GET", address)])[0]
        #expect(time.waits == [5_000])
        #expect((try? outcome.get())?.attempts == 2)
        let once = Patience(Script { _, _ in response(200) }, time.surroundings).send([Request("GET", address)])[0]
        #expect((try? once.get())?.attempts == 1)
    }

    @Test(arguments: [
        (200, false), (301, false), (304, false), (400, false), (401, false), (403, false), (404, false), (407, false),
        (408, true), (410, false), (412, false), (425, true), (429, true), (500, true), (501, false), (502, true),
        (503, true), (504, true), (505, false), (507, false), (511, false), (599, true),
    ])
    func `L49 a status says whether trying again may help, and a wrong password is tried once`(
        status: Int, isTried: Bool
    ) {
        let script = Script { _, _ in response(status) }
        _ = Patience(script, time.surroundings).send([Request("PROPFIND", address)])
        #expect(script.count == (isTried ? 4 : 1))
    }

    @Test(arguments: [
        (HTTPError.Kind.unresolved, true), (.unreachable, true), (.timedOut, true), (.tooSlow, true), (.cutOff, true),
        (.malformed, true), (.badAddress, false), (.forbiddenAddress, false), (.untrusted, false), (.tooLarge, false),
        (.tooManyRedirects, false), (.badRedirect, false), (.interrupted, false),
    ])
    func `L49 an error says whether trying again may help`(kind: HTTPError.Kind, isTried: Bool) {
        let script = Script { _, _ in failure(kind) }
        let outcome = Patience(script, time.surroundings).send([Request("REPORT", address)])[0]
        #expect(script.count == (isTried ? 4 : 1))
        #expect(outcome.failure?.attempts == script.count)
    }

    @Test(arguments: [(60_000, 4), (60_001, 1), (120_000, 1)])
    func `T11 an attempt that took longer than a minute is not repeated`(_ milliseconds: Int64, tries: Int) {
        let dripping = Script { _, _ in
            var error = HTTPError(.timedOut, "a")
            error.milliseconds = milliseconds
            return .failure(error)
        }
        let failing = Script { _, _ in
            var response = Response(status: 503, headers: [], body: [], address: address)
            response.milliseconds = milliseconds
            return .success(response)
        }
        for script in [dripping, failing] {
            _ = Patience(script, time.surroundings).send([Request("GET", address)])
            #expect(script.count == tries)
        }
    }

    @Test(arguments: [
        (HTTPError.Kind.unresolved, 1), (.unreachable, 1), (.timedOut, 1), (.tooSlow, 1), (.cutOff, 3),
    ])
    func `A06 who sits before it does not wait for a wrong host`(kind: HTTPError.Kind, tries: Int) {
        let script = Script { _, _ in failure(kind) }
        var surroundings = time.surroundings
        let heard = Mutex<[String]>([])
        surroundings.hear = { host, attempt, all in heard.withLock { $0.append("\(host) \(attempt) of \(all)") } }
        let patience = Patience(script, surroundings)
        patience.rules = .attended
        _ = patience.send([Request("GET", address), Request("GET", address)])
        #expect(script.count == 2 * tries)
        #expect(heard.withLock(\.self) == (2..<max(2, tries + 1)).map { "calendar.example \($0) of 3" })
    }

    @Test func `G20 what may be done only once is tried once`() {
        for answer in [failure(.cutOff), response(503), response(429, Header("Retry-After", "1"))] {
            let script = Script { _, _ in answer }
            _ = Patience(script, time.surroundings).send([Request("POST", address)])
            #expect(script.count == 1)
        }
        let script = Script { _, _ in failure(.cutOff) }
        var repeatable = Request("POST", address)
        repeatable.isRepeatable = true
        _ = Patience(script, time.surroundings).send([repeatable])
        #expect(script.count == 4)
    }

    @Test(arguments: [
        ("7", [7_000]), ("60", [60_000]), ("0", [1_000]), ("Tue, 14 Nov 2023 22:13:30 GMT", [10_000]),
        ("Tuesday, 14-Nov-23 22:13:30 GMT", [10_000]), ("Tue Nov 14 22:13:30 2023", [10_000]),
        ("Tue, 14 Nov 2023 22:13:00 GMT", [1_000]), ("soon", [5_000]), ("-5", [5_000]), ("", [5_000]), ("1.5", [5_000]),
    ])
    func `G52 a server that says when to come back is obeyed`(after: String, waits: [Int64]) {
        let script = Script { _, number in number == 1 ? response(429, Header("retry-after", after)) : response(200) }
        let outcome = Patience(script, time.surroundings).send([Request("GET", address)])[0]
        #expect(time.waits == waits)
        #expect((try? outcome.get())?.status == 200)
    }

    @Test(arguments: [
        "61", "86400", "99999999999999999999999", "Wed, 15 Nov 2023 22:13:20 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
    ])
    func `G19 a wait that is longer than anybody waits is handed back at once`(after: String) {
        let script = Script { _, _ in response(503, Header("Retry-After", after)) }
        let outcome = Patience(script, time.surroundings).send([Request("GET", address)])[0]
        #expect(time.waits.isEmpty)
        #expect((try? outcome.get())?.attempts == 1)
        #expect((try? outcome.get())?.retryAfterMilliseconds(now: time.now).map { $0 > 60_000 } == true)
    }

    @Test func `G19 while a server wants to be left alone for long, nobody waits for it, and nobody asks it`() {
        let script = Script { _, number in number == 1 ? response(503, Header("Retry-After", "86400")) : response(200) }
        let clock = Clock()
        let patience = Patience(script, time.surroundings)
        patience.rate = RateLimit(perMinute: 300, burst: 75, now: { clock.now.load(ordering: .relaxed) })
        for _ in 0..<2 {
            let outcome = patience.send([Request("GET", address)])[0]
            #expect((try? outcome.get())?.status == 503)
        }
        #expect(time.waits.isEmpty)
        #expect(script.count == 1)
        clock.now.store(86_400_000, ordering: .relaxed)
        #expect((try? patience.send([Request("GET", address)])[0].get())?.status == 200)
    }

    @Test(arguments: ["99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
    func `G19 one answer keeps nobody from a server for longer than an hour`(after: String) {
        let script = Script { _, number in number == 1 ? response(429, Header("Retry-After", after)) : response(200) }
        let clock = Clock()
        let patience = Patience(script, time.surroundings)
        patience.rate = RateLimit(perMinute: 300, burst: 75, now: { clock.now.load(ordering: .relaxed) })
        for (minutes, status) in [(0, 429), (50, 429), (61, 200)] {
            clock.now.store(Int64(minutes) * 60_000, ordering: .relaxed)
            #expect((try? patience.send([Request("GET", address)])[0].get())?.status == status)
        }
    }

    private final class Clock: Sendable {
        let now = Atomic<Int64>(0)
    }

    @Test func `G19 who shares an account is spared the wait that another was asked for`() throws {
        let busy = Response(
            status: 403, headers: [Header("Retry-After", "86400")], body: Array("rateLimitExceeded".utf8),
            address: address, movedTo: address)
        let rate = RateLimit(perMinute: 300, burst: 75, now: { 0 })
        let scripts = [Script { _, _ in .success(busy) }, Script { _, _ in response(200) }]
        let (one, other) = (Patience(scripts[0], time.surroundings), Patience(scripts[1], time.surroundings))
        for patience in [one, other] {
            patience.rate = rate
            patience.verdict = { _, response in response.status == 403 ? .rate : nil }
        }
        _ = one.send([Request("GET", address)])
        let asked = try Address("https://calendar.example/other")
        let outcome = try other.send([Request("GET", asked)])[0].get()
        #expect(outcome.status == 403)
        #expect(outcome.body == busy.body)
        // Where the first one went is nothing that the other asked for.
        #expect((outcome.address, outcome.movedTo) == (asked, nil))
        #expect(scripts[1].count == 0)
        #expect(time.waits.isEmpty)
    }

    @Test func `G19 a server that says more than its status is heard`() {
        let script = Script { _, _ in response(403) }
        let patience = Patience(script, time.surroundings)
        patience.verdict = { _, response in response.status == 403 ? .rate : nil }
        _ = patience.send([Request("GET", address)])
        #expect(script.count == 4)
        let final = Script { _, _ in response(500) }
        let impatience = Patience(final, time.surroundings)
        impatience.verdict = { _, _ in .final }
        _ = impatience.send([Request("GET", address)])
        #expect(final.count == 1)
    }

    @Test func `G110 of many requests only those that failed are sent again, each at its own time`() throws {
        let requests = try (0..<6).map { Request("GET", try Address("https://\($0).example/")) }
        let script = Script { request, number in
            switch request.address.origin.host {
            case "1.example" where number == 1: response(503)
            case "2.example" where number == 1: response(429, Header("Retry-After", "30"))
            case "3.example": failure(.untrusted)
            case "4.example" where number <= 2: failure(.cutOff)
            default: response(200)
            }
        }
        let outcomes = Patience(script, time.surroundings).send(requests)
        #expect(outcomes.map { (try? $0.get())?.attempts ?? 0 } == [1, 2, 2, 0, 3, 1])
        #expect(
            script.batches.map { $0.map(\.address.origin.host) } == [
                (0..<6).map { "\($0).example" }, ["1.example", "4.example"], ["4.example"], ["2.example"],
            ])
        #expect(time.waits == [5_000, 10_000, 15_000])
    }

    @Test func `G110 a server that asks for time is left alone by all requests of the account`() throws {
        let rate = RateLimit(perMinute: 6_000, burst: 2, now: { 0 })
        let requests = try (0..<4).map { Request("GET", try Address("https://calendar.example/\($0)")) }
        let script = Script { request, number in
            request.address.path == "/0" && number == 1 ? response(429, Header("Retry-After", "40")) : response(200)
        }
        let patience = Patience(script, time.surroundings)
        patience.rate = rate
        #expect(patience.send(requests).allSatisfy { (try? $0.get())?.status == 200 })
        #expect(script.batches.map(\.count) == [2, 3])
        #expect(time.waits == [40_000])
        #expect(rate.take("https://calendar.example") >= 40_000)
        #expect(rate.take("https://other.example") == 0)
    }

    @Test func `G110 those who met the same outage do not come back in the same second`() {
        var returns: [Int64] = []
        for chance in stride(from: 0.0, to: 1.0, by: 0.01) {
            let time = FakeTime()
            time.chance = { chance }
            _ = Patience(Script { _, number in number == 1 ? response(503) : response(200) }, time.surroundings)
                .send([Request("GET", address)])
            returns += time.waits
        }
        #expect(returns.allSatisfy { (5_000..<7_500).contains($0) })
        #expect(Set(returns).count == 100)
    }

    @Test func `G14 a clock that is set while waiting changes nothing`() {
        for jump: Int64 in [-315_360_000_000, 315_360_000_000] {
            let time = FakeTime()
            time.jump = jump
            let script = Script { _, number in number < 3 ? response(503) : response(200) }
            _ = Patience(script, time.surroundings).send([Request("GET", address)])
            #expect(time.waits == [5_000, 10_000])
        }
    }

    @Test func `who has no more time gets what there is`() throws {
        struct Ended: Error {}
        time.onWait = { _ in throw Ended() }
        let requests = [Request("GET", try Address("https://a.example/")), Request("GET", address)]
        let script = Script { request, _ in request.address.origin.host == "a.example" ? response(200) : response(503) }
        let outcomes = Patience(script, time.surroundings).send(requests)
        #expect((try? outcomes[0].get())?.status == 200)
        #expect(outcomes[1].failure?.kind == .interrupted)
        #expect(outcomes[1].failure?.attempts == 1)
    }

    @Test func `F06 a busy server is asked again until it answers`() throws {
        let hostile = try Hostile.shared()
        let patience = Patience(try hostile.client(), time.surroundings)
        let response = try patience.send(hostile.get("/busy?status=503&after=3&times=2&key=patience"))
        #expect(response.status == 200)
        #expect(response.attempts == 3)
        #expect(time.waits == [3_000, 3_000])
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800),
        ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Sat, 31 Dec 2050 23:59:60 GMT", 2_556_144_000), ("Sun, 06 Nov 1994 08:49:37 +0100", 784_108_177),
        ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 24:49:37 GMT", nil), (", , , , , , , ", nil),
        ("Sun, 06 Nov 99999 08:49:37 GMT", 3_093_523_174_177),
        ("Sun, 06 Nov 2147483647 08:49:37 GMT", 9_000_000_000_000), ("Mon, 06 Nov 1600 08:49:37 GMT", nil),
    ])
    func `G52 a date is read in each of its three forms`(text: String, seconds: Int64?) throws {
        let answer = try response(503, Header("Retry-After", text)).get()
        #expect(answer.retryAfterMilliseconds(now: 0) == seconds.map { min($0, 315_360_000) * 1_000 })
    }
}

@Suite struct RateLimitTests {
    private final class Clock: Sendable {
        let now = Atomic<Int64>(1_000_000)
        func pass(_ milliseconds: Int64) { now.wrappingAdd(milliseconds, ordering: .relaxed) }
    }

    private let clock = Clock()

    private func limit(perMinute: Int, burst: Int) -> RateLimit {
        RateLimit(perMinute: perMinute, burst: burst) { [clock] in clock.now.load(ordering: .relaxed) }
    }

    @Test func `F15 so many at once, and then one after the other`() {
        let limit = limit(perMinute: 60, burst: 3)
        #expect((0..<6).map { _ in limit.take("a") } == [0, 0, 0, 1_000, 2_000, 3_000])
        #expect(limit.take("b") == 0)
        clock.pass(3_000)
        #expect(limit.take("a") == 1_000)
        clock.pass(1_000_000)
        #expect((0..<4).map { _ in limit.take("a") } == [0, 0, 0, 1_000])
    }

    @Test func `F15 a key that is held back gets no turn until then`() {
        let limit = limit(perMinute: 600, burst: 10)
        limit.hold("a", milliseconds: 5_000)
        limit.hold("a", milliseconds: 1_000)
        #expect(limit.take("a") == 5_000)
        #expect(limit.take("b") == 0)
        clock.pass(4_000)
        #expect(limit.take("a") == 1_000)
        clock.pass(1_000)
        #expect(limit.take("a") == 0)
    }

    @Test func `G14 a clock that is set back holds nobody longer than was asked`() {
        let limit = limit(perMinute: 60, burst: 1)
        #expect(limit.take("a") == 0)
        limit.hold("a", milliseconds: 5_000)
        clock.pass(-1_000_000_000)
        #expect(limit.take("a") <= 5_000)
        clock.pass(20_000)
        #expect(limit.take("a") == 0)
    }

    @Test func `G21 in no minute are there more than were allowed`() {
        let limit = limit(perMinute: 600, burst: 20)
        var sent: [Int64] = []
        for step in 0..<3_000 {
            clock.pass(Int64(step % 7 * 10))
            let wait = limit.take("a")
            clock.pass(wait)
            sent.append(clock.now.load(ordering: .relaxed))
        }
        for (index, start) in sent.enumerated() {
            let end = sent[index...].firstIndex { $0 >= start + 60_000 } ?? sent.count
            if end - index > 621 { Issue.record("\(end - index) in a minute") }
        }
    }

    @Test func `F15 patience keeps to the rate`() throws {
        let time = FakeTime()
        let limit = RateLimit(perMinute: 60, burst: 2) { [clock] in clock.now.load(ordering: .relaxed) }
        time.onWait = { clock.pass($0) }
        let address = try Address("https://calendar.example/")
        let script = Script { request, _ in
            .success(Response(status: 200, headers: [], body: [], address: request.address))
        }
        let patience = Patience(script, time.surroundings)
        patience.rate = limit
        _ = patience.send((0..<5).map { _ in Request("GET", address) })
        #expect(script.batches.map(\.count) == [2, 1, 1, 1])
        #expect(time.waits == [1_000, 1_000, 1_000])
    }
}
