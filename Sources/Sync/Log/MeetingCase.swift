public import Entries

/// All that is known about one meeting at the moment at which it is decided who is logged for it.
public struct MeetingCase: Sendable, Equatable {
    public var meeting = ""
    public var owner = ""
    public var status = MeetingStatus.confirmed
    public var privacy = Privacy.normal
    public var kind = EventKind.meeting
    public var starts: Int64?
    public var ends: Int64?
    public var firstDay: String?
    public var lastDay: String?
    public var zone: String?
    public var title: String?
    public var description: String?
    public var location: String?
    public var meetingURL: String?
    public var hiddenBehind: String?
    /// The position of the entry that said something about the meeting last.
    public var position: Int64 = 0
    /// It was decided before, whatever came of it.
    public var isDecided = false
    public var sightings: [Sighting] = []
    public var attendees: [Attending] = []
    public var activities: [Logged] = []

    public init() {}

    /// One calendar that shows the meeting, or showed it.
    public struct Sighting: Sendable, Equatable {
        public var calendar = ""
        public var connection = ""
        public var response: ResponseStatus?
        /// Why the calendar shows it no longer; nil while it does.
        public var withdrawn: String?
        public var isAutoLogEnabled = true
        public var autoLogFrom: Int64?

        public init() {}

        /// The user stopped reading the calendar; that says nothing about the meeting.
        var isNoLongerRead: Bool { withdrawn == "calendar_dropped" || withdrawn == "connection_removed" }
    }

    /// One who was to come, and who that is as far as is known.
    public struct Attending: Sendable, Equatable {
        public var address = ""
        public var email: String?
        public var name: String?
        public var response: ResponseStatus?
        public var isOrganizer = false
        public var isOptional = false
        public var isResource = false
        public var isGroup = false
        /// It is the user.
        public var isOwn = false
        public var isExcluded = false
        public var answer: String?
        public var person: String?
        public var rule: MatchRule?
        public var confidence: Int64 = 0
        public var reason: UnmatchReason?
        /// The position of the entry that answered whose address it is.
        public var answered: Int64?

        public init() {}

        var isResourceOrGroup: Bool { isResource || isGroup }
    }

    /// An activity that the meeting has already.
    public struct Logged: Sendable, Equatable {
        public var activity = ""
        public var person = ""
        public var trigger = Trigger.scheduled
        public var rule: MatchRule?
        public var confidence: Int64?
        public var details = ActivityDetails()
        public var retraction: RetractionReason?
        public var isRetracted = false
        /// The fields that the user changed by hand; the calendar does not change them any more.
        public var edited: Set<String> = []
        public var position: Int64 = 0

        public init() {}
    }
}
