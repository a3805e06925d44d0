import Application
import WebServer

@testable import Service

/// A visit that each route understands, made from its declaration.
struct RouteSample {
    let route: Route
    let path: String
    let body: [UInt8]
    let type: String?

    /// - Parameters:
    ///   - ids: what the ids of the path are.
    ///   - others: what the ids in the body are.
    init(_ route: Route, ids: [IdentifyRequest.Kind: String], others: [IdentifyRequest.Kind: String]? = nil) throws {
        self.route = route
        path = route.segments.map { segment in
            guard case .parameter(let name) = segment else {
                if case .word(let word) = segment { return "/" + word }
                return ""
            }
            let kind = route.parameters.first { $0.name == name && $0.place == .path }?.identifies
            return "/" + (kind.flatMap { ids[$0] } ?? Self.words[name] ?? "1")
        }.joined()
        switch route.body {
        case .none: (body, type) = ([], nil)
        case .file(let types):
            (body, type) = (Array("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Di Dahl\r\nEND:VCARD\r\n".utf8), types[0])
        case .json(let body):
            let reader = try BodyReader(route.body)
            var members: [String] = []
            if case .reference(let name)? = reader.schema, case .object(let object)? = reader.components[name] {
                for property in object.properties where property.isRequired {
                    let note = body.notes[property.name]
                    let value = note?.identifies.flatMap { (others ?? ids)[$0] }.map { "\"\($0)\"" }
                    members.append("\"\(property.name)\": \(value ?? Self.value(property.schema))")
                }
            }
            (self.body, type) = (Array("{\(members.joined(separator: ", "))}".utf8), "application/json")
        }
    }

    private static let words = [
        "date": "2026-01-05", "provider": "google", "setting": "limit", "grant": "none", "position": "1",
    ]

    private static func value(_ schema: Schema) -> String {
        switch schema {
        case .text: "\"x\""
        case .word(let words): "\"\(words[0])\""
        case .integer(let range): String(range?.lowerBound ?? 1)
        case .number: "1"
        case .flag: "true"
        case .list(let element, _): "[\(value(element))]"
        case .nullable: "null"
        case .map, .object, .reference: "{}"
        }
    }

    func send(to home: WebHome, as who: String?, headers: [String: String] = [:]) -> Reply {
        var headers = headers
        if let type { headers["Content-Type"] = type }
        return home.send(route.method.rawValue, path, as: who, headers: headers, body: body)
    }
}
