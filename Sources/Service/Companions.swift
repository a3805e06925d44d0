import Application
import Machine

/// Ways into a home for those who only read: each is used by one thread at a time, and kept for the next.
final class Companions: Sendable {
    private struct State {
        var idle: [Turns<OpenHome>] = []
        var count = 0
        var isClosed = false
    }

    private let state = Guarded(State())
    private let most: Int
    private let make: @Sendable () throws -> OpenHome

    init(most: Int, making make: @escaping @Sendable () throws -> OpenHome) {
        self.most = most
        self.make = make
    }

    /// Lends one; waits where all are in use.
    func take<Answer>(_ body: (OpenHome) throws -> Answer) throws -> Answer {
        let companion = try borrow()
        defer {
            state.with { state in
                if state.isClosed { state.count -= 1 } else { state.idle.append(companion) }
            }
        }
        return try companion.take { try body($0) }
    }

    private func borrow() throws -> Turns<OpenHome> {
        let idle: Turns<OpenHome>? = state.wait { state in
            if let companion = state.idle.popLast() { return .some(companion) }
            guard state.count < most else { return nil }
            state.count += 1
            return .some(nil)
        }
        if let idle { return idle }
        do {
            return Turns(try make())
        } catch {
            state.with { $0.count -= 1 }
            throw error
        }
    }

    /// Lets them all go, as they come back.
    func close() {
        state.with { state in
            state.isClosed = true
            state.count -= state.idle.count
            state.idle = []
        }
        // What is being read is read to its end.
        _ = state.wait { $0.count <= 0 ? true : nil }
    }
}
