import Application
import Arguments
import Entries
import FoundationEssentials
import Machine

/// Where a verb speaks: answers on standard output, all else on standard error.
final class Console {
    private let given: Given
    let isJSON: Bool
    let isQuiet: Bool
    let style: Style
    private let progress: ProgressLine
    private var waiting: [UInt8] = []

    private static let mostWaiting = 64 << 10

    init(_ given: Given) {
        self.given = given
        isJSON = given[Globals.json]
        isQuiet = given[Globals.quiet]
        width = Terminal.columns(.output)
        style = Style(for: .output, given: given)
        progress = ProgressLine(isShown: !given[Globals.quiet])
        progress.begin()
    }

    /// The width to which tables are cut and sentences broken; nil where the output is read by a program.
    let width: Int?

    // MARK: Speaking

    /// A line for people, broken between words; for a program it stays one.
    ///
    /// - Parameter hanging: the column at which it goes on.
    func line(_ text: String = "", hanging: Int? = nil) throws {
        try write((isJSON ? text : Wrapping.text(text, to: width, hanging: hanging)) + "\n")
    }

    func write(_ text: String) throws {
        waiting += text.utf8
        if waiting.count > Self.mostWaiting { try flush() }
    }

    /// Lets everything go that waits; what was acknowledged must be heard at once.
    func flush() throws {
        if waiting.isEmpty { return }
        progress.clear()
        let bytes = waiting
        waiting = []
        try Terminal.write(bytes, to: .output)
    }

    /// A word beside the answer.
    func note(_ text: String) {
        if isQuiet { return }
        // On a terminal the two streams meet: what was said first stands first.
        try? flush()
        progress.clear()
        try? Terminal.write(Wrapping.text(text, to: Terminal.columns(.error)) + "\n", to: .error)
    }

    func finish() throws {
        progress.clear()
        try flush()
    }

    func table(_ table: Table) throws {
        for text in table.lines(style, limit: width) { try write(text + "\n") }
    }

    /// Names and values under each other.
    func facts(_ facts: [(String, String)], indent: String = "") throws {
        let width = facts.map { Visible.width($0.0) }.max() ?? 0
        for (name, value) in facts {
            let gap = String(repeating: " ", count: width - Visible.width(name) + 2)
            let text = indent + style.dim(name) + gap + Visible.text(value)
            try line(text, hanging: Visible.width(indent) + width + 2)
        }
    }

    /// An answer as a JSON document that says what it is.
    func document<Answer: Encodable>(_ kind: String, _ answer: Answer) throws {
        try write(documentText(kind, answer))
    }

    /// The same as text, for a file.
    func documentText<Answer: Encodable>(_ kind: String, _ answer: Answer) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(Document(kind: kind, answer: answer)), as: UTF8.self)
        return Visible.json(text) + "\n"
    }

    private struct Document<Answer: Encodable>: Encodable {
        let kind: String
        let answer: Answer

        private enum Key: String, CodingKey { case kind, schemaVersion }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("daybook.\(kind)", forKey: .kind)
            try container.encode(1, forKey: .schemaVersion)
            try answer.encode(to: encoder)
        }
    }

    // MARK: Asking

    /// Who acts; nil is the first user of the home.
    var user: String? { given[Globals.user] ?? ThisProcess.variable("DAYBOOK_USER") }

    var folder: HomeFolder { HomeFolder.find(named: given[Globals.home]) }

    var options: OpenHome.Options {
        var options = OpenHome.Options()
        options.projections = given[Globals.projections] ?? ThisProcess.variable("DAYBOOK_PROJECTIONS")
        if let seconds = given[Globals.lockWait] { options.lockWaitMilliseconds = seconds * 1_000 }
        options.purpose = "daybook " + given.path.joined(separator: " ")
        options.progress = { [progress] in try progress.show($0) }
        options.network = .system(hear: { [progress] in progress.show($0) })
        return options
    }

    /// Asks what only a server can answer, for somebody who waits.
    func askServer<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        progress.attend()
        return try ask(request)
    }

    /// Asks the program; what it says beside the answer goes to standard error.
    func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        try converse { try $0.ask(request) }
    }

    /// Times as whoever acts reads them.
    func times() throws -> UserTimes {
        let user = user
        return UserTimes(try ask(ZoneRequest(user: user)).zone)
    }

    /// For what is about the whole home and not about one user's things.
    func requireAdmin() throws {
        if let user { _ = try ask(AdminRequest(user: user)) }
    }

    /// Several requests, one after the other.
    func converse<Answer>(_ body: (Conversation) throws -> Answer) throws -> Answer {
        progress.begin()
        let (answer, notices) = try Door(folder, options).converse(body)
        for notice in notices { note("daybook: \(Visible.text(notice))") }
        return answer
    }
}
