import Application
import Arguments
import Machine
import Secrets

/// The tokens with which programs act in a user's name.
enum TokensVerb {
    private static let isOfAll = Flag("all-users", "Those of everybody; this takes an admin.")
    private static let ended = Flag("ended", "Also those that open nothing any more.")

    static let verb: Verb<Act> = Verb(
        "tokens", "Let programs act in your name over HTTP.",
        discussion: """
            A token is shown once, when it is made; only a hash of it is kept. It is sent in the header “Authorization: \
            Bearer”, and never in an address. docs/access.md says what each scope opens.
            """,
        examples: [
            Example("daybook tokens", "Which are there?"),
            Example("daybook tokens issue Dashboard --scope read", "Make one that may read."),
            Example("daybook tokens revoke Dashboard", "End it at once."),
        ],
        verbs: [list, issue, revoke]
    ) { _, console in try show(TokensRequest(user: console.user), console) }

    private static let list: Verb<Act> = Verb(
        "list", "Which tokens there are.",
        examples: [Example("daybook tokens list --ended", "Also those that are over.")],
        arguments: [isOfAll, ended]
    ) { given, console in
        var request = TokensRequest(user: console.user)
        request.isOfAll = given[isOfAll]
        request.withEnded = given[ended]
        return try show(request, console)
    }

    private static func show(_ request: TokensRequest, _ console: Console) throws -> Int32 {
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("tokens", answer)
            return ExitStatus.ok
        }
        if answer.tokens.isEmpty {
            try console.line("There is no token.")
            console.note("  → daybook tokens issue NAME --scope read")
            return ExitStatus.ok
        }
        let times = try console.times()
        var columns: [Table.Column] = [
            .init(heading: "token"), .init(heading: "scopes"),
            times.column("last used", of: answer.tokens.compactMap(\.lastUsed)),
            times.column("ends", of: answer.tokens.compactMap(\.expires)),
            .init(heading: "id", isFixed: true),
        ]
        if request.isOfAll { columns.insert(.init(heading: "user"), at: 0) }
        var table = Table(columns)
        for token in answer.tokens {
            let end = token.isLive ? token.expires.map { times.text($0) } ?? "never" : ending(token)
            let cells = [
                token.name ?? "(erased)", token.scopes.joined(separator: ", "),
                token.lastUsed.map { times.text($0) } ?? "never", end, String(token.token.prefix(8)),
            ]
            table.add((request.isOfAll ? [token.userName ?? token.user] : []) + cells)
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private static func ending(_ token: TokensRequest.Shown) -> String {
        switch token.reason {
        case "leaked": "leaked"
        case "user_removed": "with its user"
        case nil: "over"
        default: "revoked"
        }
    }

    // MARK: Issue

    private static let name = Positional("NAME", .text, "What to call it, as the program that will have it.")
    private static let scopes = Option.repeated(
        "scope", .text.named("SCOPES"), "What it may be used for: read, write, admin, metrics, between commas.")
    private static let days = Option(
        "days", .integer(in: 0...3_650).named("NUMBER"), "After how many days it ends: 365 unless said, 0 is never.")

    /// Nobody remembers a token for longer than that.
    private static let usualDays = 365

    private static let issue: Verb<Act> = Verb(
        "issue", "Make a token, and show it this once.",
        discussion:
            "The token alone goes to standard output, so that it can be led into a file or a keeper of passwords.",
        examples: [
            Example("daybook tokens issue Dashboard --scope read", "May see what you see, for a year."),
            Example("daybook tokens issue Prometheus --scope metrics --days 0", "May read the figures, for ever."),
        ],
        arguments: [name, scopes, days]
    ) { given, console in
        let named = given[scopes].flatMap { $0.split { $0 == "," || $0.isWhitespace }.map(String.init) }
        let wanted = named.isEmpty ? ["read"] : named
        var request = IssueTokenRequest(user: console.user, tokenName: given[name], scopes: wanted)
        let days = given[days] ?? usualDays
        if days > 0 { request.expires = Moment.now() + Int64(days) * 86_400_000 }
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("token", answer)
            return ExitStatus.ok
        }
        try answer.secret.secret.reveal { try console.line($0) }
        let end = try answer.token.expires.map { "until \(try console.times().text($0))" } ?? "until it is revoked"
        console.note(
            "  It opens “\(answer.token.scopes.joined(separator: ", "))” \(end). It is not shown again: keep it now.")
        return ExitStatus.ok
    }

    // MARK: Revoke

    private static let token = Positional("TOKEN", .text, "Its name, its id, or the beginning of the id.")
    private static let leaked = Flag("leaked", "It came into other hands; the ledger says so.")

    private static let revoke: Verb<Act> = Verb(
        "revoke", "End a token at once.",
        examples: [Example("daybook tokens revoke Dashboard", "End it.")],
        arguments: [token, leaked]
    ) { given, console in
        var request = RevokeTokenRequest(user: console.user, token: given[token])
        request.isLeaked = given[leaked]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("token", answer)
            return ExitStatus.ok
        }
        let name = Visible.text(answer.token.name ?? String(answer.token.token.prefix(8)))
        try console.line(answer.isChanged ? "“\(name)” opens nothing any more." : "“\(name)” was revoked already.")
        return ExitStatus.ok
    }
}
