import Application
import Arguments

enum ExplainVerb {
    private static let subject = Positional(
        "WHAT", .text, "A meeting, a person or an address: by title, name, or the beginning of the id.")
    private static let kind = Option(
        "as", .choice(of: ExplainRequest.Kind.self), "What it is, where it could be more than one.")

    static let verb: Verb<Act> = Verb(
        "explain", "Say why something was logged, matched, or not.",
        examples: [
            Example("daybook explain \"Weekly review\"", "Why is this meeting logged, or why not?"),
            Example("daybook explain bea@brandt.example", "Whose is this address, and by which rule?"),
            Example("daybook explain ada --as person", "By which addresses is Ada found?"),
        ],
        arguments: [subject, kind]
    ) { given, console in
        var request = ExplainRequest(user: console.user, subject: given[subject])
        request.kind = given[kind]
        let explained = try console.ask(request)
        if console.isJSON { try console.document("explained", explained) } else { try show(explained, console) }
        return ExitStatus.ok
    }

    private static func show(_ explained: ExplainRequest.Explained, _ console: Console) throws {
        let times = UserTimes(explained.userZone)
        let style = console.style
        var head = style.bold(Visible.text(explained.title))
        if let meeting = explained.meeting {
            head += "  " + times.when(meeting) + (meeting.starts.map { " " + times.zone([$0]) } ?? "")
        }
        try console.line(head)
        let rule = explained.rule.map { "  [\($0)]" } ?? ""
        try console.line("  " + Visible.text(explained.verdict) + style.dim(rule))
        try section("attendees", explained.attendees.map { ($0.shown, $0.sentence) }, console)
        try section("addresses", explained.addresses.map { ($0.shown, $0.sentence) }, console)
        try section("rules, in their order", explained.steps.map { ($0.rule, $0.sentence) }, console)
        try section(
            "entries",
            explained.chain.map { ("\($0.position)", "\($0.type), \(times.textWithZone($0.at)): \($0.words)") },
            console)
        guard !explained.advice.isEmpty else { return }
        try console.line()
        for advice in explained.advice { try console.line("  → " + Visible.text(advice)) }
    }

    private static func section(_ heading: String, _ facts: [(String, String)], _ console: Console) throws {
        if facts.isEmpty { return }
        try console.line()
        try console.line(console.style.bold(heading))
        try console.facts(facts.map { (Visible.text($0.0), $0.1) }, indent: "  ")
    }
}
