// What users write beside meetings, people and activities. Stream: that of the thing which the note is about; each has
// one note.

public struct NoteWritten: Fact {
    public static let type = "note.written"
    public static let meaning = """
        Somebody wrote a note, or wrote it anew, about a meeting, a person or an activity. It stays when the \
        calendar changes.
        """

    public var meeting: String?
    public var person: String?
    public var activity: String?
    public var note = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The meeting that it is about.")
        fields.data("person", &person, "The person whom it is about.")
        fields.data("activity", &activity, "The activity that it is about.")
        fields.personal("note", &note, "The whole note.")
    }
}

public struct NoteRemoved: Fact {
    public static let type = "note.removed"
    public static let meaning = "A note was taken away."

    public var meeting: String?
    public var person: String?
    public var activity: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("meeting", &meeting, "The meeting that it was about.")
        fields.data("person", &person, "The person whom it was about.")
        fields.data("activity", &activity, "The activity that it was about.")
    }
}
