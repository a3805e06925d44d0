import Application
import Arguments
import Machine

enum EraseVerb {
    static let positions = Positional.repeated(
        "POSITION", .integer(in: 1...Int.max), atLeast: 1, "The numbers of the entries.")
    static let reason = Option(
        "reason", .choice(of: EraseRequest.ErasureReasonName.self), default: .request, "Why, for the ledger.")
    static let remark = Option("note", .text.named("TEXT"), "More about it, for the ledger.")
    static let yes = Flag("yes", short: "y", "Do not ask.")
    static let dryRun = Flag("dry-run", short: "n", "Only say what would be erased.")

    static let verb: Verb<Act> = Verb(
        "erase", "Erase what is personal in some entries, for good.",
        discussion: """
            Names, titles, addresses and notes of the entries are gone from the ledger and from the views; every proof \
            still holds, and an entry says that it was done. It cannot be undone. Backups that were made before still \
            hold the bytes, and are named so that you can remove them.
            """,
        examples: [
            Example("daybook erase 17 18 --dry-run", "What would be erased?"),
            Example("daybook erase 17 18 --reason request", "Erase it."),
        ],
        arguments: [positions, reason, remark, yes, dryRun]
    ) { given, console in
        try console.requireAdmin()
        let wanted = given[positions].map(Int64.init)
        if given[dryRun] { return try preview(wanted, console) }
        try confirm(given, wanted.count)
        let erased = try console.ask(
            EraseRequest(positions: wanted, reason: given[reason], note: given[remark]))
        if console.isJSON {
            try console.document("erased", erased)
            return ExitStatus.ok
        }
        if !erased.erasedBefore.isEmpty {
            console.note("Erased before: \(erased.erasedBefore.map(String.init).joined(separator: ", ")).")
        }
        if erased.positions.isEmpty {
            try console.line("There was nothing personal in \(wanted.count == 1 ? "this entry" : "these entries").")
            return ExitStatus.ok
        }
        let list = erased.positions.map(String.init).joined(separator: ", ")
        try console.line("Erased what was personal in \(list). Entry \(erased.recordedAt ?? 0) says so.")
        for path in erased.backups {
            console.note("  → This backup still holds it, if it is still there: \(Visible.text(path))")
        }
        return ExitStatus.ok
    }

    private static func preview(_ positions: [Int64], _ console: Console) throws -> Int32 {
        for position in positions {
            let shown = try console.ask(ShowRequest(position: position))
            if console.isJSON {
                try console.line(EntryText(entry: shown.entry).json)
                continue
            }
            let members = EntryText(entry: shown.entry).members(shown.entry.personal).map(\.name)
            let what = members.isEmpty ? "nothing personal" : members.joined(separator: ", ")
            try console.line("entry \(position)  \(console.style.name(shown.entry.type))  would lose: \(what)")
        }
        return ExitStatus.ok
    }

    private static func confirm(_ given: Given, _ count: Int) throws {
        if given[yes] { return }
        guard Terminal.isTerminal(.input) else {
            throw Refusal(
                .badRequest, "erasing cannot be undone", hint: "Say --yes if you are sure, or look first: --dry-run")
        }
        try Confirmation.require(
            "Erase what is personal in \(count == 1 ? "this entry" : "these \(count) entries") for good?",
            isGiven: false, nothing: "nothing was erased")
    }
}
