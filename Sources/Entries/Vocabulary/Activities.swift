// Activities: that a user was in contact with a person. One per person and meeting. Stream: `activity/ID`, made from
// the meeting and the person, so that nothing is logged twice.

public struct ActivityLogged: Fact {
    public static let type = "activity.logged"
    public static let meaning = "A past meeting was logged with a person, or a user wrote down another contact."

    public var activity = ""
    public var meeting: String?
    public var person = ""
    public var trigger = Trigger.scheduled
    public var isForced: Bool?
    public var rule: MatchRule?
    public var confidence: Int64?
    public var details = ActivityDetails()

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("activity", &activity, "The id of the activity.")
        fields.data("meeting", &meeting, "The meeting; absent where a user wrote the activity down.")
        fields.data("person", &person, "The person with whom it was.")
        fields.data("trigger", &trigger, "Whether it was logged by itself or by hand.")
        fields.data("is_forced", &isForced, "Whether it was logged by hand before the meeting had ended.")
        fields.data("rule", &rule, "The rule by which the person was found.")
        fields.data("confidence", &confidence, "How sure that rule is, 0 to 100.")
        details.visit(&fields)
    }
}

public struct ActivityAmended: Fact {
    public static let type = "activity.amended"
    public static let meaning = """
        The calendar changed after an activity was logged, and the activity follows; what is absent stayed as it \
        was.
        """

    public var activity = ""
    public var person: String?
    public var rule: MatchRule?
    public var confidence: Int64?
    public var details = ActivityDetails()
    public var cleared: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("activity", &activity, "The id of the activity.")
        fields.data("person", &person, "The person, where two persons turned out to be one.")
        fields.data("rule", &rule, "The rule by which the person is found now.")
        fields.data("confidence", &confidence, "How sure that rule is, 0 to 100.")
        details.visit(&fields)
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
    }
}

public struct ActivityEdited: Fact {
    public static let type = "activity.edited"
    public static let meaning = """
        A user changed an activity by hand. What is changed here, the calendar does not change any more.
        """

    public var activity = ""
    public var editedFields: [String] = []
    public var details = ActivityDetails()
    public var cleared: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("activity", &activity, "The id of the activity.")
        fields.data("edited_fields", &editedFields, "The names of the fields that the user changed or emptied.")
        details.visit(&fields)
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
    }
}

public struct ActivityRetracted: Fact {
    public static let type = "activity.retracted"
    public static let meaning = """
        An activity does not hold any more. When it was retracted by hand, it never comes back by itself.
        """

    public var activity = ""
    public var meeting: String?
    public var person: String?
    public var reason = RetractionReason.byHand
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("activity", &activity, "The id of the activity.")
        fields.data("meeting", &meeting, "The meeting.")
        fields.data("person", &person, "The person.")
        fields.data("reason", &reason, "Why.")
        fields.personal("note", &note, "Why, in the words of who did it.")
    }
}

public struct ActivityRestored: Fact {
    public static let type = "activity.restored"
    public static let meaning = """
        An activity that the calendar had retracted holds again, because the meeting takes place after all.
        """

    public var activity = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("activity", &activity, "The id of the activity.")
    }
}

/// What an activity tells. In an entry of a change, what is absent stayed as it was.
public struct ActivityDetails: Sendable, Equatable {
    public var kind: ActivityKind?
    public var occurred: Int64?
    public var durationMinutes: Int64?
    public var zone: String?
    public var participants: [String] = []
    public var title: String?
    public var description: String?
    public var location: String?
    public var meetingURL: String?
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("kind", &kind, "What kind of contact it was; absent at first means a meeting.")
        fields.data("occurred", &occurred, "When it began, which is when it counts, whenever it was logged.")
        fields.data("duration_minutes", &durationMinutes, "How long it lasted.")
        fields.data("zone", &zone, "The time zone in which it took place.")
        fields.data(
            "participants", &participants,
            "The other known persons who took part. In an entry of a change the whole list, or nothing.")
        fields.personal("title", &title, "What it is called.")
        fields.personal("description", &description, "What is said about it.")
        fields.personal("location", &location, "Where it took place.")
        fields.personal("meeting_url", &meetingURL, "The link under which it took place.")
        fields.personal("note", &note, "What the user wrote about it.")
    }
}

/// Why an activity does not hold any more.
public enum RetractionReason: String, FieldWord {
    case cancelled, withdrawn, declined
    case turnedPrivate = "turned_private"
    case attendeeRemoved = "attendee_removed"
    case unmatched, merged
    case byHand = "by_hand"
    case personRemoved = "person_removed"
    case excluded, duplicate, erased, postponed
}

/// What kind of contact an activity was.
public enum ActivityKind: String, FieldWord, Codable { case meeting, call, message, letter, visit, task, other }
