public import Entries
public import SQLite
import Schedule

/// A connection and how its owner wants it read, as the views have it.
public struct ConnectionRow: Sendable, Equatable {
    public var connection = ""
    public var owner = ""
    public var provider = Provider.files
    public var subject = FetchSubject.meetings
    public var account = ""
    public var name: String?
    /// The address that it is read from, without what would let anybody in.
    public var link: String?
    /// The file or folder that it is read from.
    public var path: String?
    public var login: String?
    /// The address of its owner there.
    public var email: String?
    /// A file of certificates that are trusted beside those of the system.
    public var authorities: String?
    public var isPaused = false
    public var isSyncEnabled = true
    /// The credentials were refused, and its owner has not connected it again.
    public var isRefused = false
    /// When its calendars were listed last.
    public var discovered: Int64?
    /// What was learned about its server, as `name=value`.
    public var memory: [String] = []
    /// Of an address book.
    public var cursor: String?
    /// Of an address book: how many people the last reading left known.
    public var items: Int64 = 0
    public var suspectedRun: String?
    public var isSuspicionConfirmed = false
    public var hasAbsences = false
    public var frequencyMinutes: Int64 = 15
    /// When its newest reading began.
    public var lastAttempt: Int64?
    /// Not to be asked again before, as its server said or as failures made it.
    public var retry: Int64?
    /// It is left alone until then, for it failed again and again.
    public var breakerUntil: Int64?
    /// When its owner works, and it is read more often.
    var workingTimes: WorkingTimes.OwnTimes?
    /// It is read more often while its owner works.
    public var isPulled: Bool { workingTimes != nil }
    /// When its credentials must be renewed.
    public var credentialExpires: Int64?

    public init() {}

    static let columns = """
        SELECT connection.connection, owner, provider, subject, account, name, link, path, login, is_paused,
            is_sync_enabled, credential, discovered, memory, cursor, suspected_run, is_suspicion_confirmed,
            EXISTS (SELECT 1 FROM person_absence WHERE person_absence.connection = connection.connection),
            authorities, email, sync_frequency_minutes, last_attempt, retry,
            breaker_until, credential_expires, items
        FROM connection
        """

    /// The connections of a user that are read by themselves, or the one that is named.
    static func due(owner: String, named: String?, _ views: Connection) throws -> [ConnectionRow] {
        try views.prepare(
            """
            \(columns)
            WHERE owner = ?1 AND (connection.connection = ?2 OR ?2 IS NULL AND is_paused = 0 AND is_sync_enabled = 1)
            ORDER BY added, connection.connection
            """
        ).map(.text(owner), Value(named)) { read($0) }
    }

    /// The connections of a user that are read by themselves.
    public static func due(of owner: String, _ views: Connection) throws -> [ConnectionRow] {
        try due(owner: owner, named: nil, views)
    }

    /// Those of them that are due, the one that has waited longest first.
    static func due(owner: String, at now: Int64, _ times: WorkingTimes, _ views: Connection) throws -> [ConnectionRow]
    {
        try due(owner: owner, named: nil, views).map { times.applied(to: $0) }.compactMap { row in
            row.planned(at: now).map { ($0, row) }
        }
        .sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// All that are read by themselves, whoever they belong to.
    public static func all(_ views: Connection) throws -> [ConnectionRow] {
        try views.prepare("\(columns) WHERE is_paused = 0 AND is_sync_enabled = 1").map { read($0) }
    }

    /// No connection is left alone for longer than a day, whatever a server or a wrong clock has said.
    private func isLeftAlone(until: Int64?, at now: Int64) -> Bool {
        guard let until else { return false }
        return until > now && until <= now + Days.milliseconds
    }

    /// When it will be due, if nothing happens before.
    public func nextDue(at now: Int64) -> Int64 {
        if planned(at: now) != nil { return now }
        let next = nextPlanned(after: now)
        if isLeftAlone(until: breakerUntil, at: now), let breakerUntil { return breakerUntil }
        if let retry, lastAttempt ?? .min < retry, isLeftAlone(until: retry, at: now) { return retry }
        return next
    }

    /// When it was to be read, if that time has come; nil if it was read since.
    public func planned(at now: Int64) -> Int64? {
        if isLeftAlone(until: breakerUntil, at: now) { return nil }
        if let retry, lastAttempt ?? .min < retry {
            // No server is left alone for longer than a day, whatever it says.
            if retry <= now { return retry }
            if retry <= now + Days.milliseconds { return nil }
        }
        let own = Grid.of(connection, minutes: frequencyMinutes).due(last: lastAttempt, now: now)
        let pull = workingTimes.flatMap { times -> Int64? in
            let time = Grid.of(connection, minutes: WorkingTimes.pullMinutes).due(last: lastAttempt, now: now)
            return time.flatMap { times.contain($0) ? $0 : nil }
        }
        return [own, pull].compactMap(\.self).min()
    }

    /// The next planned time: that of its frequency, or one before it in which its owner works.
    private func nextPlanned(after now: Int64) -> Int64 {
        let own = Grid.of(connection, minutes: frequencyMinutes).next(after: now)
        guard let workingTimes else { return own }
        let pulls = Grid.of(connection, minutes: WorkingTimes.pullMinutes)
        var next = pulls.next(after: now)
        while next < own, !workingTimes.contain(next) { next = pulls.next(after: next) }
        return min(next, own)
    }

    /// The connection of that id; nil if there is none.
    public static func one(_ connection: String, _ views: Connection) throws -> ConnectionRow? {
        try views.prepare("\(columns) WHERE connection.connection = ?").first(.text(connection)) { read($0) }
    }

    private static func read(_ row: borrowing Row) -> ConnectionRow {
        var connection = ConnectionRow()
        connection.connection = row.text(0)
        connection.owner = row.text(1)
        connection.provider = row.word(2) ?? .files
        connection.subject = row.word(3) ?? .meetings
        connection.account = row.textIfPresent(4) ?? ""
        connection.name = row.textIfPresent(5)
        connection.link = row.textIfPresent(6)
        connection.path = row.textIfPresent(7)
        connection.login = row.textIfPresent(8)
        connection.isPaused = row.integer(9) == 1
        connection.isSyncEnabled = row.integer(10) == 1
        connection.isRefused = row.textIfPresent(11) == "refused"
        connection.discovered = row.integerIfPresent(12)
        connection.memory = JSONList.texts(row.textIfPresent(13))
        connection.cursor = row.textIfPresent(14)
        connection.suspectedRun = row.textIfPresent(15)
        connection.isSuspicionConfirmed = row.integer(16) == 1
        connection.hasAbsences = row.integer(17) == 1
        connection.authorities = row.textIfPresent(18)
        connection.email = row.textIfPresent(19)
        connection.frequencyMinutes = row.integer(20)
        connection.lastAttempt = row.integerIfPresent(21)
        connection.retry = row.integerIfPresent(22)
        connection.breakerUntil = row.integerIfPresent(23)
        connection.credentialExpires = row.integerIfPresent(24)
        connection.items = row.integer(25)
        return connection
    }
}
