import Entries
import Ledger
import Providers
public import SQLite

/// Follows up what providers told: reads the calendars that are said to have changed, matches and logs.
///
/// However much is told, a connection is asked once in a minute at the most, and what waits is never left for longer. What
/// cannot be followed up stays, and the planned readings find it in any case.
public struct InboxStage {
    public struct Summary: Sendable, Equatable {
        /// Calendars that were read because of it.
        public var read: Int64 = 0
        /// Calendars of which a reading since then had found all that was told.
        public var known: Int64 = 0
        public var failed: Int64 = 0
        /// Calendars that wait for their minute, or for their server to be asked again.
        public var waiting: Int64 = 0
        /// When the next of them is due; nil where none is.
        public var nextDue: Int64?
        /// Those of the marked calendars that were not read yet, to be handed in the next time.
        public var marked: Set<String> = []

        public init() {}
    }

    /// A calendar that is said to have changed.
    struct Waiting {
        var calendar = ""
        var owner = ""
        var connection = ""
        var watch = ""
        var firstAt: Int64 = 0
        var lastAt: Int64 = 0
        var through: Int64 = 0
        /// The provider lost what changed, so everything is compared.
        var isMissed = false
        /// When the calendar was read last, if that succeeded.
        var lastRead: Int64?
        var failures: Int64 = 0
        /// Too much was told to be written down one by one.
        var isMarked = false

        var stream: String { watch.isEmpty ? "calendar/\(calendar)" : "watch/\(watch)" }
    }

    private let desk: Desk
    private let elsewhere: (_ owner: String) throws -> Elsewhere
    private var summary = Summary()

    /// - Parameters:
    ///   - marked: calendars of which more was told than was written down; they are read as well.
    ///   - zone: of times that have none, by the user.
    public static func run(
        _ desk: Desk, marked: Set<String> = [], zone: (_ owner: String) throws -> String? = { _ in nil },
        elsewhere: @escaping (_ owner: String) throws -> Elsewhere
    ) throws -> Summary {
        var stage = InboxStage(desk: desk, elsewhere: elsewhere)
        let waiting = try desk.read { views -> [Waiting] in
            let isAnything =
                try views.prepare("SELECT 1 FROM notification_waiting LIMIT 1").first { _ in true } ?? false
            return isAnything || !marked.isEmpty ? try Self.waiting(views, marked: marked) : []
        }
        for (connection, calendars) in Dictionary(grouping: waiting, by: \.connection).sorted(by: { $0.key < $1.key }) {
            try stage.follow(connection, calendars, zone)
        }
        return stage.summary
    }

    private init(desk: Desk, elsewhere: @escaping (_ owner: String) throws -> Elsewhere) {
        self.desk = desk
        self.elsewhere = elsewhere
    }

    // MARK: When

    /// A connection is asked no more often than this, whatever is told.
    static let interval: Int64 = 60_000

    /// Behind so many failures in a row a calendar is left to its planned readings, which wait longer and longer.
    private static let mostFailures: Int64 = 3

    /// When something that was told is to be followed up; nil where nothing waits. A pure look, for whoever plans.
    public static func nextDue(at now: Int64, _ views: Connection) throws -> Int64? {
        let isAnything = try views.prepare("SELECT 1 FROM notification_waiting LIMIT 1").first { _ in true } ?? false
        guard isAnything else { return nil }
        let waiting = try waiting(views, marked: [])
        return try Dictionary(grouping: waiting, by: \.connection).compactMap { connection, calendars in
            try ConnectionRow.one(connection, views).flatMap { due($0, calendars, at: now) }
        }.min()
    }

    /// Nil where it is not read at all.
    private static func due(_ connection: ConnectionRow, _ calendars: [Waiting], at now: Int64) -> Int64? {
        if connection.isPaused || !connection.isSyncEnabled || connection.isRefused { return nil }
        if let retry = connection.retry, retry > now, (connection.lastAttempt ?? .min) < retry { return retry }
        let first = calendars.map(\.firstAt).min() ?? now
        // A clock that was set back makes nobody wait.
        guard let last = connection.lastAttempt, last <= now else { return min(first, now) }
        return max(first, last + interval)
    }

    // MARK: What

