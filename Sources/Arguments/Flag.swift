/// An option without a value: said or not. Saying it twice is saying it once.
public struct Flag: Handle {
    public typealias Value = Bool
    public let declaration: Declaration

    public init(_ name: String, short: Character? = nil, _ help: String, isHidden: Bool = false) {
        declaration = Declaration(
            form: .flag, name: name, short: short, help: help, isHidden: isHidden,
            read: { occurrences, _ throws(ArgumentError) in !occurrences.isEmpty })
    }

    /// What every program understands, without declaring it.
    static let help = Flag("help", short: "h", "Show help for the program, or for the verb it stands with.")
    static let version = Flag("version", "Show which version this is.")
    static let builtIn = [help.declaration, version.declaration]
}

/// A flag that can be said either way, `--colour` and `--no-colour`; nil where neither was.
public struct Switch: Handle {
    public typealias Value = Bool?
    public let declaration: Declaration

    public init(_ name: String, short: Character? = nil, _ help: String, isHidden: Bool = false) {
        declaration = Declaration(
            form: .negatable, name: name, short: short, help: help, isHidden: isHidden,
            read: { occurrences, _ throws(ArgumentError) in try Switch.side(of: occurrences) })
    }

    private static func side(of occurrences: [Occurrence]) throws(ArgumentError) -> Bool? {
        guard let first = occurrences.first else { return nil }
        if let other = occurrences.first(where: { $0.text != first.text }) {
            throw ArgumentError("\(first.spelled) contradicts \(other.spelled)", hint: "Give one of them.")
        }
        return first.text != Occurrence.negation
    }
}

/// A flag that counts how often it was said: `-vv` is 2.
public struct Counter: Handle {
    public typealias Value = Int
    public let declaration: Declaration

    public init(_ name: String, short: Character? = nil, _ help: String, isHidden: Bool = false) {
        declaration = Declaration(
            form: .counter, name: name, short: short, help: help, notes: ["may be repeated"], isRepeated: true,
            isHidden: isHidden, read: { occurrences, _ throws(ArgumentError) in occurrences.count })
    }
}
