/// What is wrong with a command line, and what to do about it.
///
/// `message` says what was wrong and with what, and has no full stop. `hint` is whole sentences, or empty. A kind of
/// value throws a message that begins with a verb ("wants a file"); the reader puts the name of the argument before it.
public struct ArgumentError: Error, Equatable, CustomStringConvertible {
    public var message: String
    public var hint: String

    public init(_ message: String, hint: String = "") {
        self.message = message
        self.hint = hint
    }

    /// The refusal of a value: what was wanted, and what stood there instead.
    public static func wants(_ wanted: String, not text: String, hint: String = "") -> ArgumentError {
        ArgumentError("wants \(wanted), not “\(text)”", hint: hint)
    }

    /// One line, fit to be shown after the name of the program.
    public var description: String { hint.isEmpty ? "\(message)." : "\(message). \(hint)" }

    func about(_ spelled: String) -> ArgumentError { ArgumentError("\(spelled) \(message)", hint: hint) }

    func withHint(_ more: String) -> ArgumentError {
        ArgumentError(message, hint: hint.isEmpty ? more : "\(hint) \(more)")
    }
}
