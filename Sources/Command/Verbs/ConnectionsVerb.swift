import Application
import Arguments

enum ConnectionsVerb {
    static let connection = Positional("CONNECTION", .text, "Its name, a part of it, or the beginning of its id.")
    static let seen = Option(
        "if-version", .integer(in: 1...Int.max).named("VERSION"),
        "Refuse it if the connection was changed since this version, which “connections show” tells.")

    static let verb: Verb<Act> = Verb(
        "connections", "What is connected, and how it goes.",
        examples: [
            Example("daybook connections", "All of them."),
            Example("daybook connections show Work", "One, with all that is set."),
            Example("daybook connections edit Work --auto-log off", "Log nothing from it by itself."),
            Example("daybook connections remove Work", "Read it no more; activities stay."),
        ],
        verbs: [list, show, edit, pause, resume, test, reconnect, remove]
    ) { _, console in try list(console) }

    private static let list: Verb<Act> = Verb(
        "list", "All of them, as “connections” alone does.",
        examples: [Example("daybook connections list --json", "For a program.")]
    ) { _, console in try list(console) }

    private static func list(_ console: Console) throws -> Int32 {
        let answer = try console.ask(ConnectionsRequest(user: console.user))
        if console.isJSON {
            try console.document("connections", answer)
            return ExitStatus.ok
        }
        if answer.connections.isEmpty {
            try console.line("Nothing is connected.")
            console.note(
                "  → daybook connect --help says what can be; daybook people import PATH reads an address book")
            return ExitStatus.ok
        }
        let clock = UserClock(zone: answer.zone)
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "connection"), .init(heading: "holds"), .init(heading: "logs by itself", spare: 1),
            .init(heading: "state") { $1 == "ok" ? $0.good($1) : $0.warning($1) },
            times.column("last success", of: answer.connections.compactMap(\.lastSuccess)),
            .init(heading: "from", spare: 2),
        ])
        for shown in answer.connections {
            table.add([
                shown.name ?? String(shown.connection.prefix(8)), holds(shown), logs(shown, clock), state(shown),
                shown.lastSuccess.map(clock.text) ?? "never", place(shown),
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private static func holds(_ shown: ConnectionsRequest.Shown) -> String {
        if shown.subject == "people" { return Amounts.count(shown.items, "person", "people") }
        if shown.calendars == shown.chosenCalendars { return Amounts.count(shown.calendars, "calendar") }
        return "\(shown.chosenCalendars) of \(Amounts.count(shown.calendars, "calendar"))"
    }

    private static func logs(_ shown: ConnectionsRequest.Shown, _ clock: UserClock) -> String {
        if shown.subject == "people" { return "" }
        guard shown.isAutoLogEnabled else { return "no" }
        return shown.autoLogFrom.map { "from \(clock.day(of: $0))" } ?? "yes"
    }

    private static func place(_ shown: ConnectionsRequest.Shown) -> String {
        shown.path ?? shown.link ?? shown.provider
    }

    static func state(_ shown: ConnectionsRequest.Shown) -> String {
        if shown.needsReconnect { return "reconnect" }
        if shown.isPaused { return "paused" }
        if !shown.isSyncEnabled { return "off" }
        if shown.consecutiveFailures > 0 { return "failed \(Amounts.count(shown.consecutiveFailures, "time"))" }
        return shown.lastSuccess == nil ? "not read yet" : "ok"
    }

    // MARK: One

    private static let show: Verb<Act> = Verb(
        "show", "One connection, with all that is set.",
        examples: [Example("daybook connections show Work", "By its name.")], arguments: [connection]
    ) { given, console in
        let answer = try console.ask(ConnectionsRequest(user: console.user, connection: given[connection]))
        if console.isJSON {
            try console.document("connections", answer)
            return ExitStatus.ok
        }
        for shown in answer.connections {
            try facts(shown, UserClock(zone: answer.zone), console)
            if shown.needsReconnect { console.note("  → daybook connections reconnect \(shown.connection.prefix(8))") }
        }
        return ExitStatus.ok
    }

    private static func facts(_ shown: ConnectionsRequest.Shown, _ clock: UserClock, _ console: Console) throws {
        func time(_ instant: Int64) -> String { "\(clock.text(instant)) \(clock.zoneName(at: instant))" }
        try console.line(console.style.bold(Visible.text(shown.name ?? "")))
        var facts = [("kind", "\(shown.provider), \(shown.subject)"), ("from", place(shown))]
        if let login = shown.login { facts.append(("user name there", login)) }
        if let email = shown.email { facts.append(("your address in it", email)) }
        facts.append(
            (
                "holds",
                shown.subject == "people" ? holds(shown) : "\(holds(shown)), \(Amounts.count(shown.items, "meeting"))"
            ))
        if shown.subject != "people" {
            facts.append(("read", "\(shown.fromDays) days back, \(shown.toDays) days ahead"))
            facts.append(("by itself", shown.isSyncEnabled ? "every \(shown.minutes) minutes" : "not at all"))
            facts.append(("logs by itself", logs(shown, clock)))
            facts.append(("private meetings", shown.keepsPrivate ? "kept in full" : "only that there is one"))
        }
        facts += [
            ("state", state(shown)), ("last success", shown.lastSuccess.map(time) ?? "never"),
            ("connected", time(shown.added)),
        ]
        if let expires = shown.grantExpires { facts.append(("must be connected again by", time(expires))) }
        if let error = shown.lastError { facts.append(("last fault", error)) }
        facts += [("version", String(shown.version)), ("id", shown.connection)]
        try console.facts(facts, indent: "  ")
    }

    // MARK: Pausing and removing

    private static let pause: Verb<Act> = Verb(
        "pause", "Do not read a connection by itself any more.",
        discussion: "“daybook sync --connection” still reads it.",
        examples: [Example("daybook connections pause Work", "For the holidays.")], arguments: [connection, seen]
    ) { given, console in try pause(given, isPaused: true, console) }

    private static let resume: Verb<Act> = Verb(
        "resume", "Read a paused connection by itself again.",
        examples: [Example("daybook connections resume Work", "Back again.")], arguments: [connection, seen]
    ) { given, console in try pause(given, isPaused: false, console) }

    private static func pause(_ given: Given, isPaused: Bool, _ console: Console) throws -> Int32 {
        var request = PauseConnectionRequest(user: console.user, connection: given[connection], isPaused: isPaused)
        request.seenVersion = given[seen].map(Int64.init)
        let changed = try console.ask(request)
        if console.isJSON {
            try console.document("connection", changed)
            return ExitStatus.ok
        }
        let name = Visible.text(changed.connection.name ?? "The connection")
        let state = isPaused ? "paused" : "read by itself"
        try console.line("“\(name)” \(changed.isChanged ? "is \(state) now" : "was \(state) already").")
        return ExitStatus.ok
    }

    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would happen.")

    private static let remove: Verb<Act> = Verb(
        "remove", "Read a connection no more, and let its meetings leave the views.",
        discussion: """
            Activities and notes stay, and so do the people of an address book. Google is told that its grant is over; at \
            Microsoft the owner of the account takes it back. When the same account, \
            feed or path is connected again, its calendars and meetings are the same ones, and nothing is logged a \
            second time.
            """,
        examples: [
            Example("daybook connections remove Work --dry-run", "What would leave the views?"),
            Example("daybook connections remove Work", "Do it."),
        ],
        arguments: [connection, seen, yes, dryRun]
    ) { given, console in
        var request = RemoveConnectionRequest(user: console.user, connection: given[connection])
        request.seenVersion = given[seen].map(Int64.init)
        request.isDryRun = true
        var removed = try console.ask(request)
        let name = Visible.text(removed.connection.name ?? "The connection")
        if !given[dryRun] {
            let what = Amounts.count(removed.meetings, "meeting")
            try Confirmation.require(
                "Remove “\(name)”, with \(what) that leave the views?", isGiven: given[yes],
                nothing: "nothing was removed")
            request.isDryRun = false
            request.connection = removed.connection.connection
            removed = try console.ask(request)
        }
        if console.isJSON {
            try console.document("connection_removed", removed)
            return ExitStatus.ok
        }
        let verb = given[dryRun] ? "would leave" : "left"
        try console.line(given[dryRun] ? "“\(name)” would be removed." : "Removed “\(name)”.")
        if removed.connection.subject == "people" {
            try console.line("Its \(Amounts.count(removed.connection.items, "person", "people")) stay.")
        } else {
            try console.line(
                "\(Amounts.count(removed.meetings, "meeting")) \(verb) the views; "
                    + "\(Amounts.count(removed.activities, "activity", "activities")) and all notes stay.")
        }
        if let grant = removed.grant { try console.line(text(grant)) }
        return ExitStatus.ok
    }

    private static func text(_ grant: GrantEnd) -> String {
        switch grant.state {
        case .revoked: "\(grant.provider) was told that its grant is over."
        case .shared:
            "The grant was left at \(grant.provider), for another connection may be of the same account. Its owner can take "
                + "it back: \(grant.page)"
        case .untold:
            "\(grant.provider) could not be told that the grant is over (\(grant.reason.map(Visible.text) ?? "")). Its owner "
                + "can take it back: \(grant.page)"
        case .byHand: "Only the owner of the account can take the grant back at \(grant.provider): \(grant.page)"
        }
    }
}
