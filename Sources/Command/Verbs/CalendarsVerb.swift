import Application
import Arguments

enum CalendarsVerb {
    private static let connection = Option(
        "connection", short: "c", .text.named("CONNECTION"), "Only the calendars of this connection.")
    private static let calendars = Positional.repeated(
        "CALENDAR", .text, atLeast: 1, "Names, parts of names, or the beginnings of ids.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would happen.")

    static let verb: Verb<Act> = Verb(
        "calendars", "The calendars of your connections, and which are read.",
        examples: [
            Example("daybook calendars", "All of them."),
            Example("daybook calendars drop Birthdays", "Read that one no more."),
            Example("daybook calendars choose Team Travel", "Read these two."),
        ],
        arguments: [connection], verbs: [list, choose, drop]
    ) { given, console in try list(given[connection], console) }

    private static let list: Verb<Act> = Verb(
        "list", "All of them, as “calendars” alone does.",
        examples: [Example("daybook calendars list --connection Work", "Those of one connection.")]
    ) { given, console in try list(given[connection], console) }

    private static func list(_ connection: String?, _ console: Console) throws -> Int32 {
        let answer = try console.ask(CalendarsRequest(user: console.user, connection: connection))
        if console.isJSON {
            try console.document("calendars", answer)
            return ExitStatus.ok
        }
        if answer.calendars.isEmpty {
            try console.line("There is no calendar.")
            console.note("  → daybook connect ics PATH")
            return ExitStatus.ok
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "calendar"), .init(heading: "of"),
            .init(heading: "read") { $1 == "yes" ? $0.good($1) : $0.dim($1) },
            .init(heading: "meetings", isNumber: true),
            times.column("last read", of: answer.calendars.compactMap(\.lastSuccess), spare: 1),
            .init(heading: "id", isFixed: true),
        ])
        for shown in answer.calendars {
            table.add([
                shown.name ?? "(No name)", shown.connectionName ?? "", shown.isChosen ? "yes" : "no",
                Amounts.grouped(shown.meetings), shown.lastSuccess.map(times.text) ?? "never",
                String(shown.calendar.prefix(8)),
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private static let choose: Verb<Act> = Verb(
        "choose", "Read calendars.",
        examples: [Example("daybook calendars choose Team Travel", "These two.")], arguments: [calendars]
    ) { given, console in try choose(given[calendars], true, isDryRun: false, console) }

    private static let drop: Verb<Act> = Verb(
        "drop", "Read calendars no more.",
        discussion: """
            Their meetings leave the views, unless another calendar that you read holds them too. Activities and notes \
            stay.
            """,
        examples: [
            Example("daybook calendars drop Birthdays --dry-run", "How many meetings would leave?"),
            Example("daybook calendars drop Birthdays", "Do it."),
        ],
        arguments: [calendars, dryRun]
    ) { given, console in try choose(given[calendars], false, isDryRun: given[dryRun], console) }

    private static func choose(_ calendars: [String], _ isChosen: Bool, isDryRun: Bool, _ console: Console) throws
        -> Int32
    {
        var request = ChooseCalendarsRequest(user: console.user, calendars: calendars, isChosen: isChosen)
        request.isDryRun = isDryRun
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("calendars_chosen", answer)
            return ExitStatus.ok
        }
        for calendar in answer.calendars {
            let name = "“\(Visible.text(calendar.name ?? "(No name)"))”"
            if !calendar.isChanged {
                try console.line("\(name) \(isChosen ? "is read already" : "is not read anyway").")
            } else if isChosen {
                try console.line("\(name) is read from now on.")
            } else {
                let meetings = Amounts.count(calendar.meetings, "meeting")
                try console.line(
                    isDryRun
                        ? "\(name): \(meetings) would leave the views."
                        : "\(name) is not read any more: \(meetings) left the views.")
            }
        }
        if isChosen, answer.calendars.contains(where: \.isChanged) { console.note("  → daybook sync") }
        if isDryRun { console.note("Nothing was written: this was a dry run.") }
        return ExitStatus.ok
    }
}
