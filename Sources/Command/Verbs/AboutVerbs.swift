import Application
import Arguments

enum VersionVerb {
    static let verb: Verb<Act> = Verb(
        "version", "Which Daybook this is.",
        examples: [Example("daybook version --json", "For a program.")]
    ) { _, console in
        if console.isJSON {
            try console.document("version", ["version": Release.version])
        } else {
            try console.line("daybook \(Release.version)")
        }
        return ExitStatus.ok
    }
}

enum CompletionVerb {
    enum Shell: String, CaseIterable { case bash, zsh, fish }

    static let shell = Positional("SHELL", .choice(of: Shell.self), "The shell.")

    static let verb: Verb<Act> = Verb(
        "completion", "Print what lets a shell complete the words of daybook.",
        examples: [
            Example("source <(daybook completion bash)", "For this bash."),
            Example("daybook completion fish > ~/.config/fish/completions/daybook.fish", "For every fish."),
        ],
        arguments: [shell]
    ) { given, console in
        switch given[shell] {
        case .bash: try console.write(Daybook.program.bashCompletion)
        case .zsh: try console.write(Daybook.program.zshCompletion)
        case .fish: try console.write(Daybook.program.fishCompletion)
        }
        return ExitStatus.ok
    }
}

enum ManualVerb {
    static let verb: Verb<Act> = Verb(
        "man", "Print the manual page.",
        examples: [Example("daybook man | man -l -", "Read it.")]
    ) { _, console in
        try console.write(Daybook.program.manualPage(date: Release.day))
        return ExitStatus.ok
    }
}
