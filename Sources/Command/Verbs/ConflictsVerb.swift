import Application
import Arguments

/// Meetings that may be copies of each other.
enum ConflictsVerb {
    private static let all = Flag("all", "Also those about which something was decided.")
    private static let pair = Positional("PAIR", .text.named("PAIR"), "The pair, by its id or the beginning of it.")
    private static let decision = Positional(
        "DECISION", .text.named("DECISION"), "keep_event1, keep_event2, merge_events, or manual, which leaves both.")

    static let verb: Verb<Act> = Verb(
        "conflicts", "Meetings in different calendars that may be copies of each other.",
        discussion: """
            The service looks for them every half hour. Who is kept is shown and logged; the other is hidden behind it, \
            and what was logged for it is retracted. Nothing is changed in a calendar. How it is decided by itself says \
            the setting “conflicts”.
            """,
        examples: [
            Example("daybook conflicts", "What waits for a decision?"),
            Example("daybook conflicts resolve 3f2a keep_event1", "Show the first of the two."),
        ],
        verbs: [list, resolve, undo]
    ) { _, console in try show(ConflictsRequest(user: console.user), console) }

    private static let list: Verb<Act> = Verb(
        "list", "Which there are.",
        examples: [Example("daybook conflicts list --all", "Also those that were decided.")], arguments: [all]
    ) { given, console in
        var request = ConflictsRequest(user: console.user)
        request.withResolved = given[all]
        return try show(request, console)
    }

    private static func show(_ request: ConflictsRequest, _ console: Console) throws -> Int32 {
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("conflicts", answer)
            return ExitStatus.ok
        }
        guard !answer.conflicts.isEmpty else {
            try console.line(request.withResolved ? "There is none." : "Nothing waits for a decision.")
            return ExitStatus.ok
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "pair", isFixed: true), .init(heading: "meeting", spare: 1),
            times.column("begins", of: answer.conflicts.compactMap(\.first.starts)), .init(heading: "1"),
            .init(heading: "2"), .init(heading: "sure", isNumber: true), .init(heading: "decided"),
        ])
        for one in answer.conflicts {
            table.add([
                String(one.conflict.prefix(8)), one.first.title ?? "(no title)",
                one.first.starts.map(times.text) ?? "–",
                one.first.calendars.joined(separator: ", "), one.second.calendars.joined(separator: ", "),
                "\(one.confidence)", one.undone != nil ? "taken back" : one.resolution ?? "–",
            ])
        }
        try console.table(table)
        if let open = answer.conflicts.first(where: { $0.resolved == nil }) {
            console.note("  → daybook conflicts resolve \(open.conflict.prefix(8)) keep_event1")
        }
        return ExitStatus.ok
    }

    private static let resolve: Verb<Act> = Verb(
        "resolve", "Decide about two of them.",
        examples: [Example("daybook conflicts resolve 3f2a keep_event2", "Show the second of the two.")],
        arguments: [pair, decision]
    ) { given, console in
        let answer = try console.ask(
            ResolveConflictRequest(user: console.user, conflict: given[pair], resolution: given[decision]))
        return try tell(answer, console)
    }

    private static let undo: Verb<Act> = Verb(
        "undo", "Take a decision back.", examples: [Example("daybook conflicts undo 3f2a", "Both are shown again.")],
        arguments: [pair]
    ) { given, console in
        try tell(try console.ask(UndoConflictRequest(user: console.user, conflict: given[pair])), console)
    }

    private static func tell(_ answer: ConflictsRequest.Shown, _ console: Console) throws -> Int32 {
        if console.isJSON {
            try console.document("conflict", answer)
            return ExitStatus.ok
        }
        let title = Visible.text(answer.first.title ?? "(no title)")
        let hidden = [answer.first, answer.second].first(where: \.isHidden)
        try console.line(
            hidden.map {
                "“\(title)” in \(Visible.text($0.calendars.joined(separator: ", "))) is hidden behind the other."
            }
                ?? "“\(title)” is shown in both.")
        return ExitStatus.ok
    }
}
