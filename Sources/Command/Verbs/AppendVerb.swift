import Application
import Arguments
import Entries
import Machine

/// For tests and repairs: entries as lines of JSON, each answered when the disk has it.
enum AppendVerb {
    static let batch = Option("batch", .integer(in: 1...100_000), default: 1, "Lines in one transaction.")
    static let post = Flag("post", "Post the views after each transaction.")

    static let verb: Verb<Act> = Verb(
        "append", "Append entries that come as lines of JSON on standard input.",
        discussion: """
            A line is an object with type, stream and data, and where wanted owner, actor, cause, key (hexadecimal), \
            expected_version and personal. Each is answered with a line when the disk has it.
            """,
        examples: [Example("daybook append < entries.jsonl", "One transaction for each line.")],
        arguments: [batch, post], isHidden: true
    ) { given, console in
        try console.open { home in
            var lines = LineReader()
            var items: [AppendRequest.Item] = []
            while let line = try lines.next() {
                items.append(try item(line, number: lines.number))
                if items.count == given[batch] { try append(&items, home, given[post], console) }
            }
            try append(&items, home, given[post], console)
        }
        return ExitStatus.ok
    }

    private static func append(
        _ items: inout [AppendRequest.Item], _ home: OpenHome, _ posts: Bool, _ console: Console
    ) throws {
        if items.isEmpty { return }
        let answers = try AppendRequest(items: items).answer(in: home)
        items = []
        for answer in answers {
            var writer = JSONWriter()
            writer.name("position")
            writer.integer(answer.position)
            writer.name("version")
            writer.integer(answer.version)
            writer.name("hash")
            writer.text(answer.hash)
            writer.name("is_repeated")
            writer.boolean(answer.isRepeated)
            try console.line(String(decoding: writer.finish(), as: UTF8.self))
        }
        try console.flush()
        if posts { _ = try home.views() }
    }

    private static func item(_ line: [UInt8], number: Int) throws -> AppendRequest.Item {
        var values: [String: JSONSlice] = [:]
        do {
            try JSONScanner.members(of: line.span) { (name, value) throws(JSONError) in
                values[name.text(in: line.span) ?? ""] = value
            }
        } catch {
            throw Refusal(
                .badRequest, "line \(number) is no JSON object: \(error)", hint: "The lines before it were appended.")
        }
        func text(_ name: String) -> String? { values[name]?.text(in: line.span) }
        func object(_ name: String) -> String? {
            values[name].flatMap { $0.kind == .object ? String(decoding: line[$0.range], as: UTF8.self) : nil }
        }
        guard let type = text("type"), let stream = text("stream"), let data = object("data") else {
            throw Refusal(
                .badRequest, "line \(number) wants a type, a stream and data",
                hint: "The lines before it were appended.")
        }
        return AppendRequest.Item(
            type: type, stream: stream, owner: text("owner"), actor: text("actor"),
            cause: values["cause"]?.integer(in: line.span), key: text("key"),
            expectedVersion: values["expected_version"]?.integer(in: line.span), data: data,
            personal: object("personal"))
    }
}

/// The lines of standard input, as they come.
struct LineReader {
    private var waiting: [UInt8] = []
    private var isAtEnd = false
    private(set) var number = 0

    /// No entry is as long.
    private static let longest = 16 << 20

    mutating func next() throws -> [UInt8]? {
        while true {
            if let end = waiting.firstIndex(of: 0x0a) {
                let line = Array(waiting[..<end])
                waiting.removeFirst(end + 1)
                number += 1
                if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0d }) { return line }
                continue
            }
            if isAtEnd { return try last() }
            guard waiting.count <= Self.longest else {
                throw Refusal(.badRequest, "line \(number + 1) is longer than \(Self.longest >> 20) MiB")
            }
            let bytes = try Terminal.read(upTo: 64 << 10)
            isAtEnd = bytes.isEmpty
            waiting += bytes
        }
    }

    private mutating func last() throws -> [UInt8]? {
        if waiting.isEmpty { return nil }
        defer { waiting = [] }
        number += 1
        return waiting
    }
}
