import Application
import FoundationEssentials

/// The description of the interface, as OpenAPI 3.1. It is made from the routes and from the types of their answers, so
/// it says what is done.
public enum OpenAPIDocument {
    /// The document of all routes. It does not change while the program runs.
    static let bytes = Result { try make(Routes.all) }

    public static func make(_ routes: [Route]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(try document(routes))) + [0x0a]
    }

    static func document(_ routes: [Route]) throws -> JSONValue {
        var writer = OpenAPIWriter()
        let templates = routes.map(\.template).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let paths = try templates.map { template in
            JSONValue.Member(
                name: template,
                value: .object(
                    try routes.filter { $0.template == template }.map { route in
                        JSONValue.Member(
                            name: route.method.rawValue.lowercased(), value: try writer.operation(route))
                    }))
        }
        let tags = routes.map(\.tag).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return .object([
            "openapi": .text("3.1.0"),
            "info": .object([
                "title": .text("Daybook"), "version": .text(Release.version),
                "description": .text(
                    "Meetings from calendars, matched to people and logged as activities. Instants are milliseconds "
                        + "since 1970; whole days are days. docs/api.md tells more."),
            ]),
            "servers": .list([.object(["url": .text("/")])]),
            "tags": .list(tags.map { .object(["name": .text($0)]) }),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(
                    writer.components.sorted { $0.key < $1.key }.map {
                        JSONValue.Member(name: $0.key, value: $0.value.json)
                    }),
                "securitySchemes": .object([
                    "token": .object(["type": .text("http"), "scheme": .text("bearer")]),
                    "session": .object([
                        "type": .text("apiKey"), "in": .text("cookie"), "name": .text("__Host-daybook"),
                    ]),
                ]),
            ]),
        ])
    }
}

/// Writes the operations, and gathers the schemas that they refer to.
private struct OpenAPIWriter {
    private(set) var components: [String: Schema] = [:]

    mutating func operation(_ route: Route) throws -> JSONValue {
        let isOpen = route.role == .anyone
        return .object([
            "operationId": .text(Self.identifier(route)), "summary": .text(route.summary),
            "tags": .list([.text(route.tag)]), "x-role": .text(route.role.rawValue),
            "x-scope": isOpen ? nil : .text(route.scope.rawValue),
            "security": .list(
                isOpen ? [] : ["token", "session"].map { .object([JSONValue.Member(name: $0, value: .list([]))]) }),
            "parameters": route.parameters.isEmpty ? nil : .list(route.parameters.map(Self.parameter)),
            "requestBody": try body(route), "responses": try responses(route),
        ])
    }

    /// `get_people_person_meetings`
    private static func identifier(_ route: Route) -> String {
        let words = route.template.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "v1" }
        // What lies under the root of the interface is most of it, and needs no word for that.
        let isOfAPI = route.template.hasPrefix(Routes.root)
        let named = isOfAPI ? words.dropFirst().map(String.init) : ["service"] + words.map(String.init)
        return ([route.method.rawValue.lowercased()] + named).joined(separator: "_")
    }

    private static func parameter(_ declaration: ParameterDeclaration) -> JSONValue {
        .object([
            "name": .text(declaration.name), "in": .text(declaration.place.rawValue),
            "required": .flag(declaration.isRequired), "description": .text(declaration.summary),
            "schema": Self.written(declaration.schema).json,
        ])
    }

    /// What stands in an address has no control characters: they are refused before anything is looked at.
    private static func written(_ schema: Schema) -> Schema {
        guard case .text(var text) = schema, text.pattern == nil else { return schema }
        text.pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
        return .text(text)
    }

    private mutating func body(_ route: Route) throws -> JSONValue? {
        switch route.body {
        case .none: return nil
        case .file(let types):
            return .object([
                "required": .flag(true),
                "content": .object(
                    types.map { .init(name: $0, value: .object(["schema": Schema.text().json])) }),
            ])
        case .json:
            let reader = try BodyReader(route.body)
            guard let schema = reader.schema else { return nil }
            take(reader.components)
            return .object([
                "required": .flag(reader.isRequired), "content": Self.json(schema),
            ])
        }
    }

    private static func json(_ schema: Schema) -> JSONValue {
        .object([.init(name: "application/json", value: .object(["schema": schema.json]))])
    }

    /// Two types of one name would be one schema, and one of the two a lie.
    private mutating func take(_ new: [String: Schema]) {
        for (name, schema) in new {
            precondition(components[name] == nil || components[name] == schema, "two types are called \(name)")
            components[name] = schema
        }
    }

    // MARK: Answers

    private mutating func responses(_ route: Route) throws -> JSONValue {
        var responses = [JSONValue.Member(name: String(route.success), value: try success(route))]
        let error = try self.error()
        for status in route.statuses {
            responses.append(
                .init(
                    name: String(status),
                    value: .object(["description": .text(Self.words(status)), "content": Self.json(error)])))
        }
        return .object(responses)
    }

    private mutating func error() throws -> Schema {
        let maker = SchemaMaker()
        let schema = try maker.schema(of: ErrorAnswer.self)
        take(maker.components)
        return schema
    }

    private mutating func success(_ route: Route) throws -> JSONValue {
        switch route.answer {
        case .none: return .object(["description": .text("Done.")])
        case .text(let type):
            // An export is one of two.
            let types = type == "text/vcard" ? [type, "text/csv"] : [type]
            return .object([
                "description": .text("The text."),
                "content": .object(types.map { .init(name: $0, value: .object(["schema": Schema.text().json])) }),
            ])
        case .free:
            return .object([
                "description": .text("The document."), "content": Self.json(.object(Schema.Object())),
            ])
        case .json(let type): return try answer(type, .asWritten, kind: nil)
        case .document(let kind, let type, let naming): return try answer(type, naming, kind: kind)
        }
    }

    private mutating func answer(_ type: any Decodable.Type, _ naming: Naming, kind: String?) throws -> JSONValue {
        let maker = SchemaMaker(naming)
        var schema = try maker.schema(of: type)
        take(maker.components)
        if let kind, case .reference(let name) = schema, case .object(var object)? = maker.components[name] {
            object.properties.insert(
                contentsOf: [
                    .init(name: "kind", schema: .word(["daybook.\(kind)"]), isRequired: true),
                    .init(name: "schema_version", schema: .integer(1...1), isRequired: true),
                ], at: 0)
            schema = .object(object)
        }
        return .object(["description": .text("The answer."), "content": Self.json(schema)])
    }

    private static func words(_ status: Int) -> String {
        switch status {
        case 400: "A parameter or a field is not right; “field” names it."
        case 401: "Nobody is logged in."
        case 403: "You may not do that."
        case 404: "There is no such thing, or it is not yours."
        case 409: "It is not as this wants it: changed meanwhile, done already, or to be connected again."
        case 413: "The body is too large."
        case 415: "The body is of another type."
        case 421: "The service is not asked under this name."
        case 422: "It was understood, and could not be done."
        case 429: "Too many requests."
        case 500: "A fault of Daybook."
        case 503: "The home cannot do its work just now, or this service does not do that."
        case 507: "The disk is full."
        default: "Refused."
        }
    }
}

extension Route {
    /// Every status besides success that it can have.
    var statuses: [Int] {
        var statuses: Set<Int> = [400, 421, 429, 500, 503]
        statuses.formUnion(refusals)
        if role != .anyone { statuses.formUnion([401, 403, 404]) }
        if !method.isReading { statuses.formUnion([409, 507]) }
        switch body {
        case .none: break
        default: statuses.formUnion([413, 415])
        }
        return statuses.sorted()
    }
}
