import Application
import Arguments

enum SuggestionsVerb {
    private static let limit = Option(
        "limit", .integer(in: 1...100_000), default: 50, "How many are shown at the most.")
    private static let address = Positional(
        "ADDRESS", .text, "The attendee: an address, a part of it or of the name; “all” is every suggestion.")

    static let verb: Verb<Act> = Verb(
        "suggestions", "Attendees who may be somebody you know, for you to say.",
        discussion: """
            A match by name is only a suggestion: nothing is logged before you have said that it is right. What you say \
            is remembered, and no rule changes it.
            """,
        examples: [
            Example("daybook suggestions", "Who may be whom?"),
            Example("daybook suggestions accept j.doe@brandt.example", "That is right."),
            Example("daybook suggestions reject all", "None of them is."),
        ],
        arguments: [limit], verbs: [accept, reject]
    ) { given, console in
        let answer = try console.ask(SuggestionsRequest(user: console.user, limit: Int64(given[limit])))
        if console.isJSON {
            try console.document("suggestions", answer)
            return ExitStatus.ok
        }
        if answer.suggestions.isEmpty {
            try console.line("There is nothing to say: no attendee is suggested to be somebody.")
            return ExitStatus.ok
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "attendee"), .init(heading: "called", spare: 2), .init(heading: "may be"),
            .init(heading: "by"),
            .init(heading: "meetings", isNumber: true, spare: 1),
            times.column("last met", of: answer.suggestions.compactMap(\.lastMeeting), spare: 3),
        ])
        for suggestion in answer.suggestions {
            table.add([
                suggestion.email ?? "no address", suggestion.name ?? "", suggestion.personName ?? "somebody",
                FollowedText.rule(suggestion.rule, suggestion.confidence), Amounts.grouped(suggestion.meetings),
                suggestion.lastMeeting.map(times.text) ?? "",
            ])
        }
        try console.table(table)
        if answer.total > Int64(answer.suggestions.count) {
            console.note("  → \(answer.suggestions.count) of \(answer.total) are shown; more with --limit")
        }
        console.note("  → daybook suggestions accept ADDRESS, or reject ADDRESS")
        return ExitStatus.ok
    }

    private static let accept: Verb<Act> = Verb(
        "accept", "Say that a suggestion is right.",
        examples: [
            Example("daybook suggestions accept j.doe@brandt.example", "One."),
            Example("daybook suggestions accept all", "All that there are."),
        ],
        arguments: [address]
    ) { given, console in try say(given[address], isAccepted: true, console) }

    private static let reject: Verb<Act> = Verb(
        "reject", "Say that a suggestion is wrong.",
        examples: [Example("daybook suggestions reject j.doe@brandt.example", "It is somebody else.")],
        arguments: [address]
    ) { given, console in try say(given[address], isAccepted: false, console) }

    private static func say(_ address: String, isAccepted: Bool, _ console: Console) throws -> Int32 {
        let answer = try console.ask(
            AnswerSuggestionsRequest(
                user: console.user, address: address.lowercased() == "all" ? nil : address, isAccepted: isAccepted))
        if console.isJSON {
            try console.document("suggestions_answered", answer)
            return ExitStatus.ok
        }
        if answer.answered.isEmpty { try console.line("There was nothing to say.") }
        for suggestion in answer.answered {
            let who = suggestion.personName ?? "that person"
            let attendee = suggestion.email ?? suggestion.name ?? "The attendee"
            try console.line(
                Visible.text(isAccepted ? "\(attendee) is \(who) from now on." : "\(attendee) is not \(who)."))
            if isAccepted, suggestion.confidence < FollowedText.sure {
                console.note(
                    Visible.text(
                        "  → It was found by \(FollowedText.rule(suggestion.rule)) alone. "
                            + "If it is wrong: daybook unmatch \(ShellWord.text(attendee))"))
            }
        }
        try FollowedText.show(answer.followed, console)
        return ExitStatus.ok
    }
}
