/// Tries again what may work the next time, keeps to a rate, and leaves alone who asks for it.
///
/// What is refused is never tried again: a login that was refused twice more is a login that is locked. All that takes time
/// is handed in.
public final class Patience: Transport {
    public enum Verdict: Sendable, Equatable {
        /// It is the answer, whatever it says.
        case final
        /// It may pass: the server has a fault, or is busy.
        case transient
        /// There were too many requests.
        case rate
    }

    public struct Habits: Sendable {
        /// Between two attempts, before it is spread.
        public var waitsMilliseconds: [Int64] = [5_000, 10_000, 20_000]
        /// Who asks for more patience than this gets none: the answer is handed back, and the next round asks again.
        public var longestWaitMilliseconds: Int64 = 60_000
        /// Requests in a minute, for each key.
        public var requestsAMinute = 300

        public init() {}
    }

    private let inner: any Transport
    private let habits: Habits
    private let verdict: @Sendable (Response) -> Verdict
    private let now: @Sendable () -> Int64
    private let wait: @Sendable (_ milliseconds: Int64) throws -> Void
    private let chance: @Sendable () -> Double
    private var limit: RateLimit

    /// - Parameter wait: throws where the program was asked to stop.
    /// - Parameter chance: a number from 0 to 1, so that many who wait do not come back at once.
    public init(
        _ inner: any Transport, habits: Habits = Habits(),
        verdict: @escaping @Sendable (Response) -> Verdict = Patience.plainVerdict,
        now: @escaping @Sendable () -> Int64, wait: @escaping @Sendable (_ milliseconds: Int64) throws -> Void,
        chance: @escaping @Sendable () -> Double
    ) {
        self.inner = inner
        self.habits = habits
        self.verdict = verdict
        self.now = now
        self.wait = wait
        self.chance = chance
        limit = RateLimit(perMinute: habits.requestsAMinute)
    }

    @Sendable public static func plainVerdict(_ response: Response) -> Verdict {
        switch response.status {
        case 429: .rate
        case 408, 425, 500, 502, 503, 504,
            507 where response.header("DAV") == nil:
            .transient
        default: .final
        }
    }

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        var outcomes = [Result<Response, HTTPError>?](repeating: nil, count: requests.count)
        var open = Array(requests.indices)
        var attempt = 0
        while !open.isEmpty {
            attempt += 1
            guard pause(limit.take(open.count, at: now())) else { break }
            let answers = inner.send(open.map { requests[$0] })
            var again: [Int] = []
            var longest: Int64 = 0
            for (number, answer) in zip(open, answers) {
                outcomes[number] = Self.counted(answer, attempt)
                if let wait = patience(with: answer, requests[number], attempt) {
                    again.append(number)
                    longest = max(longest, wait)
                }
            }
            open = again
            if open.isEmpty || !pause(longest) { break }
        }
        let interrupted = HTTPError(.interrupted, "It was stopped before the answer was there.")
        return outcomes.map { $0 ?? .failure(interrupted) }
    }

    private static func counted(_ answer: Result<Response, HTTPError>, _ attempts: Int) -> Result<Response, HTTPError> {
        switch answer {
        case .success(var response):
            response.attempts = attempts
            return .success(response)
        case .failure(var error):
            error.attempts = attempts
            return .failure(error)
        }
    }

    /// False where the program was asked to stop.
    private func pause(_ milliseconds: Int64) -> Bool {
        guard milliseconds > 0 else { return true }
        do {
            try wait(milliseconds)
            return true
        } catch {
            return false
        }
    }

    /// How long to wait before it is tried again; nil where it is not.
    private func patience(with answer: Result<Response, HTTPError>, _ request: Request, _ attempt: Int) -> Int64? {
        guard attempt <= habits.waitsMilliseconds.count else { return nil }
        let usual = Self.spread(habits.waitsMilliseconds[attempt - 1], chance())
        switch answer {
        case .failure(let error): return error.isTransient && request.isRepeatable ? usual : nil
        case .success(let response):
            let verdict = verdict(response)
            // Who was turned away for coming too often was not heard, so that asking again does nothing twice.
            guard verdict == .rate || verdict == .transient && request.isRepeatable else { return nil }
            let asked = RetryAfter.milliseconds(response.header("Retry-After"), now: now())
            let wait = max(asked ?? 0, usual)
            return wait <= habits.longestWaitMilliseconds ? wait : nil
        }
    }

    /// From three quarters to five quarters of it.
    private static func spread(_ wait: Int64, _ chance: Double) -> Int64 {
        let share = 0.75 + min(max(chance, 0), 1) / 2
        return Int64((Double(wait) * share).rounded())
    }
}

/// So many requests a minute, and a few at once.
public struct RateLimit: Sendable {
    private let perMinute: Int64
    private var tokens: Int64
    private var last: Int64?

    /// Counted in thousandths of a request, so that nothing is lost to rounding.
    private static let one: Int64 = 60_000

    public init(perMinute: Int) {
        self.perMinute = Int64(max(1, perMinute))
        tokens = self.perMinute * Self.one
    }

    /// Takes so many, and says for how many milliseconds one has to wait before they may be used.
    public mutating func take(_ count: Int, at now: Int64) -> Int64 {
        let full = perMinute * Self.one
        // A clock that went back gives nothing.
        let passed = min(max(0, now - (last ?? now)), Self.one)
        last = now
        tokens = min(full, tokens + passed * perMinute)
        tokens -= Int64(count) * Self.one
        return tokens >= 0 ? 0 : (-tokens + perMinute - 1) / perMinute
    }
}

/// How long a server asks to be left alone: seconds, or the date until which.
public enum RetryAfter {
    public static func milliseconds(_ header: String?, now: Int64) -> Int64? {
        guard let header else { return nil }
        let text = header.filter { $0 != " " }
        if let seconds = Int64(text) { return seconds >= 0 && seconds < 1 << 31 ? seconds * 1_000 : nil }
        return HTTPDate.milliseconds(header).map { max(0, $0 - now) }
    }
}
