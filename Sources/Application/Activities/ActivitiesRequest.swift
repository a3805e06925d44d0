import Entries
import Projections
import SQLite
import Sync

/// With whom the user was in contact, the newest first by when it took place.
public struct ActivitiesRequest: ReadingRequest {
    public static let name = "activities"

    public struct Page: Codable, Sendable {
        public let zone: String?
        public let activities: [ActivityAnswer]
        /// How many fit in all.
        public let count: Int64
        /// Where the next page begins; nil after the last.
        public let next: String?
    }

    public var user: String?
    public var person: String?
    public var since: String?
    public var until: String?
    /// Also those that do not hold any more.
    public var withRetracted = false
    /// Nil is all.
    public var limit: Int64? = 50
    /// Where to go on, as the page before said.
    public var cursor: String?

    public init() {}

    public func answer(in home: OpenHome) throws -> Page {
        let viewer = try home.viewer(user)
        let clock = UserClock(zone: viewer.zone)
        let now = home.options.now()
        var filter = ActivityReader.Filter(owner: viewer.user)
        filter.person = try person.map { try home.person($0, of: viewer) }
        if let since { filter.from = try clock.instant(since, now: now) }
        if let until { filter.to = try clock.instant(until, .end, now: now) }
        filter.withRetracted = withRetracted
        filter.limit = limit.map { $0 + 1 } ?? -1
        filter.after = try cursor.map(ActivityReader.Place.init)
        return try home.look { views, remembered in
            let reader = ActivityReader(views, MeetingReader.Names(views, remembered))
            var activities = try reader.list(filter)
            let isCut = limit.map { activities.count > $0 } ?? false
            if isCut { activities.removeLast() }
            return Page(
                zone: viewer.zone, activities: activities,
                count: try remembered.countOfActivities(filter) { try reader.count(filter) },
                next: isCut ? activities.last.map { ActivityReader.Place($0).cursor } : nil)
        }
    }
}

extension Remembered {
    /// How many activities fit, which takes looking at all of a user's.
    fileprivate func countOfActivities(_ filter: ActivityReader.Filter, _ count: () throws -> Int64) throws -> Int64 {
        guard filter.person == nil, filter.from == .min, filter.to == .max else { return try count() }
        let whose = "\(filter.owner) \(filter.withRetracted)"
        if let known = activityCounts[whose] { return known }
        let counted = try count()
        activityCounts[whose] = counted
        return counted
    }
}

/// One activity, and what became of it since it was logged.
public struct ActivityRequest: ReadingRequest {
    public static let name = "activity"

    public struct Shown: Codable, Sendable {
        public let userZone: String?
        public let activity: ActivityAnswer
        public let history: [Step]
    }

    public struct Step: Codable, Sendable {
        public let position: Int64
        public let type: String
        public let at: Int64
        public let actor: String
        public let cause: Int64?
        public let reason: String?
    }

    public var user: String?
    public var activity: String

    public init(user: String?, activity: String) {
        self.user = user
        self.activity = activity
    }

    public func answer(in home: OpenHome) throws -> Shown {
        let viewer = try home.viewer(user)
        return try Self.shown(home.activity(activity, of: viewer), viewer, home)
    }

    static func shown(_ activity: ActivityAnswer, _ viewer: Viewer, _ home: OpenHome) throws -> Shown {
        let history = try home.views().read { views in
            try views.prepare(
                """
                SELECT position, type, at, actor, cause, reason FROM activity_history
                WHERE activity = ? ORDER BY position
                """
            ).map(.text(activity.activity)) { row in
                Step(
                    position: row.integer(0), type: row.text(1), at: row.integer(2), actor: row.text(3),
                    cause: row.integerIfPresent(4), reason: row.textIfPresent(5))
            }
        }
        return Shown(userZone: viewer.zone, activity: activity, history: history)
    }
}
