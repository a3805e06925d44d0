import Application
import Arguments

enum SettingsVerb {
    private static let setting = Positional("SETTING", .text, "Its name, as “daybook settings” lists it.")
    private static let value = Positional(
        "VALUE", .text, "The value: on or off, a number, or a list with commas; “none” is an empty list.")
    private static let homeWide = Flag(
        "home-wide", "For everybody who has not set it differently; only an admin may say it.")

    static let verb: Verb<Act> = Verb(
        "settings", "What holds for matching and logging, and how to change it.",
        discussion: """
            What you set holds for you; what an admin sets home-wide holds for everybody who has not. “daybook replay” \
            shows what another value would change, before you take it.
            """,
        examples: [
            Example("daybook settings", "All of them, and where each value comes from."),
            Example("daybook settings set names on", "A match by name logs without being confirmed."),
            Example("daybook settings set own-domains brandt.example", "Colleagues are left out."),
            Example("daybook settings reset names", "As it was."),
        ],
        verbs: [get, set, reset]
    ) { _, console in
        let answer = try console.ask(SettingsRequest(user: console.user))
        if console.isJSON {
            try console.document("settings", answer)
            return ExitStatus.ok
        }
        var table = Table([
            .init(heading: "setting") { $0.name($1) }, .init(heading: "value"), .init(heading: "set by"),
            .init(heading: "meaning", wraps: true),
        ])
        for shown in answer.settings { table.add([shown.name, shown.text, origin(shown.origin), shown.meaning]) }
        try console.table(table)
        return ExitStatus.ok
    }

    private static func origin(_ origin: String) -> String {
        switch origin {
        case "own": "you"
        case "home": "the home"
        default: "default"
        }
    }

    private static let get: Verb<Act> = Verb(
        "get", "The value of one setting.",
        examples: [Example("daybook settings get limit", "A line with nothing but the value.")], arguments: [setting]
    ) { given, console in
        let answer = try console.ask(SettingsRequest(user: console.user, setting: given[setting]))
        if console.isJSON {
            try console.document("settings", answer)
        } else {
            for shown in answer.settings {
                try console.line(Visible.text(shown.text))
                console.note("\(shown.meaning) It is \(shown.choices), and set by \(origin(shown.origin)).")
            }
        }
        return ExitStatus.ok
    }

    private static let set: Verb<Act> = Verb(
        "set", "Give a setting another value.",
        discussion: "What follows from it is done at once, and said.",
        examples: [
            Example("daybook settings set limit 50", "One run logs fifty meetings at the most."),
            Example("daybook settings set blocked \"spam.example, noise@brandt.example\"", "Never matched."),
            Example("daybook settings set names on --home-wide", "For everybody."),
        ],
        arguments: [setting, value, homeWide]
    ) { given, console in try change(given[setting], given[value], given[homeWide], console) }

    private static let reset: Verb<Act> = Verb(
        "reset", "Put a setting back to what the home or the default says.",
        examples: [Example("daybook settings reset limit", "As it was.")], arguments: [setting, homeWide]
    ) { given, console in try change(given[setting], nil, given[homeWide], console) }

    private static func change(_ setting: String, _ value: String?, _ isHomeWide: Bool, _ console: Console) throws
        -> Int32
    {
        var request = ChangeSettingRequest(user: console.user, setting: setting, value: value)
        request.isHomeWide = isHomeWide
        let changed = try console.ask(request)
        if console.isJSON {
            try console.document("setting", changed)
            return ExitStatus.ok
        }
        let name = changed.after.name
        if !changed.isChanged {
            try console.line(
                Visible.text("\(name) is \(changed.after.text) already, by \(origin(changed.after.origin))."))
            return ExitStatus.ok
        }
        let whose = changed.isHomeWide ? " for the home" : ""
        try console.line(
            Visible.text("\(name)\(whose): \(changed.before.text) → \(changed.after.text)"))
        try FollowedText.show(changed.followed, console)
        return ExitStatus.ok
    }
}
