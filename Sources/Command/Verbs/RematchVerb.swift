import Application
import Arguments

enum RematchVerb {
    private static let all = Flag("all", "For every user of the home.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would change.")
    private static let limit = Option(
        "limit", .integer(in: 1...100_000), default: 50, "How many changes are shown at the most.")

    static let verb: Verb<Act> = Verb(
        "rematch", "Decide about every address anew.",
        discussion: """
            Daybook does this by itself where people or settings changed. Say it after a new version, or to see that \
            nothing is left behind. What was decided by hand stays as it is.
            """,
        examples: [
            Example("daybook rematch --dry-run", "What would change?"),
            Example("daybook rematch", "Do it."),
        ],
        arguments: [all, dryRun, limit]
    ) { given, console in
        var request = RematchRequest(user: console.user)
        if given[all] { try console.requireAdmin() }
        request.isForAll = given[all]
        request.isDryRun = given[dryRun]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("rematch", answer)
            return ExitStatus.ok
        }
        for user in answer.users {
            if answer.users.count > 1 { try console.line(console.style.bold(Visible.text(user.userName ?? user.user))) }
            try show(user, given[limit], console)
        }
        if answer.isDryRun { console.note("Nothing was written: this was a dry run.") }
        return ExitStatus.ok
    }

    private static func show(_ user: RematchRequest.UserRematch, _ limit: Int, _ console: Console) throws {
        let looked = "Looked at \(Amounts.count(user.looked, "address", "addresses"))"
        if user.changes.isEmpty { return try console.line("\(looked): nothing changes.") }
        var table = Table([
            .init(heading: "attendee"), .init(heading: "before"), .init(heading: "after"), .init(heading: "by"),
        ])
        for change in user.changes.prefix(limit) {
            table.add([
                change.email ?? change.name ?? "no address", state(change.before, change.personBefore),
                state(change.after, change.person), change.rule.map { FollowedText.rule($0) } ?? "",
            ])
        }
        try console.table(table)
        let after = Dictionary(grouping: user.changes, by: \.after).mapValues(\.count)
        let counts = ["matched", "suggested", "unmatched"].compactMap { word in after[word].map { "\($0) \(word)" } }
        try console.line("\(looked): \(counts.joined(separator: ", ")) now.")
        if user.changes.count > limit {
            console.note("  → \(limit) of \(user.changes.count) are shown; more with --limit")
        }
        if let followed = user.followed { try FollowedText.show(followed, console) }
    }

    private static func state(_ answer: String?, _ person: String?) -> String {
        switch answer {
        case "matched": person ?? "somebody"
        case "suggested": "maybe \(person ?? "somebody")"
        case "unmatched": "nobody known"
        default: "not looked at"
        }
    }
}
