import Application
import Arguments
import Machine
import Service

enum ServeVerb {
    private static let log = Option(
        "log", .choice(of: Journal.Form.self), "How it writes about its work: text on a terminal, else json.")

    private static let one = Flag(
        "one", "Read one user at a tick of fifteen minutes, each in turn, instead of each connection at its own time.")

    private static let place = ValueKind<ListeningPlace>("ADDRESS:PORT", write: \.description) {
        (text, _) throws(ArgumentError) in
        guard let place = ListeningPlace(text) else {
            throw .wants(
                "an address of this machine and a port", not: text, hint: "As in: 127.0.0.1:7460 or [::1]:7460")
        }
        return place
    }

    private static let listen = Option("listen", place, default: .usual, "Where it is asked over HTTP.")

    private static let host = Option.repeated(
        "host", .text.named("NAME"), "A name under which it is asked over HTTP, as behind a proxy.")

    private static let noHTTP = Flag("no-http", "It is asked over its socket alone, by this command.")

    private static let beginAfter = Option(
        "begin-after", .integer(in: 0...600_000), "Milliseconds in which it does nothing by itself at first.",
        isHidden: true)

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
        arguments: [listen, host, noHTTP, log, one, beginAfter]
    ) { given, console in
        let form = given[log] ?? (Terminal.isTerminal(.error) ? .text : .json)
        var home = console.options
        home.purpose = "daybook serve"
        var options = Service.Options(journal: Journal(form, now: home.now))
        options.isInTurn = given[one]
        options.hosts = given[host]
        if let pause = given[beginAfter] { options.pauseAtStart = Int64(pause) }
        options.place = given[noHTTP] ? nil : given[listen]
        try Service(console.folder, home, options).run()
        return ExitStatus.ok
    }
}
