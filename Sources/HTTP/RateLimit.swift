/// How often each account, or each server, may be asked: so many requests at once, and so many a minute after that.
///
/// It may be shared by all who speak with them, on any number of threads.
public final class RateLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: Int64
        var heldFrom: Int64 = 0
        var heldFor: Int64 = 0
        /// What the server said when it asked for that.
        var answer: Response?
    }

    private let perMillisecond: Double
    private let burst: Double
    private let now: @Sendable () -> Int64
    private let buckets = Locked<[String: Bucket]>([:])

    /// - Parameter now: milliseconds, from whenever.
    public init(perMinute: Int, burst: Int, now: @escaping @Sendable () -> Int64) {
        perMillisecond = Double(max(1, perMinute)) / 60_000
        self.burst = Double(max(1, burst))
        self.now = now
    }

    /// Takes the next turn of a key, and says in how many milliseconds it comes. Whoever takes it uses it.
    public func take(_ key: String) -> Int64 {
        let now = now()
        return buckets.with { buckets in
            var bucket = filled(buckets[key], now)
            bucket.tokens -= 1
            buckets[key] = bucket
            let wait = bucket.tokens >= 0 ? 0 : Int64((-bucket.tokens / perMillisecond).rounded(.up))
            return max(wait, Self.held(bucket, now))
        }
    }

    /// Gives no turn of a key for so long, because its server asked for that with this answer.
    public func hold(_ key: String, milliseconds: Int64, answer: Response? = nil) {
        let now = now()
        buckets.with { buckets in
            var bucket = filled(buckets[key], now)
            if milliseconds > Self.held(bucket, now) {
                bucket.heldFrom = now
                bucket.heldFor = milliseconds
                bucket.answer = answer
            }
            buckets[key] = bucket
        }
    }

    /// What the server of a key said, while there is no turn for longer than this because it asked for that. So whoever
    /// would not wait need not ask it again either.
    func answer(_ key: String, heldLongerThan milliseconds: Int64) -> Response? {
        let now = now()
        return buckets.with { $0[key].flatMap { Self.held($0, now) > milliseconds ? $0.answer : nil } }
    }

    private func filled(_ bucket: Bucket?, _ now: Int64) -> Bucket {
        guard var bucket else { return Bucket(tokens: burst, filledAt: now) }
        // A clock that was set back brings nothing, and takes nothing.
        let passed = max(0, now.subtractingReportingOverflow(bucket.filledAt).partialValue)
        bucket.tokens = min(burst, bucket.tokens + Double(passed) * perMillisecond)
        bucket.filledAt = now
        bucket.heldFrom = min(bucket.heldFrom, now)
        return bucket
    }

    /// What is left of a hold; never more than it was, whatever the clock says.
    private static func held(_ bucket: Bucket, _ now: Int64) -> Int64 {
        let passed = max(0, now.subtractingReportingOverflow(bucket.heldFrom).partialValue)
        return max(0, bucket.heldFor - passed)
    }
}
