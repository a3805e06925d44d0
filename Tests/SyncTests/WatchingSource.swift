import Entries
import Projections
import Providers

@testable import Sync

/// A fake server that also tells of changes: it keeps watches as Google or Microsoft does, and remembers what it was asked.
final class WatchingSource: CalendarSource, Watching {
    struct Held: Equatable {
        let watch: StandingWatch
        let place: String
        let proof: String
        let address: String
    }

    let events = FakeSource()
    let provider: Provider
    private let now: () -> Int64
    private(set) var held: [Held] = []
    /// What was asked, in a word each, and how many watches stood then.
    private(set) var asked: [String] = []
    var failure: ReadingFailure?
    var stopFailure: ReadingFailure?
    /// The longest life that is granted.
    var life: Int64 = 7 * 86_400_000
    /// Done while a watch is being made.
    var whileMaking: () throws -> Void = {}
    /// Nobody hears the answer.
    var losesAnswers = false
    private var next = 0

    init(_ provider: Provider, now: @escaping () -> Int64) {
        self.provider = provider
        self.now = now
    }

    var prolongs: Bool { provider == .microsoft }

    func calendars() throws -> FoundCalendars { try events.calendars() }

    func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? { try events.read(calendar, wish) }

    func watch(_ calendar: CalendarPlace, _ terms: WatchTerms) throws -> StandingWatch {
        asked.append("watch, \(living.count) stand")
        if let failure { throw failure }
        try whileMaking()
        if provider == .microsoft, living.contains(where: { $0.place == calendar.path }) {
            throw ReadingFailure(.transient, "watch_exists", "There is one.")
        }
        next += 1
        let watch = StandingWatch(
            id: provider == .google ? terms.watch : "subscription-\(next)",
            resource: provider == .google ? "resource-\(next)" : nil, expires: min(terms.until, now() + life))
        held.append(Held(watch: watch, place: calendar.path, proof: terms.proof, address: terms.address))
        if losesAnswers { throw ReadingFailure(.transient, "timed_out", "Nobody answered.") }
        return watch
    }

    func prolong(_ watch: StandingWatch, until: Int64) throws -> Int64 {
        asked.append("prolong, \(living.count) stand")
        if let failure { throw failure }
        guard let index = held.firstIndex(where: { $0.watch.id == watch.id }) else {
            throw ReadingFailure(.transient, "watch_gone", "It is gone.")
        }
        let old = held[index]
        let expires = min(until, now() + life)
        held[index] = Held(
            watch: StandingWatch(id: old.watch.id, resource: old.watch.resource, expires: expires), place: old.place,
            proof: old.proof, address: old.address)
        return expires
    }

    func stop(_ watch: StandingWatch) throws {
        asked.append("stop, \(living.count) stand")
        if let stopFailure { throw stopFailure }
        held.removeAll { $0.watch.id == watch.id && $0.watch.resource == watch.resource }
    }

    func watches(to address: String) throws -> [StandingWatch]? {
        provider == .google ? nil : living.filter { $0.address == address }.map(\.watch)
    }

    func forget() { held = [] }

    /// Those that still tell.
    var living: [Held] { held.filter { $0.watch.expires > now() } }
}

extension Practice {
    /// Connects it with one calendar, which is read whole.
    func connect(_ name: String, watching source: WatchingSource) throws {
        var added = ConnectionAdded()
        added.connection = "watched-" + name
        added.provider = source.provider
        added.account = names.account(owner, provider: source.provider.rawValue, name)
        added.name = name
        note(added.connection, as: name)
        var drafts = [draft(added, "connection/\(added.connection)")]
        drafts += CalendarEntries(
            desk: desk, owner: owner, connection: added.connection, account: added.account ?? ""
        ).found(source.events.listing[0], isChosen: true)
        try append(drafts)
        var wish = Round.Wish()
        wish.connection = added.connection
        _ = try Round(desk, owner: owner, wish, elsewhere: elsewhere([source])).run()
    }

    func elsewhere(_ sources: [WatchingSource]) -> Elsewhere {
        Elsewhere(open: { connection in
            guard let source = sources.first(where: { $0.provider == connection.provider }) else {
                throw ReadingFailure(.transient, "closed", "It is closed.")
            }
            return Elsewhere.Opened(.calendars(source), memory: ServerMemory())
        })
    }

    @discardableResult
    func tend(_ sources: WatchingSource..., isReachable: Bool = true) throws -> WatchStage.Summary {
        try WatchStage.run(
            desk,
            .init(address: isReachable ? .local(port: 1) : nil, elsewhere: { [unowned self] _ in elsewhere(sources) }))
    }

    @discardableResult
    func follow(_ sources: WatchingSource..., marked: Set<String> = []) throws -> InboxStage.Summary {
        try InboxStage.run(desk, marked: marked, elsewhere: { [unowned self] _ in elsewhere(sources) })
    }

    /// As a receiver writes it down.
    func tell(_ signal: Signal, of watch: WatchRow? = nil, number: Int = 2, resource: String? = nil) throws {
        guard let watch = try watch ?? watches().first(where: { $0.state == .open }) else { throw Unsettled() }
        var received = NotificationReceived()
        received.watch = watch.watch
        received.connection = watch.connection
        received.calendar = watch.calendar
        received.notificationNumber = String(number)
        received.signal = signal
        received.resourceID = resource
        try append([draft(received, "watch/\(watch.watch)")])
    }

    func watches() throws -> [WatchRow] {
        try views.follow()
        return try views.read { try WatchRow.all($0) }
    }

    var states: [String] { get throws { try watches().map(\.state.rawValue) } }
}
