import Application
import Arguments

enum WatchesVerb {
    static let verb: Verb<Act> = Verb(
        "watches", "Show of which calendars their providers tell at once that they changed.",
        discussion: """
            Google and Microsoft can tell Daybook of changes, where they can reach it: see the setting public-address. \
            Every calendar is read at its planned times all the same, so nothing is missed where nobody tells.
            """,
        examples: [
            Example("daybook watches", "Which calendars are pushed, and which are only read at their times?"),
            Example(
                "daybook settings set public-address https://daybook.example.org --home-wide",
                "Let providers tell of changes."),
        ],
        exits: [ExitCode(ExitStatus.incomplete, "A calendar should be pushed and is not.")]
    ) { _, console in
        let answer = try console.ask(WatchesRequest(user: console.user))
        let isFailed = answer.watches.contains { $0.state == .failed }
        if console.isJSON { try console.document("watches", answer) } else { try show(answer, console) }
        return isFailed ? ExitStatus.incomplete : ExitStatus.ok
    }

    private static func show(_ answer: WatchesRequest.Answer, _ console: Console) throws {
        try console.facts([("public address", answer.publicAddress ?? "none")])
        guard !answer.watches.isEmpty else {
            try console.line("No calendar of Google or Microsoft is chosen; no others can be pushed.")
            return
        }
        let times = UserTimes(answer.userZone)
        var table = Table([
            .init(heading: "calendar", spare: 1), .init(heading: "of"),
            .init(heading: "state") { $1 == "pushed" ? $0.good($1) : $1 == "failed" ? $0.bad($1) : $1 },
            times.column("until", of: answer.watches.compactMap(\.expires)), .times("last told", ""),
        ])
        for watch in answer.watches {
            let told = watch.lastNotification.map { UserTimes.age($0, at: answer.at) } ?? "–"
            table.add([
                watch.name, watch.connectionName, watch.state.rawValue,
                watch.expires.map { times.text($0) } ?? "–", watch.isWaiting ? told + ", waits" : told,
            ])
        }
        try console.table(table)
        var said: Set<String> = []
        for watch in answer.watches {
            guard let reason = watch.reason, said.insert(reason).inserted else { continue }
            let again = watch.retry.map { " It is tried again at \(times.text($0))." } ?? ""
            console.note("\(Visible.text(watch.name)): \(Visible.text(reason))\(again)")
        }
        if answer.publicAddress == nil {
            console.note("  → daybook settings set public-address https://HOST --home-wide")
        }
    }
}
