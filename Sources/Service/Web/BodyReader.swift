import Application
import FoundationEssentials
import WebServer

/// Reads the body of a visit within its limits, and holds it against what the route wants.
struct BodyReader: Sendable {
    /// All that a person can type, and no more.
    static let mostJSONBytes = 64 << 10
    /// The address book of a large house.
    static let mostFileBytes = 20 << 20
    /// Deeper than any body; it keeps a hostile one from exhausting the stack.
    static let deepest = 8

    let schema: Schema?
    let components: [String: Schema]
    private let body: Route.Body

    init(_ body: Route.Body) throws {
        self.body = body
        guard case .json(let type) = body else {
            (schema, components) = (nil, [:])
            return
        }
        let (schema, components) = try BodySchema.make(type)
        (self.schema, self.components) = (schema, components)
    }

    /// A body of which every field may be left out may be left out as well.
    var isRequired: Bool {
        guard case .reference(let name)? = schema, case .object(let object)? = components[name] else {
            return schema != nil
        }
        return object.properties.contains(where: \.isRequired)
    }

    func read(_ visit: Visit) throws(Refusal) -> JSONValue? {
        switch body {
        case .none:
            guard visit.body.isEmpty else {
                throw Refusal(.badRequest, "nothing is to be sent here", hint: "Leave the body out.")
            }
            return nil
        case .file(let types):
            try requireType(visit, types)
            try requireSize(visit, Self.mostFileBytes)
            return nil
        case .json:
            if visit.body.isEmpty, !isRequired { return .object([JSONValue.Member]()) }
            try requireType(visit, ["application/json"])
            try requireSize(visit, Self.mostJSONBytes)
            let value = try Self.value(visit.body)
            if let schema { try SchemaCheck(components: components).check(value, schema) }
            return value
        }
    }

    private func requireType(_ visit: Visit, _ types: [String]) throws(Refusal) {
        let given = visit.header("Content-Type") ?? ""
        let type = given.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        guard types.contains(type) else {
            throw Refusal(
                .badRequest, "the body should be \(types.joined(separator: " or "))",
                hint: "Say so: Content-Type: \(types[0])", code: "unsupported_type")
        }
    }

    private func requireSize(_ visit: Visit, _ most: Int) throws(Refusal) {
        guard visit.body.count <= most else {
            throw Refusal(
                .badRequest, "the body has \(visit.body.count) bytes, and can have \(most)", code: "too_large")
        }
    }

    private static func value(_ bytes: [UInt8]) throws(Refusal) -> JSONValue {
        guard !bytes.isEmpty else { throw Refusal(.badRequest, "the body is empty", hint: "At least: {}") }
        guard depth(of: bytes) <= deepest else {
            throw Refusal(.badRequest, "the body is nested deeper than \(deepest)")
        }
        do {
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
            if let name = NameScan.repeated(in: bytes) {
                throw Refusal(.badRequest, "\(name) is said more than once", field: name)
            }
            return value
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.badRequest, "the body is not JSON")
        }
    }

    /// How deep the brackets go, those in texts left out.
    static func depth(of bytes: [UInt8]) -> Int {
        var (depth, deepest, isText, isEscaped) = (0, 0, false, false)
        for byte in bytes {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}

/// The schema of a body: what the type says, and what its notes add.
enum BodySchema {
    /// More is no list that a person made.
    static let mostElements = 1_000
    /// Where nothing else is said.
    static let mostCharacters = 2_000

    static func make(_ type: any WebBody.Type) throws -> (Schema, [String: Schema]) {
        let maker = SchemaMaker(type.naming)
        let schema = try maker.schema(of: type)
        guard case .reference(let name) = schema, case .object(let object)? = maker.components[name] else {
            return (schema, maker.components)
        }
        var components = maker.components.mapValues(closed)
        components[name] = .object(noted(object, type.notes))
        return (schema, components)
    }

    private static func closed(_ schema: Schema) -> Schema {
        guard case .object(let object) = schema else { return schema }
        return .object(noted(object, [:]))
    }

    private static func noted(_ object: Schema.Object, _ notes: [String: FieldNote]) -> Schema.Object {
        var noted = Schema.Object(isClosed: true)
        noted.properties = object.properties.map { property in
            let note = notes[property.name]
            var property = property
            property.summary = note?.summary
            property.schema = limited(property.schema, note)
            return property
        }
        return noted
    }

    private static func limited(_ schema: Schema, _ note: FieldNote?) -> Schema {
        switch schema {
        case .text: .text(.init(most: note?.most ?? mostCharacters, least: note?.isFilled == true ? 1 : nil))
        case .integer: .integer(note?.range)
        case .list(let element, _): .list(limited(element, note), most: mostElements)
        default: schema
        }
    }
}
