public import Entries
import Machine
public import WebServer

/// Where the messages of providers come in: `POST /hooks/google` and `POST /hooks/microsoft`.
///
/// What says that something changed is written down before it is answered; what cannot be written down is refused, so
/// that the provider sends it again. More than is taken of one watch is not written down one by one: it leaves a mark that
/// its calendar is to be read soon, and is refused. The work for a message is small and the same, however many come.
public final class PushFront: Sendable {
    /// Writes entries down, and says then whether they were; from any thread.
    public typealias Store =
        @Sendable (_ drafts: [Draft], _ then: @escaping @Sendable (_ isStored: Bool) -> Void) -> Void

    public let table: WatchTable
    private let limits = PushLimits()
    private let now: @Sendable () -> Int64
    private let store: Store

    private struct State {
        var marked: Set<String> = []
        var counts: [PushCount: Int64] = [:]
        var beingStored = 0
    }

    private let state = Guarded(State())

    public init(_ table: WatchTable, now: @escaping @Sendable () -> Int64, store: @escaping Store) {
        self.table = table
        self.now = now
        self.store = store
    }

    public static let paths = ["/hooks/google", "/hooks/microsoft"]

    /// The largest body that may come to them.
    public static let mostBytes = MicrosoftReceiver.mostBytes

    /// Requests that wait for the disk. Beyond, the disk is slower than the providers.
    private static let mostBeingStored = 1_000

    /// Answers now or later, from any thread, and exactly once.
    public func take(_ visit: Visit, _ answer: @escaping @Sendable (Reply) -> Void) {
        let now = now()
        let reception =
            visit.path == "/hooks/google"
            ? GoogleReceiver.receive(visit, table, at: now)
            : visit.path == "/hooks/microsoft" ? MicrosoftReceiver.receive(visit, table, at: now) : Reception(404)
        count(reception.counts)
        if reception.isStrange, !limits.admits(stranger: visit.peer, at: now) {
            count([.strangers])
            // What somebody forged among what is right takes nothing away from it.
            if reception.messages.isEmpty { return answer(Self.later(429)) }
        }
        let fresh = reception.messages.filter { !table.isRecent($0.mark, of: $0.watch) }
        if fresh.count < reception.messages.count { count([.repeated]) }
        guard !fresh.isEmpty else { return answer(reception.reply) }
        guard fresh.allSatisfy({ limits.admits(watch: $0.watch, at: now) }), beginStoring() else {
            mark(fresh)
            return answer(Self.later(503))
        }
        store(fresh.map(\.draft)) { [self] isStored in
            state.with { $0.beingStored -= 1 }
            guard isStored else {
                count([.unstored])
                mark(fresh)
                return answer(Self.later(503))
            }
            for message in fresh { table.remember(message.mark, of: message.watch) }
            answer(reception.reply)
        }
    }

    private static func later(_ status: Int) -> Reply { Reply(status, headers: [Visit.Field("Retry-After", "60")]) }

    private func beginStoring() -> Bool {
        state.with { state in
            guard state.beingStored < Self.mostBeingStored else { return false }
            state.beingStored += 1
            return true
        }
    }

    private func mark(_ messages: [Reception.Message]) {
        state.with { state in
            state.counts[.overflow, default: 0] += 1
            for message in messages where message.isOfChange { state.marked.insert(message.calendar) }
        }
    }

    // MARK: For those who follow up

    /// Calendars of which more was told than was written down. Whoever takes them reads them, or puts them back.
    public func takeMarks() -> Set<String> {
        state.with { state in
            defer { state.marked = [] }
            return state.marked
        }
    }

    public func putBack(_ calendars: Set<String>) { state.with { $0.marked.formUnion(calendars) } }

    public var hasMarks: Bool { state.with { !$0.marked.isEmpty } }

    private func count(_ counts: [PushCount]) {
        state.with { state in for one in counts { state.counts[one, default: 0] += 1 } }
    }

    /// How often what came, since this process began: all that is ever told of requests.
    public var counts: [PushCount: Int64] { state.with(\.counts) }
}
