// Two meetings that may be one, or that stand in each other's way. They are linked, never deleted. Stream:
// `conflict/ID`, made from the pair, in an order that does not change.

public struct ConflictFound: Fact {
    public static let type = "conflict.found"
    public static let meaning = "Two meetings are copies of each other, were changed on both sides, or overlap."

    public var conflict = ""
    public var meeting = ""
    public var otherMeeting = ""
    public var kind = ConflictKind.duplicate
    public var confidence: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("conflict", &conflict, "The id of the pair.")
        fields.data("meeting", &meeting, "The first meeting of the pair.")
        fields.data("other_meeting", &otherMeeting, "The second meeting of the pair.")
        fields.data("kind", &kind, "What it is.")
        fields.data("confidence", &confidence, "How sure that is, 0 to 100.")
    }
}

public struct ConflictResolved: Fact {
    public static let type = "conflict.resolved"
    public static let meaning = """
        It was decided what becomes of a pair. The meeting that is hidden stays, and the decision can be undone.
        """

    public var conflict = ""
    public var resolution = Resolution.manual
    public var strategy = Strategy.manual
    public var keptMeeting: String?
    public var hiddenMeeting: String?
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("conflict", &conflict, "The id of the pair.")
        fields.data("resolution", &resolution, "What was decided.")
        fields.data("strategy", &strategy, "By which strategy.")
        fields.data("kept_meeting", &keptMeeting, "The meeting that is shown.")
        fields.data("hidden_meeting", &hiddenMeeting, "The meeting that is hidden behind it.")
        fields.personal("note", &note, "What the person who decided said.")
    }
}

public struct ConflictUndone: Fact {
    public static let type = "conflict.undone"
    public static let meaning = "A decision about a pair was taken back. Both meetings are shown again."

    public var conflict = ""
    public var strategy: Strategy?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("conflict", &conflict, "The id of the pair.")
        fields.data("strategy", &strategy, "The strategy that had decided.")
    }
}

/// What two meetings have to do with each other.
public enum ConflictKind: String, FieldWord {
    case duplicate
    case concurrentEdit = "concurrent_edit"
    case overlap
}

/// What was decided about two meetings.
public enum Resolution: String, FieldWord {
    case manual
    case keepFirst = "keep_first"
    case keepSecond = "keep_second"
    case merge
}

/// By what two meetings are decided about.
public enum Strategy: String, FieldWord {
    case manual
    case preferGoogle = "prefer_google"
    case preferMicrosoft = "prefer_microsoft"
    case preferNewest = "prefer_newest"
}
