public import Ledger
public import Secrets
import Synchronization

/// A clock that goes on by itself and random bytes from a seed: two runs with one seed write the same bytes.
public final class RehearsedTime: Sendable {
    private let milliseconds: Atomic<Int64>
    private let step: Int64

    /// It begins on a Monday morning in 2026, and goes on by `step` at each look.
    public init(startingAt start: Int64 = 1_767_600_000_000, step: Int64 = 1) {
        milliseconds = Atomic(start)
        self.step = step
    }

    public func now() -> Int64 { milliseconds.add(step, ordering: .relaxed).newValue }

    public func jump(by difference: Int64) { milliseconds.add(difference, ordering: .relaxed) }
}

extension Randomness {
    public static func seeded(_ seed: UInt64) -> Randomness {
        let state = Atomic64(seed)
        return Randomness { count in
            var chance = Chance(seed: state.next())
            return (0..<count).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
        }
    }
}

private final class Atomic64: Sendable {
    private let value: Atomic<UInt64>
    init(_ value: UInt64) { self.value = Atomic(value) }
    func next() -> UInt64 { value.wrappingAdd(0x2545_f491_4f6c_dd1d, ordering: .relaxed).newValue }
}

extension LedgerWriter.Surroundings {
    public static func rehearsed(seed: UInt64 = 1, step: Int64 = 1) -> LedgerWriter.Surroundings {
        let time = RehearsedTime(step: step)
        return LedgerWriter.Surroundings(now: { time.now() }, randomness: .seeded(seed))
    }
}
