public import Entries
import Machine
import SQLite

/// Writes for many at once. Requests that come in while a batch is being written wait for the next one, and go into it
/// together: a commit costs a wait for the disk, however many entries it holds. Nobody waits for a batch to fill.
///
/// Each is answered after the commit that holds its entries, and never before. After an error of the disk every
/// request is refused until `recover` has opened the ledger again.
public actor Scribe {
    private struct Waiting {
        let drafts: [Draft]
        let answer: CheckedContinuation<[Receipt], any Error>
    }

    /// A commit of more would keep its first request waiting for too long.
    private static let mostEntriesInBatch = 1_000

    private let executor = BlockingExecutor(label: "daybook.ledger")
    private let writer: LedgerWriter
    private var waiting: [Waiting] = []
    private var isDrainPlanned = false
    private var listeners: [Listener] = []
    private var nextListener = 0

    // The one word `unsafe` outside the wrappers: the executor lives as long as the actor that holds it.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    public init(_ writer: sending LedgerWriter) { self.writer = writer }

    /// Appends all of the drafts, or none. When it returns, the disk has them.
    public func append(_ drafts: [Draft]) async throws -> [Receipt] {
        try await withCheckedThrowingContinuation { answer in
            waiting.append(Waiting(drafts: drafts, answer: answer))
            if isDrainPlanned { return }
            isDrainPlanned = true
            // Behind all the requests that are already on their way to this actor.
            Task { self.drain() }
        }
    }

    private func drain() {
        isDrainPlanned = false
        while !waiting.isEmpty { write(nextBatch()) }
        wakeListeners()
    }

    private func nextBatch() -> [Waiting] {
        var entries = 0
        let count = waiting.prefix { request in
            defer { entries += request.drafts.count }
            return entries < Self.mostEntriesInBatch
        }.count
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    private func write(_ batch: [Waiting]) {
        do {
            let answers = try writer.append(requests: batch.map(\.drafts))
            for (request, answer) in zip(batch, answers) { request.answer.resume(with: answer.mapError { $0 }) }
        } catch {
            for request in batch { request.answer.resume(throwing: error) }
        }
    }

    /// Opens the ledger again after an error, and looks at what the disk holds.
    public func recover() throws { try writer.reopen() }

    /// Runs a piece of work with the writer, between two batches.
    public func withWriter<Answer: Sendable>(_ body: @Sendable (LedgerWriter) throws -> Answer) rethrows -> Answer {
        defer { wakeListeners() }
        return try body(writer)
    }
}

// MARK: Listening

extension Scribe {
    private struct Listener {
        let number: Int
        let answer: CheckedContinuation<Void, Never>
    }

    /// The entries after a position, in order, as they are there and as they come. Nothing is skipped, and what is not
    /// asked for waits in the ledger, not in memory.
    public nonisolated func entries(after position: Int64) -> Subscription {
        Subscription(scribe: self, position: position)
    }

    /// The next entries after a position, a page at most; it waits for the first. None once the task is cancelled.
    func page(after position: Int64) async throws -> [Entry] {
        while !Task.isCancelled {
            let page = try writer.reader.entries(Query(from: position + 1, limit: Self.page))
            if !page.isEmpty { return page }
            await waitForMore()
        }
        return []
    }

    private static let page: Int64 = 256

    private func waitForMore() async {
        nextListener += 1
        let number = nextListener
        await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                if Task.isCancelled { return answer.resume() }
                listeners.append(Listener(number: number, answer: answer))
            }
        } onCancel: {
            Task { await self.dismiss(number) }
        }
    }

    private func dismiss(_ number: Int) {
        guard let index = listeners.firstIndex(where: { $0.number == number }) else { return }
        listeners.remove(at: index).answer.resume()
    }

    private func wakeListeners() {
        let awake = listeners
        listeners = []
        for listener in awake { listener.answer.resume() }
    }
}

/// Entries from a position on, without an end.
public struct Subscription: AsyncSequence, Sendable {
    let scribe: Scribe
    let position: Int64

    public func makeAsyncIterator() -> Iterator { Iterator(scribe: scribe, position: position) }

    public struct Iterator: AsyncIteratorProtocol {
        let scribe: Scribe
        var position: Int64
        var page: ArraySlice<Entry> = []

        public mutating func next() async throws -> Entry? {
            if page.isEmpty { page = try await scribe.page(after: position)[...] }
            guard let entry = page.popFirst() else { return nil }
            position = entry.position
            return entry
        }
    }
}
