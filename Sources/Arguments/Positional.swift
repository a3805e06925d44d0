/// An argument that is known by its place: `daybook show EVENT`.
///
/// `Value` is `Element` for one that must be given or has a default, `Element?` for an optional one, `[Element]` for one
/// that takes all the rest. Optional ones stand after required ones, and a repeated one stands last.
public struct Positional<Value: Sendable>: Handle {
    public let declaration: Declaration

    /// One that must be given.
    public init(_ name: String, _ kind: ValueKind<Value>, _ help: String) {
        var declaration = Declaration(positional: name, kind, help) { occurrences, surroundings throws(ArgumentError) in
            guard let first = occurrences.first else { throw ArgumentError("\(name) is missing") }
            return try kind.read(first, surroundings)
        }
        declaration.isRequired = true
        self.declaration = declaration
    }

    /// One that has a value even where it is left out.
    public init(_ name: String, _ kind: ValueKind<Value>, default fallback: Value, _ help: String) {
        let note = "default: \(kind.write(fallback))"
        declaration = Declaration(positional: name, kind, help, note: note) {
            occurrences, surroundings throws(ArgumentError) in
            guard let first = occurrences.first else { return fallback }
            return try kind.read(first, surroundings)
        }
    }

    /// One that may be left out, and is nil then.
    public static func optional<Element: Sendable>(
        _ name: String, _ kind: ValueKind<Element>, _ help: String
    ) -> Positional where Value == Element? {
        let declaration = Declaration(positional: name, kind, help) { occurrences, surroundings throws(ArgumentError) in
            guard let first = occurrences.first else { return Element?.none }
            return Element?.some(try kind.read(first, surroundings))
        }
        return Positional(declaration: declaration)
    }

    /// One that takes all the rest, which must be at least so many.
    public static func repeated<Element: Sendable>(
        _ name: String, _ kind: ValueKind<Element>, atLeast least: Int = 0, _ help: String
    ) -> Positional where Value == [Element] {
        var declaration = Declaration(positional: name, kind, help) { occurrences, surroundings throws(ArgumentError) in
            guard occurrences.count >= least else {
                throw ArgumentError(least == 1 ? "\(name) is missing" : "\(name) is wanted at least \(least) times")
            }
            return try occurrences.map { one throws(ArgumentError) in try kind.read(one, surroundings) }
        }
        declaration.isRepeated = true
        declaration.isRequired = least > 0
        return Positional(declaration: declaration)
    }

    private init(declaration: Declaration) { self.declaration = declaration }
}

extension Declaration {
    fileprivate init<Element>(
        positional name: String, _ kind: ValueKind<Element>, _ help: String, note: String = "",
        read: @escaping @Sendable ([Occurrence], Surroundings) throws(ArgumentError) -> any Sendable
    ) {
        self.init(
            form: .positional, name: name, metavar: name, help: help, notes: [kind.note, note].filter { !$0.isEmpty },
            completion: kind.completion, read: read)
    }
}
