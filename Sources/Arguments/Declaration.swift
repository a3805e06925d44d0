/// Something that is declared once and looked up typed: `given[handle]` is a `Value`.
///
/// The handles are ``Flag``, ``Switch``, ``Counter``, ``Option`` and ``Positional``. Only this module can make a
/// ``Declaration``, so that no other handle can promise a value that the reader does not keep.
public protocol Handle: Sendable {
    associatedtype Value: Sendable
    var declaration: Declaration { get }
}

/// One argument as the reader, the help, the completion scripts and the manual page know it.
public struct Declaration: Sendable {
    enum Form: Sendable {
        case flag, negatable, counter, option, positional
    }

    let form: Form
    let name: String
    var short: Character?
    var metavar = ""
    let help: String
    var notes: [String] = []
    var isRequired = false
    var isRepeated = false
    var isHidden = false
    var completion = Completion.nothing

    /// Makes the value of everything that was said for this argument. What it makes is always of the handle's `Value`.
    let read: @Sendable ([Occurrence], Surroundings) throws(ArgumentError) -> any Sendable
}

/// One time that an argument was said: by which spelling, and with which text.
struct Occurrence: Sendable {
    let spelled: String
    let text: String

    /// What stands in place of a text where an option was turned off by its `--no-` spelling.
    static let negation = "no"
}

extension Declaration {
    /// What tells it from the other arguments of the same verb.
    var key: String { form == .positional ? name : "--\(name)" }

    var takesValue: Bool { form == .option }

    /// The spellings with two hyphens.
    var longSpellings: [String] {
        switch form {
        case .positional: []
        case .negatable: ["--\(name)", "--no-\(name)"]
        case .flag, .counter, .option: ["--\(name)"]
        }
    }

    /// All that can be typed for it, the short one first.
    var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + longSpellings }

    /// As it stands in a usage line: `EVENT`, `[EVENT]`, `[FILE...]`, `--to FILE`.
    var usage: String {
        guard form == .positional else { return takesValue ? "\(key) \(metavar)" : key }
        let many = isRepeated ? "\(metavar)..." : metavar
        return isRequired ? many : "[\(many)]"
    }

    /// The help, with what else there is to know in brackets at its end, before the full stop.
    var helpWithNotes: String {
        guard !notes.isEmpty else { return help }
        let bracket = " (\(notes.joined(separator: "; ")))"
        return help.hasSuffix(".") ? "\(help.dropLast())\(bracket)." : help + bracket
    }

    /// The one time that it was said. Said again, it is refused, since nobody can know which was meant.
    static func only(_ occurrences: [Occurrence]) throws(ArgumentError) -> Occurrence? {
        guard let first = occurrences.first, occurrences.count > 1 else { return occurrences.first }
        let texts = occurrences.map { "“\($0.text)”" }.joined(separator: ", then ")
        throw ArgumentError("\(first.spelled) was given \(occurrences.count) times: \(texts)", hint: "Give it once.")
    }
}
