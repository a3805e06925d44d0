import Entries
import Secrets
import Sync

/// Writes down a contact that no calendar knows of.
public struct AddActivityRequest: Request {
    public static let name = "add_activity"

    public var user: String?
    public var person: String
    public var with: [String] = []
    public var details = ActivityChanges()

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> ActivityRequest.Shown {
        let viewer = try home.viewer(user)
        let clock = UserClock(zone: viewer.zone)
        let now = home.options.now()
        var logged = ActivityLogged()
        logged.activity = home.options.randomness.identifier()
        logged.person = try home.person(person, of: viewer)
        logged.trigger = .manual
        logged.details = try details.details(clock, now: now)
        logged.details.kind = logged.details.kind ?? .other
        logged.details.occurred = logged.details.occurred ?? now
        logged.details.zone = viewer.zone
        for name in with {
            let other = try home.person(name, of: viewer)
            if other != logged.person, !logged.details.participants.contains(other) {
                logged.details.participants.append(other)
            }
        }
        try home.desk().append(
            logged, stream: "activity/\(logged.activity)", owner: viewer.user, expectedVersion: 1)
        return try ActivityRequest.shown(home.activity(logged.activity, of: viewer), viewer, home)
    }
}

/// Says that an activity does not hold. By hand this is final: no calendar and no rule brings it back.
public struct RetractActivityRequest: Request {
    public static let name = "retract_activity"

    public var user: String?
    public var activity: String
    public var note: String?
    /// Only says what would be retracted.
    public var isDryRun = false

    public init(user: String?, activity: String) {
        self.user = user
        self.activity = activity
    }

    public func answer(in home: OpenHome) throws -> ActivityRequest.Shown {
        let viewer = try home.viewer(user)
        let found = try home.activity(activity, of: viewer)
        guard found.retractionReason != RetractionReason.byHand.rawValue else {
            throw Refusal(
                .conflict, "“\(found.displayTitle)” was retracted by hand already",
                hint: "Nothing was changed. “daybook activities --retracted” lists such activities.")
        }
        if isDryRun { return try ActivityRequest.shown(found, viewer, home) }
        var retracted = ActivityRetracted()
        retracted.activity = found.activity
        retracted.meeting = found.meeting
        retracted.person = found.person
        retracted.reason = .byHand
        retracted.note = note
        try home.desk().append(retracted, stream: "activity/\(found.activity)", owner: viewer.user)
        return try ActivityRequest.shown(home.activity(found.activity, of: viewer), viewer, home)
    }
}
