import Application
import Arguments

/// Connects calendars that lie in files.
enum ConnectFilesVerb {
    private static let path = Positional("PATH", .file, "An .ics file, or a folder that holds such files.")
    private static let dryRun = Flag("dry-run", short: "n", "Only look, and say what would be connected.")

    static let verb: Verb<Act> = Verb(
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
        arguments: [path] + ConnectTerms.all + [dryRun], exits: ConnectExits.files
    ) { given, console in
        var request = ConnectFilesRequest(path: given[path])
        request.user = console.user
        request.terms = ConnectTerms.read(given)
        request.isDryRun = given[dryRun]
        let connected = try console.ask(request)
        let isRead = !given[dryRun] && !given[ConnectTerms.noSync]
        return try FirstSync.run(connected, isRead ? connected.connection : nil, console) {
            try show(connected, given, console)
        }
    }

    private static func show(
        _ connected: ConnectFilesRequest.Connected, _ given: Given, _ console: Console
    ) throws {
        let count = Amounts.count(Int64(connected.calendars.count), "calendar")
        let name = Visible.text(connected.name)
        if connected.wasConnected {
            let email = connected.isEmailChanged ? " Your address in it is the new one from now on." : ""
            try console.line("These files are connected already, as “\(name)”: \(count).\(email)")
            ConnectTerms.tell(notApplied: connected.notApplied, of: connected.connection, console)
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
