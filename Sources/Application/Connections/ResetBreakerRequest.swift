import Entries
import Sync

/// Has a connection read again by itself that was left alone because it failed again and again.
public struct ResetBreakerRequest: Request {
    public static let name = "reset_breaker"

    public struct Answer: Codable, Sendable {
        public let connection: String
        /// False where it was not left alone, and nothing changed.
        public let wasOpen: Bool
    }

    public var user: String?
    public var connection: String

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        return Answer(connection: id, wasOpen: try BreakerStage(home.desk()).reset(id))
    }
}
