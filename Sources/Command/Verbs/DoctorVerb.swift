import Application
import Arguments

enum DoctorVerb {
    static let verb: Verb<Act> = Verb(
        "doctor", "Look a home over, and say what to do about what is not well.",
        discussion: "It also looks at a home that cannot be opened. It changes nothing that could be lost.",
        examples: [Example("daybook doctor", "One line for each thing, with the way to mend it.")],
        exits: [
            ExitCode(ExitStatus.failed, "Something is broken."),
            ExitCode(ExitStatus.incomplete, "Something deserves a look."),
        ]
    ) { _, console in
        let checks = Doctor.look(at: console.folder, console.options, user: console.user)
        if console.isJSON {
            try console.document("doctor", ["checks": checks])
        } else {
            for check in checks { try show(check, console) }
        }
        if checks.contains(where: { $0.state == .failure }) { return ExitStatus.failed }
        return checks.contains { $0.state == .warning } ? ExitStatus.incomplete : ExitStatus.ok
    }

    private static func show(_ check: Doctor.Check, _ console: Console) throws {
        let style = console.style
        let mark =
            switch check.state {
            case .ok: style.good("ok  ")
            case .warning: style.warning("warn")
            case .failure: style.bad("FAIL")
            }
        let name = check.name + String(repeating: " ", count: max(0, 11 - check.name.count))
        try console.line("\(mark)  \(style.bold(name))  \(Visible.text(check.finding))", hanging: 19)
        if let remedy = check.remedy {
            try console.line("                   \(style.dim("→")) \(Visible.text(remedy))")
        }
    }
}
