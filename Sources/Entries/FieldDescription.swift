/// What is known of a field without a value of it.
public struct FieldDescription: Sendable, Equatable {
    public let name: String
    public let place: Place
    public let shape: FieldShape
    public let meaning: String

    public var isOptional: Bool {
        switch shape {
        case .optional, .list: true
        default: false
        }
    }

    static func list<Group: FieldGroup>(of group: Group.Type) -> [FieldDescription] {
        var describer = Describer()
        var empty = Group()
        empty.visit(&describer)
        return describer.fields
    }

    static func list<SomeFact: Fact>(of fact: SomeFact.Type) -> [FieldDescription] {
        var describer = Describer()
        var empty = SomeFact()
        empty.visit(&describer)
        return describer.fields
    }

    private struct Describer: FieldVisitor {
        var fields: [FieldDescription] = []

        mutating func field<Value: FieldValue>(
            _ name: String, _ value: inout Value, _ place: Place, _ meaning: String
        ) {
            fields.append(
                FieldDescription(
                    name: name, place: place, shape: Value.shape, meaning: meaning))
        }
    }
}

extension FieldShape {
    /// In words, as an error or a table of fields says it.
    public var words: String {
        switch self {
        case .integer: "a whole number"
        case .boolean: "true or false"
        case .text: "a text"
        case .word(let words): "one of " + words.joined(separator: ", ")
        case .list(let element): "a list of \(element.plural)"
        case .group(let fields): "an object with " + fields.map(\.name).joined(separator: ", ")
        case .optional(let shape): shape.words
        }
    }

    private var plural: String {
        switch self {
        case .integer: "whole numbers"
        case .boolean: "truths"
        case .text: "texts"
        case .word(let words): "words out of " + words.joined(separator: ", ")
        case .list(let element): "lists of \(element.plural)"
        case .group(let fields): "objects with " + fields.map(\.name).joined(separator: ", ")
        case .optional(let shape): shape.plural
        }
    }
}
