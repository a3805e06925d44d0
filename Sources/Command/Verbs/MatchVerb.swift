import Application
import Arguments

enum MatchVerb {
    private static let address = Positional(
        "ADDRESS", .text, "The attendee: an address, a part of it or of the name, or the beginning of an id.")
    private static let person = Positional("PERSON", .text, "Whose it is: a name, a part of it, or an address.")

    static let verb: Verb<Act> = Verb(
        "match", "Say whose an address is.",
        discussion: """
            It holds for all meetings, beats every rule, and stays until you take it back with “daybook unmatch”. The \
            meetings with this address are looked at again at once.
            """,
        examples: [
            Example("daybook match j.doe@brandt.example Jane", "Jane writes from there too."),
            Example("daybook match j.doe@brandt.example jane@home.example", "The one who has that address."),
        ],
        arguments: [address, person]
    ) { given, console in
        let decision = try console.ask(
            MatchRequest(user: console.user, address: given[address], person: given[person]))
        if console.isJSON {
            try console.document("match", decision)
            return ExitStatus.ok
        }
        let before = decision.before.map { $0 == decision.personName ? "" : " It was matched with \($0) before." } ?? ""
        try console.line(
            Visible.text(
                "\(AddressText.text(decision)) is \(decision.personName ?? "that person") from now on.\(before)"))
        try FollowedText.show(decision.followed, console)
        return ExitStatus.ok
    }
}

enum UnmatchVerb {
    private static let address = Positional(
        "ADDRESS", .text, "The attendee: an address, a part of it or of the name, or the beginning of an id.")
    private static let person = Positional.optional(
        "PERSON", .text, "Who it is not; else whoever it is matched with or suggested for.")

    static let verb: Verb<Act> = Verb(
        "unmatch", "Say whose an address is not.",
        discussion: "No rule says it again. What was logged because of it is retracted at once.",
        examples: [
            Example("daybook unmatch j.doe@brandt.example", "It is not who it was taken for."),
            Example("daybook unmatch j.doe@brandt.example Jane", "Whoever it is, it is not Jane."),
        ],
        arguments: [address, person]
    ) { given, console in
        let decision = try console.ask(
            UnmatchRequest(user: console.user, address: given[address], person: given[person]))
        if console.isJSON {
            try console.document("unmatch", decision)
            return ExitStatus.ok
        }
        try console.line(
            Visible.text(
                "\(AddressText.text(decision)) is not \(decision.before ?? "that person"). No rule says it again."))
        try FollowedText.show(decision.followed, console)
        return ExitStatus.ok
    }
}

enum AddressText {
    static func text(_ decision: AddressDecision) -> String { decision.email ?? decision.name ?? "The attendee" }
}
