import Entries
import Projections
import SQLite
import Sync

/// Says that a reading which found far too little was right: the next one applies it.
public struct ConfirmReadingRequest: Request {
    public static let name = "confirm_reading"

    public struct Confirmed: Codable, Sendable {
        public let confirmed: Int
    }

    public var user: String?
    /// Nil confirms every one.
    public var connection: String?

    public init(user: String?, connection: String?) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Confirmed {
        let viewer = try home.viewer(user)
        let connection = try connection.map { try home.connection($0, of: viewer) }
        let suspected = try home.views().read { views in
            try views.prepare(
                """
                SELECT connection, calendar, suspected_run FROM calendar
                WHERE owner = ?1 AND (?2 IS NULL OR connection = ?2)
                    AND suspected_run IS NOT NULL AND is_suspicion_confirmed = 0
                UNION ALL
                SELECT connection, NULL, suspected_run FROM connection
                WHERE owner = ?1 AND (?2 IS NULL OR connection = ?2)
                    AND suspected_run IS NOT NULL AND is_suspicion_confirmed = 0
                """
            ).map(.text(viewer.user), Value(connection)) { ($0.text(0), $0.textIfPresent(1), $0.text(2)) }
        }
        let desk = home.desk()
        try desk.append(
            suspected.map { connection, calendar, run in
                var confirmed = FetchConfirmed()
                confirmed.connection = connection
                confirmed.calendar = calendar
                confirmed.run = run
                confirmed.confirmation = .byHand
                return desk.draft(
                    confirmed, stream: calendar.map { "calendar/\($0)" } ?? "connection/\(connection)",
                    owner: viewer.user)
            })
        return Confirmed(confirmed: suspected.count)
    }
}
