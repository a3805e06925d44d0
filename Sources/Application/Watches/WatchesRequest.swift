import Entries
import Projections
import SQLite
import Sync

/// Of which calendars providers tell that they changed, and of which not, and why not.
public struct WatchesRequest: ReadingRequest {
    public static let name = "watches"

    public struct Answer: Codable, Sendable {
        public let userZone: String?
        public let at: Int64
        /// Where messages come to; nil where nobody can reach this Daybook.
        public let publicAddress: String?
        public let watches: [Shown]
    }

    public struct Shown: Codable, Sendable {
        public let calendar: String
        public let name: String
        public let connection: String
        public let connectionName: String
        public let provider: String
        public let state: State
        /// When the provider stops telling, if nothing renews it before.
        public let expires: Int64?
        public let opened: Int64?
        public let lastNotification: Int64?
        public let notifications: Int64
        /// Something was told and is not followed up yet.
        public let isWaiting: Bool
        /// Why it is only read at its times.
        public let reason: String?
        /// When it is tried again.
        public let retry: Int64?
    }

    public enum State: String, Codable, Sendable, CaseIterable {
        /// Its provider tells of changes.
        case pushed
        /// Its provider is being asked to.
        case opening
        /// It is read at its planned times, and that is all that there is for it.
        case polled
        /// It should be pushed and is not.
        case failed
        case paused
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let now = home.options.now()
        return try home.views().read { views in
            let address = try Settings(of: Draft.home, views).publicAddress
            return Answer(
                userZone: viewer.zone, at: now, publicAddress: address?.text,
                watches: try Self.shown(of: viewer.user, hasAddress: address != nil, at: now, views))
        }
    }

    static func shown(
        of owner: String, hasAddress: Bool, at now: Int64, _ views: Connection
    ) throws -> [Shown] {
        let rows = try WatchRow.all(views).filter { $0.state != .ended && $0.lastsUntil > now }
        let watches = Dictionary(rows.map { ($0.calendar, $0) }) { first, second in
            first.state == .open ? first : second
        }
        let waiting = Set(try views.prepare("SELECT calendar FROM notification_waiting").map { $0.text(0) })
        return try WatchedCalendar.all(owner: owner, views).map { calendar in
            let watch = watches[calendar.calendar]
            let (state, reason) = Self.state(calendar, watch, hasAddress: hasAddress)
            return Shown(
                calendar: calendar.calendar, name: calendar.name ?? "(no name)", connection: calendar.connection,
                connectionName: calendar.connectionName ?? calendar.provider.rawValue,
                provider: calendar.provider.rawValue, state: state, expires: watch?.expires, opened: watch?.opened,
                lastNotification: watch?.lastNotification, notifications: watch?.notifications ?? 0,
                isWaiting: waiting.contains(calendar.calendar), reason: reason,
                retry: state == .failed ? calendar.failure?.retry : nil)
        }
    }

    private static func state(
        _ calendar: WatchedCalendar, _ watch: WatchRow?, hasAddress: Bool
    ) -> (State, String?) {
        if calendar.isPaused { return (.paused, "The connection is paused.") }
        if watch?.state == .open { return (.pushed, calendar.failure?.message) }
        if !hasAddress {
            return (.polled, "No public address is set, so no provider can reach this Daybook.")
        }
        if watch?.state == .requested { return (.opening, nil) }
        if let failure = calendar.failure {
            return (failure.isOfCalendar ? .polled : .failed, failure.message ?? failure.code)
        }
        if calendar.isRefused { return (.failed, "Its credentials were refused. Connect it again.") }
        if !calendar.isRead { return (.polled, "It was not read completely yet.") }
        return (.polled, "Its provider was not asked yet.")
    }
}
