import Application
import Foundation
import Testing
import WebServer

@testable import Service

/// docs/api.md says what is done.
@Suite struct DocumentationTests {
    private static let text = try? String(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/api.md"),
        encoding: .utf8)

    static let examples = (text ?? "").split(separator: "\n").filter { $0.hasPrefix("curl ") }.map(String.init)

    @Test(arguments: examples)
    func `an example of the documentation does what it says`(_ line: String) throws {
        let home = try WebHome()
        var line = line
        for (kind, id) in home.ids(of: "bea") {
            line = line.replacing(kind.rawValue.uppercased(), with: id)
        }
        let method = line.firstMatch(of: #/-X ([A-Z]+)/#).map { String($0.1) } ?? "GET"
        let path = try #require(line.firstMatch(of: #/\$BASE([^\s"]+)/#).map { String($0.1) })
        let type = line.firstMatch(of: #/Content-Type: ([^"]+)"/#).map { String($0.1) }
        var body = line.firstMatch(of: #/-d '([^']*)'/#).map { Array($0.1.utf8) } ?? []
        if line.contains("--data-binary") {
            body = Array("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Di Dahl\r\nEND:VCARD\r\n".utf8)
        }
        let who = line.contains("$ADMIN") ? "ada" : line.contains("$AUTH") ? "bea" : nil
        let reply = home.send(
            method, path.removingPercentEncoding ?? path, as: who, headers: type.map { ["Content-Type": $0] } ?? [:],
            body: body)
        #expect((200..<300).contains(reply.status), "\(reply.text)")
    }

    @Test func `the examples are there, and every code of a refusal is told`() throws {
        let text = try #require(Self.text)
        #expect(Self.examples.count > 30)
        for code in Refusal.Kind.allCases.map(\.rawValue) + Statuses.byCode.keys {
            #expect(text.contains("`\(code)`"), "\(code)")
        }
        for (code, status) in Statuses.byCode {
            let row = text.split(separator: "\n").first { $0.hasPrefix("|") && $0.contains("`\(code)`") } ?? ""
            #expect(row.contains("\(status)"), "\(code)")
        }
    }
}
