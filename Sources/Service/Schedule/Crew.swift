import Application
import Entries
import Machine

/// What is to be done, what is being done, and by how many: the state that the planner and the workers share.
struct Crew {
    /// Read at once; more would only wait for each other.
    static let workers = 5
    /// Of one provider at once, so that a slow one leaves room for the others.
    static let mostOfOneProvider = 4
    /// Listed ahead; what lies behind is asked for again when these are done.
    static let mostListed = 64

    private(set) var listed: [Agenda.Item] = []
    private(set) var running: [String: Agenda.Item] = [:]
    /// When things were begun, by their keys.
    private(set) var begun: [String: Int64] = [:]
    var isStopping = false
    /// What was begun last was asked for by somebody.
    private var wasRequested = false

    /// Takes over what a look at the home found.
    mutating func list(_ items: [Agenda.Item]) { listed = items }

    /// The next thing for a worker; nil while there is none that may be begun.
    mutating func next(at now: Int64) -> Agenda.Item? {
        guard !isStopping else { return nil }
        let busy = Dictionary(grouping: running.values.compactMap(\.provider)) { $0 }.mapValues(\.count)
        func mayBegin(_ item: Agenda.Item) -> Bool {
            running[item.key] == nil && (item.provider.map { busy[$0, default: 0] < Self.mostOfOneProvider } ?? true)
        }
        // People first, but what has waited for long has every second turn.
        let waited = wasRequested ? listed.firstIndex { $0.hasWaited && mayBegin($0) } : nil
        guard let index = waited ?? listed.firstIndex(where: mayBegin) else { return nil }
        let item = listed.remove(at: index)
        wasRequested = item.isRequested
        running[item.key] = item
        begun[item.key] = now
        return item
    }

    mutating func end(_ item: Agenda.Item) { running[item.key] = nil }

    /// Forgets when things were begun that are long over, and of which the ledger knows.
    mutating func forget(before time: Int64) { begun = begun.filter { $0.value >= time || running[$0.key] != nil } }
}
