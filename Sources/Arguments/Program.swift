/// The declaration of a whole program, from which its reader, help, completion scripts and manual page are made.
public struct Program<Action: Sendable>: Sendable {
    public let name: String
    public let version: String
    public let summary: String
    public let discussion: String
    public let examples: [Example]
    public let sections: [VerbSection<Action>]
    public let environment: [Term]
    public let files: [Term]
    public let exits: [ExitCode]
    public let more: String
    let options: [Declaration]

    /// `options` are accepted before and after any verb. `more` says where to read on.
    public init(
        _ name: String,
        version: String,
        _ summary: String,
        discussion: String = "",
        examples: [Example] = [],
        options: [any Handle] = [],
        sections: [VerbSection<Action>],
        environment: [Term] = [],
        files: [Term] = [],
        exits: [ExitCode] = [],
        more: String = ""
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.options = options.map { $0.declaration } + Flag.builtIn
        self.sections = sections
        self.environment = environment
        self.files = files
        self.exits = exits
        self.more = more
    }

    var verbs: [Verb<Action>] { sections.flatMap(\.verbs) }
}

/// Verbs that belong together, under one heading of the help.
public struct VerbSection<Action: Sendable>: Sendable {
    public let heading: String
    public let verbs: [Verb<Action>]

    public init(_ heading: String, _ verbs: [Verb<Action>]) {
        self.heading = heading
        self.verbs = verbs
    }
}

/// A name that the program knows, such as an environment variable or a file, and what it is for.
public struct Term: Sendable {
    public let name: String
    public let meaning: String

    public init(_ name: String, _ meaning: String) {
        self.name = name
        self.meaning = meaning
    }
}
