// What a calendar tells about a meeting or a series.

/// In an entry of a change, what is absent stayed as it was, and `cleared` names what became empty.
public struct MeetingDetails: Sendable, Equatable {
    public var status: MeetingStatus?
    public var response: ResponseStatus?
    public var transparency: Transparency?
    public var privacy: Privacy?
    public var kind: EventKind?
    public var starts: Int64?
    public var ends: Int64?
    public var firstDay: String?
    public var lastDay: String?
    public var zone: String?
    public var isFloating: Bool?
    public var attendees: [Attendee] = []
    public var isPartial: Bool?
    public var sequence: Int64?
    public var modified: Int64?
    public var revision: String?
    public var contentHash: String?
    public var title: String?
    public var description: String?
    public var location: String?
    public var meetingURL: String?
    public var providerLink: String?
    public var providerPath: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("status", &status, "Whether it takes place; absent at first means confirmed.")
        fields.data(
            "response", &response,
            "What the owner of the calendar answered; absent where the source does not say.")
        fields.data("transparency", &transparency, "Whether it takes up time; absent at first means that it does.")
        fields.data("privacy", &privacy, "Who may see it; absent at first means normal.")
        fields.data("kind", &kind, "What it is; absent at first means a meeting.")
        fields.data("starts", &starts, "When it starts; absent where it lasts whole days.")
        fields.data("ends", &ends, "When it ends; absent where it lasts whole days.")
        fields.data("first_day", &firstDay, "The first day of it, as in `2026-11-21`, where it lasts whole days.")
        fields.data("last_day", &lastDay, "The last day of it, which still belongs to it, where it lasts whole days.")
        fields.data("zone", &zone, "The time zone in which it was made.")
        fields.data("is_floating", &isFloating, "Whether it has no zone and means the local time of who looks at it.")
        fields.data(
            "attendees", &attendees,
            """
            Who is to come, the organizer included. In an entry of a change the whole list, or nothing when it \
            stayed as it was.
            """)
        fields.data("is_partial", &isPartial, "Whether the provider gave only a part of the attendees.")
        fields.data("sequence", &sequence, "The provider's count of changes to it.")
        fields.data("modified", &modified, "When it was last changed, as the provider says.")
        fields.data("revision", &revision, "The provider's mark of this state, an entity tag for instance.")
        fields.data(
            "content_hash", &contentHash,
            "A keyed hash over all that the source told; equal hashes mean that nothing changed.")
        fields.personal("title", &title, "What it is called.")
        fields.personal("description", &description, "What is said about it, as plain text.")
        fields.personal("location", &location, "Where it takes place.")
        fields.personal("meeting_url", &meetingURL, "The link under which it takes place.")
        fields.personal("provider_link", &providerLink, "The provider's own page about it.")
        fields.personal(
            "provider_path", &providerPath,
            "The provider's own id or path of it, as requests name it, where `provider_id` is a keyed hash.")
    }
}

/// Who is to come to a meeting. Address and name stand in `address.seen` alone.
public struct Attendee: FieldGroup {
    public var address = ""
    public var response: ResponseStatus?
    public var isOrganizer: Bool?
    public var isOptional: Bool?
    public var isResource: Bool?
    public var isSelf: Bool?
    public var isGroup: Bool?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("response", &response, "What was answered; absent where the source does not say.")
        fields.data("is_organizer", &isOrganizer, "Whether it is who called the meeting.")
        fields.data("is_optional", &isOptional, "Whether it also takes place without.")
        fields.data("is_resource", &isResource, "Whether it is a room or a thing.")
        fields.data("is_self", &isSelf, "Whether it is the owner of the calendar.")
        fields.data("is_group", &isGroup, "Whether it stands for several people.")
    }
}

/// Whether a meeting takes place.
public enum MeetingStatus: String, FieldWord { case confirmed, tentative, cancelled }

/// What somebody answered to an invitation.
public enum ResponseStatus: String, FieldWord {
    case accepted, declined, tentative
    case needsAction = "needs_action"
}

/// Whether a meeting takes up time.
public enum Transparency: String, FieldWord { case opaque, transparent }

/// Who may see a meeting.
public enum Privacy: String, FieldWord { case normal, `private`, confidential }

/// What an item of a calendar is.
public enum EventKind: String, FieldWord {
    case meeting
    case workingLocation = "working_location"
    case focusTime = "focus_time"
    case outOfOffice = "out_of_office"
    case birthday, reservation, busy, other
}
