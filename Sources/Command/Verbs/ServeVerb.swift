import Application
import Arguments
import Machine
import Service

enum ServeVerb {
    private static let log = Option(
        "log", .choice(of: Journal.Form.self), "How it writes about its work: text on a terminal, else json.")

    private static let one = Flag(
        "one", "Read one user at a tick of fifteen minutes, each in turn, instead of each connection at its own time.")

    static let verb: Verb<Act> = Verb(
        "serve", "Read, match and log by itself, until it is stopped.",
        discussion: """
            One service owns the home. All other verbs work while it runs: they ask it over a socket in the home. It \
            stops cleanly on SIGTERM or Ctrl-C; what it was doing is found due at the next start. It says on standard \
            error what it does, without names, addresses and titles.
            """,
        examples: [
            Example("daybook serve", "On a terminal, to look on."),
            Example("daybook serve --log json", "For a collector of logs."),
        ],
        arguments: [log, one]
    ) { given, console in
        let form = given[log] ?? (Terminal.isTerminal(.error) ? .text : .json)
        var home = console.options
        home.purpose = "daybook serve"
        var options = Service.Options(journal: Journal(form, now: home.now))
        options.isInTurn = given[one]
        try Service(console.folder, home, options).run()
        return ExitStatus.ok
    }
}
