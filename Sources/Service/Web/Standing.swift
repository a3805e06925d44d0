import Application
import Entries
import HTTP
import Machine
import Sync

/// What must be known at once by whoever takes something in, kept up with the views by a thread: which watches there are,
/// whose word is believed about addresses, and under which names the service is asked.
final class Standing: Sendable {
    private struct State {
        var proxies: TrustedProxies = []
        var publicHost: String?
    }

    private let household: Household
    private let front: PushFront
    private let named: Set<String>
    private let now: @Sendable () -> Int64
    private let state = Guarded(State())
    private let isStopping = Guarded(false)
    private let thread = Guarded<Background<Void>?>(nil)

    /// Between two looks while much comes in.
    private static let pause = 250
    /// So often what was used is written down, and what is over goes.
    private static let keeping: Int64 = 10 * 60_000

    init(
        _ household: Household, _ front: PushFront, named: [String], now: @escaping @Sendable () -> Int64
    ) throws {
        (self.household, self.front, self.now) = (household, front, now)
        self.named = Set(named.map { Doorkeeper.name($0) }).union(["localhost", "127.0.0.1", "[::1]"])
        try household.with { home in
            try look(home)
            home.push.announced = { [self, unowned home] in try look(home) }
            home.push.takeMarks = { front.takeMarks() }
            home.push.putBack = { front.putBack($0) }
        }
        let started = try Background<Void> { [self] in follow() }
        thread.with { $0 = started }
    }

    var proxies: TrustedProxies { state.with(\.proxies) }

    func isOurs(_ host: String) -> Bool { named.contains(host) || state.with { $0.publicHost == host } }

    func close() {
        isStopping.with { $0 = true }
        household.bell.shake()
        let started = thread.with { thread -> Background<Void>? in
            defer { thread = nil }
            return thread
        }
        try? started?.wait()
        try? household.with { home in
            home.push = PushHooks()
            try home.keepUses()
        }
    }

    private func follow() {
        var kept = Moment.monotonicMilliseconds()
        var seen: Int64 = -1
        while !isStopping.with({ $0 }) {
            let heard = household.bell.strokes
            if household.bell.last != seen {
                seen = household.bell.last
                // What cannot be read now is read at the next stroke; until then what was known goes on.
                try? household.read { try look($0) }
            }
            let time = Moment.monotonicMilliseconds()
            if time - kept >= Self.keeping {
                kept = time
                try? household.with(.background) { try $0.keepUses() }
            }
            _ = household.bell.wait(
                forStrokeAfter: heard, milliseconds: Self.keeping, unless: { isStopping.with { $0 } })
            Pause.milliseconds(Self.pause)
        }
    }

    private func look(_ home: OpenHome) throws {
        let (watches, address, proxies) = (try home.watches(), try home.publicAddress(), try home.trustedProxies())
        front.table.refresh(watches.rows, watches.names, at: now())
        state.with { state in
            state.proxies = proxies
            state.publicHost = address.flatMap { (try? Address($0.text))?.origin.host }.map { Doorkeeper.name($0) }
        }
    }
}
