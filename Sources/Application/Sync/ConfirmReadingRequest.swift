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
    public var connection: String

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Confirmed {
        let viewer = try home.viewer(user)
        let connection = try home.connection(connection, of: viewer)
        let suspected = try home.views().read { views in
            try views.prepare(
                """
                SELECT calendar, suspected_run FROM calendar
                WHERE connection = ?1 AND suspected_run IS NOT NULL AND is_suspicion_confirmed = 0
                UNION ALL
                SELECT NULL, suspected_run FROM connection
                WHERE connection = ?1 AND suspected_run IS NOT NULL AND is_suspicion_confirmed = 0
                """
            ).map(.text(connection)) { ($0.textIfPresent(0), $0.text(1)) }
        }
        guard !suspected.isEmpty else {
            throw Refusal(
                .conflict, "no reading of this connection is suspected",
                hint: "“daybook status” shows how the last readings went.")
        }
        let desk = home.desk()
        try desk.append(
            suspected.map { calendar, run in
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
