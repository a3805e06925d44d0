import Application
import Arguments

enum PeopleAddVerb {
    private static let name = Positional.optional("NAME", .text, "What the person is called.")
    private static let emails = Option.repeated(
        "email", short: "e", .text.named("ADDRESS"), "An address of the person.")
    private static let organization = Option("organization", .text.named("NAME"), "Where the person works.")
    private static let note = Option("note", .text.named("TEXT"), "What you want to keep in mind.")
    private static let from = Option(
        "from", .text.named("ADDRESS"), "An attendee who is the person; without NAME the name is guessed.")
    private static let to = Option(
        "to", .text.named("PERSON"), "Somebody whom you know already, and who gets the addresses.")

    static let verb: Verb<Act> = Verb(
        "add", "Add a person, or an address to one whom you know.",
        discussion: "Meetings with these addresses are looked at again at once, and logged where they are over.",
        examples: [
            Example("daybook people add \"Jane Doe\" --email jane@brandt.example", "Somebody new."),
            Example("daybook people add --from jane.doe@brandt.example", "An attendee; the name is guessed."),
            Example("daybook people add --from j.doe@home.example --to \"Jane Doe\"", "One more address of Jane's."),
        ],
        arguments: [name, emails, organization, note, from, to]
    ) { given, console in
        var request = AddPersonRequest(user: console.user)
        request.newName = given[name]
        request.emails = given[emails]
        request.organization = given[organization]
        request.note = given[note]
        request.attendee = given[from]
        request.known = given[to]
        let added = try console.ask(request)
        if console.isJSON {
            try console.document("person_added", added)
            return ExitStatus.ok
        }
        let name = added.person.name ?? "(No name)"
        let addresses = added.person.emails.isEmpty ? "without an address" : added.person.emails.joined(separator: ", ")
        try console.line(Visible.text("\(added.wasKnown ? "Changed" : "Added") \(name): \(addresses)"))
        if added.isNameGuessed {
            console.note("  → The name was made from the address. To say it: people add NAME --from ADDRESS")
        }
        if added.namesakes > 0 {
            console.note("  → You know somebody else of that name. If the two are one: daybook people merge")
        }
        try FollowedText.show(added.followed, console)
        return ExitStatus.ok
    }
}

enum PeopleImportVerb {
    private static let path = Positional("PATH", .file, "A .vcf or .csv file, or a folder of .vcf files.")
    private static let title = Option("name", .text.named("NAME"), "What to call the address book.")
    private static let dryRun = Flag("dry-run", short: "n", "Only look, and say what would be taken over.")

    static let verb: Verb<Act> = Verb(
        "import", "Take the people of an address book over, and keep them in step.",
        discussion: """
            Say it again, or “daybook sync”, after the address book has changed: nobody is doubled. Who is missing in it \
            is removed when missing twice in a row; an address book that suddenly holds far too few is not believed at \
            once.
            """,
        examples: [
            Example("daybook people import ~/contacts.vcf", "A file."),
            Example("daybook people import ~/contacts.csv --dry-run", "Who is in it?"),
        ],
        arguments: [path, title, dryRun],
        exits: [ExitCode(ExitStatus.incomplete, "Something could not be read, or was suspected.")]
    ) { given, console in
        var request = ImportPeopleRequest(user: console.user, path: given[path])
        request.newName = given[title]
        request.isDryRun = given[dryRun]
        let answer = try console.ask(request)
        if console.isJSON { try console.document("people_imported", answer) } else { try show(answer, console) }
        return answer.outcome == "read" ? ExitStatus.ok : ExitStatus.incomplete
    }

    private static func show(_ answer: ImportPeopleRequest.Answer, _ console: Console) throws {
        let name = "“\(Visible.text(answer.name))”"
        switch answer.outcome {
        case "suspected":
            try console.line(
                "\(name) holds only \(answer.found ?? 0) of \(answer.known ?? 0) people, so nothing was taken over.")
            console.note("  → If that is right, say it again: the second time it is believed.")
        case "failed": try console.line("\(name) was not read: \(Visible.text(answer.message ?? "it failed"))")
        default: try console.line("\(name): \(counts(answer)).")
        }
        if answer.groups > 0 {
            console.note("  → \(Amounts.count(answer.groups, "group")) passed over: a list is nobody.")
        }
        for passed in answer.passedOver {
            console.note("  → \(Amounts.grouped(passed.count)) passed over: \(Visible.text(passed.reason))")
        }
        try FollowedText.show(answer.followed, console)
        if answer.isDryRun { console.note("Nothing was written: this was a dry run.") }
    }

    private static func counts(_ answer: ImportPeopleRequest.Answer) -> String {
        var parts: [String] = []
        for (count, word) in [
            (answer.created, "new"), (answer.changed, "changed"), (answer.gone, "gone"),
            (answer.absent, "missing for the first time"), (answer.unchanged, "as before"),
        ] where count > 0 { parts.append("\(Amounts.grouped(count)) \(word)") }
        return parts.joined(separator: ", ")
    }
}
