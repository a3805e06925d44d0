/// A VEVENT as values: one meeting, one series, or the override of an occurrence.
public struct CalendarEvent: Hashable, Sendable {
    /// Nil where it has none; the object that holds it has made one.
    public var uid: String?
    /// What it takes the place of, for an override.
    public var recurrenceIdentity: RecurrenceIdentity?
    public var schedule: Schedule
    public var sequence = 0
    /// When this version was written, says the server; many write the time of the request.
    public var stamp: EventTime?
    public var modified: EventTime?
    public var created: EventTime?

    public var summary = Stated<String>.absent
    /// Plain text.
    public var description = Stated<String>.absent
    public var location = Stated<String>.absent
    public var url = Stated<String>.absent

    public var status: Status?
    public var privacy = Privacy.ordinary
    /// It takes up no time: TRANSP says so.
    public var isTransparent = false
    public var busyStatus: BusyStatus?
    public var kind = Kind.meeting

    public var organizer: Attendee?
    public var attendees: [Attendee] = []
    public var conferences: [Conference] = []
    public var categories: [String] = []
    public var colour: String?

    /// Where its component begins in the text.
    public var line: Int

    public init(schedule: Schedule, line: Int = 1) {
        self.schedule = schedule
        self.line = line
    }

    public enum Status: String, Hashable, Sendable {
        case confirmed, tentative, cancelled
    }

    public enum Privacy: String, Hashable, Sendable {
        case ordinary = "public"
        case `private`
        case confidential
    }

    /// How Outlook shows the time that it takes.
    public enum BusyStatus: String, Hashable, Sendable {
        case free, tentative, busy
        case outOfOffice = "out-of-office"
        case workingElsewhere = "working-elsewhere"
    }

    /// What it is, where somebody says that it is no meeting.
    public enum Kind: String, Hashable, Sendable {
        case meeting
        case focusTime = "focus-time"
        case outOfOffice = "out-of-office"
        case workingLocation = "working-location"
        case birthday
    }

    public struct Conference: Hashable, Sendable {
        public enum Source: String, Hashable, Sendable {
            /// CONFERENCE of RFC 7986.
            case standard
            /// A property of a provider.
            case provider
        }

        public var address: String
        public var label: String?
        /// As in `AUDIO`, `VIDEO`, `PHONE`, in capitals.
        public var features: [String]
        public var source: Source

        public init(address: String, label: String? = nil, features: [String] = [], source: Source) {
            self.address = address
            self.label = label
            self.features = features
            self.source = source
        }
    }
}

/// A value, an empty value, or no word about it.
///
/// A source that says nothing of a title has not taken it away; one that says that it is empty has.
public enum Stated<Value: Hashable & Sendable>: Hashable, Sendable {
    case absent
    case empty
    case value(Value)

    /// Nil where it is absent or empty.
    public var value: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

extension Stated<String> {
    init(_ text: String) {
        self = text.utf8.allSatisfy(\.isInvisible) ? .empty : .value(text)
    }
}

extension CalendarEvent {
    /// The newer of two versions of one event comes last: by SEQUENCE, then by DTSTAMP.
    public static func isOlder(_ left: CalendarEvent, than right: CalendarEvent) -> Bool {
        if left.sequence != right.sequence { return left.sequence < right.sequence }
        return (left.stamp?.local.seconds ?? .min) < (right.stamp?.local.seconds ?? .min)
    }
}