    static func waiting(_ views: Connection, marked: Set<String>) throws -> [Waiting] {
        var found: [Waiting] = []
        try views.prepare(
            """
            SELECT calendar.calendar, calendar.owner, calendar.connection, notification_waiting.watch,
                notification_waiting.first_at, notification_waiting.last_at, notification_waiting.last_position,
                notification_waiting.missed_position, calendar.last_attempt, calendar.consecutive_failures
            FROM calendar LEFT JOIN notification_waiting ON notification_waiting.calendar = calendar.calendar
            WHERE calendar.is_chosen = 1
            ORDER BY notification_waiting.first_at, calendar.calendar
            """
        ).eachRow { row in
            var waiting = Waiting()
            waiting.calendar = row.text(0)
            waiting.isMarked = marked.contains(waiting.calendar)
            guard !row.isNull(3) || waiting.isMarked else { return }
            waiting.owner = row.text(1)
            waiting.connection = row.text(2)
            waiting.watch = row.textIfPresent(3) ?? ""
            waiting.firstAt = row.integerIfPresent(4) ?? 0
            waiting.lastAt = row.integerIfPresent(5) ?? 0
            waiting.through = row.integerIfPresent(6) ?? 0
            waiting.isMissed = !row.isNull(7)
            waiting.failures = row.integer(9)
            if waiting.failures == 0 { waiting.lastRead = row.integerIfPresent(8) }
            found.append(waiting)
        }
        return found
    }

    private mutating func follow(
        _ connection: String, _ calendars: [Waiting], _ zone: (_ owner: String) throws -> String?
    ) throws {
        var open: [Waiting] = []
        var decides = false
        for calendar in calendars {
            // A reading that began after it was told found it. It may have been cut short before anything was decided.
            if !calendar.isMissed, !calendar.isMarked, let read = calendar.lastRead, read > calendar.lastAt {
                if !decides {
                    decides = true
                    try decide(calendar.owner, zone: try zone(calendar.owner))
                }
                try handled(calendar, .skipped)
                summary.known += 1
            } else if calendar.failures >= Self.mostFailures, !calendar.isMissed {
                try handled(calendar, .failure)
                summary.failed += 1
            } else {
                open.append(calendar)
            }
        }
        guard !open.isEmpty, let row = try desk.read({ try ConnectionRow.one(connection, $0) }) else { return }
        let due = Self.due(row, open, at: desk.now())
        guard let due, due <= desk.now() else {
            summary.waiting += Int64(open.count)
            summary.marked.formUnion(open.filter(\.isMarked).map(\.calendar))
            summary.nextDue = [summary.nextDue, due].compactMap(\.self).min()
            return
        }
        let missed = open.filter(\.isMissed)
        let changed = open.filter { !$0.isMissed }
        for (some, isFull) in [(changed, false), (missed, true)] where !some.isEmpty {
            try read(row, some, isFull: isFull, zone: try zone(row.owner))
        }
    }

    private func decide(_ owner: String, zone: String?) throws {
        var wish = Round.Wish()
        wish.zone = zone
        var round = Round.Summary()
        try Round(desk, owner: owner, wish).decide(&round)
    }

    private mutating func read(_ connection: ConnectionRow, _ calendars: [Waiting], isFull: Bool, zone: String?) throws
    {
        var wish = Round.Wish()
        wish.connection = connection.connection
        wish.calendars = Set(calendars.map(\.calendar))
        wish.isFull = isFull
        wish.trigger = .push
        wish.zone = zone
        let round = try Round(desk, owner: connection.owner, wish, elsewhere: try elsewhere(connection.owner)).run()
        // Somebody else reads it just now, and may have begun before this was told.
        if round.readings.contains(where: { $0.summary.outcome == .skipped(.alreadyRunning) }) {
            summary.waiting += Int64(calendars.count)
            summary.marked.formUnion(calendars.filter(\.isMarked).map(\.calendar))
            return
        }
        let read = Set(round.readings.filter(\.summary.isSuccess).compactMap(\.calendar))
        for calendar in calendars {
            // What came while it was read waits for the next time.
            if read.contains(calendar.calendar) {
                try handled(calendar, .success)
                summary.read += 1
            } else {
                summary.failed += 1
                if calendar.isMarked { summary.marked.insert(calendar.calendar) }
            }
        }
    }

    private func handled(_ calendar: Waiting, _ outcome: Outcome) throws {
        guard calendar.through > 0 else { return }
        var handled = NotificationHandled()
        handled.watch = calendar.watch
        handled.connection = calendar.connection
        handled.calendar = calendar.calendar
        handled.through = calendar.through
        handled.outcome = outcome
        try desk.append(handled, stream: calendar.stream, owner: calendar.owner, cause: calendar.through)
    }
}
