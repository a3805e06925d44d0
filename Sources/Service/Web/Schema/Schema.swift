/// The shape of a JSON value: the part of JSON Schema that answers and bodies need.
indirect enum Schema: Sendable, Equatable {
    case text(Text = Text())
    case integer(ClosedRange<Int64>? = nil)
    case number
    case flag
    case word([String])
    case list(Schema, most: Int? = nil)
    /// An object whose names are anything.
    case map(Schema)
    case object(Object)
    /// One of the components, by its name.
    case reference(String)
    case nullable(Schema)

    struct Text: Sendable, Equatable {
        var most: Int?
        var least: Int?
        var format: String?
        var pattern: String?
    }

    struct Object: Sendable, Equatable {
        var properties: [Property] = []
        /// Names beside these are refused.
        var isClosed = false

        subscript(name: String) -> Property? { properties.first { $0.name == name } }
    }

    struct Property: Sendable, Equatable {
        let name: String
        var schema: Schema
        var isRequired: Bool
        var summary: String?
    }
}

extension Schema {
    /// As a JSON Schema (2020-12), as OpenAPI 3.1 wants it.
    var json: JSONValue {
        switch self {
        case .text(let text):
            .object([
                "type": .text("string"), "minLength": text.least.map { .integer(Int64($0)) },
                "maxLength": text.most.map { .integer(Int64($0)) }, "format": text.format.map(JSONValue.text),
                "pattern": text.pattern.map(JSONValue.text),
            ])
        case .integer(let range):
            .object([
                "type": .text("integer"), "format": .text("int64"),
                "minimum": range.map { .integer($0.lowerBound) }, "maximum": range.map { .integer($0.upperBound) },
            ])
        case .number: .object(["type": .text("number")])
        case .flag: .object(["type": .text("boolean")])
        case .word(let words): .object(["type": .text("string"), "enum": .list(words.map(JSONValue.text))])
        case .list(let element, let most):
            .object([
                "type": .text("array"), "items": element.json, "maxItems": most.map { .integer(Int64($0)) },
            ])
        case .map(let value): .object(["type": .text("object"), "additionalProperties": value.json])
        case .object(let object): object.json
        case .reference(let name): .object(["$ref": .text("#/components/schemas/\(name)")])
        case .nullable(let schema): .object(["anyOf": .list([schema.json, .object(["type": .text("null")])])])
        }
    }
}

extension Schema.Object {
    var json: JSONValue {
        let required = properties.filter(\.isRequired).map { JSONValue.text($0.name) }
        return .object([
            "type": .text("object"),
            "properties": .object(
                properties.map { property in
                    JSONValue.Member(name: property.name, value: property.schema.json.described(property.summary))
                }),
            "required": required.isEmpty ? nil : .list(required),
            "additionalProperties": isClosed ? .flag(false) : nil,
        ])
    }
}

extension JSONValue {
    /// The same schema with a description; beside a reference one may stand since 3.1.
    func described(_ summary: String?) -> JSONValue {
        guard let summary, case .object(let members) = self else { return self }
        return .object(members + [Member(name: "description", value: .text(summary))])
    }
}
