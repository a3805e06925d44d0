/// An option with a value: `--limit 20`, `--limit=20`, `-n 20`, `-n20`.
///
/// `Value` is what a look-up gives: `Element?` for a plain option, `Element` for one with a default or one that must be
/// given, `[Element]` for one that may be repeated.
public struct Option<Value: Sendable>: Handle {
    public let declaration: Declaration

    /// An option that may be left out, and is nil then.
    public init<Element: Sendable>(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Element>, _ help: String, isHidden: Bool = false
    ) where Value == Element? {
        declaration = Declaration(option: name, short, kind, help, isHidden: isHidden) {
            occurrences, surroundings throws(ArgumentError) in
            guard let only = try Declaration.only(occurrences) else { return Element?.none }
            return Element?.some(try kind.read(only, surroundings))
        }
    }

    /// An option that has a value even where it is left out.
    public init(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, default fallback: Value, _ help: String,
        isHidden: Bool = false
    ) {
        let note = "default: \(kind.write(fallback))"
        declaration = Declaration(option: name, short, kind, help, note: note, isHidden: isHidden) {
            occurrences, surroundings throws(ArgumentError) in
            guard let only = try Declaration.only(occurrences) else { return fallback }
            return try kind.read(only, surroundings)
        }
    }

    /// An option that must be given. Rare: what must be given is usually a positional.
    public static func required(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, _ help: String
    ) -> Option {
        var declaration = Declaration(option: name, short, kind, help, note: "required", isHidden: false) {
            occurrences, surroundings throws(ArgumentError) in
            guard let only = try Declaration.only(occurrences) else { throw ArgumentError("--\(name) is missing") }
            return try kind.read(only, surroundings)
        }
        declaration.isRequired = true
        return Option(declaration: declaration)
    }

    /// An option that may be given any number of times; the values keep their order.
    public static func repeated<Element: Sendable>(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Element>, _ help: String, isHidden: Bool = false
    ) -> Option where Value == [Element] {
        var declaration = Declaration(option: name, short, kind, help, note: "may be repeated", isHidden: isHidden) {
            occurrences, surroundings throws(ArgumentError) in
            try occurrences.map { one throws(ArgumentError) in try kind.read(one, surroundings) }
        }
        declaration.isRepeated = true
        return Option(declaration: declaration)
    }

    private init(declaration: Declaration) { self.declaration = declaration }
}

extension Declaration {
    fileprivate init<Element>(
        option name: String, _ short: Character?, _ kind: ValueKind<Element>, _ help: String, note: String = "",
        isHidden: Bool,
        read: @escaping @Sendable ([Occurrence], Surroundings) throws(ArgumentError) -> any Sendable
    ) {
        self.init(
            form: .option, name: name, short: short, metavar: kind.metavar, help: help,
            notes: [kind.note, note].filter { !$0.isEmpty }, isHidden: isHidden, completion: kind.completion, read: read
        )
    }
}
