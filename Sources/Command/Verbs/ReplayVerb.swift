import Application
import Arguments

enum ReplayVerb {
    private static let with = Option.repeated(
        "with", short: "w", .text.named("RULE=VALUE"), "A setting to try; “daybook settings” lists them.")
    private static let adopt = Flag("adopt", "Take the settings over, after the difference was shown.")
    private static let limit = Option(
        "limit", short: "n", .integer(in: 1...100_000), default: 40, "How many lines of each kind are shown.")

    static let verb: Verb<Act> = Verb(
        "replay", "See what other rules would have logged.",
        discussion: """
            Matching and logging run over the whole ledger in a copy of the home, once with the settings as they are \
            and once with those that you give, and the two results are compared. The copy is thrown away: nothing \
            is written, unless you add --adopt.
            """,
        examples: [
            Example("daybook replay --with names=on", "What if a name were enough?"),
            Example("daybook replay --with own-domains=brandt.example", "What if colleagues were left out?"),
            Example("daybook replay --with aliases=on --adopt", "Look, and take it over."),
        ],
        arguments: [with, adopt, limit]
    ) { given, console in
        var request = ReplayRequest(user: console.user, changes: given[with])
        request.isAdopted = given[adopt]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("replay", answer)
        } else {
            try show(answer, given[limit], console)
        }
        return ExitStatus.ok
    }

    private static func show(_ answer: ReplayRequest.Answer, _ limit: Int, _ console: Console) throws {
        for change in answer.settings {
            try console.line("\(change.setting): \(change.before) → \(change.after)")
        }
        try console.line()
        let difference = answer.added.count + answer.gone.count + answer.moved.count
        if difference == 0 {
            try console.line("No activity would be different (\(answer.activitiesBefore) in all).")
        } else {
            try activities(answer, limit, console)
            try people(answer, limit, console)
        }
        if !answer.addresses.isEmpty { try addresses(answer, limit, console) }
        console.note(
            answer.isAdopted
                ? "The settings hold from now on; “daybook auto-log” goes on with what is due."
                : "Nothing was written. Take it over with --adopt.")
    }

    private static func activities(_ answer: ReplayRequest.Answer, _ limit: Int, _ console: Console) throws {
        let times = UserTimes(answer.zone)
        let shown = answer.added + answer.gone + answer.moved.map(\.to)
        var table = Table([
            .init(heading: "", style: mark),
            times.column("when", of: shown.compactMap(\.occurred)),
            .init(heading: "who"),
            .init(heading: "rule"), .init(heading: "meeting"),
        ])
        for activity in answer.added.prefix(limit) { table.add(row("+", activity, times)) }
        for activity in answer.gone.prefix(limit) { table.add(row("-", activity, times)) }
        for move in answer.moved.prefix(limit) {
            let who = "\(move.from.personName ?? "somebody") → \(move.to.personName ?? "somebody")"
            table.add([
                "~", move.to.occurred.map(times.text) ?? "", who, move.to.rule ?? "", move.to.title ?? "(No title)",
            ])
        }
        try console.table(table)
        try console.line()
        try console.line(
            "\(answer.added.count) added, \(answer.gone.count) gone, \(answer.moved.count) with somebody else; "
                + "\(answer.activitiesBefore) before, \(answer.activitiesAfter) after.")
    }

    private static let mark: @Sendable (Style, String) -> String = { style, text in
        text == "+" ? style.good(text) : text == "-" ? style.bad(text) : style.warning(text)
    }

    private static func row(
        _ mark: String, _ activity: ReplayRequest.Activity, _ times: UserTimes
    ) -> [String] {
        let score = activity.confidence.map { " (\($0))" } ?? ""
        return [
            mark, activity.occurred.map(times.text) ?? "", activity.personName ?? "somebody",
            (activity.rule ?? "") + score,
            activity.title ?? "(No title)",
        ]
    }

    private static func people(_ answer: ReplayRequest.Answer, _ limit: Int, _ console: Console) throws {
        try console.line()
        var table = Table([
            .init(heading: "person"), .init(heading: "added", isNumber: true), .init(heading: "gone", isNumber: true),
        ])
        for person in answer.people.prefix(limit) {
            table.add([person.name ?? person.person, String(person.added), String(person.gone)])
        }
        try console.table(table)
    }

    private static func addresses(_ answer: ReplayRequest.Answer, _ limit: Int, _ console: Console) throws {
        try console.line()
        var table = Table([.init(heading: "address"), .init(heading: "now"), .init(heading: "then")])
        for address in answer.addresses.prefix(limit) {
            table.add([address.email ?? address.name ?? "", address.before, address.after])
        }
        try console.table(table)
    }
}
