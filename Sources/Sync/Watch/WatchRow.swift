public import Entries
public import SQLite

/// A watch as the views have it: one that is being made, that stands, or that ended and may tell still.
public struct WatchRow: Sendable, Equatable {
    public enum State: String, Sendable {
        /// Its provider is being asked, or was when something was cut short.
        case requested
        case open
        /// It is not wanted any more, and its provider has not confirmed that it stopped.
        case ended
    }

    public var watch = ""
    public var owner = ""
    public var connection = ""
    public var calendar = ""
    public var provider = Provider.google
    public var state = State.requested
    public var requested: Int64 = 0
    public var opened: Int64?
    /// Of the entry that opened it, or asked for it.
    public var position: Int64 = 0
    public var expires: Int64?
    public var providerID: String?
    public var resourceID: String?
    public var ended: WatchEnd?
    /// What its provider said of the watch itself, and nobody followed up yet.
    public var told: Signal?
    public var notifications: Int64 = 0
    public var lastNotification: Int64?

    public init() {}

    static let columns = """
        SELECT watch, owner, connection, calendar, provider, state, requested, opened, position, expires, provider_id,
            resource_id, ended, told, notifications, last_notification
        FROM watch
        """

    /// All of the home, the oldest first.
    public static func all(_ views: Connection) throws -> [WatchRow] {
        try views.prepare("\(columns) ORDER BY requested, watch").map { read($0) }
    }

    static func of(connection: String, _ views: Connection) throws -> [WatchRow] {
        try views.prepare("\(columns) WHERE connection = ? ORDER BY requested, watch")
            .map(.text(connection)) { read($0) }
    }

    private static func read(_ row: borrowing Row) -> WatchRow {
        var watch = WatchRow()
        watch.watch = row.text(0)
        watch.owner = row.text(1)
        watch.connection = row.text(2)
        watch.calendar = row.text(3)
        watch.provider = row.word(4) ?? .google
        watch.state = State(rawValue: row.text(5)) ?? .ended
        watch.requested = row.integer(6)
        watch.opened = row.integerIfPresent(7)
        watch.position = row.integer(8)
        watch.expires = row.integerIfPresent(9)
        watch.providerID = row.textIfPresent(10)
        watch.resourceID = row.textIfPresent(11)
        watch.ended = row.word(12)
        watch.told = row.word(13)
        watch.notifications = row.integer(14)
        watch.lastNotification = row.integerIfPresent(15)
        return watch
    }

    /// No watch lives longer, whatever was answered.
    public static let longestMilliseconds = 7 * Days.milliseconds

    /// How long it may tell, as far as anybody knows.
    public var lastsUntil: Int64 { expires ?? requested + Self.longestMilliseconds }

    /// So long a provider may take to make a watch. What was asked for before that was cut short.
    public static let makingMilliseconds: Int64 = 10 * 60_000
}
