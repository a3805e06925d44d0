import Application
import Arguments

enum OwnAddressVerb {
    private static let emails = Positional.repeated("ADDRESS", .text, atLeast: 1, "Your own addresses.")
    private static let email = Positional("ADDRESS", .text, "The address that is not yours.")
    private static let person = Positional("PERSON", .text, "The contact that is you: a name or an address.")

    static let verb: Verb<Act> = Verb(
        "own-address", "The addresses that are your own.",
        discussion: "You are never matched, logged, or shown as somebody whom you met.",
        examples: [
            Example("daybook own-address", "Which are they?"),
            Example("daybook own-address add ada@brandt.example", "That is me too."),
            Example("daybook own-address me \"Ada Brandt\"", "That contact is me, with all its addresses."),
        ],
        verbs: [add, remove, me]
    ) { _, console in
        let answer = try console.ask(OwnAddressesRequest(user: console.user))
        if console.isJSON {
            try console.document("own_addresses", answer)
            return ExitStatus.ok
        }
        if answer.addresses.isEmpty {
            try console.line("None of your addresses is known.")
            console.note("  → daybook own-address add ADDRESS")
        } else {
            var table = Table([.init(heading: "address"), .init(heading: "known from")])
            for address in answer.addresses { table.add([address.email, source(address)]) }
            try console.table(table)
        }
        if answer.person != nil {
            try console.line("The contact that is you: \(Visible.text(answer.personName ?? "?"))")
        }
        return ExitStatus.ok
    }

    private static func source(_ address: OwnAddressesRequest.OwnAddress) -> String {
        switch address.source {
        case "claimed": "you said so"
        case "account": "your account"
        default: "the connection \(address.connection.map { "“\($0)”" } ?? "")"
        }
    }

    private static let add: Verb<Act> = Verb(
        "add", "Say that an address is yours.",
        examples: [Example("daybook own-address add ada@brandt.example", "That is me too.")], arguments: [emails]
    ) { given, console in
        try show(try console.ask(ClaimAddressRequest(user: console.user, emails: given[emails])), console) {
            "\($0.emails.joined(separator: ", ")) \($0.emails.count == 1 ? "is" : "are") yours from now on."
        }
    }

    private static let remove: Verb<Act> = Verb(
        "remove", "Say that an address is not yours after all.",
        examples: [Example("daybook own-address remove info@brandt.example", "Others write from there as well.")],
        arguments: [email]
    ) { given, console in
        try show(try console.ask(DisclaimAddressRequest(user: console.user, email: given[email])), console) {
            "\($0.emails.joined(separator: ", ")) is not yours any more."
        }
    }

    private static let me: Verb<Act> = Verb(
        "me", "Say which contact is you; its addresses are yours.",
        examples: [Example("daybook own-address me ada@brandt.example", "The contact that has this address.")],
        arguments: [person]
    ) { given, console in
        try show(try console.ask(ThisIsMeRequest(user: console.user, person: given[person])), console) {
            let emails = $0.emails.isEmpty ? "" : " Yours from now on: \($0.emails.joined(separator: ", "))."
            return "\($0.personName ?? "That contact") is you.\(emails)"
        }
    }

    private static func show(
        _ decision: OwnAddressDecision, _ console: Console, _ words: (OwnAddressDecision) -> String
    ) throws -> Int32 {
        if console.isJSON {
            try console.document("own_address", decision)
            return ExitStatus.ok
        }
        try console.line(Visible.text(words(decision)))
        try FollowedText.show(decision.followed, console)
        return ExitStatus.ok
    }
}
