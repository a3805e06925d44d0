import Machine

/// How much is taken of whom: a bucket for each watch, and one for each address that sends what nobody believes.
///
/// Messages that show what they have to show are never held back by those that do not: behind a proxy all come from one
/// address. Memory is bounded, whoever sends.
final class PushLimits: Sendable {
    struct Bucket {
        var tokens: Double
        var filled: Int64
    }

    struct Rule {
        let burst: Double
        let perSecond: Double
    }

    /// A calendar that changes more often than this is read once a minute all the same.
    static let ofWatch = Rule(burst: 30, perSecond: 0.5)
    /// Of an address: somebody's mistake is no more than this.
    static let ofStranger = Rule(burst: 60, perSecond: 1)
    /// So many addresses are told apart; all others share one bucket.
    static let mostAddresses = 1_024
    /// So many watches. Those beyond share one bucket as well.
    static let mostWatches = 20_000

    private struct State {
        var watches: [String: Bucket] = [:]
        var strangers: [String: Bucket] = [:]
    }

    private let state = Guarded(State())

    /// Whether one more message of a watch is to be written down.
    func admits(watch: String, at now: Int64) -> Bool {
        state.with { Self.take(&$0.watches, watch, Self.ofWatch, Self.mostWatches, now) }
    }

    /// Whether an address that sent what nobody believes still gets a proper answer.
    func admits(stranger: String, at now: Int64) -> Bool {
        state.with { Self.take(&$0.strangers, stranger, Self.ofStranger, Self.mostAddresses, now) }
    }

    private static func take(
        _ buckets: inout [String: Bucket], _ name: String, _ rule: Rule, _ most: Int, _ now: Int64
    ) -> Bool {
        var name = name
        if buckets[name] == nil, buckets.count >= most {
            // Those that are full again remember nothing.
            buckets = buckets.filter { level($0.value, rule, now) < rule.burst }
            if buckets.count >= most { name = "" }
        }
        var bucket = buckets[name] ?? Bucket(tokens: rule.burst, filled: now)
        bucket.tokens = level(bucket, rule, now)
        bucket.filled = now
        defer { buckets[name] = bucket }
        guard bucket.tokens >= 1 else { return false }
        bucket.tokens -= 1
        return true
    }

    private static func level(_ bucket: Bucket, _ rule: Rule, _ now: Int64) -> Double {
        let seconds = Double(max(0, now - bucket.filled)) / 1_000
        return min(rule.burst, bucket.tokens + seconds * rule.perSecond)
    }
}
