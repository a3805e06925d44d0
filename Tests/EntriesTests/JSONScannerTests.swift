import Foundation
import Testing

@testable import Entries

@Suite struct JSONScannerTests {
    /// The members of an object as (name, value), values as they stand in the text.
    static func members(_ json: String) throws -> [(String, String)] { try members(Array(json.utf8)) }

    static func members(_ bytes: [UInt8]) throws -> [(String, String)] {
        var found: [(String, String)] = []
        try JSONScanner.members(of: bytes.span) { (name, value) throws(JSONError) in
            found.append((name.text(in: bytes.span) ?? "?", String(decoding: bytes[value.range], as: UTF8.self)))
        }
        return found
    }

    static func value<Value: FieldValue>(_ json: String, as type: Value.Type) throws -> Value? {
        let bytes = Array("{\"a\":\(json)}".utf8)
        var found: Value?
        try JSONScanner.members(of: bytes.span) { (_, slice) throws(JSONError) in found = Value(slice, in: bytes) }
        return found
    }

    // MARK: A collection that others made

    enum Corpus {
        /// The collection beside the project, when it is there.
        static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/corpus/JSONTestSuite")

        /// By the first letter of its name a text must be taken (y), refused (n), or is a matter of taste (i).
        static let files: [String: [URL]] = {
            let all =
                FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL }.filter { $0.pathExtension == "json" } ?? []
            return Dictionary(grouping: all) { file in
                let name = file.lastPathComponent
                return String(name[(name.range(of: "__")?.upperBound ?? name.startIndex)...].prefix(1))
            }
        }()

        static var isThere: Bool { files["y"] != nil && files["n"] != nil }

