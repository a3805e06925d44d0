import Testing

@testable import HTTP

/// Trying again, with a clock and a chance of its own.
final class PatienceTests {
    private final class Script: Transport {
        var answers: [Result<Response, HTTPError>]
        private(set) var sent = 0

        init(_ answers: [Result<Response, HTTPError>]) { self.answers = answers }

        func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
            sent += requests.count
            return requests.map { _ in answers.count > 1 ? answers.removeFirst() : answers[0] }
        }
    }

    /// What was waited for, and the time that passed by it.
    private final class Watch: @unchecked Sendable {
        var waits: [Int64] = []
        var now: Int64 = 1_000_000
        var isStopped = false

        func wait(_ milliseconds: Int64) throws {
            if isStopped { throw HTTPError(.interrupted, "stopped") }
            waits.append(milliseconds)
            now += milliseconds
        }
    }

    private let watch = Watch()

    private func patience(_ script: Script, _ change: (inout Patience.Habits) -> Void = { _ in }) -> Patience {
        var habits = Patience.Habits()
        change(&habits)
        return Patience(
            script, habits: habits, now: { [watch] in watch.now }, wait: { [watch] in try watch.wait($0) },
            chance: { 0.5 })
    }

    private func answer(_ status: Int, _ retry: String? = nil) throws -> Result<Response, HTTPError> {
        .success(
            Response(
                status: status, headers: retry.map { [Header("Retry-After", $0)] } ?? [], body: [],
                address: try Address("https://a.example/")))
    }

    private func request(_ method: String = "GET") throws -> Request {
        Request(method, try Address("https://a.example/"))
    }

    @Test func `F06 what may pass is tried again after 5, 10 and 20 seconds, and then given up`() throws {
        let script = Script([try answer(503)])
        let response = try patience(script).send(try request())
        #expect(response.status == 503)
        #expect(response.attempts == 4)
        #expect(watch.waits == [5_000, 10_000, 20_000])
    }

    @Test func `F06 waits are spread, so that many who wait do not come back at once`() throws {
        let spread = [0.0, 1.0].map { chance in
            let watch = Watch()
            let patience = Patience(
                Script([.failure(HTTPError(.cutOff, "cut"))]), now: { watch.now }, wait: { try watch.wait($0) },
                chance: { chance })
            _ = patience.send([try! request()])
            return watch.waits
        }
        #expect(spread == [[3_750, 7_500, 15_000], [6_250, 12_500, 25_000]])
    }

    @Test(arguments: [400, 401, 403, 404, 409, 410, 412, 304, 200])
    func `L49 what is final, a refused login before all, is not tried again`(_ status: Int) throws {
        let script = Script([try answer(status)])
        _ = try patience(script).send(try request())
        #expect(script.sent == 1)
    }

    @Test func `F06 Retry-After is obeyed, in seconds and as a date`() throws {
        _ = try patience(Script([try answer(429, "17"), try answer(200)])).send(try request())
        #expect(watch.waits == [17_000])
        watch.waits = []
        watch.now = 784_111_777_000
        _ = try patience(Script([try answer(503, "Sun, 06 Nov 1994 08:49:57 GMT"), try answer(200)])).send(
            try request())
        #expect(watch.waits == [20_000])
    }

    @Test func `F06 who asks for more patience than there is gets the answer back at once`() throws {
        let script = Script([try answer(429, "3600")])
        #expect(try patience(script).send(try request()).status == 429)
        #expect(script.sent == 1)
    }

    @Test func `G20 what is not repeatable is not tried again when nobody knows whether it arrived`() throws {
        let script = Script([.failure(HTTPError(.cutOff, "cut"))])
        #expect(throws: HTTPError.self) { try patience(script).send(try request("POST")) }
        #expect(script.sent == 1)
    }

    @Test func `F15 G21 more requests than the rate allows wait for their turn`() throws {
        let script = Script([try answer(200)])
        let patient = patience(script) { $0.requestsAMinute = 60 }
        for _ in 0..<70 { _ = try patient.send(try request()) }
        #expect(watch.waits.reduce(0, +) >= 9_000)
        #expect(watch.waits.allSatisfy { $0 <= 1_000 })
    }

    @Test func `a stop ends the waiting`() throws {
        watch.isStopped = true
        let outcomes = patience(Script([try answer(503)])).send([try request()])
        #expect(try outcomes[0].get().status == 503)
    }
}
