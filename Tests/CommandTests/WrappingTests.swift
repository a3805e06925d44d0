import Foundation
import Testing

@testable import Command

/// Messages on a terminal, which are longer than it is wide.
@Suite struct WrappingTests {
    @Test func `a message is broken between words, and goes on behind its mark`() {
        let text = "[ERROR] Radi: its server refused the credentials the last time that it was asked"
        #expect(
            Wrapping.text(text, to: 40) == """
                [ERROR] Radi: its server refused the
                        credentials the last time that
                        it was asked
                """)
        #expect(Wrapping.text("  → daybook status says why", to: 20) == "  → daybook status\n    says why")
        #expect(
            Wrapping.text("facts  are aligned here", to: 14, hanging: 7) == "facts  are\n       aligned\n       here")
    }

    @Test func `a word that is too long stays whole, and so does what fits`() {
        let address = "https://calendar.example/a/very/long/path/that/nobody/types"
        #expect(Wrapping.text("daybook: \(address) is none", to: 30) == "daybook:\n\(address)\nis none")
        #expect(Wrapping.text("a    b", to: 6) == "a    b")
        #expect(Wrapping.text("one two", to: nil) == "one two")
        #expect(Wrapping.text("", to: 10) == "")
        #expect(Wrapping.text("one two\n\nthree", to: 4) == "one\ntwo\n\nthree")
    }

    @Test func `colour takes no column`() {
        let bad = Style(isColoured: true).bad("[ERROR]")
        #expect(Wrapping.text("\(bad) it failed", to: 17) == "\(bad) it failed")
        #expect(Wrapping.text("\(bad) it failed again", to: 17) == "\(bad) it failed\n        again")
    }

    @Test func `JSON on a terminal is not broken`() throws {
        let program = try RunningProgram()
        let lines = try program.onTerminal("daybook log --json --limit 1")
        #expect(lines.count == 1)
        _ = try object(lines[0])
    }
}

extension RunningProgram {
    /// The lines that a command shows on a terminal of 80 columns.
    func onTerminal(_ line: String) throws -> [String] {
        let shown = try shell(
            "script -qec 'stty cols 80; \(line)' /dev/null", with: ["NO_COLOR": "1", "SHELL": "/bin/sh"])
        return shown.output.split(whereSeparator: \.isNewline).map(String.init)
    }
}
