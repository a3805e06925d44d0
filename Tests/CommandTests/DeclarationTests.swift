import Application
import Arguments
import Entries
import Foundation
import Testing

@testable import Command

/// What is declared of the program, before any of it is run.
@Suite struct DeclarationTests {
    private static var verbs: [(path: [String], verb: Verb<Act>)] {
        func all(_ verb: Verb<Act>, _ path: [String]) -> [(path: [String], verb: Verb<Act>)] {
            [(path + [verb.name], verb)] + verb.verbs.flatMap { all($0, path + [verb.name]) }
        }
        return Daybook.program.sections.flatMap(\.verbs).flatMap { all($0, []) }
    }

    @Test func `the declarations have no flaw`() { #expect(Daybook.program.flaws == []) }

    @Test(arguments: verbs.map(\.path)) func `every verb says what it does, with an example`(_ path: [String]) throws {
        let verb = try #require(Self.verbs.first { $0.path == path }).verb
        #expect(verb.summary.hasSuffix("."))
        #expect(verb.summary.count <= 80)
        let first = try #require(verb.examples.first)
        #expect(first.command.contains("daybook " + path.joined(separator: " ")))
        for example in verb.examples {
            #expect(example.meaning.hasSuffix(".") || example.meaning.hasSuffix("?"))
        }
    }

    private static let examples = (Daybook.program.examples + verbs.flatMap(\.verb.examples)).map(\.command)

    @Test(arguments: examples) func `every example can be typed`(_ command: String) throws {
        let words = try #require(ShellWords(command).ofDaybook)
        guard case .act = try Daybook.program.read(words, Surroundings(now: 1_800_000_000_000)) else {
            Issue.record("“\(command)” does nothing")
            return
        }
    }

    @Test func `every exit code that a verb names is in the table, and means one thing`() {
        let known = ExitStatus.table.map(\.code)
        #expect(Set(known).count == known.count)
        for (path, verb) in Self.verbs {
            for exit in verb.exits { #expect(known.contains(exit.code), "\(path)") }
        }
    }

    @Test(arguments: Refusal.Kind.allCases) func `every refusal has an exit code of the table`(_ kind: Refusal.Kind) {
        #expect(ExitStatus.table.map(\.code).contains(ExitStatus.of(kind)))
        #expect(ExitStatus.of(kind) != ExitStatus.ok)
    }

    @Test func `the exit codes stay what they are`() {
        #expect(ExitStatus.table.map(\.code) == [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 130])
        let codes = Refusal.Kind.allCases.map { ExitStatus.of($0) }
        #expect(codes == [1, 2, 1, 10, 11, 12, 13, 14, 15, 1, 6, 130])
    }

    // MARK: Text for a terminal

    @Test(arguments: [
        ("plain Zoë 日本", "plain Zoë 日本"), ("\u{1b}[31mred", "\\u{1b}[31mred"), ("bell\u{7}", "bell\\u{7}"),
        ("a\nb", "a⏎b"),
        ("a\r\nb", "a\\u{d}⏎b"), ("\u{202e}abc", "\\u{202e}abc"), ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"),
        ("a\u{61c}b", "a\\u{61c}b"), ("\u{9b}31m", "\\u{9b}31m"), ("a\u{7f}b", "a\\u{7f}b"), ("a\u{0}b", "a\\u{0}b"),
        ("a\u{2028}b", "a\\u{2028}b"), ("\u{feff}a", "\\u{feff}a"), ("a\tb", "a\\u{9}b"),
    ])
    func `what moves the cursor or turns the writing is shown as what it is`(_ text: String, _ shown: String) {
        #expect(Visible.text(text) == shown)
    }

    @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("", 0), ("Zoë", 3)])
    func `a text has a width in columns`(_ text: String, _ width: Int) { #expect(Visible.width(text) == width) }

    @Test(arguments: [("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("日本語", 4, "日…"), ("日本", 4, "日本")])
    func `a text is cut to a width, with a sign that it was`(_ text: String, _ limit: Int, _ cut: String) {
        #expect(Visible.cut(text, to: limit) == cut)
        #expect(Visible.width(Visible.cut(text, to: limit)) <= limit)
    }

    @Test func `a table stands in columns, also with wide letters, and its last column is cut to fit`() {
        var table = Table([.init(heading: "#", isNumber: true), .init(heading: "who"), .init(heading: "what")])
        table.add(["1", "日本", "short"])
        table.add(["12", "Ada", "a rather long text"])
        let plain = Style(isColoured: false)
        #expect(
            table.lines(plain, limit: nil) == [" #  who   what", " 1  日本  short", "12  Ada   a rather long text"])
        #expect(table.lines(plain, limit: 20).map(Visible.width).allSatisfy { $0 <= 20 })
        #expect(table.lines(Style(isColoured: true), limit: nil)[0].contains("\u{1b}[1m"))
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567"),
            (-4_200, "-4\u{202f}200"),
        ] as [(Int64, String)])
    func `numbers are grouped`(_ number: Int64, _ text: String) { #expect(Amounts.grouped(number) == text) }

    @Test(
        arguments: [(0, "0 bytes"), (1_023, "1023 bytes"), (1_024, "1.0 KiB"), (1_572_864, "1.5 MiB")]
            as [(Int64, String)])
    func `sizes have units`(_ count: Int64, _ text: String) { #expect(Amounts.bytes(count) == text) }
}

/// The words of a line of shell, as far as examples need it.
struct ShellWords {
    private let words: [String]

    init(_ line: String) {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": (isQuoted, word) = (!isQuoted, word ?? "")
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        self.words = words
    }

    /// What is handed to `daybook`: from its name to the next sign of the shell.
    var ofDaybook: [String]? {
        guard let start = words.firstIndex(where: { $0 == "daybook" || $0.hasSuffix("(daybook") }) else { return nil }
        return words[(start + 1)...].prefix { ![">", "<", "|", "&&"].contains($0) }.map { word in
            word.hasSuffix(")") ? String(word.dropLast()) : word
        }
    }
}
