import Entries
import Sync

/// Changes an activity by hand. What is changed here, the calendar does not change any more.
public struct EditActivityRequest: Request {
    public static let name = "edit_activity"

    public struct Edited: Codable, Sendable {
        public let userZone: String?
        public let activity: ActivityAnswer
        /// The fields that are not what they were; none if nothing had to be written.
        public let changed: [String]
    }

    public var user: String?
    public var activity: String
    public var changes = ActivityChanges()

    public init(user: String?, activity: String) {
        self.user = user
        self.activity = activity
    }

    public func answer(in home: OpenHome) throws -> Edited {
        let viewer = try home.viewer(user)
        let before = try home.activity(activity, of: viewer)
        guard !changes.isEmpty else {
            throw Refusal(
                .badRequest, "nothing was said to change", hint: "As in: daybook activities edit ID --title “Lunch”")
        }
        guard before.retracted == nil else {
            throw Refusal(
                .conflict,
                "“\(before.displayTitle)” was retracted (\(before.retractionWords ?? "")), so it is not edited",
                hint: "Write down another contact: daybook activities add")
        }
        let clock = UserClock(zone: viewer.zone)
        var edited = ActivityEdited()
        edited.activity = before.activity
        try changes.apply(to: &edited, before, clock, now: home.options.now())
        if !edited.editedFields.isEmpty {
            try home.desk().append(edited, stream: "activity/\(before.activity)", owner: viewer.user)
        }
        return Edited(
            userZone: viewer.zone, activity: try home.activity(before.activity, of: viewer),
            changed: edited.editedFields)
    }
}

/// What a user says about an activity, as it is typed. Nil leaves a field as it is; an empty text empties it.
public struct ActivityChanges: Codable, Sendable, Equatable {
    public var title: String?
    public var notes: String?
    public var description: String?
    public var occurred: String?
    public var minutes: Int64?
    public var location: String?
    public var link: String?
    public var kind: String?

    public init() {}

    var isEmpty: Bool { self == ActivityChanges() }

    /// More is no contact, but a slip of the keys.
    static let mostMinutes: Int64 = 31 * 24 * 60

    func details(_ clock: UserClock, now: Int64) throws -> ActivityDetails {
        var details = ActivityDetails()
        details.kind = try kind.map(Self.kind)
        details.occurred = try occurred.map { try Self.past($0, clock, now) }
        if let minutes { try Ranges.require(minutes, in: 0...Self.mostMinutes, "duration") }
        details.durationMinutes = minutes
        details.title = Self.filled(title)
        details.note = Self.filled(notes)
        details.description = Self.filled(description)
        details.location = Self.filled(location)
        details.meetingURL = Self.filled(link)
        return details
    }

    private static func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    static func kind(_ text: String) throws -> ActivityKind {
        guard let kind = ActivityKind(rawValue: text.lowercased()) else {
            let kinds = ActivityKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.badRequest, "there is no kind “\(text)”", hint: "There is: \(kinds).")
        }
        return kind
    }

    /// An activity is something that took place.
    static func past(_ text: String, _ clock: UserClock, _ now: Int64) throws -> Int64 {
        let instant = try clock.instant(text, now: now)
        guard instant <= now else {
            throw Refusal(
                .badRequest, "\(clock.text(instant)) has not come yet, and an activity is what took place",
                hint: "Write it down when it is over.")
        }
        return instant
    }

    /// Only what differs from what is there.
    func apply(to edited: inout ActivityEdited, _ before: ActivityAnswer, _ clock: UserClock, now: Int64) throws {
        var details = try details(clock, now: now)
        func text(
            _ field: String, _ said: String?, _ old: String?, _ path: WritableKeyPath<ActivityDetails, String?>
        ) {
            guard let said else { return }
            if said == (old ?? "") {
                details[keyPath: path] = nil
                return
            }
            edited.editedFields.append(field)
            if said.isEmpty { edited.cleared.append(field) }
        }
        text("title", title, before.title, \.title)
        text("note", notes, before.note, \.note)
        text("description", description, before.description, \.description)
        text("location", location, before.location, \.location)
        text("meeting_url", link, before.meetingURL, \.meetingURL)
        if details.kind?.rawValue == before.kind { details.kind = nil }
        if details.occurred == before.occurred { details.occurred = nil }
        if details.durationMinutes == before.durationMinutes { details.durationMinutes = nil }
        if details.kind != nil { edited.editedFields.append("kind") }
        if details.occurred != nil { edited.editedFields.append("occurred") }
        if details.durationMinutes != nil { edited.editedFields.append("duration_minutes") }
        edited.details = details
    }
}
