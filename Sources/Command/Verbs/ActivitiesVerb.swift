import Application
import Arguments
import Entries

enum ActivitiesVerb {
    private static let person = Option("person", short: "p", .text.named("NAME"), "With whom.")
    private static let since = Option("since", .text.named("WHEN"), "Only what took place then or later.")
    private static let until = Option(
        "until", .text.named("WHEN"), "Only up to then; a day is meant with all its hours.")
    private static let retracted = Flag("retracted", "Also those that do not hold any more.")
    private static let limit = Option(
        "limit", .integer(in: 1...1_000_000), "The newest so many; 50 unless said, with --csv all.")
    private static let csv = Flag("csv", "As a table for a spreadsheet, with all columns.")
    private static let raw = Flag(
        "raw", "With --csv: leave cells as they are that a spreadsheet would run as a formula.")

    static let verb: Verb<Act> = Verb(
        "activities", "Show with whom you were in contact, the newest first.",
        examples: [
            Example("daybook activities --person ada", "The timeline with Ada."),
            Example("daybook activities --since 2026-01-01 --csv > activities.csv", "For a spreadsheet."),
            Example("daybook activities add --person ada --kind call --title \"About the fair\"", "A call just now."),
        ],
        arguments: [person, since, until, retracted, limit, csv, raw], verbs: [show, edit, retract, add]
    ) { given, console in
        var request = ActivitiesRequest()
        request.user = console.user
        request.person = given[person]
        request.since = given[since]
        request.until = given[until]
        request.withRetracted = given[retracted]
        request.limit = given[limit].map(Int64.init) ?? (given[csv] ? nil : request.limit)
        let page = try console.ask(request)
        if console.isJSON {
            try console.document("activities", page)
        } else if given[csv] {
            try console.write(ActivityTable.csv(page.activities, isRaw: given[raw]))
        } else if page.activities.isEmpty {
            console.note("No activity fits.")
        } else {
            try console.table(ActivityAnswer.table(page.activities, UserTimes(page.zone)))
            if page.count > Int64(page.activities.count) {
                console.note("\(page.activities.count) of \(page.count) activities; more with --limit.")
            }
        }
        return ExitStatus.ok
    }

    // MARK: One

    private static let activity = Positional("ACTIVITY", .text, "The beginning of the id, or the title.")

    private static let show: Verb<Act> = Verb(
        "show", "Show one activity, and what became of it.",
        examples: [Example("daybook activities show 4k2m9d0q", "The activity with this id.")], arguments: [activity]
    ) { given, console in
        let shown = try console.ask(ActivityRequest(user: console.user, activity: given[activity]))
        if console.isJSON { try console.document("activity", shown) } else { try show(shown, console) }
        return ExitStatus.ok
    }

    private static func show(_ shown: ActivityRequest.Shown, _ console: Console) throws {
        let times = UserTimes(shown.userZone)
        let activity = shown.activity
        try console.line(console.style.bold(Visible.text(activity.displayTitle)))
        var facts = [
            ("with", activity.personName ?? "(no name)"), ("what", activity.kind),
            ("when", activity.occurred.map(times.textWithZone) ?? "no time"),
        ]
        if let minutes = activity.durationMinutes { facts.append(("how long", "\(minutes) minutes")) }
        if !activity.participants.isEmpty {
            facts.append(("also there", activity.participants.joined(separator: ", ")))
        }
        for (name, value) in [
            ("place", activity.location), ("link", activity.meetingURL), ("note", activity.note),
            ("about", activity.description),
        ] {
            if let value, !value.isEmpty { facts.append((name, value)) }
        }
        facts.append(("by", activity.origin))
        if !activity.edited.isEmpty { facts.append(("edited by hand", activity.edited.joined(separator: ", "))) }
        facts.append(("id", activity.activity))
        try console.facts(facts, indent: "  ")
        try console.line()
        var table = Table([
            .init(heading: "#", isNumber: true), times.column("recorded", of: shown.history.map(\.at)),
            .init(heading: "what") { $0.name($1) }, .init(heading: "because of", isNumber: true),
            .init(heading: "by", spare: 1),
        ])
        for step in shown.history {
            table.add([
                String(step.position), times.text(step.at), step.type + (step.reason.map { " (\($0))" } ?? ""),
                step.cause.map(String.init) ?? "–", step.actor,
            ])
        }
        try console.table(table)
    }

    // MARK: Writing

