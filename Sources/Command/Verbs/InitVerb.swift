import Application
import Arguments
import Machine

enum InitVerb {
    static let userName = Option("name", .text.named("NAME"), "What the first user is called; else the login name.")
    static let zone = Option("zone", .text.named("ZONE"), "The user's time zone, as Europe/Lisbon.")

    static let verb: Verb<Act> = Verb(
        "init", "Make a home: a folder with a ledger, its key and its first user.",
        discussion: """
            The folder is the one that --home or DAYBOOK_HOME names, else the daybook folder of your data folder. What \
            is there already is never replaced.

            Two things should leave this machine: a copy of master.key, without which no backup can be read, and from \
            time to time a checkpoint, which proves later that nothing was taken out or altered.
            """,
        examples: [
            Example("daybook init", "A home in the usual place."),
            Example("daybook init --home ~/meetings --name \"Ada Brandt\"", "One elsewhere, for Ada."),
        ],
        arguments: [userName, zone]
    ) { given, console in
        let name = given[userName] ?? ThisProcess.variable("USER") ?? "me"
        guard !name.allSatisfy(\.isWhitespace) else {
            throw Refusal(.badRequest, "a user must have a name", hint: "daybook init --name \"Ada Brandt\"")
        }
        let home = try NewHome.create(
            console.folder, userName: name, zone: given[zone] ?? ThisProcess.variable("TZ"), console.options)
        if console.isJSON {
            try console.document("home", home)
            return ExitStatus.ok
        }
        try console.line("Made a home in \(Visible.text(home.path)) for \(Visible.text(home.userName)).")
        try console.line()
        try console.facts([
            ("ledger", home.origin), ("verifier key", home.verifierKey), ("master key", home.path + "/master.key"),
        ])
        console.note(
            """

            Keep a copy of the master key and of the verifier key elsewhere. Then:
              daybook people import FILE        the people whom you know (vCard or CSV)
              daybook connect caldav ADDRESS    calendars of a server, as of Nextcloud
              daybook connect google            calendars of Google; or microsoft
              daybook connect feed              a calendar that is published
              daybook connect ics PATH          a calendar in a file; --email tells yours
              daybook doctor                    is everything in order?
              daybook help                      everything else
            """)
        return ExitStatus.ok
    }
}
