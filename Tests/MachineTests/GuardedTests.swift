import Machine
import Testing

@Suite(.timeLimit(.minutes(1))) struct GuardedTests {
    @Test func `threads change a value one after the other`() throws {
        let count = Guarded(0)
        let threads = try (0..<8).map { _ in
            try Background { for _ in 0..<1_000 { count.with { $0 += 1 } } }
        }
        for thread in threads { try thread.wait() }
        #expect(count.with { $0 } == 8_000)
    }

    @Test func `a thread waits until another has changed the value`() throws {
        let turn = Guarded(0)
        let threads = try (1...6).reversed().map { number in
            try Background {
                turn.wait { value -> Bool? in
                    guard value == number else { return nil }
                    value += 1
                    return true
                }
            }
        }
        turn.with { $0 = 1 }
        for thread in threads { #expect(try thread.wait()) }
        #expect(turn.with { $0 } == 7)
    }
}
