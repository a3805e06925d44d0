// Readings of a source: what came of each. Stream: `calendar/ID`, or `connection/ID` where the reading was not of one
// calendar.

/// What every reading says of itself.
public struct FetchRun: Sendable, Equatable {
    public var connection = ""
    public var calendar: String?
    public var run = ""
    public var subject = FetchSubject.meetings
    public var trigger = Trigger.scheduled

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection that was read.")
        fields.data(
            "calendar", &calendar,
            "The calendar that was read; absent when the reading was of the connection as a whole.")
        fields.data("run", &run, "The id of the run, which all entries of one reading share.")
        fields.data("subject", &subject, "What was read.")
        fields.data("trigger", &trigger, "What started it.")
    }
}

public struct FetchFinished: Fact {
    public static let type = "fetch.finished"
    public static let meaning = """
        A reading came to its end and all that it found is in the ledger. Only then does its cursor count.
        """

    public var reading = FetchRun()
    public var mode = FetchMode.full
    public var modeReason: FullReason?
    public var pages: Int64 = 0
    public var isComplete = false
    public var coveredFrom: Int64?
    public var coveredTo: Int64?
    public var cursor: String?
    public var created: Int64 = 0
    public var updated: Int64 = 0
    public var deleted: Int64 = 0
    public var unchanged: Int64 = 0
    public var quarantined: Int64 = 0
    public var attempts: Int64 = 0
    public var started: Int64 = 0
    public var durationMilliseconds: Int64 = 0
    public var absences: [Absence] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        reading.visit(&fields)
        fields.data("mode", &mode, "How it was read.")
        fields.data("mode_reason", &modeReason, "Why everything was read, where only the changes could have been.")
        fields.data("pages", &pages, "How many pages were read.")
        fields.data(
            "is_complete", &isComplete,
            "Whether it provably reached the end, so that what is absent is known to be absent.")
        fields.data(
            "covered_from", &coveredFrom,
            "The start of the range that it covered; absent when it covered all that lies before.")
        fields.data(
            "covered_to", &coveredTo,
            "The end of the range that it covered; absent when it covered all that lies after.")
        fields.data("cursor", &cursor, "Where the next reading of changes begins; no credential.")
        fields.data("created", &created, "How many items were new.")
        fields.data("updated", &updated, "How many items had changed.")
        fields.data("deleted", &deleted, "How many items were withdrawn.")
        fields.data("unchanged", &unchanged, "How many items were as before.")
        fields.data("quarantined", &quarantined, "How many items could not be read.")
        fields.data("attempts", &attempts, "How many attempts it took.")
        fields.data("started", &started, "When it began.")
        fields.data("duration_milliseconds", &durationMilliseconds, "How long it took.")
        fields.data(
            "absences", &absences,
            """
            What was known, lies inside the range and was not found, for the first time in a row. At the second \
            time it is withdrawn.
            """)
    }
}

public struct FetchFailed: Fact {
    public static let type = "fetch.failed"
    public static let meaning = "A reading failed. What it had found before is in the ledger, its cursor is not."

    public var reading = FetchRun()
    public var mode: FetchMode?
    public var errorClass = ErrorClass.transient
    public var errorCode: String?
    public var pages: Int64?
    public var attempts: Int64 = 0
    public var started: Int64 = 0
    public var durationMilliseconds: Int64 = 0
    public var retry: Int64?
    public var message: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        reading.visit(&fields)
        fields.data("mode", &mode, "How it was being read.")
        fields.data(
            "error_class", &errorClass,
            "What kind of failure it was, which says whether trying again can help.")
        fields.data("error_code", &errorCode, "The code of the failure, a word of ours or of the provider's protocol.")
        fields.data("pages", &pages, "How many pages had been read.")
        fields.data("attempts", &attempts, "How many attempts were made.")
        fields.data("started", &started, "When it began.")
        fields.data("duration_milliseconds", &durationMilliseconds, "How long it took.")
        fields.data("retry", &retry, "When it may be tried again.")
        fields.personal("message", &message, "What to tell a person; no answer of the provider is repeated.")
    }
}

public struct FetchSuspected: Fact {
    public static let type = "fetch.suspected"
    public static let meaning = """
        A reading found so little of what is known that it was not applied. A later reading or a person must \
        confirm it first.
        """

    public var reading = FetchRun()
    public var known: Int64 = 0
    public var found: Int64 = 0
    public var coveredFrom: Int64?
    public var coveredTo: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        reading.visit(&fields)
        fields.data("known", &known, "How many items were known in the range.")
        fields.data("found", &found, "How many of them were found.")
        fields.data("covered_from", &coveredFrom, "The start of the range that it covered.")
        fields.data("covered_to", &coveredTo, "The end of the range that it covered.")
    }
}

public struct FetchConfirmed: Fact {
    public static let type = "fetch.confirmed"
    public static let meaning = "A suspected reading was confirmed. What is absent counts as absent again."

    public var connection = ""
    public var calendar: String?
    public var run = ""
    public var confirmation = Confirmation.byHand
    public var found: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection that was read.")
        fields.data("calendar", &calendar, "The calendar that was read.")
        fields.data("run", &run, "The run of the suspected reading.")
        fields.data("confirmation", &confirmation, "Who or what confirmed it.")
        fields.data("found", &found, "How many items the confirming reading found.")
    }
}

/// Something known that a reading did not find.
public struct Absence: FieldGroup {
    public var meeting: String?
    public var series: String?
    public var person: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The meeting, where it is one.")
        fields.data("series", &series, "The series, where it is one.")
        fields.data("person", &person, "The person in an address book, where it is one.")
    }
}

/// What starts something.
public enum Trigger: String, FieldWord { case scheduled, manual, push }

/// What a reading is about.
public enum FetchSubject: String, FieldWord { case meetings, calendars, people }

/// How much of a source is read.
public enum FetchMode: String, FieldWord { case delta, full, window }

/// Why all of a source was read.
public enum FullReason: String, FieldWord {
    case first
    case cursorRefused = "cursor_refused"
    case cursorLost = "cursor_lost"
    case windowMoved = "window_moved"
    case reconciliation, requested
    case noCursorOffered = "no_cursor_offered"
}

/// Who or what confirmed a suspected reading.
public enum Confirmation: String, FieldWord {
    case byHand = "by_hand"
    case laterReading = "later_reading"
}
