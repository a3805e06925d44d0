public import Entries
public import SQLite

/// A chosen calendar of a provider that can tell of changes, and what stands against watching it.
public struct WatchedCalendar: Sendable, Equatable {
    public var calendar = ""
    public var name: String?
    public var path = ""
    public var connection = ""
    public var connectionName: String?
    public var owner = ""
    public var provider = Provider.google
    public var isPaused = false
    public var isRefused = false
    /// It was read whole once.
    public var isRead = false
    public var failure: Failure?

    /// Why there is no watch.
    public struct Failure: Sendable, Equatable {
        public var errorClass = ErrorClass.transient
        public var code: String?
        public var message: String?
        /// When it may be tried again; nil where it never helps.
        public var retry: Int64?
        public var failures: Int64 = 0
        var position: Int64 = 0

        /// It says nothing about this Daybook, and another address would not help.
        public var isOfCalendar: Bool { code == "push_not_supported" }
    }

    public init() {}

    /// - Parameter owner: nil is everybody.
    public static func all(owner: String? = nil, calendar: String? = nil, _ views: Connection) throws
        -> [WatchedCalendar]
    {
        try views.prepare(
            """
            SELECT calendar.calendar, calendar.name, calendar.provider_path, calendar.connection, connection.name,
                calendar.owner, connection.provider, connection.is_paused = 1 OR connection.is_sync_enabled = 0,
                COALESCE(connection.credential = 'refused', 0), calendar.last_full IS NOT NULL,
                watch_failure.error_class, watch_failure.error_code, watch_failure.message, watch_failure.retry,
                watch_failure.failures, watch_failure.position
            FROM calendar JOIN connection ON connection.connection = calendar.connection
                LEFT JOIN watch_failure ON watch_failure.calendar = calendar.calendar
            WHERE calendar.is_chosen = 1 AND connection.provider IN ('google', 'microsoft')
                AND (?1 IS NULL OR calendar.owner = ?1) AND (?2 IS NULL OR calendar.calendar = ?2)
            ORDER BY connection.added, connection.connection, calendar.name, calendar.calendar
            """
        ).map(Value(owner), Value(calendar)) { row in
            var watched = WatchedCalendar()
            watched.calendar = row.text(0)
            watched.name = row.textIfPresent(1)
            watched.path = row.textIfPresent(2) ?? ""
            watched.connection = row.text(3)
            watched.connectionName = row.textIfPresent(4)
            watched.owner = row.text(5)
            watched.provider = row.word(6) ?? .google
            watched.isPaused = row.integer(7) == 1
            watched.isRefused = row.integer(8) == 1
            watched.isRead = row.integer(9) == 1
            if let errorClass: ErrorClass = row.word(10) {
                var failure = Failure()
                failure.errorClass = errorClass
                failure.code = row.textIfPresent(11)
                failure.message = row.textIfPresent(12)
                failure.retry = row.integerIfPresent(13)
                failure.failures = row.integer(14)
                failure.position = row.integer(15)
                watched.failure = failure
            }
            return watched
        }
    }

    /// It is read by itself, so that it is worth hearing of its changes.
    var isWanted: Bool { !isPaused }

    /// - Parameter changed: the position at which the public address became what it is.
    func mayBeAsked(at now: Int64, addressSince changed: Int64) -> Bool {
        guard isWanted, isRead, !isRefused else { return false }
        guard let failure else { return true }
        if failure.isOfCalendar { return false }
        if changed > failure.position { return true }
        return failure.retry.map { $0 <= now } ?? false
    }
}
