import Machine

/// Threads that do what comes in, in the order in which it came: so that whoever takes something in need not wait for it.
final class Clerks: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var first = 0
        var isOpen = true
    }

    /// More than this waits for nobody's answer any more.
    private static let mostWaiting = 4_096

    private let state = Guarded(State())
    private let threads: Guarded<[Background<Void>]>

    init(_ count: Int) throws {
        let state = state
        threads = Guarded(
            try (0..<count).map { _ in
                try Background { while let work = Self.next(state) { work() } }
            })
    }

    private static func next(_ state: Guarded<State>) -> (@Sendable () -> Void)? {
        let next: (@Sendable () -> Void)?? = state.wait { state in
            guard state.first < state.waiting.count else { return state.isOpen ? nil : .some(nil) }
            let work = state.waiting[state.first]
            state.first += 1
            // Taking from the front of a list moves all the rest, so it is done now and then.
            if state.first == state.waiting.count || state.first > 1_024 {
                state.waiting.removeFirst(state.first)
                state.first = 0
            }
            return .some(work)
        }
        return next ?? nil
    }

    /// False when too much waits, or it is closed.
    func take(_ work: @escaping @Sendable () -> Void) -> Bool {
        state.with { state in
            guard state.isOpen, state.waiting.count - state.first < Self.mostWaiting else { return false }
            state.waiting.append(work)
            return true
        }
    }

    /// Does what was taken in, and takes in no more.
    func close() {
        state.with { $0.isOpen = false }
        for thread in threads.with({ $0 }) { try? thread.wait() }
    }
}
