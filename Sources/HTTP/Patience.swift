/// Sends again what failed in passing, after a while, and as often as the servers like it.
///
/// - What may pass (no connection, 408, 425, 429, most of 5xx) is sent again up to three times, if it may be sent twice.
/// - What took longer than a minute to fail is not sent again: a server that drips would hold its caller for as long as
///   all tries together.
/// - A wrong password is not tried again, nor is what the server refuses for good.
/// - A server that says when to come back is obeyed, by all requests of the same account. If that is longer than
///   anybody would wait, its answer is handed back at once.
/// - Chance stretches every wait, so that not all who met the same outage come back in the same second.
public final class Patience: Transport {
    public struct Rules: Sendable {
        /// In milliseconds, before the second try, the third and so on. None but these.
        public var waits: [Int64] = [5_000, 10_000, 20_000]
        /// By how much of itself chance may stretch a wait.
        public var stretch = 0.5
        /// What a server may ask to be waited for, in milliseconds.
        public var longestWait: Int64 = 60_000
        /// How long an attempt may have taken that is followed by another one, in milliseconds.
        public var longestAttempt: Int64 = 60_000
        /// Whether a server is tried again that cannot be found or reached, or says nothing.
        public var triesSilent = true

        public init() {}

        /// For somebody who sits before it: a wrong host stays a wrong host, and who knows better tries again himself.
        public static var attended: Rules {
            var rules = Rules()
            rules.waits = [2_000, 4_000]
            rules.longestWait = 10_000
            rules.triesSilent = false
            return rules
        }
    }

    /// What an answer means for trying again.
    public enum Verdict: Sendable { case final, transient, rate }

    /// Time and chance, which are handed in.
    public struct Surroundings {
        /// Milliseconds since 1970.
        public var now: () -> Int64
        /// Waits so many milliseconds; throws when there is no time for it.
        public var wait: (Int64) throws -> Void
        /// At least 0, below 1.
        public var chance: () -> Double
        /// Hears that a host is asked again, for the second time or the third, of so many at the most.
        public var hear: (_ host: String, _ attempt: Int, _ all: Int) -> Void = { _, _, _ in }

        public init(
            now: @escaping () -> Int64, wait: @escaping (Int64) throws -> Void, chance: @escaping () -> Double
        ) {
            self.now = now
            self.wait = wait
            self.chance = chance
        }
    }

    public var rules = Rules()
    /// Shared by all who speak for the same accounts; nil knows no limit.
    public var rate: RateLimit?
    /// Which requests are counted together, and held back together.
    public var key: (Request) -> String = { $0.address.origin.description }
    /// A second opinion on an answer, for servers that say more than a status; nil leaves it at the status.
    public var verdict: (Request, Response) -> Verdict? = { _, _ in nil }

    private let transport: any Transport
    private let surroundings: Surroundings

