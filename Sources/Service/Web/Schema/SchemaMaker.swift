/// Finds out what the JSON of a type looks like, by letting the type read itself from values that were made up, and
/// writing down what it asked for. So a schema says what the type says, and nobody keeps it up to date by hand.
final class SchemaMaker {
    /// The schemas of the types that were met, by the names of the types.
    private(set) var components: [String: Schema] = [:]
    private var inWork: Set<String> = []
    let naming: Naming

    init(_ naming: Naming = .snakeCase) { self.naming = naming }

    func schema(of type: any Decodable.Type) throws -> Schema { try shaped(type) }

    private func shaped<Shaped: Decodable>(_ type: Shaped.Type) throws -> Schema { try shape(type).schema }

    /// What a type looks like, and a value of it.
    func shape<Shaped: Decodable>(_ type: Shaped.Type) throws -> (schema: Schema, value: Shaped) {
        if let plain = Self.plain(type), let value = plain.value as? Shaped { return (plain.schema, value) }
        if let type = type as? any (RawRepresentable & CaseIterable).Type, let words = words(of: type),
            let value = firstCase(of: type) as? Shaped
        {
            return (.word(words), value)
        }
        if let list = type as? any ListShape.Type, let element = list.element, let value = list.empty as? Shaped {
            return (.list(try inside(element)), value)
        }
        if let map = type as? any MapShape.Type, let element = map.value, let value = map.empty as? Shaped {
            return (.map(try inside(element)), value)
        }
        if let optional = type as? any OptionalShape.Type, let wrapped = optional.wrapped,
            let value = optional.nothing as? Shaped
        {
            return (.nullable(try inside(wrapped)), value)
        }
        return try read(type)
    }

    /// A type of which no value is needed, so that one that holds others of its kind comes to an end.
    private func inside(_ type: any Decodable.Type) throws -> Schema {
        let name = Self.name(of: type)
        return inWork.contains(name) ? .reference(name) : try schema(of: type)
    }

    private func read<Shaped: Decodable>(_ type: Shaped.Type) throws -> (Schema, Shaped) {
        let name = Self.name(of: type)
        let isOutermost = inWork.insert(name).inserted
        defer { if isOutermost { inWork.remove(name) } }
        let record = ShapeRecord()
        let value = try Shaped(from: ShapeDecoder(record, self))
        if let single = record.single { return (single, value) }
        components[name] = .object(Schema.Object(properties: record.properties))
        return (.reference(name), value)
    }

    private static func plain(_ type: any Decodable.Type) -> (schema: Schema, value: any Decodable)? {
        switch type {
        case is String.Type: (.text(), "")
        case is Bool.Type: (.flag, false)
        case is Int64.Type: (.integer(), Int64(0))
        case is Int.Type: (.integer(), 0)
        case is Int32.Type: (.integer(), Int32(0))
        case is UInt64.Type: (.integer(), UInt64(0))
        case is Double.Type: (.number, Double(0))
        case is JSONValue.Type: (.object(Schema.Object()), JSONValue.null)
        default: nil
        }
    }

    /// `Application.MeetingsRequest.Page` is `Meetings.Page` to those outside.
    static func name(of type: any Decodable.Type) -> String {
        String(reflecting: type).split(separator: ".").dropFirst()
            .map { part in
                part.hasSuffix("Request") && part.count > 7 ? String(part.dropLast(7)) : String(part)
            }.joined(separator: ".")
    }
}

/// What a type asked for.
final class ShapeRecord {
    var properties: [Schema.Property] = []
    var single: Schema?
    /// Those of which the type asked first whether they are there.
    var optional: Set<String> = []

    func add(_ name: String, _ schema: Schema, isRequired: Bool) {
        guard !properties.contains(where: { $0.name == name }) else { return }
        properties.append(Schema.Property(name: name, schema: schema, isRequired: isRequired))
    }
}
