import Application

/// Something that a client may say in the path or behind the question mark, declared once: it is read, refused and
/// documented from this.
struct Parameter<Value: Sendable>: Sendable {
    let declaration: ParameterDeclaration
    /// Makes a value of the text; nil where nothing was said.
    let read: @Sendable (String?) throws(Refusal) -> Value
}

/// What stands in the document about a parameter.
struct ParameterDeclaration: Sendable, Equatable {
    enum Place: String, Sendable { case path, query }

    let name: String
    let place: Place
    let schema: Schema
    let summary: String
    let isRequired: Bool
    /// The thing whose id it is; whoever asks must have it.
    var identifies: IdentifyRequest.Kind?
    let check: @Sendable (String?) throws(Refusal) -> Void

    static func == (left: Self, right: Self) -> Bool { left.name == right.name && left.place == right.place }
}

extension ParameterDeclaration {
    /// More is no value, but an attack.
    static let mostCharacters = 256
}

extension Parameter {
    private init(
        _ name: String, _ place: ParameterDeclaration.Place, _ schema: Schema, _ summary: String,
        isRequired: Bool = false, identifies: IdentifyRequest.Kind? = nil,
        _ read: @escaping @Sendable (String?) throws(Refusal) -> Value
    ) {
        self.read = read
        declaration = ParameterDeclaration(
            name: name, place: place, schema: schema, summary: summary, isRequired: isRequired, identifies: identifies
        ) { text throws(Refusal) in _ = try read(text) }
    }
}

extension Parameter where Value == String {
    /// The id of a thing, in the path. It counts whole: the beginning of an id, or a name, names nothing here.
    static func id(_ kind: IdentifyRequest.Kind, _ name: String? = nil, _ summary: String? = nil) -> Self {
        let name = name ?? kind.rawValue
        return Parameter(
            name, .path, .text(.init(most: ParameterDeclaration.mostCharacters, least: 1)),
            summary ?? "The id of the \(kind.rawValue).", isRequired: true, identifies: kind
        ) { text throws(Refusal) in text ?? "" }
    }

    /// A day in the path, as 2026-03-01.
    static func day(_ name: String, _ summary: String) -> Self {
        Parameter(
            name, .path, .text(.init(format: "date", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")), summary,
            isRequired: true
        ) {
            text throws(Refusal) in
            guard let text, text.utf8.count == 10, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else {
                throw Refusal(.badRequest, "\(name) is no day", hint: "As in: 2026-03-01", field: name)
            }
            return text
        }
    }

    static func word(_ name: String, _ words: [String], in place: ParameterDeclaration.Place, _ summary: String) -> Self
    {
        Parameter(name, place, .word(words), summary, isRequired: true) { text throws(Refusal) in
            try known(text, words, name) ?? words[0]
        }
    }

    /// A word in the path that another place knows the list of.
    static func name(_ name: String, _ summary: String) -> Self {
        Parameter(
            name, .path, .text(.init(most: ParameterDeclaration.mostCharacters, least: 1)), summary, isRequired: true
        ) { text throws(Refusal) in text ?? "" }
    }
}

extension Parameter where Value == String? {
    static func text(_ name: String, most: Int = ParameterDeclaration.mostCharacters, _ summary: String) -> Self {
        Parameter(name, .query, .text(.init(most: most, least: 1)), summary) { text throws(Refusal) in
            guard let text else { return nil }
            guard !text.isEmpty else { throw Refusal(.badRequest, "\(name) is empty", field: name) }
            guard text.unicodeScalars.count <= most else {
                throw Refusal(
                    .badRequest, "\(name) has \(text.unicodeScalars.count) characters, and can have \(most)",
                    field: name)
            }
            return text
        }
    }

    /// Only what has to do with the thing of this id.
    static func only(_ kind: IdentifyRequest.Kind, _ summary: String) -> Self {
        var parameter = text(kind.rawValue, summary)
        parameter = Parameter(
            kind.rawValue, .query, .text(.init(most: ParameterDeclaration.mostCharacters, least: 1)), summary,
            identifies: kind, parameter.read)
        return parameter
    }

    static func moment(_ name: String, _ summary: String) -> Self {
        let text = text(
            name, most: 40,
            "\(summary) As 2026-03-01, 2026-03-01T09:30:00Z, today, 7d (ago) or +7d (from now), in your zone.")
        // A plus that is not escaped arrives as a space.
        return Parameter(declaration: text.declaration) { said throws(Refusal) in
            try text.read(said).map { $0.hasPrefix(" ") ? "+" + $0.dropFirst() : $0 }
        }
    }

    static func word(_ name: String, _ words: [String], _ summary: String) -> Self {
        Parameter(name, .query, .word(words), summary) { text throws(Refusal) in try known(text, words, name) }
    }
}

private func known(_ text: String?, _ words: [String], _ name: String) throws(Refusal) -> String? {
    guard let text else { return nil }
    guard words.contains(text) else {
        throw Refusal(.badRequest, "\(name) can be \(words.joined(separator: ", "))", field: name)
    }
    return text
}

extension Parameter where Value == Int64? {
    static func integer(_ name: String, in range: ClosedRange<Int64>, _ summary: String) -> Self {
        Parameter(name, .query, .integer(range), summary) { text throws(Refusal) in
            try number(text, in: range, name)
        }
    }
}

extension Parameter where Value == Int64 {
    static func integer(_ name: String, in range: ClosedRange<Int64>, default usual: Int64, _ summary: String) -> Self {
        Parameter(name, .query, .integer(range), "\(summary) \(usual) where nothing is said.") { text throws(Refusal) in
            try number(text, in: range, name) ?? usual
        }
    }

    /// A position in the ledger, in the path.
    static let position = Parameter(
        "position", .path, .integer(1...Int64.max), "The position of the entry.", isRequired: true, identifies: .entry
    ) { text throws(Refusal) in try number(text, in: 1...Int64.max, "position") ?? 0 }

    /// How many things a page holds.
    static let limit = integer("limit", in: 1...200, default: 50, "How many of them at the most.")
}

private func number(_ text: String?, in range: ClosedRange<Int64>, _ name: String) throws(Refusal) -> Int64? {
    guard let text else { return nil }
    guard let number = Int64(text), text.first != "+" else {
        throw Refusal(
            .badRequest, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)", field: name)
    }
    guard range.contains(number) else {
        throw Refusal(
            .badRequest, "\(name) is \(number), and can be \(range.lowerBound) to \(range.upperBound)", field: name)
    }
    return number
}

extension Parameter where Value == Bool {
    static func flag(_ name: String, _ summary: String) -> Self {
        Parameter(name, .query, .flag, summary) { text throws(Refusal) in
            switch text {
            case nil, "false": return false
            case "true": return true
            default: throw Refusal(.badRequest, "\(name) is true or false", field: name)
            }
        }
    }
}

extension Parameter where Value == String? {
    static let cursor = text("cursor", "Where to go on: “next” of the page before, as it stands.")
}
