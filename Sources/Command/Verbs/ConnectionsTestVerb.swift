import Application
import Arguments
import Machine
import Secrets

/// Asks whether a connection works, and gives it new credentials.
extension ConnectionsVerb {
    static let test: Verb<Act> = Verb(
        "test", "Ask the server of a connection whether it can be read now.",
        discussion: "Nothing of it is stored, and no meeting is read.",
        examples: [Example("daybook connections test Work", "Does it work?")], arguments: [connection],
        exits: [
            ExitCode(ExitStatus.failed, "It does not."),
            ExitCode(ExitStatus.needsCredentials, "The server refuses the credentials."),
        ]
    ) { given, console in
        let answer = try console.askServer(TestConnectionRequest(user: console.user, connection: given[connection]))
        if console.isJSON { try console.document("connection_test", answer) } else { try show(answer, console) }
        if answer.works { return ExitStatus.ok }
        return answer.errorClass == "auth" ? ExitStatus.needsCredentials : ExitStatus.failed
    }

    private static func show(_ answer: TestConnectionRequest.Answer, _ console: Console) throws {
        let name = Visible.text(answer.connection.name ?? "The connection")
        guard answer.works else {
            try console.line(
                "\(console.style.bad("[ERROR]")) “\(name)”: \(Visible.text(answer.message ?? "it failed"))")
            if answer.errorClass == "auth" {
                console.note("  → daybook connections reconnect \(answer.connection.connection.prefix(8))")
            }
            return
        }
        var found = answer.people.map { Amounts.count($0, "person", "people") } ?? ""
        if let calendars = answer.calendars { found = Amounts.count(calendars, "calendar") }
        try console.line(
            "\(console.style.good("[OK]   ")) “\(name)” works: \(found), in \(Amounts.grouped(answer.milliseconds)) ms."
        )
        for missing in answer.missing {
            console.note("  → The calendar “\(Visible.text(missing))” is not there any more.")
        }
        if let expires = answer.grantExpires {
            let times = try console.times()
            console.note("  → It must be connected again by \(times.text(expires)) \(times.zone([expires])).")
        }
    }

    // MARK: Again

    private static let newAddress = Option(
        "address", .text.named("URL"),
        "Its new address; else the one that is known. For that of a feed, better --new-address.")
    private static let asksAddress = Flag(
        "new-address", "Of a feed: ask for a new address, which then stands in no list of commands.")

    static let reconnect: Verb<Act> = Verb(
        "reconnect", "Give a connection new credentials, or a new address.",
        discussion: """
            They are tried first. It stays the same connection: nothing that is known of it is lost, and nothing is logged \
            a second time. A connection to Google or Microsoft is granted anew in the browser.
            """,
        examples: [Example("daybook connections reconnect Work", "It asks for the password.")],
        arguments: [connection, newAddress, asksAddress] + SecretOptions.all + GrantOptions.all,
        exits: [ConnectExits.refused]
    ) { given, console in
        let answer = try console.ask(ConnectionsRequest(user: console.user, connection: given[connection]))
        guard let shown = answer.connections.first else { return ExitStatus.failed }
        try ReconnectServerRequest.requireCredentials(shown)
        if shown.provider == "google" || shown.provider == "microsoft" {
            return try GrantSteps.run(shown.provider, reconnecting: shown, given, console)
        }
        var request = ReconnectServerRequest(user: console.user, connection: shown.connection)
        request.login = given[SecretOptions.login]
        request.authorities = given[SecretOptions.authorities]
        if let address = given[newAddress] { request.address = Confided(.init(address)) }
        if given[asksAddress] { request.address = Confided(try SecretOptions.ask("Address of the feed: ", given)) }
        if shown.provider != "feed" || SecretOptions.isGiven(given) {
            request.password = Confided(try SecretOptions.password(given))
        }
        let again = try console.askServer(request)
        if console.isJSON {
            try console.document("connection", again)
            return ExitStatus.ok
        }
        let name = Visible.text(again.connection.name ?? "The connection")
        try console.line("“\(name)” works: \(Amounts.count(again.calendars, "calendar")).")
        if again.isPasswordPlain { ConnectedText.plainPassword(again.host, console) }
        console.note("  → daybook sync --connection \(again.connection.connection.prefix(8))")
        return ExitStatus.ok
    }
}
