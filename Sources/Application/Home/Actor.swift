import Machine

/// Who does things, as entries name them: the command line, the scheduler, or whoever asked over the network.
public enum Actor {
    static let commandLine = "command-line"
    static let scheduler = "scheduler"

    private final class Name {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private static let name = ThreadLocal<Name>()

    /// Whoever asked for what this thread does; the command line where nobody else is named.
    static var asking: String { name.value?.text ?? commandLine }

    /// Does the body in the name of somebody who asked.
    public static func acting<Answer>(as text: String, _ body: () throws -> Answer) rethrows -> Answer {
        try name.with(Name(text), body)
    }
}
