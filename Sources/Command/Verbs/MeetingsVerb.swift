import Application
import Arguments

enum MeetingsVerb {
    private static let since = Option(
        "since", .text.named("WHEN"), "From then on: 2026-03-01, today, 7d (ago) or +7d; today unless said.")
    private static let until = Option(
        "until", .text.named("WHEN"), "Up to then; a day is meant with all its hours. Seven days ahead unless said.")
    private static let person = Option("person", short: "p", .text.named("NAME"), "Only with this person.")
    private static let text = Option("text", short: "t", .text, "Only with this in the title or place.")
    private static let calendar = Option("calendar", short: "c", .text.named("NAME"), "Only in this calendar.")
    private static let status = Option(
        "status", .choice(of: MeetingsRequest.State.self), "Only those of which this is so.")
    private static let all = Flag("all", "Also cancelled ones, and those that no calendar shows any more.")
    private static let limit = Option("limit", .integer(in: 1...1_000), default: 50, "So many at the most.")

    static let verb: Verb<Act> = Verb(
        "meetings", "Show the meetings of some days, and which are logged.",
        discussion: """
            A meeting that lasts several days stands on each of them, and one that stands in several calendars is one \
            line. Times are in your own zone.
            """,
        examples: [
            Example("daybook meetings", "Today and the next seven days."),
            Example("daybook meetings today", "Only today."),
            Example("daybook meetings --since 30d --until today --person ada", "The last month with Ada."),
            Example("daybook meetings --since 30d --status not-logged", "What was not logged, and why?"),
        ],
        arguments: [since, until, person, text, calendar, status, all, limit], verbs: [today, show]
    ) { given, console in
        var request = request(given, console)
        request.since = given[since]
        request.until = given[until]
        return try list(request, console)
    }

    private static let today: Verb<Act> = Verb(
        "today", "Show the meetings of today.",
        examples: [Example("daybook meetings today", "What is on today?")]
    ) { given, console in
        var request = request(given, console)
        request.since = "today"
        request.until = "today"
        return try list(request, console)
    }

    private static func request(_ given: Given, _ console: Console) -> MeetingsRequest {
        var request = MeetingsRequest()
        request.user = console.user
        request.person = given[person]
        request.text = given[text]
        request.calendar = given[calendar]
        request.state = given[status]
        request.isAll = given[all]
        request.limit = Int64(given[limit])
        return request
    }

    private static func list(_ request: MeetingsRequest, _ console: Console) throws -> Int32 {
        let page = try console.ask(request)
        if console.isJSON {
            try console.document("meetings", page)
            return ExitStatus.ok
        }
        let times = UserTimes(page.zone)
        if page.meetings.isEmpty {
            console.note("No meeting from \(times.text(page.from)) to \(times.textWithZone(page.to)) fits.")
            return ExitStatus.ok
        }
        try console.table(MeetingAnswer.table(page.meetings, times, now: [page.from]))
        if page.count > page.meetings.count {
            console.note("\(page.meetings.count) of \(page.count) meetings; more with --limit.")
        }
        return ExitStatus.ok
    }

    // MARK: One

    private static let meeting = Positional(
        "MEETING", .text, "The title, or the beginning of the id.")

    private static let show: Verb<Act> = Verb(
        "show", "Show one meeting, with all that is known about it.",
        examples: [Example("daybook meetings show \"Weekly review\"", "The last one of this title that began.")],
        arguments: [meeting]
    ) { given, console in
        let shown = try console.ask(MeetingRequest(user: console.user, meeting: given[meeting]))
        if console.isJSON { try console.document("meeting", shown) } else { try show(shown, console) }
        return ExitStatus.ok
    }

    private static func show(_ shown: MeetingRequest.Shown, _ console: Console) throws {
        let times = UserTimes(shown.userZone)
        let meeting = shown.meeting
        try console.line(console.style.bold(Visible.text(meeting.displayTitle)))
        var facts = [("when", times.when(meeting) + (meeting.starts.map { " " + times.zone([$0]) } ?? ""))]
        if !meeting.state.isEmpty { facts.append(("state", meeting.state)) }
        for (name, value) in [
            ("place", meeting.location), ("link", shown.meetingURL), ("note", shown.note),
            ("page", shown.providerLink), ("about", shown.description),
        ] {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        if let zone = meeting.zone, zone != shown.userZone { facts.append(("made in", zone)) }
        facts.append(("id", meeting.meeting))
        facts.append(("entries", "\(shown.firstPosition) … \(shown.position)"))
        try console.facts(facts, indent: "  ")
        try people(meeting, console)
        try calendars(shown.sightings, console)
        guard !shown.activities.isEmpty else { return }
        try console.line()
        try console.table(ActivityAnswer.table(shown.activities, times))
    }

    private static func people(_ meeting: MeetingAnswer, _ console: Console) throws {
        if meeting.attendees.isEmpty { return }
        try console.line()
        var table = Table([
            .init(heading: "attendee"), .init(heading: "answer"), .init(heading: "is") { $0.name($1) },
            .init(heading: "by"),
        ])
        for attendee in meeting.attendees {
            let name = [attendee.name, attendee.email].compactMap(\.self).joined(separator: " ")
            let role = attendee.isOrganizer ? " (organises)" : attendee.isOptional ? " (optional)" : ""
            let found =
                attendee.personName ?? (attendee.isOwn ? "you" : attendee.isResource ? "room, thing or list" : "–")
            table.add([
                (name.isEmpty ? "(erased)" : name) + role, attendee.responseWords, found,
                attendee.match.map { rule in "\(rule) \(attendee.confidence ?? 0)" } ?? "–",
            ])
        }
        try console.table(table)
    }

    private static func calendars(_ sightings: [MeetingRequest.Sighting], _ console: Console) throws {
        try console.line()
        var table = Table([.init(heading: "calendar"), .init(heading: "connection"), .init(heading: "there")])
        for sighting in sightings {
            table.add([
                sighting.calendarName ?? "(no name)", sighting.connectionName ?? "(removed)",
                sighting.withdrawn.map { "no: \($0)" } ?? "yes",
            ])
        }
        try console.table(table)
    }
}

extension MeetingAnswer.Attendee {
    var responseWords: String {
        switch response {
        case nil: "–"
        case "needs_action": "no answer yet"
        case "tentative": "perhaps"
        case let said?: said
        }
    }
}
