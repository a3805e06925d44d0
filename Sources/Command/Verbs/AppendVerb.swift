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
        try console.requireAdmin()
        try console.converse { home in
            var lines = LineReader()
            var waiting: [Line] = []
            while let text = try lines.next() {
                do {
                    waiting.append(try Line(text, number: lines.number))
                } catch {
                    try append(&waiting, home, given[post], console)
                    throw error
                }
                if waiting.count == given[batch] { try append(&waiting, home, given[post], console) }
            }
            try append(&waiting, home, given[post], console)
        }
        return ExitStatus.ok
    }

    private static func append(_ waiting: inout [Line], _ home: Conversation, _ posts: Bool, _ console: Console) throws
    {
        guard let first = waiting.first?.number, let last = waiting.last?.number else { return }
        let answers: [AppendRequest.Appended]
        do {
            var request = AppendRequest(items: waiting.map(\.item))
            request.isPosted = posts
            answers = try home.ask(request)
        } catch let refusal as Refusal {
            let place = first == last ? "line \(first)" : "lines \(first) to \(last)"
            throw Refusal(refusal.kind, "\(place): \(refusal.message)", hint: refusal.hint ?? Line.rest)
        }
        waiting = []
        for answer in answers { try console.write(text(answer) + "\n") }
        try console.flush()
    }

    private static func text(_ answer: AppendRequest.Appended) -> String {
        var writer = JSONWriter()
        writer.name("position")
        writer.integer(answer.position)
        writer.name("version")
        writer.integer(answer.version)
        writer.name("hash")
        writer.text(answer.hash)
        writer.name("is_repeated")
        writer.boolean(answer.isRepeated)
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}

/// One line of what is to be appended. What is misspelt or of the wrong kind is refused: passed over, it would be lost.
private struct Line {
    static let rest = "The lines before it were appended."

    let number: Int
    let item: AppendRequest.Item

    init(_ bytes: [UInt8], number: Int) throws {
        self.number = number
        var members = try Self.members(bytes, number)
        func taken<Value>(_ name: String, _ kind: String, _ value: (JSONSlice) -> Value?) throws -> Value? {
            guard let slice = members.removeValue(forKey: name), slice.kind != .null else { return nil }
            guard let value = value(slice) else { throw Self.refusal(number, "\(name) should be \(kind)") }
            return value
        }
        func text(_ name: String) throws -> String? { try taken(name, "a text") { $0.text(in: bytes.span) } }
        func integer(_ name: String) throws -> Int64? {
            try taken(name, "a whole number") { $0.integer(in: bytes.span) }
        }
        func object(_ name: String) throws -> String? {
            try taken(name, "an object") { slice in
                slice.kind == .object ? String(decoding: bytes[slice.range], as: UTF8.self) : nil
            }
        }
        guard let type = try text("type"), let stream = try text("stream"), let data = try object("data") else {
            throw Self.refusal(number, "it wants a type, a stream and data")
        }
        item = AppendRequest.Item(
            type: type, stream: stream, owner: try text("owner"), actor: try text("actor"), cause: try integer("cause"),
            key: try text("key"), expectedVersion: try integer("expected_version"), data: data,
            personal: try object("personal"))
        if let unknown = members.keys.min() { throw Self.refusal(number, "nothing is called “\(unknown)”") }
    }

    private static func members(_ bytes: [UInt8], _ number: Int) throws -> [String: JSONSlice] {
        var members: [String: JSONSlice] = [:]
        do {
            try JSONScanner.members(of: bytes.span) { (name, value) throws(JSONError) in
                members[name.text(in: bytes.span) ?? ""] = value
            }
        } catch {
            throw refusal(number, "it is no JSON object: \(error)")
        }
        return members
    }

    private static func refusal(_ number: Int, _ problem: String) -> Refusal {
        Refusal(.badRequest, "line \(number): \(problem)", hint: rest)
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
