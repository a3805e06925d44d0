import Entries
import Ledger
import Machine
import Rehearsal
import Secrets
import Sync
import WebServer

@testable import Service

/// A ledger in memory, a table of watches, and the front to which messages come. What is stored is answered at once, unless
/// a test says otherwise.
final class PushScene {
    let time = RehearsedTime()
    let names: Names
    let shelf: Shelf
    let table = WatchTable()
    let front: PushFront
    private(set) var rows: [WatchRow] = []

    /// Where entries are written down. It is asked by one thread.
    final class Shelf: Sendable {
        struct State {
            var drafts: [Draft] = []
            var keys: Set<[UInt8]> = []
            var transactions = 0
            var isFull = false
        }

        let state = Guarded(State())

        /// As the ledger does it: one key is one entry.
        func store(_ drafts: [Draft]) -> Bool {
            state.with { state in
                state.transactions += 1
                if state.isFull { return false }
                for draft in drafts {
                    if let key = draft.key, !state.keys.insert(key).inserted { continue }
                    state.drafts.append(draft)
                }
                return true
            }
        }
    }

    init() {
        names = Names(MasterKey(from: .seeded(7)).nameMaker())
        shelf = Shelf()
        let (time, shelf) = (time, shelf)
        front = PushFront(table, now: { time.now() }, store: { drafts, then in then(shelf.store(drafts)) })
    }

    var drafts: [Draft] { shelf.state.with(\.drafts) }
    var transactions: Int { shelf.state.with(\.transactions) }

    /// A watch that stands, unless it is changed.
    @discardableResult
    func watch(
        _ id: String, _ provider: Provider = .google, _ change: (inout WatchRow) -> Void = { _ in }
    ) -> WatchRow {
        var row = WatchRow()
        row.watch = id
        row.owner = "ada"
        row.connection = "connection-" + id
        row.calendar = "calendar-" + id
        row.provider = provider
        row.state = .open
        row.requested = time.now()
        row.opened = time.now()
        row.expires = time.now() + 7 * 86_400_000
        row.providerID = provider == .google ? id : "subscription-" + id
        row.resourceID = provider == .google ? "resource-" + id : nil
        change(&row)
        rows.removeAll { $0.watch == id }
        rows.append(row)
        refresh()
        return row
    }

    func refresh() { table.refresh(rows, names, at: time.now()) }

    func proof(_ watch: String) -> String { names.proof(ofWatch: watch).reveal { $0 } }

    func send(_ visit: Visit) -> Reply {
        let answers = Guarded<[Reply]>([])
        front.take(visit) { reply in answers.with { $0.append(reply) } }
        let all = answers.with { $0 }
        precondition(all.count == 1, "answered \(all.count) times")
        return all[0]
    }

    /// A message as Google sends it, with some headers otherwise; nil leaves one out.
    func google(
        _ watch: String, _ state: String = "exists", number: Int = 2, changed: [String: String?] = [:],
        method: String = "POST", body: [UInt8] = [], peer: String = "66.102.8.1"
    ) -> Visit {
        var headers: [String: String?] = [
            "X-Goog-Channel-ID": watch, "X-Goog-Channel-Token": proof(watch),
            "X-Goog-Message-Number": String(number), "X-Goog-Resource-ID": "resource-" + watch,
            "X-Goog-Resource-State": state, "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/x",
        ]
        headers.merge(changed) { $1 }
        return Visit(
            method, "/hooks/google", headers: headers.compactMap { name, value in value.map { .init(name, $0) } },
            body: body, peer: peer)
    }

    /// A post as Graph sends it.
    func microsoft(_ items: [String], method: String = "POST", peer: String = "20.190.128.1") -> Visit {
        Visit(
            method, "/hooks/microsoft", headers: [.init("Content-Type", "application/json")],
            body: Array("{\"value\":[\(items.joined(separator: ","))]}".utf8), peer: peer)
    }

    func item(
        _ watch: String, _ change: String = "updated", id: String = "event-1", etag: String = "1",
        state: String? = nil, subscription: String? = nil
    ) -> String {
        """
        {"subscriptionId":"\(subscription ?? "subscription-" + watch)","clientState":"\(state ?? proof(watch))",\
        "changeType":"\(change)","resource":"Users/u/Events/\(id)","tenantId":"t",\
        "resourceData":{"id":"\(id)","@odata.etag":"W/\(etag)"}}
        """
    }

    func lifecycle(_ watch: String, _ event: String) -> String {
        """
        {"subscriptionId":"subscription-\(watch)","clientState":"\(proof(watch))","lifecycleEvent":"\(event)"}
        """
    }

    /// What was written down, as `watch signal number`.
    var told: [String] {
        drafts.compactMap { draft in
            guard let fact = try? NotificationReceived(draft.content) else { return nil }
            return "\(fact.watch) \(fact.signal.rawValue) \(fact.notificationNumber ?? "")"
        }
    }
}
