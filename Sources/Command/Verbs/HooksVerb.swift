import Application
import Arguments
import Machine
import Secrets

/// Who else is told of what happens.
enum HooksVerb {
    private static let name = Positional("NAME", .text.named("NAME"), "What to call it.")
    private static let hook = Positional("HOOK", .text.named("HOOK"), "The hook, by its name or id.")
    private static let address = Option(
        "address", .text.named("URL"), "Where it is told. It is asked for where it is a secret.")
    private static let program = Option(
        "program", .file,
        "A program of this machine that is told, by its whole path; each message comes on its standard input.")
    private static let argument = Option.repeated("argument", .text, "An argument of that program.")
    private static let types = Option.repeated(
        "type", .text.named("TYPE"), "A type of entry; activities and alerts where nothing is said.")
    private static let isOfAll = Flag("all-users", "Of what belongs to everybody; this takes an admin.")
    private static let withPersonal = Flag("with-personal", "With names, titles and whatever else is personal.")
    private static let after = Option(
        "after", .integer(in: 0...Int.max), "Tell of entries behind this position; from now on where nothing is said.")
    private static let from = Option.required(
        "after", .integer(in: 0...Int.max), "Behind which position everything is told again.")

    static let verb: Verb<Act> = Verb(
        "hooks", "Have other programs told of what happens.",
        discussion: """
            A hook is an address that takes messages over HTTP, signed as Standard Webhooks have it, or a program of this \
            machine. The service tells it as things happen, in order, and again until it was taken: docs/hooks.md.
            """,
        examples: [
            Example("daybook hooks", "Who is told?"),
            Example("daybook hooks add crm --address https://crm.example/in", "Tell another system."),
            Example("daybook hooks add pager --program /usr/local/bin/page-me", "Be told when something stands wrong."),
        ],
        verbs: [add, dead, replay, remove]
    ) { _, console in
        let answer = try console.ask(HooksRequest(user: console.user))
        if console.isJSON { try console.document("hooks", answer) } else { try show(answer, console) }
        return ExitStatus.ok
    }