    public init(_ transport: any Transport, _ surroundings: Surroundings) {
        self.transport = transport
        self.surroundings = surroundings
    }

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        var outcomes = [Result<Response, HTTPError>?](repeating: nil, count: requests.count)
        var told = 1
        var waiting: [Attempt] = []
        for index in requests.indices {
            outcomes[index] = refusal(requests[index]).map { .success($0) }
            if outcomes[index] == nil { waiting.append(Attempt(index: index, wait: turn(requests[index]))) }
        }
        while !waiting.isEmpty {
            do {
                try passTime(&waiting)
            } catch {
                for attempt in waiting {
                    outcomes[attempt.index] = .failure(interrupted(requests[attempt.index], attempt))
                }
                break
            }
            let ready = waiting.filter { $0.wait <= 0 }
            waiting.removeAll { $0.wait <= 0 }
            let answers = transport.send(ready.map { requests[$0.index] })
            for (attempt, outcome) in zip(ready, answers) {
                let request = requests[attempt.index]
                outcomes[attempt.index] = outcome.counting(attempt.number)
                guard let wait = wait(request, outcome, attempt.number, &waiting, requests) else { continue }
                waiting.append(Attempt(index: attempt.index, number: attempt.number + 1, wait: wait))
                if attempt.number < told { continue }
                told = attempt.number + 1
                surroundings.hear(request.address.origin.host, told, rules.waits.count + 1)
            }
        }
        return zip(requests, outcomes).map { $1 ?? .failure(Exchange.interrupted($0.address)) }
    }

    private struct Attempt {
        let index: Int
        var number = 1
        /// Milliseconds that have to pass before it. They are counted down and compared with no clock, for a clock can be
        /// set.
        var wait: Int64
    }

    private func passTime(_ waiting: inout [Attempt]) throws {
        guard let shortest = waiting.lazy.map(\.wait).min(), shortest > 0 else { return }
        try surroundings.wait(shortest)
        for place in waiting.indices { waiting[place].wait -= shortest }
    }

    /// What was answered when the server asked for more time than anybody would wait, while that time lasts.
    private func refusal(_ request: Request) -> Response? {
        // It may have been said to another request, and of that only what was said is handed on.
        guard var answer = rate?.answer(key(request), heldLongerThan: rules.longestWait) else { return nil }
        (answer.address, answer.movedTo) = (request.address, nil)
        return answer
    }

    private func turn(_ request: Request) -> Int64 { rate?.take(key(request)) ?? 0 }

    /// One answer, perhaps to somebody else, keeps a server from being asked for an hour at the most. The connection that
    /// had it may be left alone for longer.
    private static let longestHold: Int64 = 3_600_000

    /// How long to wait before the next try; nil when there is none.
    private func wait(
        _ request: Request, _ outcome: Result<Response, HTTPError>, _ number: Int, _ waiting: inout [Attempt],
        _ requests: [Request]
    ) -> Int64? {
        let verdict = judge(request, outcome)
        if verdict == .final { return nil }
        let asked = (try? outcome.get())?.retryAfterMilliseconds(now: surroundings.now())
        if let asked {
            // Whoever shares the account waits too, also if this request is given up.
            rate?.hold(key(request), milliseconds: min(asked, Self.longestHold), answer: try? outcome.get())
            if asked > rules.longestWait { return nil }
            for place in waiting.indices where key(requests[waiting[place].index]) == key(request) {
                waiting[place].wait = max(waiting[place].wait, asked)
            }
        }
        guard request.isRepeatable, number <= rules.waits.count, outcome.milliseconds <= rules.longestAttempt else {
            return nil
        }
        // A date that has passed, by a clock that is not the server's, does not mean at once.
        let wait = max(1_000, asked ?? rules.waits[number - 1])
        return max(wait + Int64(Double(wait) * rules.stretch * surroundings.chance()), turn(request))
    }

    private func judge(_ request: Request, _ outcome: Result<Response, HTTPError>) -> Verdict {
        switch outcome {
        case .failure(let error): error.isTransient && (rules.triesSilent || !error.isSilence) ? .transient : .final
        case .success(let response): verdict(request, response) ?? Self.usual(response.status)
        }
    }

    /// 501, 505, 507, 508 and 511 say that it will never be otherwise, or that somebody has to do something first.
    private static func usual(_ status: Int) -> Verdict {
        switch status {
        case 429: .rate
        case 408, 425: .transient
        case 501, 505, 507, 508, 511: .final
        case 500...599: .transient
        default: .final
        }
    }

    private func interrupted(_ request: Request, _ attempt: Attempt) -> HTTPError {
        var error = Exchange.interrupted(request.address)
        error.attempts = attempt.number - 1
        return error
    }
}

extension Result<Response, HTTPError> {
    fileprivate var milliseconds: Int64 {
        switch self {
        case .success(let response): response.milliseconds
        case .failure(let error): error.milliseconds
        }
    }

    fileprivate func counting(_ attempts: Int) -> Self {
        switch self {
        case .success(var response):
            response.attempts = attempts
            return .success(response)
        case .failure(var error):
            error.attempts = attempts
            return .failure(error)
        }
    }
}
