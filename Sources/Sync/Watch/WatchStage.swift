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
    /// One at a time, so that none is held longer than needed.
    let connection: String
    var summary = Summary()
    private var opened: Result<any Watching, ReadingFailure>?
    private var closings: [() throws -> Void] = []
    private var release: () -> Void = {}

    init(_ desk: Desk, _ surroundings: Surroundings, _ connection: String) {
        self.desk = desk
        self.surroundings = surroundings
        self.connection = connection
    }

    /// Stops, renews and opens whatever is due.
    public static func run(_ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        try each(desk, surroundings) { stage in
            try stage.end()
            try stage.renew()
            try stage.open()
        }
    }

    /// Renews what ends soon, and nothing else.
    public static func renew(_ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        try each(desk, surroundings) { try $0.renew() }
    }

    /// Stops all watches of a connection that is about to be removed, while its credentials are still there.
    public static func stopAll(of connection: String, _ desk: Desk, _ surroundings: Surroundings) throws -> Summary {
        var stage = WatchStage(desk, surroundings, connection)
        defer { stage.release() }
        let watches = { try desk.read { try WatchRow.of(connection: connection, $0) } }
        do {
            for watch in try watches() { try stage.stop(watch, because: .connectionRemoved) }
        } catch is Busy {
            // It is being read and goes all the same: nobody waits for that.
            for watch in try watches() where watch.state != .ended {
                try stage.close(watch, because: .connectionRemoved, isStopped: false)
            }
        }
        try stage.finish()
        return stage.summary
    }

    private static func each(
        _ desk: Desk, _ surroundings: Surroundings, _ body: (inout WatchStage) throws -> Void
    ) throws -> Summary {
        let connections = try desk.read { views in
            try WatchRow.all(views).map(\.connection) + WatchedCalendar.all(views).map(\.connection)
        }
        var summary = Summary()
        for connection in Set(connections).sorted() {
            var stage = WatchStage(desk, surroundings, connection)
            defer {
                stage.release()
                summary.add(stage.summary)
            }
            do {
                try body(&stage)
                try stage.finish()
            } catch is Busy {
                // It is being read; the next time comes soon.
            }
        }
        return summary
    }

    private func finish() throws { for close in closings { try close() } }

    /// Somebody else has the connection.
    private struct Busy: Error {}

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

    // MARK: The source

    /// Opened once for all that is done with the connection, which nobody else has meanwhile.
    mutating func source() throws -> Result<any Watching, ReadingFailure> {
        if let opened { return opened }
        let outcome = try openSource()
        opened = outcome
        return outcome
    }

    private mutating func openSource() throws -> Result<any Watching, ReadingFailure> {
        guard let row = try desk.read({ try ConnectionRow.one(connection, $0) }) else {
            return .failure(ReadingFailure(.permanent, "no_connection", "The connection is not there any more."))
        }
        if row.isRefused {
            return .failure(ReadingFailure(.auth, "refused", "Its credentials were refused. Connect it again."))
        }
        let elsewhere = try surroundings.elsewhere(row.owner)
        guard elsewhere.begin(connection) else { throw Busy() }
        release = { [connection] in elsewhere.end(connection) }
        do {
            let opened = try elsewhere.open(row)
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

extension WatchStage.Summary {
    mutating func add(_ other: WatchStage.Summary) {
        opened += other.opened
        renewed += other.renewed
        stopped += other.stopped
        unstopped += other.unstopped
        failed += other.failed
    }
}
