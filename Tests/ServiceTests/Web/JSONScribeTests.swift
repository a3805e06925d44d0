import Foundation
import Testing

@testable import Service

@Suite struct JSONScribeTests {
    private struct Inner: Codable {
        var lastMet: Int64?
        var theURLOfIt = "https://x.example/a?b=\"c\"\\"
        var isOwn = true
    }

    private struct Sample: Codable {
        var zName = "line\nbreak\ttab"
        var a: [Inner] = [Inner(), Inner(lastMet: -5)]
        var counts: [String: Int] = ["notSnake": 1, "b": 2]
        var byName: [String: Inner] = ["someOne": Inner()]
        var nothing: [String] = []
        var emptyMap: [String: String] = [:]
        var real = 1.5
        var whole = 2.0
        var big = UInt64.max
        var words: [[String?]] = [["é", nil], []]
        var inner = Inner()
        var choice = Choice.someCase
    }

    private enum Choice: String, Codable { case someCase }

    @Test func `what is written is what JSONEncoder writes, byte for byte`() throws {
        for naming in [Naming.snakeCase, .asWritten] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            if naming == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
            let wanted = String(decoding: try encoder.encode(Sample()), as: UTF8.self)
            #expect(String(decoding: try JSONScribe(naming).bytes(of: Sample()), as: UTF8.self) == wanted)
            #expect(try JSONScribe(naming).bytes(of: [Int]()) == Array("[]".utf8))
            #expect(try JSONScribe(naming).bytes(of: [String: Int]()) == Array("{}".utf8))
        }
    }
}
