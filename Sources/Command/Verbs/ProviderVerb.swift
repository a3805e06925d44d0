import Application
import Arguments
import Machine

/// The clients that were registered with Google and Microsoft.
enum ProviderVerb {
    private static let provider = Positional("PROVIDER", .choice(of: ["google", "microsoft"]), "Which one.")
    private static let clientID = Option("client-id", .text.named("ID"), "The id of the client.")
    private static let secretFile = Option(
        "client-secret-file", .file, "A file with its secret, or the JSON that Google offers to download.")
    private static let tenant = Option(
        "tenant", .text.named("TENANT"), "Of Microsoft: whose accounts may connect; else everybody's.")
    private static let base = Option(
        "base-url", .text.named("URL"), "Where its interface lies, if not at the usual place: a national cloud.")

    static let verb: Verb<Act> = Verb(
        "provider", "The clients that you registered with Google and Microsoft.",
        discussion: """
            To read calendars of Google or Microsoft, Daybook must be known to them as a client. You register one that is \
            yours alone, so nobody stands between you and your calendars. docs/providers.md says how, step by step.
            """,
        examples: [
            Example("daybook provider", "Which clients are known."),
            Example(
                "daybook provider set google --client-id 123.apps.example --client-secret-file client.json", "Tell one."
            ),
        ],
        verbs: [set, remove]
    ) { _, console in
        let answer = try console.ask(ProvidersRequest(user: console.user))
        if console.isJSON {
            try console.document("providers", answer)
            return ExitStatus.ok
        }
        if answer.providers.isEmpty {
            try console.line("No client is known.")
            console.note("  → docs/providers.md says how to register one; then: daybook provider set")
            return ExitStatus.ok
        }
        var table = Table([
            .init(heading: "provider"), .init(heading: "client id"), .init(heading: "secret"), .init(heading: "tenant"),
            .init(heading: "interface"),
        ])
        for known in answer.providers {
            table.add([
                known.provider, known.clientID, known.hasSecret ? "kept" : "none", known.tenant ?? "–",
                known.base ?? "the usual one",
            ])
        }
        try console.table(table)
        return ExitStatus.ok
    }

    private static let set: Verb<Act> = Verb(
        "set", "Tell Daybook a client.",
        discussion: "What was connected with another client before must be connected again when its tokens end.",
        examples: [
            Example("daybook provider set google --client-id ID --client-secret-file client.json", "Of Google."),
            Example("daybook provider set microsoft --client-id ID --tenant organizations", "Of Microsoft."),
        ],
        arguments: [provider, clientID, secretFile, tenant, base]
    ) { given, console in
        var client = try given[secretFile].map { try ClientFile.read($0) }
        if let id = given[clientID] { client = ClientFile(clientID: id, secret: client?.secret) }
        guard let id = client?.clientID else {
            throw Refusal(.badRequest, "the id of the client is missing", hint: "Give it: --client-id ID")
        }
        var request = SetProviderRequest(user: console.user, provider: given[provider], clientID: id)
        request.clientSecret = client?.secret.map { Confided($0) }
        request.tenant = given[tenant]
        request.base = given[base]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("provider", answer)
            return ExitStatus.ok
        }
        try kept(answer, console)
        return ExitStatus.ok
    }

    private static func kept(_ answer: SetProviderRequest.Answer, _ console: Console) throws {
        var text = "Kept client \(Visible.text(answer.clientID)) for \(answer.title)"
        if let before = answer.replaced {
            text += " in place of \(Visible.text(before.clientID))"
            if answer.connections > 0 {
                text +=
                    ", which \(Amounts.count(answer.connections, "connection")) "
                    + (answer.connections == 1 ? "uses" : "use")
            }
        }
        try console.line(text + ". It is not tried before you connect.")
        if let before = answer.replaced {
            if let base = before.base, base != answer.base {
                console.note(
                    "  Its interface was \(Visible.text(base)), and is \(Visible.text(answer.base ?? "the usual one")) now."
                )
            }
            if let tenant = before.tenant, tenant != answer.tenant {
                console.note(
                    "  Its tenant was \(Visible.text(tenant)), and is \(Visible.text(answer.tenant ?? "common")) now.")
            }
        }
        console.note("  → daybook connect \(answer.provider)")
    }

    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what could not be read any more.")

    private static let remove: Verb<Act> = Verb(
        "remove", "Forget a client.",
        discussion: "What was granted to it is kept, and cannot be read before the client is told again.",
        examples: [
            Example("daybook provider remove google --dry-run", "What could not be read without it?"),
            Example("daybook provider remove google", "Forget the one of Google."),
        ],
        arguments: [provider, yes, dryRun]
    ) { given, console in
        var request = RemoveProviderRequest(user: console.user, provider: given[provider])
        request.isDryRun = true
        var answer = try console.ask(request)
        if let client = answer.clientID, !given[dryRun] {
            if !answer.connections.isEmpty {
                let names = answer.connections.map { "“\($0)”" }.joined(separator: ", ")
                try Confirmation.require(
                    "Forget the client \(client) of \(answer.title)? Without it nothing is read of \(names).",
                    isGiven: given[yes], nothing: "nothing was forgotten")
            }
            request.isDryRun = false
            answer = try console.ask(request)
        }
        if console.isJSON { try console.document("provider_removed", answer) } else { try show(answer, console) }
        return ExitStatus.ok
    }

    private static func show(_ answer: RemoveProviderRequest.Answer, _ console: Console) throws {
        guard let client = answer.clientID else {
            return try console.line("No client of \(answer.title) was known.")
        }
        let verb = answer.isDryRun ? "Would forget" : "Forgot"
        try console.line("\(verb) the client \(Visible.text(client)) of \(answer.title).")
        for name in answer.connections { console.note("  → Not read without it: “\(Visible.text(name))”") }
    }
}
