/// What the program can be told to do: a word, what may follow it, and what to say about it.
///
/// `Action` is the caller's: a closure, a type, a case of an enumeration. Reading a command line gives it back, so that
/// a verb cannot be declared and then forgotten where verbs are carried out.
public struct Verb<Action: Sendable>: Sendable {
    public let name: String
    public let summary: String
    public let discussion: String
    public let examples: [Example]
    public let exits: [ExitCode]
    public let isHidden: Bool
    public let verbs: [Verb]
    public let action: Action?
    let arguments: [Declaration]

    /// A verb acts, has verbs of its own (`metrics export`), or both. Its options also hold for the verbs below it.
    /// Paragraphs of the discussion are parted by blank lines; one that begins with a space is kept as it is.
    public init(
        _ name: String,
        _ summary: String,
        discussion: String = "",
        examples: [Example] = [],
        arguments: [any Handle] = [],
        exits: [ExitCode] = [],
        isHidden: Bool = false,
        verbs: [Verb] = [],
        action: Action? = nil
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.arguments = arguments.map { $0.declaration }
        self.exits = exits
        self.isHidden = isHidden
        self.verbs = verbs
        self.action = action
    }
}

/// A command line worth copying, and what it does.
public struct Example: Sendable {
    public let command: String
    public let meaning: String

    public init(_ command: String, _ meaning: String) {
        self.command = command
        self.meaning = meaning
    }
}

/// A number that the program can end with, and what it means then.
public struct ExitCode: Sendable {
    public let code: Int32
    public let meaning: String

    public init(_ code: Int32, _ meaning: String) {
        self.code = code
        self.meaning = meaning
    }
}
