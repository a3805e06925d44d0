import Application
import Arguments

/// Changes how a connection is read and logged.
extension ConnectionsVerb {
    private static let title = Option("name", .text.named("NAME"), "What to call it.")
    private static let email = Option("email", .text.named("ADDRESS"), "Your own address in these calendars.")
    private static let fromDays = Option("from-days", .integer(in: 0...365), "How many days back are read.")
    private static let toDays = Option("to-days", .integer(in: 0...365), "How many days ahead are read.")
    private static let minutes = Option(
        "every", .integer(in: 5...1_440).named("MINUTES"), "How often it is read by itself.")
    private static let reading = Option(
        "sync", .choice(of: ["on", "off"]), "Whether it is read by itself at all.")
    private static let autoLog = Option(
        "auto-log", .choice(of: ["on", "off"]), "Whether past meetings are logged by themselves.")
    private static let backfill = Flag("backfill", "Log also what ended before now; else only what ends later.")
    private static let keeping = Option(
        "private", .choice(of: ["full", "busy"]), "What is kept of private meetings: all, or only that there is one.")

    static let edit: Verb<Act> = Verb(
        "edit", "Change how a connection is read and logged.",
        discussion:
            "Logging that is switched on again begins with meetings that end from now on, unless you say --backfill.",
        examples: [
            Example("daybook connections edit Work --name Office", "Another name."),
            Example("daybook connections edit Work --auto-log on --backfill", "Log the past meetings too."),
            Example("daybook connections edit Work --from-days 365", "Read a year back."),
        ],
        arguments: [
            connection, title, email, fromDays, toDays, minutes, reading, autoLog, backfill, keeping, seen,
        ]
    ) { given, console in
        var request = ChangeConnectionRequest(user: console.user, connection: given[connection])
        request.newName = given[title]
        request.email = given[email]
        request.fromDays = given[fromDays].map(Int64.init)
        request.toDays = given[toDays].map(Int64.init)
        request.minutes = given[minutes].map(Int64.init)
        request.isSyncEnabled = given[reading].map { $0 == "on" }
        request.isAutoLogEnabled = given[autoLog].map { $0 == "on" }
        request.isBackfill = given[backfill]
        request.keepsPrivate = given[keeping].map { $0 == "full" }
        request.seenVersion = given[seen].map(Int64.init)
        let changed = try console.ask(request)
        if console.isJSON {
            try console.document("connection", changed)
            return ExitStatus.ok
        }
        let name = Visible.text(changed.connection.name ?? "The connection")
        if changed.changed.isEmpty {
            try console.line("“\(name)” is like that already; nothing was changed.")
            return ExitStatus.ok
        }
        let fields = changed.changed.map { $0.split(separator: "_").joined(separator: "-") }
        try console.line("Changed “\(name)”: \(fields.joined(separator: ", ")).")
        try FollowedText.show(changed.followed, console)
        if !Set(changed.changed).isDisjoint(with: ["from_days", "to_days", "private", "email"]) {
            let id = changed.connection.connection.prefix(8)
            console.note("  → The next sync reads it that way: daybook sync --connection \(id) --full")
        }
        return ExitStatus.ok
    }
}
