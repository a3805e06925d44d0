import Application
import Arguments

/// Changes a user, or removes one.
extension UsersVerb {
    private static let account = Positional("USER", .text, "The name or the id of the user.")
    private static let newName = Option("name", .text.named("NAME"), "What to call the user.")
    private static let address = Option("email", .text.named("ADDRESS"), "The user's own address.")
    private static let newZone = Option("zone", .text.named("ZONE"), "The time zone in which the user reads times.")
    private static let role = Option(
        "role", .choice(of: ["member", "admin"]), "What the user may do; whoever it changes for is logged out.")

    static let edit: Verb<Act> = Verb(
        "edit", "Change what a user is called or may do.",
        discussion: "The last admin stays one. Users change themselves; others, and roles, take an admin.",
        examples: [
            Example("daybook users edit Grace --zone America/New_York", "Grace has moved."),
            Example("daybook users edit Grace --role admin", "Grace may add users."),
        ],
        arguments: [account, newName, address, newZone, role]
    ) { given, console in
        var request = ChangeUserRequest(user: console.user, account: given[account])
        request.newName = given[newName]
        request.email = given[address]
        request.zone = given[newZone]
        request.role = given[role]
        let changed = try console.ask(request)
        if console.isJSON {
            try console.document("user", changed)
            return ExitStatus.ok
        }
        let name = Visible.text(changed.account.name ?? changed.account.user)
        if changed.changed.isEmpty {
            try console.line("\(name) is like that already; nothing was changed.")
            return ExitStatus.ok
        }
        try console.line("Changed \(name): \(changed.changed.joined(separator: ", ")).")
        if changed.endedSessions > 0 {
            console.note("  Logged out: \(Amounts.count(changed.endedSessions, "session")).")
        }
        return ExitStatus.ok
    }

    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would end.")
    private static let note = Option("note", .text.named("TEXT"), "Why.")

    static let remove: Verb<Act> = Verb(
        "remove", "End that somebody may use this home.",
        discussion: """
            Sessions, tokens, the password and the connections of the user end. What was logged stays; “daybook erase” takes \
            away what is personal. The last admin cannot be removed.
            """,
        examples: [
            Example("daybook users remove Grace --dry-run", "What would end?"),
            Example("daybook users remove Grace --yes", "End it."),
        ],
        arguments: [account, note, yes, dryRun]
    ) { given, console in
        var request = RemoveUserRequest(user: console.user, account: given[account])
        request.note = given[note]
        request.isDryRun = true
        var answer = try console.ask(request)
        if !given[dryRun] {
            try Confirmation.require(
                "Remove \(answer.name ?? answer.user), with \(told(answer))?", isGiven: given[yes],
                nothing: "Nobody was removed.")
            // The one that was looked at, whoever has the name by now.
            request.account = answer.user
            request.isDryRun = false
            answer = try console.ask(request)
        }
        if console.isJSON {
            try console.document("user_removed", answer)
            return ExitStatus.ok
        }
        let name = Visible.text(answer.name ?? answer.user)
        try console.line((answer.isDryRun ? "Would remove " : "Removed ") + "\(name), with \(told(answer)).")
        for grant in answer.grants where grant.state != .revoked {
            console.note("  The grant of \(grant.provider) can be taken back at \(Visible.text(grant.page))")
        }
        return ExitStatus.ok
    }

    private static func told(_ answer: RemoveUserRequest.Removed) -> String {
        let connections = Amounts.count(Int64(answer.connections.count), "connection")
        return
            "\(connections), \(Amounts.count(answer.tokens, "token")) and \(Amounts.count(answer.sessions, "session"))"
    }
}
