// Meetings that repeat, kept as the rule by which they repeat. Stream: `series/ID`.

public struct SeriesSeen: Fact {
    public static let type = "series.seen"
    public static let meaning = """
        A calendar holds a series that was not known there. Its occurrences become meetings when they come near \
        enough.
        """

    public var series = ""
    public var connection = ""
    public var calendar = ""
    public var providerID = ""
    public var icalUID: String?
    public var predecessor: String?
    public var recurrence = Recurrence()
    public var details = MeetingDetails()

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("series", &series, "The id of the series.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that holds it.")
        fields.data(
            "provider_id", &providerID,
            "What identifies it with its provider: the provider's id, or a keyed hash where that could name somebody.")
        fields.data("ical_uid", &icalUID, "A keyed hash of its iCalendar UID, the same in every calendar.")
        fields.data("predecessor", &predecessor, "The series that it was split off from.")
        recurrence.visit(&fields)
        details.visit(&fields)
    }
}

public struct SeriesChanged: Fact {
    public static let type = "series.changed"
    public static let meaning = "Something about a series changed; what is absent stayed as it was."

    public var series = ""
    public var connection = ""
    public var calendar = ""
    public var recurrence = Recurrence()
    public var details = MeetingDetails()
    public var cleared: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("series", &series, "The id of the series.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that holds it.")
        recurrence.visit(&fields)
        details.visit(&fields)
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
    }
}

public struct SeriesUnfolded: Fact {
    public static let type = "series.unfolded"
    public static let meaning = "The occurrences of a series inside a range were written down as meetings."

    public var series = ""
    public var coveredFrom: Int64 = 0
    public var coveredTo: Int64 = 0
    public var created: Int64 = 0
    public var updated: Int64 = 0
    public var deleted: Int64 = 0
    public var isLimited: Bool?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("series", &series, "The id of the series.")
        fields.data("covered_from", &coveredFrom, "The start of the range.")
        fields.data("covered_to", &coveredTo, "The end of the range.")
        fields.data("created", &created, "How many meetings were new.")
        fields.data("updated", &updated, "How many meetings had changed.")
        fields.data("deleted", &deleted, "How many meetings were withdrawn.")
        fields.data("is_limited", &isLimited, "Whether a limit on occurrences ended it early.")
    }
}

public struct SeriesWithdrawn: Fact {
    public static let type = "series.withdrawn"
    public static let meaning = "A calendar no longer holds a series."

    public var series = ""
    public var connection = ""
    public var calendar = ""
    public var reason = WithdrawalReason.deleted

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("series", &series, "The id of the series.")
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that held it.")
        fields.data("reason", &reason, "How that is known.")
    }
}

/// When a series repeats. In an entry of a change, what is absent stayed as it was.
public struct Recurrence: Sendable, Equatable {
    public var rules: [String] = []
    public var exceptions: [SeriesException] = []
    public var zoneDefinition: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data(
            "rules", &rules,
            "The lines DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE and EXRULE, as iCalendar has them.")
        fields.data(
            "exceptions", &exceptions,
            "The occurrences that the rule gives and that are not to be made from it.")
        fields.data(
            "zone_definition", &zoneDefinition,
            "The VTIMEZONE of the zone, where it is none that has a known name.")
    }
}

/// An occurrence that a rule gives and that is not to be made from it.
public struct SeriesException: FieldGroup {
    public var originalStart: Int64?
    public var originalDay: String?
    public var kind = ExceptionKind.overridden

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("original_start", &originalStart, "When the occurrence would have started.")
        fields.data("original_day", &originalDay, "The day of the occurrence, where the series is all-day.")
        fields.data("kind", &kind, "Whether it is cancelled, or stands as a meeting of its own.")
    }
}

/// Why an occurrence is not made from its rule.
public enum ExceptionKind: String, FieldWord { case overridden, cancelled }

/// How it is known that a calendar no longer shows something.
public enum WithdrawalReason: String, FieldWord {
    case deleted, cancelled, absent
    case seriesChanged = "series_changed"
    case seriesWithdrawn = "series_withdrawn"
    case movedAway = "moved_away"
    case byHand = "by_hand"
}
