import Application
import WebServer

extension Routes {
    static let meeting = Parameter.id(.meeting)
    static let calendar = Parameter.id(.calendar)
    private static let tag = "meetings"

    private static let from = Parameter.moment("from", "Where the range begins; today where nothing is said.")
    private static let to = Parameter.moment("to", "Where it ends; a week ahead where nothing is said.")
    private static let personFilter = Parameter.only(.person, "Only those with this person.")
    private static let calendarFilter = Parameter.only(.calendar, "Only those of this calendar.")
    private static let status = Parameter.word(
        "status", MeetingsRequest.State.allCases.map(\.rawValue), "Only those of this state.")
    private static let words = Parameter.text("text", "Words of the title or the place.")
    private static let isAll = Parameter.flag(
        "all", "Also those that were cancelled, that no calendar shows any more, or that are copies.")
    private static let day = Parameter.day("date", "A day, in your zone.")
    private static let filters = [
        calendarFilter.declaration, status.declaration, words.declaration, isAll.declaration,
        Parameter.limit.declaration, Parameter.cursor.declaration,
    ]

    private static func request(_ call: Call) throws -> MeetingsRequest {
        var request = MeetingsRequest()
        request.user = call.user
        request.calendar = try call[calendarFilter]
        request.state = try call[status].flatMap(MeetingsRequest.State.init(rawValue:))
        request.text = try call[words]
        request.isAll = try call[isAll]
        request.limit = try call[Parameter.limit]
        request.cursor = try call[Parameter.cursor]
        return request
    }

    static let meetings: [Route] = [
        Route(
            .get, "\(root)/meetings", "Meetings that overlap a range, in the order in which they begin", tag: tag,
            kind: "meetings", [from.declaration, to.declaration, personFilter.declaration] + filters
        ) { call in
            var request = try request(call)
            (request.since, request.until) = (try call[from], try call[to])
            request.person = try call[personFilter]
            return request
        },
        Route(
            .get, "\(root)/days/{date}/meetings", "The meetings of a day, those that last several days too", tag: tag,
            kind: "meetings", [day.declaration] + filters
        ) { call in
            var request = try request(call)
            request.since = try call[day]
            request.until = request.since
            return request
        },
        Route(
            .get, "\(root)/people/{person}/meetings", "The meetings with a person", tag: tag, kind: "meetings",
            [person.declaration, from.declaration, to.declaration] + filters
        ) { call in
            var request = try request(call)
            // A person's page wants what was and what comes, and not the week ahead.
            (request.since, request.until) = (try call[from] ?? "365d", try call[to] ?? "+365d")
            request.person = try call[person]
            return request
        },
        Route(
            .get, "\(root)/meetings/{meeting}", "One meeting with all that is known of it", tag: tag, kind: "meeting",
            [meeting.declaration]
        ) { call in MeetingRequest(user: call.user, meeting: try call[meeting]) },
        Route(
            .get, "\(root)/meetings/{meeting}/explanation", "Why it was logged, or why not", tag: tag,
            kind: "explained", [meeting.declaration]
        ) { call in ExplainRequest(user: call.user, try call[meeting], .meeting) },
        Route(
            .post, "\(root)/meetings/{meeting}/activities", "Log it, with everybody in it whom you know", tag: tag,
            kind: "meeting_logged", [meeting.declaration], body: .json(LogBody.self), success: 201,
            refusals: [409, 422]
        ) { call in try call.body(LogBody.self).request(call.user, try call[meeting]) },
        Route(
            .put, "\(root)/meetings/{meeting}/note", "Write a note beside it; an empty one takes it away", tag: tag,
            kind: "note", [meeting.declaration], body: .json(NoteBody.self), refusals: [409]
        ) { call in
            let body = try call.body(NoteBody.self)
            var request = NoteRequest(user: call.user, meeting: try call[meeting], text: body.note)
            request.isCopied = body.isCopied ?? false
            return request
        },
        Route(
            .delete, "\(root)/meetings/{meeting}/note", "Take the note away", tag: tag, kind: "note",
            [meeting.declaration], refusals: [409]
        ) { call in NoteRequest(user: call.user, meeting: try call[meeting], text: "") },
    ]

    static let calendars: [Route] = [
        Route(
            .get, "\(root)/calendars", "The calendars of your connections", tag: "calendars", kind: "calendars",
            [Parameter.only(.connection, "Only those of this connection.").declaration]
        ) { call in
            CalendarsRequest(user: call.user, connection: call.visit.queryValues("connection").first)
        },
        Route(
            .get, "\(root)/connections/{connection}/calendars", "The calendars of a connection", tag: "calendars",
            kind: "calendars", [connection.declaration]
        ) { call in CalendarsRequest(user: call.user, connection: try call[connection]) },
        Route(
            .put, "\(root)/calendars/{calendar}", "Choose it to be read, or drop it", tag: "calendars",
            kind: "calendars_chosen", [calendar.declaration], body: .json(ChoiceBody.self), refusals: [409]
        ) { call in
            let body = try call.body(ChoiceBody.self)
            var request = ChooseCalendarsRequest(
                user: call.user, calendars: [try call[calendar]], isChosen: body.isChosen)
            request.isDryRun = body.isDryRun ?? false
            return request
        },
    ]
}

extension ExplainRequest {
    init(user: String, _ subject: String, _ kind: Kind) {
        self.init(user: user, subject: subject)
        self.kind = kind
    }
}

struct LogBody: WebBody {
    let isForced: Bool?
    let people: [String]?

    static let notes = [
        "is_forced": FieldNote("Although it is not over yet."),
        "people": FieldNote("Only with these.", identifies: .person),
    ]

    func request(_ user: String, _ meeting: String) -> LogMeetingRequest {
        var request = LogMeetingRequest(user: user, meeting: meeting)
        request.isForced = isForced ?? false
        request.people = people ?? []
        return request
    }
}

struct NoteBody: WebBody {
    let note: String
    let isCopied: Bool?

    static let notes = [
        "note": FieldNote("The whole note.", most: 20_000),
        "is_copied": FieldNote("The activities of the meeting get the same note."),
    ]
}

struct ChoiceBody: WebBody {
    let isChosen: Bool
    let isDryRun: Bool?

    static let notes = [
        "is_chosen": FieldNote("Whether it is read."), "is_dry_run": FieldNote("Only says what would leave the lists."),
    ]
}
