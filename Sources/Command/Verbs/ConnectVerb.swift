import Application
import Arguments
import Machine

/// Connects calendars; each kind of source is a verb below.
enum ConnectVerb {
    static let verb: Verb<Act> = Verb(
        "connect", "Connect calendars.",
        discussion: "Daybook only reads. It never writes to a calendar, and never invites or tells anybody.",
        examples: [Example("daybook connect ics ~/work.ics", "A calendar that lies in a file.")], verbs: [files])

    private static let path = Positional("PATH", .file, "An .ics file, or a folder that holds such files.")
    private static let title = Option("name", .text.named("NAME"), "What to call the connection.")
    private static let email = Option(
        "email", .text.named("ADDRESS"), "Your own address in these calendars: it tells your answers apart.")
    private static let fromDays = Option(
        "from-days", .integer(in: 0...365), default: 90, "How many days back are read.")
    private static let toDays = Option("to-days", .integer(in: 0...365), default: 30, "How many days ahead are read.")
    private static let noAutoLog = Flag("no-auto-log", "Log nothing by itself; “daybook log-meeting” does it by hand.")
    private static let onlyLater = Flag("only-later", "Log meetings by itself that end from now on, no past ones.")
    private static let keepPrivate = Flag(
        "keep-private", "Keep titles and attendees of private meetings; else only that there is one.")
    private static let noSync = Flag("no-sync", "Only connect; the next “daybook sync” reads it.")
    private static let dryRun = Flag("dry-run", short: "n", "Only look, and say what would be connected.")

    private static let files: Verb<Act> = Verb(
        "ics", "Connect a calendar that lies in a file, or the calendars of a folder.",
        discussion: """
            A file is one calendar. A folder whose files hold one event each is one calendar too; otherwise each file in \
            it is one, and each folder in it that holds such files. Files are read again when they change, and what \
            is not in them any more is withdrawn when it is missing twice in a row.
            """,
        examples: [
            Example("daybook connect ics ~/work.ics", "One calendar."),
            Example("daybook connect ics ~/calendars --email ada@brandt.example", "All calendars of a folder."),
            Example("daybook connect ics ~/work.ics --dry-run", "What is in it?"),
        ],
        arguments: [path, title, email, fromDays, toDays, noAutoLog, onlyLater, keepPrivate, noSync, dryRun]
    ) { given, console in
        var request = ConnectFilesRequest(path: given[path])
        request.user = console.user
        request.name = given[title]
        request.email = given[email]
        request.fromDays = Int64(given[fromDays])
        request.toDays = Int64(given[toDays])
        request.isAutoLogEnabled = !given[noAutoLog]
        request.logsOnlyLater = given[onlyLater]
        request.keepsPrivate = given[keepPrivate]
        request.isDryRun = given[dryRun]
        let connected = try console.ask(request)
        if console.isJSON { try console.document("connected", connected) } else { try show(connected, given, console) }
        if given[dryRun] || given[noSync] { return ExitStatus.ok }
        var sync = SyncRequest()
        sync.user = console.user
        sync.connection = connected.connection
        let status = try SyncVerb.run(sync, console)
        if !console.isJSON, try console.ask(OwnAddressesRequest(user: console.user)).addresses.isEmpty {
            console.note(
                "  → Daybook does not know which address is yours, so it cannot tell what you declined: "
                    + "daybook own-address add ADDRESS")
        }
        return status
    }

    private static func show(
        _ connected: ConnectFilesRequest.Connected, _ given: Given, _ console: Console
    ) throws {
        let count = Amounts.count(Int64(connected.calendars.count), "calendar")
        let name = Visible.text(connected.name)
        if connected.wasConnected {
            try console.line("“\(name)” was connected before: \(count). Nothing was connected twice.")
        } else if given[dryRun] {
            try console.line("“\(name)” would be connected: \(count).")
        } else {
            try console.line("Connected “\(name)”: \(count).")
        }
        var table = Table([
            .init(heading: "calendar"), .init(heading: "events", isNumber: true), .init(heading: "path"),
        ])
        for calendar in connected.calendars {
            table.add([calendar.name, String(calendar.events), calendar.path])
        }
        try console.table(table)
    }
}
