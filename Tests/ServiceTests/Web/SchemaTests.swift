import Application
import Foundation
import Testing

@testable import Service

/// Schemas are what the types say.
@Suite struct SchemaTests {
    struct Sample: Codable, Sendable {
        enum Word: String, Codable, CaseIterable { case one, two }
        struct Inner: Codable, Sendable { let deep: Double }

        let plainText: String
        let count: Int64
        let isThere: Bool?
        let word: Word
        let inner: Inner
        let maybe: Inner?
        let list: [Inner]
        let texts: [String]?
        let map: [String: Int]
        let meetingURL: String?
    }

    struct Tree: Codable, Sendable {
        let name: String
        let branches: [Tree]
    }

    @Test func `a schema has every field, and says which are always there`() throws {
        let maker = SchemaMaker()
        let schema = try maker.schema(of: Sample.self)
        guard case .reference(let name) = schema, case .object(let object)? = maker.components[name] else {
            Issue.record("no object")
            return
        }
        #expect(
            object.properties.map(\.name) == [
                "plain_text", "count", "is_there", "word", "inner", "maybe", "list", "texts", "map", "meeting_url",
            ])
        #expect(
            object.properties.filter { !$0.isRequired }.map(\.name) == ["is_there", "maybe", "texts", "meeting_url"])
        #expect(object["word"]?.schema == .word(["one", "two"]))
        #expect(object["list"]?.schema == .list(try maker.schema(of: Sample.Inner.self)))
        #expect(object["map"]?.schema == .map(.integer()))
    }

    @Test func `a type that holds others of its kind comes to an end`() throws {
        let maker = SchemaMaker()
        guard case .reference(let name) = try maker.schema(of: Tree.self),
            case .object(let object)? = maker.components[name]
        else {
            Issue.record("no object")
            return
        }
        #expect(object["branches"]?.schema == .list(.reference(name)))
    }

    @Test(arguments: ["meetingURL", "userZone", "clientID", "isURLThere", "lastMet", "a", "p99Latency", "isOK"])
    func `names are written as the encoder writes them`(_ name: String) throws {
        struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        struct One: Encodable {
            let name: String
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Name.self)
                try container.encode(1, forKey: Name(stringValue: name))
            }
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let text = String(decoding: try encoder.encode(One(name: name)), as: UTF8.self)
        #expect(text == "{\"\(Naming.snakeCase.name(name))\":1}")
    }

    @Test func `the checker of the tests finds what does not fit`() throws {
        let document = JSONValue.object(["components": .object(["schemas": .object([JSONValue.Member]())])])
        let checker = DocumentChecker(document: document)
        let schema = Schema.object(
            .init(properties: [
                .init(name: "a", schema: .integer(1...3), isRequired: true),
                .init(name: "b", schema: .nullable(.word(["x"])), isRequired: false),
            ])
        ).json
        func fault(_ text: String) throws -> String? {
            checker.fault(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), schema)
        }
        #expect(try fault(#"{"a": 2, "b": null}"#) == nil)
        #expect(try fault(#"{"a": 2, "b": "x"}"#) == nil)
        #expect(try fault(#"{"a": 4}"#) != nil)
        #expect(try fault(#"{"b": "x"}"#) != nil)
        #expect(try fault(#"{"a": 2, "b": "y"}"#) != nil)
        #expect(try fault(#"{"a": "2"}"#) != nil)
        #expect(try fault(#"{"a": 2, "c": 1}"#) != nil)
    }
}
