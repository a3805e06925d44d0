import Application
import Arguments

enum AutoLogVerb {
    private static let limit = Option(
        "limit", .integer(in: 1...100_000), "How many meetings are logged at the most; else the setting “limit”.")
    private static let all = Flag("all", "Log all that is due, however many there are.")
    private static let dryRun = Flag(
        "dry-run", short: "n", "Only say what would be logged, and why the rest would not.")

    static let verb: Verb<Act> = Verb(
        "auto-log", "Log past meetings with the people you know in them.",
        discussion: """
            “daybook sync” does it as well, a few meetings each time. With --all it is done for the whole past; look \
            first with --dry-run.
            """,
        examples: [
            Example("daybook auto-log", "As many as the settings say."),
            Example("daybook auto-log --all --dry-run", "What would be logged of the whole past?"),
            Example("daybook auto-log --all", "Do it."),
        ],
        arguments: [limit, all, dryRun]
    ) { given, console in
        var request = AutoLogRequest(user: console.user)
        request.limit = given[limit].map(Int64.init)
        request.isWithoutLimit = given[all]
        request.isDryRun = given[dryRun]
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("auto_log", answer)
            return ExitStatus.ok
        }
        try show(answer, console)
        return ExitStatus.ok
    }

    private static func show(_ answer: AutoLogRequest.Answer, _ console: Console) throws {
        let times = UserTimes(answer.zone)
        if !answer.logged.isEmpty {
            var table = Table([
                times.column("when", of: answer.logged.compactMap(\.starts)), .init(heading: "with"),
                .init(heading: "by", spare: 1),
                .init(heading: "meeting"),
            ])
            for meeting in answer.logged {
                var rules: [String] = []
                for rule in meeting.people.map({ FollowedText.rule($0.rule, $0.confidence) })
                where !rules.contains(rule) {
                    rules.append(rule)
                }
                table.add([
                    meeting.starts.map(times.text) ?? "",
                    meeting.people.map { $0.name ?? "somebody" }.joined(separator: ", "),
                    rules.joined(separator: ", "), meeting.title ?? "(No title)",
                ])
            }
            try console.table(table)
            try console.line()
        }
        try console.line(summary(answer))
        if !answer.rules.isEmpty {
            try console.line()
            var table = Table([.init(heading: "not logged", isNumber: true), .init(heading: "because", wraps: true)])
            for rule in answer.rules { table.add([Amounts.grouped(rule.meetings), SkipText.text(rule.rule)]) }
            try console.table(table)
        }
        if answer.remaining > 0 {
            console.note(
                "  → \(Amounts.count(answer.remaining, "meeting")) left for the next run; "
                    + "all at once: daybook auto-log --all")
        }
        if answer.isDryRun { console.note("Nothing was written: this was a dry run.") }
    }

    private static func summary(_ answer: AutoLogRequest.Answer) -> String {
        let activities = Int64(answer.logged.reduce(0) { $0 + $1.people.count })
        let would = answer.isDryRun ? "would be logged" : "logged"
        var parts = [
            "\(Amounts.count(Int64(answer.logged.count), "meeting")) \(would), as "
                + Amounts.count(activities, "activity", "activities")
        ]
        if answer.logged.isEmpty { parts = ["Nothing \(answer.isDryRun ? "would be" : "was") logged"] }
        if answer.amended > 0 { parts.append("\(Amounts.grouped(answer.amended)) amended") }
        if answer.retracted > 0 { parts.append("\(Amounts.grouped(answer.retracted)) retracted") }
        if answer.restored > 0 { parts.append("\(Amounts.grouped(answer.restored)) restored") }
        return parts.joined(separator: ", ") + "."
    }
}

/// Why a meeting is not logged, as people say it.
enum SkipText {
    static func text(_ rule: String) -> String {
        switch rule {
        case "nobody_known": "nobody in them is somebody you know"
        case "declined": "you declined"
        case "cancelled": "they were cancelled"
        case "withdrawn": "they are in no calendar any more"
        case "all_day": "they are whole days"
        case "without_others": "nobody else is invited"
        case "working_location": "they say where you work"
        case "focus_time": "they are focus times"
        case "out_of_office": "you were out of office"
        case "birthday": "they are birthdays"
        case "reservation": "they are reservations"
        case "busy": "only a busy time is known"
        case "private": "they are private"
        case "only_resources": "only rooms and things are invited"
        case "only_own_addresses": "only you are invited, by your own addresses"
        case "auto_log_off": "their connection logs nothing by itself"
        case "before_auto_log": "they ended before their connection began to log"
        case "low_confidence": "the match is not sure enough"
        case "hidden_duplicate": "they are copies of other meetings"
        case "retracted_by_hand": "you retracted them"
        default: "they are no meetings"
        }
    }
}
