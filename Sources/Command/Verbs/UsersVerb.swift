import Application
import Arguments

enum UsersVerb {
    private static let name = Positional("NAME", .text, "What the user is called.")
    private static let zone = Option(
        "zone", .text.named("ZONE"), "The time zone in which the user reads times, as Europe/Berlin.")
    private static let email = Option("email", .text.named("ADDRESS"), "The user's own address.")
    private static let admin = Flag("admin", "The user may add users, and change settings for everybody.")

    static let verb: Verb<Act> = Verb(
        "users", "Who uses this home.",
        discussion: """
            Each sees only what is theirs: connections, meetings, people and activities. Whoever has a password can log in \
            over HTTP.
            """,
        examples: [
            Example("daybook users", "Who are they?"),
            Example("daybook users add Grace --zone Europe/London", "Grace as well."),
            Example("daybook users password Grace", "Let Grace log in."),
            Example("daybook --user Grace connections", "What did Grace connect?"),
        ],
        verbs: [add, edit, UsersPasswordVerb.verb, remove]
    ) { _, console in
        let answer = try console.ask(UsersRequest(user: console.user))
        if console.isJSON {
            try console.document("users", answer)
            return ExitStatus.ok
        }
        var table = Table([
            .init(heading: "user"), .init(heading: "role"), .init(heading: "time zone"), .init(heading: "password"),
            .init(heading: "id", isFixed: true),
            .init(heading: ""),
        ])
        for user in answer.users {
            table.add([
                user.name ?? "(erased)", user.role, user.zone ?? "that of the machine",
                user.hasPassword ? "set" : "none", String(user.user.prefix(8)),
                user.isYou ? "you" : "",
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private static let add: Verb<Act> = Verb(
        "add", "Let somebody else use this home.",
        discussion: "The user is named with --user, or with the variable DAYBOOK_USER.",
        examples: [Example("daybook users add Grace --zone Europe/London --email grace@brandt.example", "Grace.")],
        arguments: [name, zone, email, admin]
    ) { given, console in
        var request = AddUserRequest(user: console.user, newName: given[name])
        request.zone = given[zone]
        request.email = given[email]
        request.isAdmin = given[admin]
        let user = try console.ask(request)
        if console.isJSON {
            try console.document("user", user)
            return ExitStatus.ok
        }
        let name = Visible.text(user.name ?? "")
        try console.line("Added \(name), \(user.role == "admin" ? "an admin" : "a member").")
        console.note("  → daybook --user \(Visible.text(ShellWord.text(user.name ?? user.user))) connect ics PATH")
        return ExitStatus.ok
    }
}
