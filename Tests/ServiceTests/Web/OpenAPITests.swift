import Application
import Foundation
import Testing
import WebServer

@testable import Service

/// The document and the routes say the same (G23).
@Suite struct OpenAPITests {
    static let made = Result { try OpenAPIDocument.document(Routes.all) }
    static let document = try? made.get()

    @Test func `every type has a schema`() throws { _ = try Self.made.get() }

    @Test func `every route stands in the document, and nothing else does`() throws {
        let document = try #require(Self.document)
        let told = document["paths"]?.members.flatMap { path in
            path.value.members.map { "\($0.name.uppercased()) \(path.name)" }
        }
        #expect(Set(told ?? []) == Set(Routes.all.map(\.name)))
        #expect(told?.count == Routes.all.count)
        let identifiers = document["paths"]?.members.flatMap { $0.value.members }.compactMap {
            $0.value["operationId"]?.text
        }
        #expect(Set(identifiers ?? []).count == Routes.all.count)
    }

    @Test func `every parameter of a path is declared, and is in the path`() {
        for route in Routes.all {
            let inPath = route.segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
            #expect(Set(inPath) == Set(route.parameters.filter { $0.place == .path }.map(\.name)), "\(route.name)")
            #expect(Set(route.parameters.map(\.name)).count == route.parameters.count, "\(route.name)")
        }
    }

    @Test func `every note is about a field that its body has`() throws {
        for route in Routes.all {
            guard case .json(let body) = route.body else { continue }
            let reader = try BodyReader(route.body)
            guard case .reference(let name)? = reader.schema, case .object(let object)? = reader.components[name] else {
                Issue.record("\(route.name) has no object for a body")
                continue
            }
            let fields = Set(object.properties.map(\.name))
            #expect(Set(object.properties.filter { body.notes[$0.name] == nil }.map(\.name)).isEmpty, "\(name)")
            #expect(Set(body.notes.keys).subtracting(fields).subtracting(TermNotes.all.keys).isEmpty, "\(name)")
        }
    }

    @Test func `every reference of the document leads somewhere`() throws {
        let document = try #require(Self.document)
        let text = String(decoding: try OpenAPIDocument.make(Routes.all), as: UTF8.self)
        let names = Set(document["components"]?["schemas"]?.members.map(\.name) ?? [])
        for match in text.matches(of: #/"#\/components\/schemas\/([^"]+)"/#) {
            #expect(names.contains(String(match.1)), "\(match.1)")
        }
        #expect(names.allSatisfy { $0.wholeMatch(of: #/[A-Za-z0-9._-]+/#) != nil })
    }

    /// - Returns: what is wrong with a reply by the document.
    static func fault(_ reply: Reply, _ route: Route) throws -> String? {
        let document = try #require(document)
        let operation = document["paths"]?[route.template]?[route.method.rawValue.lowercased()]
        guard let response = operation?["responses"]?[String(reply.status)] else {
            return "the status \(reply.status) is not told: \(reply.text)"
        }
        let type = reply.header("Content-Type")?.split(separator: ";").first.map(String.init) ?? ""
        guard let content = response["content"]?[type] else { return "the type “\(type)” is not told" }
        guard type == "application/json", route.template != "/api/v1/openapi.json", let schema = content["schema"]
        else { return nil }
        return DocumentChecker(document: document).fault(try reply.json(), schema)
    }

    @Test func `the document is served to anybody, and is JSON`() throws {
        let reply = try WebHome().send("GET", "/api/v1/openapi.json", as: nil)
        #expect(reply.status == 200)
        #expect(try reply.json()["openapi"] == .text("3.1.0"))
    }
}
