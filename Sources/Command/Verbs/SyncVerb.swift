import Application
import Arguments
import Entries

enum SyncVerb {
    private static let all = Flag("all", "For every user of the home.")
    private static let connection = Option(
        "connection", short: "c", .text.named("CONNECTION"), "Only this connection, also when it is paused.")
    private static let full = Flag("full", "Read everything, also where nothing seems to have changed.")
    private static let due = Flag(
        "due", "Only what is due by the frequency of its connection; for a timer that calls often.")
    private static let confirm = Option(
        "confirm", .text.named("CONNECTION"), "Believe a reading that found far too little, and apply it.")
    private static let limit = Option(
        "limit", .integer(in: 0...100_000), "How many meetings are logged at the most; else the setting “limit”.")
    private static let one = Flag("one", "Only the one user whose turn it is, each in turn; for a timer.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would happen.")

    static let verb: Verb<Act> = Verb(
        "sync", "Read what is connected, match people, and log past meetings.",
        discussion: """
            Run it as often as you like: what did not change is not written again, and nothing is logged twice. A \
            calendar that suddenly holds far less than is known of it is suspected; nothing is withdrawn because of \
            it before a second reading, or you with --confirm, says the same.
            """,
        examples: [
            Example("daybook sync", "Everything that is connected."),
            Example("daybook sync --all", "For every user of the home."),
            Example("daybook sync --connection work --full", "One connection, from the beginning."),
            Example("daybook sync --all --due", "Every minute, by a timer: what is due."),
            Example("daybook sync --dry-run", "What would happen?"),
        ],
        arguments: [all, one, connection, full, due, confirm, limit, dryRun],
        exits: [
            ExitCode(ExitStatus.incomplete, "Something could not be read, was suspected, or must be connected again.")
        ]
    ) { given, console in
        if given[one] { return try takeTurn(console) }
        var request = SyncRequest()
        request.user = console.user
        if given[all] { try console.requireAdmin() }
        request.isForAll = given[all]
        request.connection = given[connection]
        request.isFull = given[full]
        request.isDryRun = given[dryRun]
        request.isDueOnly = given[due]
        if request.isDueOnly, request.isFull || request.connection != nil || given[confirm] != nil {
            throw Refusal(
                .badRequest, "--due leaves it to the schedule what is read",
                hint: "Leave out --due to say what is read: it is read at once.")
        }
        request.limit = given[limit].map(Int64.init)
        if let named = given[confirm] {
            let confirmed = try console.ask(ConfirmReadingRequest(user: console.user, connection: named))
            guard confirmed.confirmed > 0 else {
                throw Refusal(
                    .conflict, "no reading of “\(named)” is suspected",
                    hint: "“daybook status” shows how the last readings went.")
            }
            if !console.isJSON {
                console.note("Confirmed: \(Amounts.count(Int64(confirmed.confirmed), "suspected reading")).")
            }
            request.connection = named
        }
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("sync", answer)
        } else {
            try show(answer, console, isDueOnly: request.isDueOnly)
        }
        return status(answer)
    }

    static func status(_ answer: SyncRequest.Answer) -> Int32 {
        let isTroubled = answer.users.contains {
            $0.failure != nil || !$0.troubled.isEmpty || $0.readings.contains(where: \.isTroubled)
        }
        return isTroubled ? ExitStatus.incomplete : ExitStatus.ok
    }

    // MARK: For people

    static func show(_ answer: SyncRequest.Answer, _ console: Console, isDueOnly: Bool = false) throws {
        for round in answer.users { try show(round, answer, console, isDueOnly: isDueOnly) }
        if answer.isDryRun { console.note("Nothing was written: this was a dry run.") }
    }

    private static func show(
        _ round: SyncRequest.UserRound, _ answer: SyncRequest.Answer, _ console: Console, isDueOnly: Bool
    ) throws {
        let style = console.style
        if answer.users.count > 1 { try console.line(style.bold(Visible.text(round.userName ?? round.user))) }
        if let failure = round.failure {
            try console.line("\(style.bad("[ERROR]")) \(Visible.text(failure))")
            return
        }
        if round.readings.isEmpty, isDueOnly {
            try console.line("Nothing is due to be read.")
        } else if round.readings.isEmpty {
            try console.line("Nothing is connected.")
            console.note("  → daybook connect --help says what can be")
        }
        for reading in round.readings { try show(reading, console) }
        let silent = round.troubled.filter { name in !round.readings.contains { $0.connectionName == name } }
        if !silent.isEmpty {
            try console.line(
                "\(style.warning("[WRONG]")) \(silent.map(Visible.text).joined(separator: ", ")): not due, and not as it "
                    + "should be")
            console.note("  → daybook status")
        }
        for name in round.found {
            console.note(
                "  → There is a new calendar; to read it: daybook calendars choose \(Visible.text(ShellWord.text(name)))"
            )
        }
        try summary(round, console)
    }

    private static func show(_ reading: SyncRequest.Reading, _ console: Console) throws {
        let style = console.style
        let name = Visible.text(CalendarName.text(reading.name, of: reading.connectionName))
        let kind = reading.subject == "people" ? " (people)" : ""
        switch reading.outcome {
        case "failed":
            try console.line("\(style.bad("[ERROR]")) \(name)\(kind): \(Visible.text(reading.message ?? "it failed"))")
            if let advice = reading.advice { console.note("  → \(Visible.text(advice))") }
        case "suspected":
            let known = reading.known ?? 0
            let found = reading.found ?? 0
            try console.line(
                "\(style.warning("[SKIP] ")) \(name)\(kind): only \(found) of \(known) known are there, so nothing was "
                    + "applied. Another sync that finds the same applies it.")
            console.note("  → If that is right: daybook sync --confirm \(reading.connection.prefix(8))")
        case "skipped":
            try console.line(
                "\(style.warning("[SKIP] ")) \(name)\(kind): its server refused the credentials the last time.")
            if let advice = reading.advice { console.note("  → \(advice)") }
        case "unchanged":
            try console.line(
                "\(style.good("[OK]   ")) \(name)\(kind): nothing changed (\(Amounts.grouped(reading.unchanged)))")
        default: try console.line("\(style.good("[OK]   ")) \(name)\(kind): \(counts(reading))")
        }
        if reading.quarantined > 0 {
            console.note("  → \(Amounts.count(reading.quarantined, "item")) could not be read: daybook status")
        }
    }

    private static func counts(_ reading: SyncRequest.Reading) -> String {
        var parts: [String] = []
        for (count, word) in [
            (reading.created, "new"), (reading.updated, "changed"), (reading.deleted, "withdrawn"),
            (reading.absent, "missing for the first time"), (reading.quarantined, "unreadable"),
        ] where count > 0 { parts.append("\(Amounts.grouped(count)) \(word)") }
        return parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
    }

    private static func summary(_ round: SyncRequest.UserRound, _ console: Console) throws {
        var facts: [(String, String)] = []
        let unfolded = round.unfolded
        if unfolded.series > 0 {
            var text = "\(Amounts.count(unfolded.series, "series", "series")): \(Amounts.grouped(unfolded.created)) new"
            if unfolded.updated > 0 { text += ", \(Amounts.grouped(unfolded.updated)) changed" }
            if unfolded.deleted > 0 { text += ", \(Amounts.grouped(unfolded.deleted)) withdrawn" }
            facts.append(("occurrences", text))
        }
        let matched = round.matched
        if matched.matched + matched.suggested + matched.unmatched > 0 {
            facts.append(
                (
                    "addresses",
                    "\(Amounts.grouped(matched.matched)) matched, \(Amounts.grouped(matched.suggested)) suggested, "
                        + "\(Amounts.grouped(matched.unmatched)) nobody known"
                ))
        }
        facts.append(("activities", activities(round.logged)))
        try console.facts(facts)
        if matched.suggested > 0 { console.note("  → daybook suggestions") }
        if round.logged.remaining > 0 {
            let meetings = Amounts.count(round.logged.remaining, "meeting")
            console.note("  → \(meetings) left for the next run; all at once: daybook auto-log --all")
        }
    }

    private static func activities(_ logged: SyncRequest.Logged) -> String {
        var parts = ["\(Amounts.grouped(logged.logged)) logged"]
        if logged.amended > 0 { parts.append("\(Amounts.grouped(logged.amended)) amended") }
        if logged.retracted > 0 { parts.append("\(Amounts.grouped(logged.retracted)) retracted") }
        if logged.skipped > 0 { parts.append("nothing to log in \(Amounts.count(logged.skipped, "meeting"))") }
        return parts.joined(separator: ", ")
    }

    private static func takeTurn(_ console: Console) throws -> Int32 {
        let turn = try console.askServer(TakeTurnRequest(user: console.user))
        if console.isJSON {
            try console.document("turn", turn)
        } else {
            let name = Visible.text(turn.userName ?? turn.user ?? "nobody")
            let mark = turn.report.outcome == .failure ? console.style.bad("[ERROR]") : console.style.good("[OK]")
            let counts = "\(turn.report.created) new, \(turn.report.updated) changed, \(turn.report.deleted) withdrawn"
            try console.line("\(mark) \(name): \(turn.report.message.map(Visible.text) ?? counts)")
            console.note("Everybody has a turn within \(turn.minutesForAll) minutes, with a tick of 15 minutes.")
        }
        return turn.report.outcome == .failure ? ExitStatus.incomplete : ExitStatus.ok
    }
}
