import Entries
import Ledger
import Providers
public import SQLite

/// Sees to it that providers tell when a chosen calendar changes: opens watches, renews them before they end, and stops
/// those that nobody wants any more.
///
/// Before a provider is asked, it is written down that it will be; so a watch that came about and of which nothing more
/// was written is known by its messages, and stopped. A new watch is made and written down before the old one is stopped.
/// What fails leaves the calendar to be read at its planned times, and is tried again later.
public struct WatchStage {
    public struct Surroundings {
        /// Where messages are to go; nil where nobody can reach this Daybook, and then there are no watches.
        public var address: PublicAddress?
        public var elsewhere: (_ owner: String) throws -> Elsewhere
        /// Called when it was written down that a watch is being made, and before its provider is asked: whoever takes
        /// messages must know the watch by then, for some come before the answer.
        public var announced: () throws -> Void

        public init(
            address: PublicAddress?, elsewhere: @escaping (_ owner: String) throws -> Elsewhere,
            announced: @escaping () throws -> Void = {}
        ) {
            self.address = address
            self.elsewhere = elsewhere
            self.announced = announced
        }
    }

    public struct Summary: Sendable, Equatable {
        public var opened: Int64 = 0
        public var renewed: Int64 = 0
        public var stopped: Int64 = 0
        /// Not wanted any more, and its provider could not be told.
        public var unstopped: Int64 = 0
        public var failed: Int64 = 0

        public init() {}
    }

    let desk: Desk
    let surroundings: Surroundings
    var summary = Summary()
    private var sources: [String: Result<any Watching, ReadingFailure>] = [:]
    private var closings: [() throws -> Void] = []

    init(_ desk: Desk, _ surroundings: Surroundings) {
        self.desk = desk
        self.surroundings = surroundings
    }

    /// Stops, renews and opens whatever is due.
    public static func run(_ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        var stage = WatchStage(desk, surroundings)
        try stage.end()
        try stage.renew()
        try stage.open()
        return try stage.finish()
    }

    /// Renews what ends soon, and nothing else.
    public static func renew(_ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        var stage = WatchStage(desk, surroundings)
        try stage.renew()
        return try stage.finish()
    }

    /// Stops all watches of a connection that is about to be removed, while its credentials are still there.
    public static func stopAll(of connection: String, _ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        var stage = WatchStage(desk, surroundings)
        for watch in try desk.read({ try WatchRow.of(connection: connection, $0) }) {
            try stage.stop(watch, because: .connectionRemoved)
        }
        return try stage.finish()
    }

    private mutating func finish() throws -> Summary {
        for close in closings { try close() }
        return summary
    }

    // MARK: What is due

    /// Whether `run` would do something; a pure look at the views, for whoever plans.
    public static func isDue(at now: Int64, hasAddress: Bool, _ views: Connection) throws -> Bool {
        let since = try addressPosition(views)
        let calendars = try WatchedCalendar.all(views)
        let watches = try WatchRow.all(views)
        let wanted = Dictionary(calendars.map { ($0.calendar, $0) }) { first, _ in first }
        for watch in watches where watch.state == .open {
            if isEnded(watch, wanted[watch.calendar], at: now, hasAddress: hasAddress, since) != nil { return true }
            if mustBeRenewed(watch, wanted[watch.calendar], at: now) { return true }
        }
        if watches.contains(where: { $0.state == .requested && isCutShort($0, at: now) }) { return true }
        let watched = Set(watches.filter { $0.state != .ended }.map(\.calendar))
        return hasAddress
            && calendars.contains { !watched.contains($0.calendar) && $0.mayBeAsked(at: now, addressSince: since) }
    }

    static func addressPosition(_ views: Connection) throws -> Int64 {
        try views.prepare("SELECT position FROM setting WHERE owner = ? AND setting = ?")
            .first(.text(Draft.home), .text(Setting.publicAddress.rawValue)) { $0.integer(0) } ?? 0
    }

    /// Why a watch is to end; nil where it is wanted as it is.
    static func isEnded(
        _ watch: WatchRow, _ calendar: WatchedCalendar?, at now: Int64, hasAddress: Bool, _ addressSince: Int64
    ) -> WatchEnd? {
        if watch.told == .subscriptionRemoved { return .lost }
        if watch.lastsUntil <= now { return .expired }
        guard let calendar else { return .calendarDropped }
        if calendar.isPaused { return .connectionPaused }
        // It tells to where nobody listens any more.
        if !hasAddress || addressSince > watch.position { return .byHand }
        return nil
    }

    static func isCutShort(_ watch: WatchRow, at now: Int64) -> Bool {
        watch.requested + WatchRow.makingMilliseconds <= now
    }

    static func mustBeRenewed(_ watch: WatchRow, _ calendar: WatchedCalendar?, at now: Int64) -> Bool {
        guard let calendar, calendar.isWanted, !calendar.isRefused else { return false }
        if let failure = calendar.failure, (failure.retry ?? .max) > now { return false }
        if watch.told == .authorizationNeeded { return true }
        let life = watch.lastsUntil - (watch.opened ?? watch.requested)
        return watch.lastsUntil - min(margin, life / 3) <= now
    }

    /// So long before its end a watch is renewed: a provider that is away for half a day does no harm.
    private static let margin = Days.milliseconds

    // MARK: Sources

    /// Opened once for all that is done with a connection.
    mutating func source(_ connection: String) throws -> Result<any Watching, ReadingFailure> {
        if let known = sources[connection] { return known }
        let opened = try open(connection)
        sources[connection] = opened
        return opened
    }

    private mutating func open(_ connection: String) throws -> Result<any Watching, ReadingFailure> {
        guard let row = try desk.read({ try ConnectionRow.one(connection, $0) }) else {
            return .failure(ReadingFailure(.permanent, "no_connection", "The connection is not there any more."))
        }
        if row.isRefused {
            return .failure(ReadingFailure(.auth, "refused", "Its credentials were refused. Connect it again."))
        }
        do {
            let opened = try surroundings.elsewhere(row.owner).open(row)
            closings.append(opened.close)
            guard case .calendars(let source) = opened.subject, let watching = source as? any Watching else {
                return .failure(ReadingFailure(.permanent, "push_not_supported", "It cannot tell of changes."))
            }
            return .success(watching)
        } catch let failure as ReadingFailure {
            if failure.isInterruption { throw ReadingStopped() }
            return .failure(failure)
        }
    }
}
