import Application

/// Holds what a client sent against the schema of the body, so that a refusal names the field.
struct SchemaCheck {
    let components: [String: Schema]

    /// - Parameter path: the name of the field, with dots where it lies inside of another.
    func check(_ value: JSONValue, _ schema: Schema, at path: String = "") throws(Refusal) {
        switch (schema, value) {
        case (.reference(let name), _):
            if let schema = components[name] { try check(value, schema, at: path) }
        case (.nullable, .null): break
        case (.nullable(let schema), _): try check(value, schema, at: path)
        case (.text(let text), .text(let given)): try check(given, text, at: path)
        case (.integer(let range), .integer(let given)):
            if let range, !range.contains(given) {
                throw refusal("is \(given), and can be \(range.lowerBound) to \(range.upperBound)", path)
            }
        case (.number, .integer), (.number, .number), (.flag, .flag): break
        case (.word(let words), .text(let given)):
            if !words.contains(given) { throw refusal("can be \(words.joined(separator: ", "))", path) }
        case (.list(let element, let most), .list(let given)):
            if let most, given.count > most { throw refusal("has \(given.count) parts, and can have \(most)", path) }
            for value in given { try check(value, element, at: path) }
        case (.map(let schema), .object(let members)):
            for member in members { try check(member.value, schema, at: inside(path, member.name)) }
        case (.object(let object), .object(let members)): try check(members, object, at: path)
        default: throw refusal("should be \(schema.words), and is \(value.words)", path)
        }
    }

    private func check(_ text: String, _ limits: Schema.Text, at path: String) throws(Refusal) {
        let count = text.unicodeScalars.count
        if let least = limits.least, count < least { throw refusal("is empty", path) }
        if let most = limits.most, count > most {
            throw refusal("has \(count) characters, and can have \(most)", path)
        }
    }

    private func check(_ members: [JSONValue.Member], _ object: Schema.Object, at path: String) throws(Refusal) {
        for member in members {
            guard let property = object[member.name] else {
                if !object.isClosed { continue }
                let names = object.properties.map(\.name).joined(separator: ", ")
                throw Refusal(
                    .badRequest, "there is no field “\(inside(path, member.name).prefix(Self.mostShown))”",
                    hint: names.isEmpty ? nil : "There are: \(names).",
                    field: String(inside(path, member.name).prefix(Self.mostShown)))
            }
            try check(member.value, property.schema, at: inside(path, member.name))
        }
        for property in object.properties where property.isRequired {
            guard members.contains(where: { $0.name == property.name }) else {
                throw refusal("is missing", inside(path, property.name))
            }
        }
    }

    /// A name that a client made up is shown, but not without end.
    private static let mostShown = 64

    private func inside(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    private func refusal(_ words: String, _ path: String) -> Refusal {
        Refusal(.badRequest, "\(path.isEmpty ? "the body" : path) \(words)", field: path.isEmpty ? nil : path)
    }
}

extension Schema {
    fileprivate var words: String {
        switch self {
        case .text, .word: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .list: "a list"
        case .map, .object, .reference: "an object"
        case .nullable(let schema): schema.words
        }
    }
}
