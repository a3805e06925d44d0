import Testing
import Vault

@testable import Application

/// How long somebody waits who fails to log in.
@Suite struct LimiterTests {
    private static let account = Limiter.Subject(.account, [1])
    private static let address = Limiter.Subject(.address, [2])
    private static let both = [account, address]

    /// How many of so many tries, one each so many milliseconds, cost a hash.
    private func passed(_ tries: Int, every step: Int64, in limiter: inout Limiter, _ subjects: [Limiter.Subject])
        -> Int
    {
        (0..<tries).count { limiter.begin(subjects, now: Int64($0) * step) == .go }
    }

    @Test func `T6 10000 tries cost few hashes, however fast they come`() {
        for (step, most) in [(Int64(0), 5), (1, 9), (1_000, 30), (60_000, 700)] {
            var limiter = Limiter()
            let passed = passed(10_000, every: step, in: &limiter, Self.both)
            #expect(passed >= 5 && passed <= most, "\(step): \(passed)")
        }
    }

    @Test func `T6 one address that tries 10000 accounts waits as well`() {
        var limiter = Limiter()
        let passed = (0..<10_000).count { number in
            let subject = Limiter.Subject(.account, [9, UInt8(number >> 8), UInt8(number & 255)])
            return limiter.begin([subject, Self.address], now: Int64(number) * 1_000) == .go
        }
        #expect(passed <= 45, "\(passed)")
    }

    @Test func `T6 one account that is tried from 10000 addresses waits as well`() {
        var limiter = Limiter()
        let passed = (0..<10_000).count { number in
            let subject = Limiter.Subject(.address, [9, UInt8(number >> 8), UInt8(number & 255)])
            return limiter.begin([Self.account, subject], now: Int64(number) * 1_000) == .go
        }
        #expect(passed <= 30, "\(passed)")
    }

    @Test func `each wait is twice the one before, and none is longer than a quarter of an hour`() {
        var limiter = Limiter()
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<20 {
            if case .wait(let milliseconds) = limiter.begin([Self.account], now: now) {
                waits.append(milliseconds)
                now += milliseconds
                #expect(limiter.begin([Self.account], now: now) == .go)
            }
        }
        #expect(waits.prefix(4) == [1_000, 2_000, 4_000, 8_000])
        #expect(waits.max() == Limiter.longestWait)
        // A day later all is forgotten.
        #expect(limiter.begin([Self.account], now: now + Limiter.memory + 1) == .go)
        #expect(limiter.toKeep([Self.account]).attempts.map(\.failures) == [1])
    }

    @Test func `who succeeds begins anew, and what came from the same address stays`() {
        var limiter = Limiter()
        for _ in 0..<4 { #expect(limiter.begin(Self.both, now: 0) == .go) }
        limiter.succeeded(Self.both)
        let (attempts, forgotten) = limiter.toKeep(Self.both)
        #expect(attempts == [KeptAttempt(subject: [2], failures: 3, last: 0)])
        #expect(forgotten == [[1]])
        limiter.abandoned(Self.both)
        #expect(limiter.toKeep(Self.both).attempts.map(\.failures) == [2])
    }

    @Test func `T6 what is kept goes on where it was, and a clock that was put back locks nobody out`() {
        let kept = [KeptAttempt(subject: [1], failures: 12, last: 1_000_000)]
        var limiter = Limiter(kept)
        #expect(limiter.begin([Self.account], now: 1_000_000) == .wait(milliseconds: 128_000))
        #expect(limiter.begin([Self.account], now: 0) == .wait(milliseconds: 128_000))
        #expect(limiter.begin([Self.account], now: 1_128_000) == .go)
    }

    @Test func `a flood of addresses fills no memory`() {
        var limiter = Limiter()
        for number in 0..<30_000 {
            let hash = [UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)]
            _ = limiter.begin([.init(.address, hash)], now: Int64(number))
        }
        #expect(limiter.count <= Limiter.mostKept)
    }
}
