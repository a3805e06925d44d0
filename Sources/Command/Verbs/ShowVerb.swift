import Application
import Arguments
import Entries

enum ShowVerb {
    static let position = Positional("POSITION", .integer(in: 1...Int.max), "The number of the entry.")

    static let verb: Verb<Act> = Verb(
        "show", "Show one entry, what led to it, and what it led to.",
        examples: [Example("daybook show 42", "Entry 42, with its causes above and its effects below.")],
        arguments: [position]
    ) { given, console in
        try console.requireAdmin()
        let shown = try console.ask(ShowRequest(user: console.user, position: Int64(given[position])))
        if console.isJSON {
            try console.line(json(shown))
            return ExitStatus.ok
        }
        let times = UserTimes(shown.userZone)
        if !shown.causes.isEmpty {
            try console.line(console.style.bold("because of"))
            for cause in shown.causes { try console.line("  " + line(cause, times, console)) }
            try console.line()
        }
        try EntryText(entry: shown.entry).show(times, console)
        if !shown.effects.isEmpty {
            try console.line()
            try console.line(console.style.bold("led to"))
            try show(shown.effects, prefix: "  ", times, console)
            if shown.isCut { try console.line("  … and more") }
        }
        return ExitStatus.ok
    }

    /// Entries look in it as they look in the log.
    private static func json(_ shown: ShowRequest.Shown) -> String {
        var writer = JSONWriter()
        writer.name("kind")
        writer.text("daybook.shown")
        writer.name("schema_version")
        writer.integer(1)
        writer.name("entry")
        writer.raw(bytes(shown.entry))
        writer.name("causes")
        writer.array(shown.causes) { $0.raw(bytes($1)) }
        writer.name("effects")
        writer.array(shown.effects) { $0.raw(bytes($1)) }
        writer.name("is_cut")
        writer.boolean(shown.isCut)
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func bytes(_ effect: ShowRequest.Effect) -> [UInt8] {
        var writer = JSONWriter()
        writer.name("entry")
        writer.raw(bytes(effect.entry))
        writer.name("effects")
        writer.array(effect.effects) { $0.raw(bytes($1)) }
        return writer.finish()
    }

    private static func bytes(_ entry: EntryAnswer) -> [UInt8] { Array(EntryText(entry: entry).json.utf8) }

    private static func show(
        _ effects: [ShowRequest.Effect], prefix: String, _ times: UserTimes, _ console: Console
    ) throws {
        for (index, effect) in effects.enumerated() {
            let isLast = index == effects.count - 1
            try console.line(prefix + (isLast ? "└ " : "├ ") + line(effect.entry, times, console))
            try show(effect.effects, prefix: prefix + (isLast ? "  " : "│ "), times, console)
        }
    }

    private static func line(_ entry: EntryAnswer, _ times: UserTimes, _ console: Console) -> String {
        let summary = Visible.text(EntryText(entry: entry).summary)
        return "\(entry.position)  \(times.exactWithZone(entry.at))  \(console.style.name(entry.type))  \(summary)"
    }
}
