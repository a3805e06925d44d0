import Entries
import Machine
public import SQLite
import Secrets
public import Sync

/// The watches that may tell something, in memory: who sends a message is found out without a look at the disk.
///
/// It is filled from the views whenever they have moved, by whoever moved them. Several threads ask it at once.
public final class WatchTable: Sendable {
    /// One watch, and what its messages have to show.
    struct Known: Sendable {
        let row: WatchRow
        let proof: Secret
    }

    private struct State {
        var known: [String: Known] = [:]
        /// The messages that were stored last, by their watch.
        var recent: [String: [String]] = [:]
        var handshakesUntil: Int64 = 0
    }

    private let state = Guarded(State())

    public init() {}

    /// More watches than the calendars of any home. Beyond, the oldest are not heard, and their calendars are read at
    /// their times.
    private static let mostWatches = 20_000

    /// Takes in what the views say now.
    public func refresh(_ rows: [WatchRow], _ names: Names, at now: Int64) {
        let living = rows.filter { $0.lastsUntil > now }.suffix(Self.mostWatches)
        let handshakes = living.filter { $0.provider == .microsoft && $0.state == .requested }
            .map { $0.requested + WatchRow.makingMilliseconds }
        state.with { state in
            var known: [String: Known] = [:]
            for row in living {
                known[row.watch] = Known(
                    row: row, proof: state.known[row.watch]?.proof ?? names.proof(ofWatch: row.watch))
            }
            state.known = known
            state.recent = state.recent.filter { known[$0.key] != nil }
            state.handshakesUntil = handshakes.max() ?? 0
        }
    }

    public func refresh(_ views: Connection, _ names: Names, at now: Int64) throws {
        refresh(try WatchRow.all(views), names, at: now)
    }

    func find(_ watch: String, at now: Int64) -> Known? {
        guard watch.utf8.count <= Self.longestID else { return nil }
        return state.with { $0.known[watch] }.flatMap { $0.row.lastsUntil > now ? $0 : nil }
    }

    private static let longestID = 64

    /// Whether a subscription is being made just now, so that Microsoft may ask whether it is wanted.
    func expectsHandshake(at now: Int64) -> Bool { state.with { $0.handshakesUntil > now } }

    // MARK: What came already

    func isRecent(_ message: String, of watch: String) -> Bool {
        state.with { $0.recent[watch]?.contains(message) ?? false }
    }

    /// Of a message that was stored.
    func remember(_ message: String, of watch: String) {
        state.with { state in
            guard state.known[watch] != nil else { return }
            var recent = state.recent[watch] ?? []
            if recent.contains(message) { return }
            if recent.count >= Self.mostRecent { recent.removeFirst() }
            recent.append(message)
            state.recent[watch] = recent
        }
    }

    /// Copies come soon after each other. An older one meets the key of its entry.
    private static let mostRecent = 32

    /// How many are known, for those who look.
    public var count: Int { state.with { $0.known.count } }
}