        /// The scanner reads objects; so every text is also put into one.
        static func wrapped(_ file: URL) throws -> [UInt8] {
            Array("{\"a\":".utf8) + [UInt8](try Data(contentsOf: file)) + Array("}".utf8)
        }
    }

    @Test(.enabled(if: Corpus.isThere, "JSONTestSuite is not beside the project"))
    func `every text that must be taken is taken`() throws {
        for file in try #require(Corpus.files["y"]) {
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try Self.members(try Corpus.wrapped(file)) }
        }
    }

    @Test(.enabled(if: Corpus.isThere, "JSONTestSuite is not beside the project"))
    func `every text that must be refused is refused`() throws {
        for file in try #require(Corpus.files["n"]) {
            #expect(throws: JSONError.self, "\(file.lastPathComponent)") {
                try Self.members([UInt8](try Data(contentsOf: file)))
            }
            #expect(throws: JSONError.self, "\(file.lastPathComponent)") { try Self.members(try Corpus.wrapped(file)) }
        }
    }

    @Test(.enabled(if: Corpus.isThere, "JSONTestSuite is not beside the project"))
    func `G5 what is a matter of taste crashes nothing`() throws {
        for file in try #require(Corpus.files["i"]) {
            _ = try? Self.members([UInt8](try Data(contentsOf: file)))
            let bytes = try Corpus.wrapped(file)
            try? JSONScanner.members(of: bytes.span) { (name, value) throws(JSONError) in
                _ = (name.text(in: bytes.span), value.text(in: bytes.span), value.integer(in: bytes.span))
                _ = (value.real(in: bytes.span), value.boolean(in: bytes.span))
            }
        }
    }

    // MARK: Objects

    @Test func `members come in their order, with spaces passed over`() throws {
        let found = try Self.members(" \t\r\n{ \"a\" : 1 , \"b\":[ 1, {\"c\":2} ] ,\"a\":null} \n")
        #expect(found.map(\.0) == ["a", "b", "a"])
        #expect(found.map(\.1) == ["1", "[ 1, {\"c\":2} ]", "null"])
        #expect(try Self.members("{}").isEmpty)
        #expect(try Self.members(" { } ").isEmpty)
    }

    @Test(arguments: [
        "", " ", "1", "[]", "\"a\"", "null", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
        "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1}}", "{\"a\":1} x", "{\"a\":1}\u{0}",
        "{\"a\":01}", "{\"a\":-}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":0x1}", "{\"a\":NaN}",
        "{\"a\":Infinity}", "{\"a\":tru}", "{\"a\":True}", "{\"a\":nul}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}",
        "{\"a\":1}//", "\u{feff}{}",
    ])
    func `what is no JSON object is refused, with the place`(_ text: String) {
        let error = #expect(throws: JSONError.self) { try Self.members(text) }
        #expect((error?.offset ?? -1) >= 0 && (error?.offset ?? .max) <= text.utf8.count)
    }

    @Test func `G5 nesting ends at a limit, in objects and in arrays`() throws {
        for (open, close) in [("[", "]"), ("{\"b\":", "}")] {
            func nested(_ depth: Int) -> String {
                "{\"a\":" + String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth) + "}"
            }
            #expect(try Self.members(nested(JSONScanner.deepest - 1)).count == 1)
            #expect(throws: JSONError.self) { try Self.members(nested(JSONScanner.deepest)) }
            #expect(throws: JSONError.self) { try Self.members(nested(200_000)) }
            #expect(throws: JSONError.self) { try Self.members("{\"a\":" + String(repeating: open, count: 200_000)) }
        }
    }

    // MARK: Numbers

    static let integers: [(String, Int64?)] = [
        ("0", 0), ("-0", 0), ("7", 7), ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("18446744073709551616", nil),
        ("99999999999999999999999999999999", nil), ("1.0", nil), ("1e3", nil), ("\"1\"", nil), ("true", nil),
    ]

    @Test(arguments: integers)
    func `a whole number is read exactly or not at all`(_ text: String, _ value: Int64?) throws {
        #expect(try Self.value(text, as: Int64.self) == value)
    }

    @Test func `an integer of a thousand digits is no entry's, and no crash`() throws {
        #expect(try Self.value(String(repeating: "9", count: 1_000), as: Int64.self) == nil)
        #expect(try Self.value("-" + String(repeating: "9", count: 1_000), as: Int64.self) == nil)
    }

    // MARK: Texts

    static let texts: [(String, String)] = [
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\uDCC5""#, "📅"), (#""\ud83d""#, "\u{fffd}"), (#""\udcc5""#, "\u{fffd}"),
        (#""\ud83dx""#, "\u{fffd}x"), (#""\ud83d\n""#, "\u{fffd}\n"), (#""\ud83d\u0041""#, "\u{fffd}A"),
        (#""\ud83d\ud83d\udcc5""#, "\u{fffd}📅"), (#""\udcc5\ud83d""#, "\u{fffd}\u{fffd}"), (#""\u0000""#, "\u{0}"),
        (#""\uffff""#, "\u{ffff}"), (#""\udbff\udfff""#, "\u{10ffff}"), ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
    ]

    @Test(arguments: texts)
    func `a text is unescaped, and half a surrogate pair becomes a mark`(_ json: String, _ text: String) throws {
        let found = try #require(try Self.value(json, as: String.self))
        #expect(Array(found.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func `bytes that are no UTF-8 become a mark`() throws {
        let bytes = Array("{\"a\":\"x".utf8) + [0xff, 0xc3] + Array("y\"}".utf8)
        var found: String?
        try JSONScanner.members(of: bytes.span) { (_, slice) throws(JSONError) in found = slice.text(in: bytes.span) }
        #expect(found?.hasPrefix("x\u{fffd}") == true)
        #expect(found?.hasSuffix("y") == true)
    }

    @Test func `a list is read whole or not at all`() throws {
        #expect(try Self.value("[1, 2 ,3]", as: [Int64].self) == [1, 2, 3])
        #expect(try Self.value("[]", as: [Int64].self) == [])
        #expect(try Self.value("[1, \"2\"]", as: [Int64].self) == nil)
        #expect(try Self.value("{\"1\":1}", as: [Int64].self) == nil)
    }
}
