import Application
import Arguments

enum PeopleVerb {
    static let person = Positional("PERSON", .text, "A name, a part of it, an address, or the beginning of an id.")
    static let limit = Option("limit", .integer(in: 1...100_000), default: 50, "How many are shown at the most.")
    private static let text = Positional.optional("TEXT", .text, "A part of a name, an organization or an address.")

    static let verb: Verb<Act> = Verb(
        "people", "The people whom you know.",
        examples: [
            Example("daybook people", "Everybody."),
            Example("daybook people list brandt", "Those with this in name, organization or address."),
            Example("daybook people import ~/contacts.vcf", "An address book; it is kept in step from then on."),
            Example("daybook people add \"Jane Doe\" --email jane@brandt.example", "One more."),
        ],
        arguments: [limit], verbs: [list, show, PeopleAddVerb.verb, merge, remove, PeopleImportVerb.verb, export]
    ) { given, console in try list(nil, given[limit], console) }

    private static let list: Verb<Act> = Verb(
        "list", "The people whom you know, or those with a text in them.",
        examples: [Example("daybook people list brandt", "In name, organization or address.")], arguments: [text]
    ) { given, console in try list(given[text], given[limit], console) }

    private static func list(_ text: String?, _ limit: Int, _ console: Console) throws -> Int32 {
        let answer = try console.ask(PeopleRequest(user: console.user, text: text, limit: Int64(limit)))
        if console.isJSON {
            try console.document("people", answer)
            return ExitStatus.ok
        }
        if answer.people.isEmpty {
            try console.line(text.map { Visible.text("You know nobody with “\($0)”.") } ?? "You know nobody yet.")
            if text == nil {
                console.note("  → daybook people import PATH, or daybook people add NAME --email ADDRESS")
            }
            return ExitStatus.ok
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "person"), .init(heading: "address"), .init(heading: "organization", spare: 2),
            .init(heading: "activities", isNumber: true),
            times.column("last met", of: answer.people.compactMap(\.lastMet)), .init(heading: "from", spare: 1),
        ])
        for person in answer.people {
            table.add([
                (person.name ?? "(No name)") + (person.isYou ? " (you)" : ""), addresses(person),
                person.organization ?? "", Amounts.grouped(person.activities), person.lastMet.map(times.text) ?? "",
                source(person),
            ])
        }
        try console.table(table)
        if answer.total > Int64(answer.people.count) {
            console.note("  → \(answer.people.count) of \(Amounts.grouped(answer.total)) are shown; more with --limit")
        }
        return ExitStatus.ok
    }

    private static func addresses(_ person: PeopleRequest.Known) -> String {
        guard let first = person.emails.first else { return "" }
        return person.emails.count == 1 ? first : "\(first) +\(person.emails.count - 1)"
    }

    private static func source(_ person: PeopleRequest.Known) -> String {
        switch person.source {
        case "attendee": "a meeting"
        case "address_book", "import": person.book ?? "an address book"
        default: "by hand"
        }
    }

    private static let show: Verb<Act> = Verb(
        "show", "One person, with all that is known.",
        examples: [Example("daybook people show Jane", "By a part of the name.")], arguments: [person]
    ) { given, console in
        let answer = try console.ask(KnownPersonRequest(user: console.user, person: given[person]))
        if console.isJSON {
            try console.document("person", answer)
        } else {
            try show(answer.person, UserClock(zone: answer.zone), console)
        }
        return ExitStatus.ok
    }

    static func show(_ person: PeopleRequest.Known, _ clock: UserClock, _ console: Console) throws {
        try console.line(console.style.bold(Visible.text(person.name ?? "(No name)")) + (person.isYou ? "  you" : ""))
        var facts = person.emails.enumerated().map { ($0.offset == 0 ? "address" : "", $0.element) }
        if let organization = person.organization { facts.append(("organization", organization)) }
        facts += person.phones.enumerated().map { ($0.offset == 0 ? "telephone" : "", $0.element) }
        if let note = person.note { facts.append(("note", note)) }
        facts += [("from", source(person)), ("activities", Amounts.grouped(person.activities))]
        if let lastMet = person.lastMet {
            facts.append(("last met", "\(clock.text(lastMet)) \(clock.zoneName(at: lastMet))"))
        }
        facts.append(("id", person.person))
        try console.facts(facts, indent: "  ")
    }

    // MARK: Merging and removing

    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would happen.")
    private static let other = Positional("INTO", .text, "The one who is kept.")

    private static let merge: Verb<Act> = Verb(
        "merge", "Say that two people are one.",
        discussion: """
            The second is kept, and gets the addresses and the activities of the first. Where both were logged for one \
            meeting, one activity is left.
            """,
        examples: [
            Example("daybook people merge j.doe@home.example \"Jane Doe\"", "Both are Jane Doe."),
            Example("daybook people merge \"J. Doe\" \"Jane Doe\" --dry-run", "Who would that be?"),
        ],
        arguments: [person, other, yes, dryRun]
    ) { given, console in
        var request = MergePeopleRequest(user: console.user, person: given[person], into: given[other])
        request.isDryRun = true
        var merged = try console.ask(request)
        let (first, kept) = (merged.personName ?? given[person], merged.survivor.name ?? given[other])
        if !given[dryRun] {
            try Confirmation.require(
                "Merge \(first) into \(kept)? It cannot be taken back.", isGiven: given[yes],
                nothing: "nobody was merged")
            (request.isDryRun, request.person, request.survivor) = (false, merged.person, merged.survivor.person)
            merged = try console.ask(request)
        }
        if console.isJSON {
            try console.document("people_merged", merged)
            return ExitStatus.ok
        }
        try console.line(
            Visible.text("\(first) \(given[dryRun] ? "would become" : "is") \(kept)\(given[dryRun] ? "" : " now")."))
        if !given[dryRun] {
            try console.line(Visible.text("Addresses: \(merged.survivor.emails.joined(separator: ", "))"))
        }
        try FollowedText.show(merged.followed, console)
        return ExitStatus.ok
    }

    private static let remove: Verb<Act> = Verb(
        "remove", "Say that you do not keep a person any more.",
        discussion: """
            Activities with the person are retracted, except those that you logged by hand. To erase all that is known, \
            see “daybook erase”.
            """,
        examples: [Example("daybook people remove \"Jane Doe\"", "After a question.")],
        arguments: [person, yes, dryRun]
    ) { given, console in
        var request = RemovePersonRequest(user: console.user, person: given[person])
        request.isDryRun = true
        var removed = try console.ask(request)
        let name = removed.person.name ?? given[person]
        if !given[dryRun] {
            let count = Amounts.count(removed.person.activities, "activity", "activities")
            try Confirmation.require(
                "Remove \(name), who has \(count)?", isGiven: given[yes], nothing: "nobody was removed")
            (request.isDryRun, request.person) = (false, removed.person.person)
            removed = try console.ask(request)
        }
        if console.isJSON {
            try console.document("person_removed", removed)
            return ExitStatus.ok
        }
        try console.line(Visible.text(given[dryRun] ? "\(name) would be removed." : "Removed \(name)."))
        try FollowedText.show(removed.followed, console)
        if let book = removed.person.book {
            console.note(
                Visible.text(
                    "  → “\(book)” still holds \(name): remove the entry there too, or it comes back when it changes."))
        }
        return ExitStatus.ok
    }

    // MARK: Export

    private static let file = Positional("FILE", .file, "The file to write; - is standard output.")
    private static let format = Option(
        "format", .choice(of: PeopleFormat.self), "How it is written; else as the name of the file says, else vcard.")
    private static let raw = Flag(
        "raw", "Without the mark that keeps a spreadsheet from calculating a name that begins like a formula.")

    private static let export: Verb<Act> = Verb(
        "export", "Write the people to a file.",
        examples: [
            Example("daybook people export people.vcf", "For another address book."),
            Example("daybook people export people.csv", "For a spreadsheet."),
        ],
        arguments: [file, format, raw]
    ) { given, console in
        var request = ExportPeopleRequest(
            user: console.user, format: given[format] ?? (given[file].lowercased().hasSuffix(".csv") ? .csv : .vcard))
        request.isRaw = given[raw]
        let export = try console.ask(request)
        try OutputFile.write(export.text, to: given[file], console)
        if given[file] != "-" {
            console.note("Wrote \(Amounts.count(export.people, "person", "people")) to \(given[file]).")
        }
        return ExitStatus.ok
    }
}
