// Meetings as calendars show them. One meeting in three calendars is one meeting with three sightings. Stream:
// `meeting/ID`; what could not be read as a meeting stands in `calendar/ID`.

public struct MeetingSeen: Fact {
    public static let type = "meeting.seen"
    public static let meaning = """
        A calendar shows a meeting that was not known in it. Each calendar that shows it has one such entry.
        """

    public var meeting = ""
    public var connection = ""
    public var calendar = ""
    public var providerID = ""
    public var icalUID: String?
    public var series: String?
    public var originalStart: Int64?
    public var originalDay: String?
    public var details = MeetingDetails()

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting, the same in every calendar that shows it.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that shows it.")
        fields.data(
            "provider_id", &providerID,
            "What identifies it with its provider: the provider's id, or a keyed hash where that could name somebody.")
        fields.data("ical_uid", &icalUID, "A keyed hash of its iCalendar UID, the same in every calendar.")
        fields.data("series", &series, "The series that it is an occurrence of.")
        fields.data(
            "original_start", &originalStart,
            "When the rule of the series would have it start; it stays when the meeting is moved.")
        fields.data(
            "original_day", &originalDay,
            "The day on which the rule of the series would have it, where it lasts whole days.")
        details.visit(&fields)
    }
}

public struct MeetingChanged: Fact {
    public static let type = "meeting.changed"
    public static let meaning = """
        A calendar shows something else about a meeting than before; what is absent stayed as it was.
        """

    public var meeting = ""
    public var connection = ""
    public var calendar = ""
    public var details = MeetingDetails()
    public var cleared: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that shows it.")
        details.visit(&fields)
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
    }
}

public struct MeetingWithdrawn: Fact {
    public static let type = "meeting.withdrawn"
    public static let meaning = "A calendar no longer shows a meeting. It is gone when no calendar shows it."

    public var meeting = ""
    public var connection = ""
    public var calendar = ""
    public var reason = WithdrawalReason.deleted

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that showed it.")
        fields.data("reason", &reason, "How that is known.")
    }
}

public struct MeetingRestored: Fact {
    public static let type = "meeting.restored"
    public static let meaning = "A calendar shows a meeting again that was withdrawn from it, as it was before."

    public var meeting = ""
    public var connection = ""
    public var calendar = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that shows it.")
    }
}

public struct MeetingQuarantined: Fact {
    public static let type = "meeting.quarantined"
    public static let meaning = """
        Something in a calendar could not be read. It counts as present, and all else was read.
        """

    public var connection = ""
    public var calendar = ""
    public var providerID = ""
    public var meeting: String?
    public var series: String?
    public var problem = Problem.malformed
    public var contentHash: String?
    public var message: String?
    public var providerPath: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that holds it.")
        fields.data(
            "provider_id", &providerID,
            "What identifies it with its provider: the provider's id, or a keyed hash where that could name somebody.")
        fields.data("meeting", &meeting, "The meeting, where it is known which one it is.")
        fields.data("series", &series, "The series, where it is known which one it is.")
        fields.data("problem", &problem, "What was wrong.")
        fields.data("content_hash", &contentHash, "A keyed hash over what could not be read.")
        fields.personal("message", &message, "What was wrong, in words.")
        fields.personal("provider_path", &providerPath, "The provider's own id or path of it, as requests name it.")
    }
}

public struct MeetingReleased: Fact {
    public static let type = "meeting.released"
    public static let meaning = "What could not be read in a calendar can be read now, or is gone."

    public var connection = ""
    public var calendar = ""
    public var providerID = ""
    public var reason = ReleaseReason.readable

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that holds it.")
        fields.data("provider_id", &providerID, "What identifies it with its provider.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct MeetingSkipped: Fact {
    public static let type = "meeting.skipped"
    public static let meaning = """
        A past meeting was looked at and nobody is to be logged for it. It is looked at again when it or a match \
        changes.
        """

    public var meeting = ""
    public var rule = SkipRule.nobodyKnown

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting.")
        fields.data("rule", &rule, "The rule that says so.")
    }
}

public struct MeetingReviewed: Fact {
    public static let type = "meeting.reviewed"
    public static let meaning = """
        A past meeting was looked at again after a change, and its activities are as they should be.
        """

    public var meeting = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The id of the meeting.")
    }
}

/// Why something in a calendar could not be read.
public enum Problem: String, FieldWord {
    case malformed
    case tooLarge = "too_large"
    case tooMany = "too_many"
    case unsupportedRule = "unsupported_rule"
    case unknownZone = "unknown_zone"
    case missingPart = "missing_part"
}

/// Why something is no longer set aside.
public enum ReleaseReason: String, FieldWord { case readable, gone }

/// Why nobody is logged for a meeting.
public enum SkipRule: String, FieldWord {
    case nobodyKnown = "nobody_known"
    case declined, cancelled, withdrawn
    case allDay = "all_day"
    case withoutOthers = "without_others"
    case workingLocation = "working_location"
    case focusTime = "focus_time"
    case outOfOffice = "out_of_office"
    case birthday, reservation, busy, `private`
    case onlyResources = "only_resources"
    case onlyOwnAddresses = "only_own_addresses"
    case autoLogOff = "auto_log_off"
    case beforeAutoLog = "before_auto_log"
    case lowConfidence = "low_confidence"
    case hiddenDuplicate = "hidden_duplicate"
    case retractedByHand = "retracted_by_hand"
    case otherKind = "other_kind"
}
