import Entries
import Projections
import SQLite

/// What a user has connected, and how it goes.
public struct ConnectionsRequest: ReadingRequest {
    public static let name = "connections"

    public struct Answer: Codable, Sendable {
        public let connections: [Shown]
        /// The zone in which the user reads times.
        public let zone: String?
    }

    public struct Shown: Codable, Sendable {
        public let connection: String
        /// Goes up with each change; a change may name the one that it saw.
        public let version: Int64
        public let name: String?
        public let provider: String
        /// meetings or people.
        public let subject: String
        public let path: String?
        public let link: String?
        public let email: String?
        public let chosenCalendars: Int64
        public let calendars: Int64
        /// Meetings, or people, that come from it.
        public let items: Int64
        public let isAutoLogEnabled: Bool
        public let autoLogFrom: Int64?
        public let fromDays: Int64
        public let toDays: Int64
        public let minutes: Int64
        public let keepsPrivate: Bool
        public let isSyncEnabled: Bool
        public let isPaused: Bool
        /// The server refused the credentials, and it is not read before it was connected again.
        public let needsReconnect: Bool
        /// When the grant ends and its user has to connect it again, where that is known.
        public let grantExpires: Int64?
        public let login: String?
        public let added: Int64
        public let lastAttempt: Int64?
        public let lastSuccess: Int64?
        public let consecutiveFailures: Int64
        public let lastError: String?
    }

    public var user: String?
    /// Only this one.
    public var connection: String?

    public init(user: String?, connection: String? = nil) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let wanted = try connection.map { try home.connection($0, of: viewer) }
        let all = try home.views().read { views in
            try views.prepare(Self.sql).map(.text(viewer.user), Value(wanted), transform: Self.shown)
        }
        try requireKey(all, home)
        return Answer(connections: all, zone: viewer.zone)
    }

    /// With another master key none of them can be opened, and none may be called well.
    private func requireKey(_ shown: [Shown], _ home: OpenHome) throws {
        guard shown.contains(where: { $0.provider != Provider.files.rawValue }) else { return }
        do {
            _ = try home.vault()
        } catch let refusal as Refusal where refusal.kind != .wrongKey {
            // A vault that is damaged or gone is told of; who connects again needs this list.
        }
    }

    static func one(_ connection: String, of viewer: Viewer, _ home: OpenHome) throws -> Shown {
        let found = try home.views().read { views in
            try views.prepare(sql).first(.text(viewer.user), .text(connection), transform: shown)
        }
        guard let found else { throw Refusal(.notFound, "there is no connection “\(connection)”") }
        return found
    }

    private static let sql = """
        SELECT connection, version, name, provider, subject, path, link, email,
            (SELECT COUNT(*) FROM calendar
                WHERE calendar.connection = connection.connection AND calendar.is_chosen = 1),
            (SELECT COUNT(*) FROM calendar WHERE calendar.connection = connection.connection),
            CASE subject
                WHEN 'people' THEN (
                    SELECT COUNT(*) FROM person
                    WHERE person.connection = connection.connection AND person.merged_into IS NULL)
                ELSE (
                    SELECT COUNT(DISTINCT meeting_sighting.meeting) FROM meeting_sighting
                    WHERE meeting_sighting.connection = connection.connection
                        AND meeting_sighting.withdrawn IS NULL)
            END,
            is_auto_log_enabled, auto_log_from, sync_from_days, sync_to_days, private_policy, is_paused, added,
            last_attempt, last_success, consecutive_failures, last_error_message, sync_frequency_minutes,
            is_sync_enabled, credential, grant_expires, login
        FROM connection
        WHERE owner = ?1 AND (connection = ?2 OR ?2 IS NULL)
        ORDER BY added, connection
        """

    private static func shown(_ row: borrowing Row) -> Shown {
        Shown(
            connection: row.text(0), version: row.integer(1), name: row.textIfPresent(2), provider: row.text(3),
            subject: row.text(4), path: row.textIfPresent(5), link: row.textIfPresent(6), email: row.textIfPresent(7),
            chosenCalendars: row.integer(8), calendars: row.integer(9), items: row.integer(10),
            isAutoLogEnabled: row.integer(11) == 1, autoLogFrom: row.integerIfPresent(12), fromDays: row.integer(13),
            toDays: row.integer(14), minutes: row.integer(22),
            keepsPrivate: row.text(15) == PrivatePolicy.full.rawValue, isSyncEnabled: row.integer(23) == 1,
            isPaused: row.integer(16) == 1, needsReconnect: row.textIfPresent(24) == "refused",
            grantExpires: row.integerIfPresent(25), login: row.textIfPresent(26), added: row.integer(17),
            lastAttempt: row.integerIfPresent(18),
            lastSuccess: row.integerIfPresent(19), consecutiveFailures: row.integer(20),
            lastError: row.textIfPresent(21))
    }
}
