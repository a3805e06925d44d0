import Machine
import Testing

@Suite struct TurnsTests {
    @Test func `one thread at a time has the thing`() throws {
        let turns = Turns(Counter())
        let threads = try (0..<8).map { _ in
            try Background {
                for _ in 0..<500 { turns.take { $0.count += 1 } }
            }
        }
        for thread in threads { try thread.wait() }
        #expect(turns.take { $0.count } == 4_000)
    }

    @Test func `whoever waits for something lends the thing, and has it again afterwards`() throws {
        let queue = TurnQueue()
        let turns = Turns(Counter(), queue)
        try turns.take { counter in
            counter.count = 1
            try queue.lend {
                // Another thread has its turn while this one is within its own.
                try Background { turns.take { $0.count = 2 } }.wait()
            }
            #expect(counter.count == 2)
        }
    }

    @Test func `without a turn there is nothing to lend`() {
        let queue = TurnQueue()
        _ = Turns(Counter(), queue)
        #expect(queue.lend { 7 } == 7)
    }

    @Test func `F14 people go before the background, and the background goes in the end`() throws {
        let turns = Turns(Log())
        let isHeld = Guarded(false)
        let mayGo = Guarded(false)
        let holder = try Background {
            turns.take { _ in
                isHeld.with { $0 = true }
                _ = mayGo.wait { $0 ? true : nil }
            }
        }
        _ = isHeld.wait { $0 ? true : nil }
        let waiting = Guarded(0)
        let background = try Background {
            waiting.with { $0 += 1 }
            turns.take(.background) { $0.names.append("background") }
        }
        _ = waiting.wait { $0 == 1 ? true : nil }
        let people = try (0..<20).map { _ in
            try Background {
                waiting.with { $0 += 1 }
                turns.take { $0.names.append("person") }
            }
        }
        _ = waiting.wait { $0 == 21 ? true : nil }
        mayGo.with { $0 = true }
        for thread in [holder, background] + people { try thread.wait() }
        let names = turns.take { $0.names }
        #expect(names.count == 21)
        #expect(names.contains("background"))
    }

    @Test func `a thing that somebody has is not free`() throws {
        let turns = Turns(Counter())
        try turns.take { _ in
            let free = try Background { turns.takeIfFree { _ in true } }.wait()
            #expect(free == nil)
        }
        #expect(turns.takeIfFree { _ in true } == true)
    }

    private final class Counter { var count = 0 }
    private final class Log { var names: [String] = [] }
}
