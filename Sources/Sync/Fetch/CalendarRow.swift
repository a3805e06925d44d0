public import Entries
public import SQLite

/// A chosen calendar and how its connection wants it read, as the views have them.
public struct CalendarRow: Sendable, Equatable {
    public var calendar = ""
    public var connection = ""
    public var owner = ""
    public var provider = Provider.files
    /// Of the calendar within its source.
    public var providerPath: String?
    public var calendarName: String?
    public var connectionName: String?
    /// Of the connection: the file or folder.
    public var path: String?
    public var link: String?
    public var email: String?
    public var cursor: String?
    public var coveredFrom: Int64?
    public var coveredTo: Int64?
    public var syncFromDays: Int64 = 90
    public var syncToDays: Int64 = 30
    public var privatePolicy = PrivatePolicy.busyOnly
    public var isKnownPeopleOnly = false
    public var isPaused = false
    public var suspectedRun: String?
    public var isSuspicionConfirmed = false
    public var lastSuccess: Int64?
    /// When everything was read last.
    public var lastFull: Int64?
    public var zone: String?
    public var access: Access?
    public var hasAbsences = false
    /// How many things the last reading left known.
    public var items: Int64 = 0

    public init() {}

    static func isChosen(_ calendar: String, _ views: Connection) throws -> Bool {
        try views.prepare("SELECT is_chosen FROM calendar WHERE calendar = ?")
            .first(.text(calendar)) { $0.integer(0) == 1 } ?? false
    }

    /// The chosen calendars of a user, or of one connection.
    public static func chosen(owner: String, connection: String?, _ views: Connection) throws -> [CalendarRow] {
        try views.prepare(
            """
            SELECT calendar.calendar, calendar.connection, calendar.owner, connection.provider, calendar.provider_path,
                calendar.name, connection.name, connection.path, connection.link, connection.email, calendar.cursor,
                calendar.covered_from, calendar.covered_to, connection.sync_from_days, connection.sync_to_days,
                connection.private_policy, connection.is_known_people_only, connection.is_paused,
                calendar.suspected_run, calendar.is_suspicion_confirmed, calendar.last_success,
                EXISTS (SELECT 1 FROM meeting_absence WHERE meeting_absence.calendar = calendar.calendar)
                    OR EXISTS (SELECT 1 FROM series_absence WHERE series_absence.calendar = calendar.calendar),
                calendar.last_full, calendar.zone, calendar.access, calendar.items
            FROM connection JOIN calendar ON calendar.connection = connection.connection
            WHERE connection.owner = ?1 AND calendar.is_chosen = 1 AND (?2 IS NULL OR connection.connection = ?2)
            ORDER BY connection.added, connection.connection, calendar.name, calendar.calendar
            """
        ).map(.text(owner), Value(connection)) { row in
            var calendar = CalendarRow()
            calendar.calendar = row.text(0)
            calendar.connection = row.text(1)
            calendar.owner = row.text(2)
            calendar.provider = row.word(3) ?? .files
            calendar.providerPath = row.textIfPresent(4)
            calendar.calendarName = row.textIfPresent(5)
            calendar.connectionName = row.textIfPresent(6)
            calendar.path = row.textIfPresent(7)
            calendar.link = row.textIfPresent(8)
            calendar.email = row.textIfPresent(9)
            calendar.cursor = row.textIfPresent(10)
            calendar.coveredFrom = row.integerIfPresent(11)
            calendar.coveredTo = row.integerIfPresent(12)
            calendar.syncFromDays = row.integer(13)
            calendar.syncToDays = row.integer(14)
            calendar.privatePolicy = row.word(15) ?? .busyOnly
            calendar.isKnownPeopleOnly = row.integer(16) == 1
            calendar.isPaused = row.integer(17) == 1
            calendar.suspectedRun = row.textIfPresent(18)
            calendar.isSuspicionConfirmed = row.integer(19) == 1
            calendar.lastSuccess = row.integerIfPresent(20)
            calendar.hasAbsences = row.integer(21) == 1
            calendar.lastFull = row.integerIfPresent(22)
            calendar.zone = row.textIfPresent(23)
            calendar.access = row.word(24)
            calendar.items = row.integer(25)
            return calendar
        }
    }
}
