import Entries
import ICalendar

/// An event as Graph tells it. Nothing in it has to be there: of an occurrence a round tells only when it takes place.
struct GraphEvent {
    enum Kind {
        case single, occurrence, exception
        /// The series itself. Its time is that of its first occurrence, and it is no meeting.
        case master
    }

    let identifier: String
    var kind = Kind.single
    var master: String?
    /// Graph's mark of this version.
    var revision: String?
    var iCalUID: String?

    var start: GraphTime?
    var end: GraphTime?
    /// The zone in which `start` and `end` are written.
    var writtenZone: String?
    /// The zone in which it was made.
    var zone: String?
    var isAllDay = false
    /// When the rule of its series would have it.
    var originalStart: GraphTime?

    var subject = Stated<String>.absent
    /// Plain text.
    var description = Stated<String>.absent
    var location = Stated<String>.absent
    var joinURL: String?
    /// The first link to a meeting in its text.
    var linkInText: String?
    var webLink: String?

    var showAs: String?
    var response: String?
    var sensitivity: String?
    var isCancelled = false
    var isDraft = false
    var isOrganizer = false
    var hidesAttendees = false

    var organizer: FoundAttendee?
    var attendees: [FoundAttendee] = []
    /// There are none, and it says so.
    var hasNoAttendees = false
    var isCut = false
    var modified: Int64?

    init(_ identifier: String, _ json: JSONObject) {
        self.identifier = identifier
        readKind(json)
        readTimes(json)
        readTexts(json)
        readPeople(json)
        showAs = json.text("showAs")
        response = json.object("responseStatus")?.text("response")
        sensitivity = json.text("sensitivity")
        isCancelled = json.boolean("isCancelled") ?? false
        isDraft = json.boolean("isDraft") ?? false
        isOrganizer = json.boolean("isOrganizer") ?? false
        hidesAttendees = json.boolean("hideAttendees") ?? false
    }

    private mutating func readKind(_ json: JSONObject) {
        master = json.text("seriesMasterId")
        revision = Longest.mark(json.text("@odata.etag")) ?? Longest.mark(json.text("changeKey"))
        iCalUID = json.text("iCalUId")
        switch json.text("type")?.lowercased() {
        case "seriesmaster": kind = .master
        case "occurrence": kind = .occurrence
        case "exception": kind = .exception
        case "singleinstance": kind = .single
        default:
            let isMaster = json.object("recurrence") != nil
            kind = isMaster ? .master : master == nil ? .single : !json.has("subject") ? .occurrence : .exception
        }
    }

    private mutating func readTimes(_ json: JSONObject) {
        start = json.object("start")?.text("dateTime").flatMap(GraphTime.init)
        end = json.object("end")?.text("dateTime").flatMap(GraphTime.init)
        writtenZone = json.object("start")?.text("timeZone")
        zone = json.text("originalStartTimeZone")
        isAllDay = json.boolean("isAllDay") ?? false
        originalStart = json.text("originalStart").flatMap(GraphTime.init)
        modified = json.text("lastModifiedDateTime").flatMap(GraphTime.init)?.instant
    }

    private mutating func readTexts(_ json: JSONObject) {
        subject = Self.stated("subject", json)
        location = json.object("location").map { Self.stated("displayName", $0) } ?? .absent
        joinURL = json.object("onlineMeeting")?.text("joinUrl") ?? json.text("onlineMeetingUrl")
        webLink = json.text("webLink")
        guard let body = json.object("body") else { return }
        description = Self.stated("content", body)
        guard let content = description.value else { return }
        if body.text("contentType")?.lowercased() != "text" {
            let plain = plainText(fromHTML: content)
            description = plain.allSatisfy(\.isWhitespace) ? .empty : .value(plain)
        }
        // In HTML the whole link stands in a tag, and its text may be shortened.
        linkInText = MeetingLink.first(in: content)?.address
    }

    /// A text is empty where it says so; a null only says nothing, and takes nothing away.
    private static func stated(_ name: String, _ json: JSONObject) -> Stated<String> {
        json.value(name) == nil ? .absent : json.stated(name)
    }

    // MARK: People

    /// More than any meeting has; what is beyond is not looked at.
    private static let mostAttendees = 2_000

    private mutating func readPeople(_ json: JSONObject) {
        organizer = json.object("organizer").flatMap(Self.attendee)
        guard let values = json.value("attendees")?.elements else { return }
        isCut = values.count > Self.mostAttendees
        attendees = values.prefix(Self.mostAttendees).compactMap(\.object).compactMap(Self.attendee)
        hasNoAttendees = values.isEmpty
    }

    private static func attendee(_ json: JSONObject) -> FoundAttendee? {
        var attendee = FoundAttendee()
        let mail = json.object("emailAddress")
        attendee.email = mail?.text("address").flatMap { ICalendar.Attendee.address(in: $0) }
        // A name that only repeats the address says nothing about what somebody is called.
        attendee.name = mail?.text("name").flatMap { ICalendar.Attendee.address(in: $0) == nil ? $0 : nil }
        if attendee.email == nil, attendee.name == nil { return nil }
        switch json.text("type")?.lowercased() {
        // Rooms and things are one kind here.
        case "resource": attendee.kind = .resource
        case "optional": attendee.isOptional = true
        default: break
        }
        attendee.response = GraphWords.response(json.object("status")?.text("response"))
        return attendee
    }
}
