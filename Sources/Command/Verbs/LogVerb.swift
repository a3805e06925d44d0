import Application
import Arguments
import Ledger
import Machine

enum LogVerb {
    static let type = Option.repeated("type", short: "t", .text.named("TYPE"), "Only entries of this type.")
    static let owner = Option(
        "owner", .text.named("USER"), "Only what belongs to this user (name or id), or to “home”.")
    static let stream = Option("stream", .text.named("STREAM"), "Only what is about this thing, as person/4k2….")
    static let since = Option("since", .moment, "Only what was recorded then or later.")
    static let until = Option("until", .moment, "Only what was recorded before.")
    static let limit = Option("limit", short: "n", .integer(in: 1...1_000_000), "The last so many; 30 unless said.")
    static let all = Flag("all", "Every entry that fits, not only the last.")
    static let follow = Flag("follow", short: "f", "Go on, and show new entries as they come.")

    static let verb: Verb<Act> = Verb(
        "log", "Show the entries of the ledger.",
        discussion: """
            The oldest comes first, as in a book. With --json each entry is one line with all that is in it.
            """,
        examples: [
            Example("daybook log", "The last thirty entries."),
            Example("daybook log --type activity.logged --since 7d", "The activities of the last week."),
            Example("daybook log --stream person/4k2m9d0q7x1v8b3c", "All that happened to one person."),
            Example("daybook log --all --json > entries.jsonl", "Everything, for a program."),
        ],
        arguments: [type, owner, stream, since, until, limit, all, follow]
    ) { given, console in
        try console.requireAdmin()
        var request = LogRequest()
        request.user = console.user
        request.types = given[type]
        request.owner = given[owner]
        request.stream = given[stream]
        request.since = given[since]
        request.until = given[until]
        var last: Int64 = 0
        // Before the first look: what comes after it is new.
        let seen = fingerprint(console.folder)
        let wantsAll = given[all] || (given[limit] == nil && given[since] != nil)
        if wantsAll {
            last = try showAll(request, console)
        } else {
            last = try showLast(request, Int64(given[limit] ?? 30), console)
        }
        if given[follow] { try followOn(request, after: last, seen, console) }
        return ExitStatus.ok
    }

    private static func showAll(_ first: LogRequest, _ console: Console) throws -> Int64 {
        try console.converse { home in
            var request = first
            var last: Int64 = 0
            while true {
                let page = try home.ask(request)
                try show(page.entries, page.zone, console, withHeading: last == 0)
                last = page.entries.last?.position ?? last
                guard let next = page.next else { break }
                if Interruption.signalNumber != nil {
                    throw Refusal(.interrupted, "stopped before entry \(next)", hint: "What was shown is not all.")
                }
                request.from = next
            }
            if last == 0 { console.note("No entry fits.") }
            return try home.ask(HeadRequest()).size
        }
    }

    private static func showLast(_ first: LogRequest, _ count: Int64, _ console: Console) throws -> Int64 {
        try console.converse { home in
            var request = first
            request.isBackwards = true
            var entries: [EntryAnswer] = []
            var zone: String?
            while Int64(entries.count) < count {
                request.limit = min(count - Int64(entries.count), LogRequest.mostInPage)
                let page = try home.ask(request)
                entries += page.entries
                zone = page.zone
                guard let next = page.next else { break }
                request.from = next
            }
            try show(entries.reversed(), zone, console, withHeading: true)
            if entries.isEmpty { console.note("No entry fits.") }
            return try home.ask(HeadRequest()).size
        }
    }

    /// Looks again when the files have changed: another process may own the home in the meantime, so it is never held.
    /// What changes while we look is seen at the next look.
    private static func followOn(
        _ first: LogRequest, after position: Int64, _ seen: [Folder.Facts?], _ console: Console
    ) throws {
        try console.flush()
        var (position, seen) = (position, seen)
        while Interruption.signalNumber == nil {
            let now = fingerprint(console.folder)
            if now == seen {
                Pause.milliseconds(250)
                continue
            }
            do {
                position = try showNew(first, after: position, console)
                seen = now
                try console.flush()
            } catch let refusal as Refusal where refusal.kind == .locked {
                // Whoever writes now will be done; then there is more to show.
                Pause.milliseconds(250)
            }
        }
    }

    private static func showNew(_ first: LogRequest, after position: Int64, _ console: Console) throws -> Int64 {
        var request = first
        request.from = position + 1
        return try console.converse { home in
            while true {
                let page = try home.ask(request)
                try show(page.entries, page.zone, console, withHeading: false)
                guard let next = page.next else { return try home.ask(HeadRequest()).size }
                request.from = next
            }
        }
    }

    private static func fingerprint(_ folder: HomeFolder) -> [Folder.Facts?] {
        [Folder.facts(folder.ledger), Folder.facts(folder.ledger + "-wal")]
    }

    private static func show(
        _ entries: [EntryAnswer], _ zone: String?, _ console: Console, withHeading: Bool
    ) throws {
        if console.isJSON {
            for entry in entries { try console.line(EntryText(entry: entry).json) }
            return
        }
        if entries.isEmpty { return }
        let times = UserTimes(zone)
        // A type or an id that is cut cannot be asked for.
        var table = Table([
            .init(heading: "#", isNumber: true), times.column("recorded", of: entries.map(\.at)),
            .init(heading: "type", isFixed: true) { $0.name($1) }, .init(heading: "owner", spare: 1),
            .init(heading: "about", isFixed: true), .init(heading: "what"),
        ])
        for entry in entries {
            let text = EntryText(entry: entry)
            table.add([
                String(entry.position), times.exact(entry.at), entry.type, text.owner, entry.stream, text.summary,
            ])
        }
        for (index, line) in table.lines(console.style, limit: console.width).enumerated()
        where index > 0 || withHeading {
            try console.write(line + "\n")
        }
    }
}
