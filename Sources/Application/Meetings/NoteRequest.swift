import Entries
import Projections
import Sync

/// Writes a note beside a meeting, or takes it away. No reading of a calendar changes it.
public struct NoteRequest: Request {
    public static let name = "note"

    public struct Noted: Codable, Sendable {
        public let meeting: String
        /// Nil where there is none any more.
        public let note: String?
        public let isChanged: Bool
        /// The activities into which it was copied.
        public let activities: [String]
    }

    /// More is no note, but a document.
    static let mostCharacters = 20_000

    public var user: String?
    public var meeting: String
    /// The whole note; an empty one takes it away.
    public var text: String
    /// The activities of the meeting get the same note.
    public var isCopied = false

    public init(user: String?, meeting: String, text: String) {
        self.user = user
        self.meeting = meeting
        self.text = text
    }

    public func answer(in home: OpenHome) throws -> Noted {
        let viewer = try home.viewer(user)
        let shown = try MeetingRequest(user: user, meeting: meeting).answer(in: home)
        let id = shown.meeting.meeting
        guard text.count <= Self.mostCharacters else {
            throw Refusal(
                .badRequest, "the note has \(text.count) characters, and can have \(Self.mostCharacters)", field: "note"
            )
        }
        let desk = home.desk()
        let isChanged = text != (shown.note ?? "")
        if isChanged { try desk.append([draft(id, viewer, desk)]) }
        let copied = try isCopied ? copy(to: shown.activities.filter { $0.retracted == nil }, home) : []
        return Noted(meeting: id, note: text.isEmpty ? nil : text, isChanged: isChanged, activities: copied)
    }

    private func draft(_ meeting: String, _ viewer: Viewer, _ desk: Desk) -> Draft {
        let stream = "meeting/\(meeting)"
        if text.isEmpty {
            var removed = NoteRemoved()
            removed.meeting = meeting
            return desk.draft(removed, stream: stream, owner: viewer.user)
        }
        var written = NoteWritten()
        (written.meeting, written.note) = (meeting, text)
        return desk.draft(written, stream: stream, owner: viewer.user)
    }

    private func copy(to activities: [ActivityAnswer], _ home: OpenHome) throws -> [String] {
        try activities.map { activity in
            var edit = EditActivityRequest(user: user, activity: activity.activity)
            edit.changes.notes = text
            _ = try edit.answer(in: home)
            return activity.activity
        }
    }
}