    private static func show(_ answer: HooksRequest.Answer, _ console: Console) throws {
        guard !answer.hooks.isEmpty else {
            try console.line("Nobody is told.")
            console.note("  → daybook hooks add NAME --address URL")
            return
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "hook"), .init(heading: "told"), .init(heading: "messages", isNumber: true),
            .init(heading: "waiting", isNumber: true),
            times.column("last taken", of: [answer.at]), .init(heading: "given up", isNumber: true),
            .init(heading: "state", spare: 1) { $1 == "well" ? $0.good($1) : $0.warning($1) },
        ])
        for hook in answer.hooks {
            table.add([
                hook.name ?? "(erased)", hook.place ?? "(erased)", Amounts.grouped(hook.messages), waiting(hook),
                hook.lastSuccess.map(times.text) ?? "never", Amounts.grouped(hook.dead), state(hook, times),
            ])
        }
        try console.table(table)
        for hook in answer.hooks where hook.ended == nil {
            guard let advice = hook.advice else { continue }
            console.note("  → \(Visible.text(hook.name ?? "(erased)")): \(Visible.text(advice))")
        }
    }

    private static func waiting(_ hook: HooksRequest.Shown) -> String {
        Amounts.grouped(hook.waiting) + (hook.waiting >= HooksRequest.Shown.mostCounted ? " and more" : "")
    }

    private static func state(_ hook: HooksRequest.Shown, _ times: UserTimes) -> String {
        if let ended = hook.ended { return "ended: \(ended)" }
        guard let message = hook.message else { return "well" }
        let again = hook.retry.map { ", again at \(times.text($0))" } ?? ""
        return "\(message), \(Amounts.count(hook.attempts, "attempt", "attempts"))\(again)"
    }

    private static let add: Verb<Act> = Verb(
        "add", "Have somebody told.",
        discussion: "The secret of an address goes to standard output, this once.",
        examples: [Example("daybook hooks add crm --address https://crm.example/in > crm.secret", "From now on.")],
        arguments: [name, address, program, argument, types, isOfAll, withPersonal, after]
    ) { given, console in
        var request = AddHookRequest(user: console.user, hookName: given[name])
        (request.types, request.isOfAll, request.withPersonal) = (given[types], given[isOfAll], given[withPersonal])
        request.after = given[after].map { Int64($0) }
        if given[program] == nil, !given[argument].isEmpty {
            throw Refusal(.badRequest, "--argument is for a program", hint: "Leave it out, or name one with --program.")
        }
        if let program = given[program] { request.command = [Folder.absolute(program)] + given[argument] }
        request.address = given[address].map { Confided(Secret($0)) }
        if let program = request.command?.first, !Folder.isFile(program) {
            throw Refusal(.badRequest, "there is no program \(program)", hint: "Name it by its whole path.")
        }
        if request.address == nil, request.command == nil, Terminal.isTerminal(.input) {
            let source = try SecretOptions.reading { try SecretSource(question: "Address that is told: ") }
            request.address = Confided(try SecretOptions.reading { try source.read { Secret($0) } })
        }
        let answer = try console.ask(request)
        if console.isJSON {
            try console.document("hook_added", answer)
            return ExitStatus.ok
        }
        console.note(
            "“\(Visible.text(answer.hook.name ?? ""))” is told of \(answer.hook.types.joined(separator: ", ")).")
        if let secret = answer.secret {
            try console.line(secret.secret.reveal { $0 })
            console.note("That is its secret. It is shown this once.")
        }
        return ExitStatus.ok
    }

    private static let dead: Verb<Act> = Verb(
        "dead", "What was not taken, and was given up.",
        examples: [Example("daybook hooks dead crm", "What did it miss?")], arguments: [hook]
    ) { given, console in
        let answer = try console.ask(DeadMessagesRequest(user: console.user, hook: given[hook]))
        if console.isJSON {
            try console.document("dead_messages", answer)
            return ExitStatus.ok
        }
        guard let first = answer.messages.first else {
            try console.line("Nothing was given up.")
            return ExitStatus.ok
        }
        let times = UserTimes(answer.zone)
        var table = Table([
            .init(heading: "#", isNumber: true), times.column("given up", of: answer.messages.map(\.at)),
            .init(heading: "attempts", isNumber: true), .init(heading: "why"),
        ])
        for message in answer.messages {
            table.add([String(message.entry), times.text(message.at), String(message.attempts), message.errorCode])
        }
        try console.table(table)
        console.note("  → daybook hooks replay \(ShellWord.text(given[hook])) --after \(first.entry - 1)")
        return ExitStatus.ok
    }

    private static let replay: Verb<Act> = Verb(
        "replay", "Tell everything behind a position once more.",
        discussion: "Each message has the id that it had before.",
        examples: [Example("daybook hooks replay crm --after 1200", "From entry 1201 on.")], arguments: [hook, from]
    ) { given, console in
        let answer = try console.ask(
            ReplayHookRequest(user: console.user, hook: given[hook], after: Int64(given[from])))
        if console.isJSON {
            try console.document("hook", answer)
        } else {
            try console.line(
                "“\(Visible.text(answer.name ?? ""))” is told again of what lies behind entry \(answer.through).")
        }
        return ExitStatus.ok
    }

    private static let remove: Verb<Act> = Verb(
        "remove", "End that somebody is told.",
        examples: [Example("daybook hooks remove crm", "Nothing more is sent.")], arguments: [hook]
    ) { given, console in
        let answer = try console.ask(RemoveHookRequest(user: console.user, hook: given[hook]))
        if console.isJSON {
            try console.document("hook_removed", answer)
        } else {
            try console.line("“\(Visible.text(answer.name ?? ""))” is told nothing more.")
        }
        return ExitStatus.ok
    }
}
