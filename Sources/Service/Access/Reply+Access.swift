import FoundationEssentials
import WebServer

extension Reply {
    /// An answer about who is logged in: no cache keeps it.
    static func access<Answer: Encodable>(_ status: Int, _ answer: Answer, _ headers: [Visit.Field] = []) -> Reply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let common: [Visit.Field] = [
            .init("Content-Type", "application/json; charset=utf-8"), .init("Cache-Control", "no-store"),
            .init("X-Content-Type-Options", "nosniff"),
        ]
        return Reply(status, headers: common + headers, body: (try? encoder.encode(answer)).map { Array($0) } ?? [])
    }
}
