import Application
import Entries
import Ledger
import Machine

/// Takes in what many threads want to append, and has it written together: a commit costs a wait for the disk, however
/// many entries it holds. Nobody waits for a batch to fill: while one is written, the next gathers.
final class Postbox: Sendable {
    struct Letter: Sendable {
        let drafts: [Draft]
        let then: @Sendable (Result<[Receipt], Refusal>) -> Void
    }

    private struct State {
        var waiting: [Letter] = []
        var isOpen = true
    }

    /// A commit of more would keep its first letter waiting for too long.
    private static let mostInBatch = 1_000

    /// More than this is not taken in: whoever sends is told so, instead of memory growing without an end.
    private static let mostWaiting = 50_000

    private let state = Guarded(State())
    private let writer = Guarded<Background<Void>?>(nil)

    /// - Parameter write: writes letters and answers each of them.
    func open(_ write: @escaping @Sendable ([Letter]) -> Void) throws {
        let thread = try Background<Void> { [state] in
            while let batch = Self.next(state) { write(batch) }
        }
        writer.with { $0 = thread }
    }

    private static func next(_ state: Guarded<State>) -> [Letter]? {
        let batch: [Letter] = state.wait { state in
            if state.waiting.isEmpty { return state.isOpen ? nil : [] }
            let batch = Array(state.waiting.prefix(mostInBatch))
            state.waiting.removeFirst(batch.count)
            return batch
        }
        return batch.isEmpty ? nil : batch
    }

    /// False when it is closed or full.
    func post(_ letter: Letter) -> Bool {
        state.with { state in
            guard state.isOpen, state.waiting.count < Self.mostWaiting else { return false }
            state.waiting.append(letter)
            return true
        }
    }

    /// Writes what was taken in, and takes in no more.
    func close() {
        state.with { $0.isOpen = false }
        let thread = writer.with { thread -> Background<Void>? in
            defer { thread = nil }
            return thread
        }
        try? thread?.wait()
    }
}