    private static let title = Option("title", .text, "What it is called.")
    private static let notes = Option("notes", .text, "What you want to remember of it.")
    private static let about = Option("description", .text, "What is said about it.")
    private static let occurred = Option(
        "occurred", .text.named("WHEN"), "When it began, as in “2026-03-01 09:30” in your zone, or 2h (ago).")
    private static let duration = Option(
        "duration", .integer(in: 0...44_640).named("MINUTES"), "How long it lasted, in minutes.")
    private static let location = Option("location", .text, "Where it took place.")
    private static let link = Option("link", .text, "The link under which it took place.")
    private static let kind = Option("kind", .choice(of: ActivityKind.self), "What kind of contact it was.")
    private static let with = Option.repeated("with", .text.named("NAME"), "Who else took part.")
    private static let remark = Option("note", .text, "Why, for the ledger.")
    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would be retracted.")

    private static let details: [any Handle] = [title, notes, about, occurred, duration, location, link, kind]

    private static func changes(_ given: Given) -> ActivityChanges {
        var changes = ActivityChanges()
        changes.title = given[title]
        changes.notes = given[notes]
        changes.description = given[about]
        changes.occurred = given[occurred]
        changes.minutes = given[duration].map(Int64.init)
        changes.location = given[location]
        changes.link = given[link]
        changes.kind = given[kind]?.rawValue
        return changes
    }

    private static let edit: Verb<Act> = Verb(
        "edit", "Change an activity; the calendar does not change this any more.",
        discussion: "An empty text empties a field, as in --location \"\".",
        examples: [Example("daybook activities edit 4k2m9d0q --title Lunch --duration 90", "It was a lunch.")],
        arguments: [activity] + details
    ) { given, console in
        var request = EditActivityRequest(user: console.user, activity: given[activity])
        request.changes = changes(given)
        let edited = try console.ask(request)
        if console.isJSON {
            try console.document("activity_edited", edited)
        } else if edited.changed.isEmpty {
            try console.line("Nothing had to be changed: it is so already.")
        } else {
            let fields = edited.changed.joined(separator: ", ")
            try console.line("Changed “\(Visible.text(edited.activity.displayTitle))”: \(fields).")
        }
        return ExitStatus.ok
    }

    private static let retract: Verb<Act> = Verb(
        "retract", "Say that an activity does not hold. This is final.",
        discussion: "It keeps its place in the ledger, with the reason, and no calendar and no rule brings it back.",
        examples: [Example("daybook activities retract 4k2m9d0q --note \"We did not meet\"", "It never took place.")],
        arguments: [activity, remark, yes, dryRun]
    ) { given, console in
        var request = RetractActivityRequest(user: console.user, activity: given[activity])
        request.note = given[remark]
        if !given[yes] {
            request.isDryRun = true
            let found = try console.ask(request)
            if given[dryRun] { return try would(found, console) }
            let title = found.activity.displayTitle
            let name = found.activity.personName ?? "(no name)"
            try Confirmation.require(
                "Retract “\(title)” with \(name) for good?", isGiven: false, nothing: "nothing was retracted")
            request.isDryRun = false
        }
        let retracted = try console.ask(request)
        if console.isJSON {
            try console.document("activity_retracted", retracted)
        } else {
            let activity = retracted.activity
            try console.line(
                "Retracted “\(Visible.text(activity.displayTitle))” with \(Visible.text(activity.personName ?? "(no name)"))."
            )
        }
        return ExitStatus.ok
    }

    private static func would(_ found: ActivityRequest.Shown, _ console: Console) throws -> Int32 {
        if console.isJSON {
            try console.document("activity_retracted", found)
        } else {
            try console.line("Would retract “\(Visible.text(found.activity.displayTitle))”.")
            console.note("Nothing was written: this was a dry run.")
        }
        return ExitStatus.ok
    }

    private static let add: Verb<Act> = Verb(
        "add", "Write down a contact that no calendar knows of.",
        examples: [
            Example(
                "daybook activities add --person ada --kind call --occurred 2h --title \"About the fair\"",
                "A call two hours ago.")
        ],
        arguments: details + [with]
    ) { given, console in
        guard let name = given[person] else {
            throw Refusal(.badRequest, "nobody was named", hint: "Say with whom it was: --person NAME")
        }
        var request = AddActivityRequest(user: console.user, person: name)
        request.details = changes(given)
        request.with = given[with]
        let added = try console.ask(request)
        if console.isJSON { try console.document("activity", added) } else { try show(added, console) }
        return ExitStatus.ok
    }
}
