import Projections
import SQLite

/// What stands wrong and was told of: the alerts that no success has cleared yet.
public struct AlertsRequest: ReadingRequest {
    public static let name = "alerts"

    public struct Answer: Codable, Sendable {
        public let alerts: [Alert]
        /// The zone in which whoever asks reads times.
        public let zone: String?
    }

    public struct Alert: Codable, Sendable {
        public let alert: String
        /// The connection or the job that it is about; empty where it is about the whole home.
        public let subject: String
        /// Whose it is.
        public let user: String
        public let raised: Int64
        public let failures: Int64?
        public let errorClass: String?
        public let message: String?
        public let position: Int64
    }

    public var user: String?
    /// Those of everybody, for an administrator.
    public var isForAll = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        if isForAll { try home.requireAdmin(user) }
        return Answer(
            alerts: try home.views().read { views in
                try views.prepare(
                    """
                    SELECT alert, subject, owner, raised, failures, error_class, message, position FROM alert
                    WHERE owner = ?1 OR ?2 = 1 ORDER BY raised DESC, position DESC
                    """
                ).map(.text(viewer.user), .integer(isForAll ? 1 : 0)) { row in
                    Alert(
                        alert: row.text(0), subject: row.text(1), user: row.text(2), raised: row.integer(3),
                        failures: row.integerIfPresent(4), errorClass: row.textIfPresent(5),
                        message: row.textIfPresent(6), position: row.integer(7))
                }
            }, zone: viewer.zone)
    }
}
