import Application
import Arguments
import Machine

enum ForgetVerb {
    static let verb: Verb<Act> = Verb(
        "forget", "Erase all that tells about a person or an account, for good.",
        discussion: """
            Every proof of before still holds, and entries say that it was done, by whom and why. It cannot be undone.
            """,
        examples: [
            Example("daybook forget person \"Jane Doe\" --dry-run", "What would be erased, and what names her else?"),
            Example("daybook forget account bob", "With all that belongs to him."),
        ],
        verbs: [person, account])

    private static let reason = Option("reason", .text.named("TEXT"), "Who asked for it and why, for the ledger.")
    private static let certificate = Option(
        "certificate", .file, "Write down what was erased, by counts and positions, for whoever asked for it.")
    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would be erased.")

    // MARK: A person

    private static let name = Positional("PERSON", .text, "A name, a part of it, an address, or an id.")
    private static let titles = Flag(
        "titles", "Also erase title, description and place of meetings and activities that name the person.")

    private static let person: Verb<Act> = Verb(
        "person", "Forget somebody whom you know.",
        discussion: """
            Names, addresses, numbers and notes are erased, and the activities with the person. Calendars that still name \
            the person are read as before, but the addresses are not written down again. Meetings whose title or \
            description names the person are listed, for they are yours as well; --titles erases what they say. \
            A meeting that is changed in its calendar afterwards is written down as it is then: change its title there first.
            """,
        examples: [
            Example("daybook forget person jane@brandt.example --dry-run", "What would be erased?"),
            Example(
                "daybook forget person \"Jane Doe\" --titles --certificate jane.json --reason \"her letter of 3 May\"",
                "All of it, with a certificate."),
        ],
        arguments: [name, titles, reason, certificate, yes, dryRun]
    ) { given, console in
        var request = ForgetPersonRequest(user: console.user, person: given[name])
        (request.erasesTitles, request.note, request.isDryRun) = (given[titles], given[reason], true)
        var forgotten = try console.ask(request)
        let shown = forgotten.person.name ?? given[name]
        if !given[dryRun] {
            let count = forgotten.entries.values.reduce(0, +)
            try Confirmation.require(
                "Erase what \(Amounts.count(count, "entry tells", "entries tell")) about \(shown) for good?",
                isGiven: given[yes], nothing: "nothing was erased")
            (request.isDryRun, request.person) = (false, forgotten.person.person)
            forgotten = try console.ask(request)
            try write(forgotten.certificate, to: given[certificate], console)
        }
        if console.isJSON {
            try console.document("person_forgotten", forgotten)
            return forgotten.mentions.isEmpty ? ExitStatus.ok : ExitStatus.incomplete
        }
        let verb = given[dryRun] ? "would be" : "is"
        try console.line(Visible.text("\(shown) \(verb) forgotten: \(amounts(forgotten.entries))."))
        try console.line(
            "\(Amounts.count(forgotten.addresses, "address", "addresses")) cannot come back; "
                + "\(Amounts.count(forgotten.activities, "activity", "activities")) \(given[dryRun] ? "would be" : "")"
                + "\(given[dryRun] ? " " : "")retracted.")
        for email in forgotten.shared {
            console.note(Visible.text("  → \(email) stays: somebody else has it as well"))
        }
        try show(forgotten.mentions, console)
        show(forgotten.backups, console)
        return forgotten.mentions.isEmpty ? ExitStatus.ok : ExitStatus.incomplete
    }

    private static func show(_ mentions: [ForgetPersonRequest.Forgotten.Mention], _ console: Console) throws {
        if mentions.isEmpty { return }
        try console.line(
            "\(Amounts.count(Int64(mentions.count), "other entry names", "other entries name")) the person:")
        var table = Table([
            .init(heading: "entry", isNumber: true), .init(heading: "type"), .init(heading: "", spare: 1),
        ])
        for mention in mentions { table.add([String(mention.position), mention.type, mention.shown ?? ""]) }
        try console.table(table)
        if mentions.contains(where: \.isTitle) {
            console.note(
                "  → Meetings and activities lose what they say with --titles; the rest with daybook erase POSITION")
        } else {
            console.note("  → If they are about this person: daybook erase POSITION")
        }
    }

    // MARK: An account

    private static let account = Verb<Act>(
        "account", "Forget a user of this home, with all that belongs to them.",
        discussion: """
            Meetings, people, activities, notes and settings of the user lose what is personal in them; their \
            connections are removed and every secret of theirs is destroyed. It takes an administrator.
            """,
        examples: [Example("daybook forget account bob --dry-run", "How much would that be?")],
        arguments: [user, reason, certificate, yes, dryRun]
    ) { given, console in
        var request = ForgetAccountRequest(user: console.user, account: given[user])
        (request.note, request.isDryRun) = (given[reason], true)
        var forgotten = try console.ask(request)
        let shown = forgotten.userName ?? given[user]
        if !given[dryRun] {
            let count = forgotten.entries.values.reduce(0, +)
            try Confirmation.require(
                "Erase all \(Amounts.count(count, "entry", "entries")) of \(shown) for good?", isGiven: given[yes],
                nothing: "nothing was erased")
            (request.isDryRun, request.account) = (false, forgotten.user)
            forgotten = try console.ask(request)
            try write(forgotten.certificate, to: given[certificate], console)
        }
        if console.isJSON {
            try console.document("account_forgotten", forgotten)
            return ExitStatus.ok
        }
        let verb = given[dryRun] ? "would be" : "is"
        try console.line(Visible.text("\(shown) \(verb) forgotten: \(amounts(forgotten.entries))."))
        try console.line(
            "\(Amounts.count(forgotten.connections, "connection", "connections")) and "
                + "\(Amounts.count(forgotten.secrets, "place", "places")) in the vault.")
        show(forgotten.backups, console)
        return ExitStatus.ok
    }

    private static let user = Positional("USER", .text, "The name or the id of the user.")

    // MARK: Both

    private static func amounts(_ entries: [String: Int64]) -> String {
        let count = Amounts.count(entries.values.reduce(0, +), "entry", "entries")
        if entries.isEmpty { return count }
        let parts = entries.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "\(count) (\(parts.joined(separator: ", ")))"
    }

    private static func show(_ backups: [String], _ console: Console) {
        for path in backups {
            console.note("  → This backup still holds it, if it is still there: \(Visible.text(path))")
        }
    }

    private static func write(_ certificate: ErasureCertificate?, to path: String?, _ console: Console) throws {
        guard let certificate, let path else { return }
        try OutputFile.write(try console.documentText("erasure_certificate", certificate), to: path, console)
    }
}
