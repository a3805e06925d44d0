import Children
import Foundation
import Testing

@testable import Application

@Suite struct ShellWordTests {
    @Test(arguments: ["Team", "ada@brandt.example", "a/b-c_d.e"])
    func `what a shell takes as it stands is written as it is`(_ word: String) {
        #expect(ShellWord.text(word) == word)
    }

    @Test(arguments: [
        "", "Team; touch x #", "$(touch x)", "`touch x`", "it's", "'", "two words", "a\\b", "\"x\"", "*", "a\nb", "Zoë",
        "~/x",
        "!!", "a=b",
    ])
    func `T7 whatever a stranger calls a thing, pasted it is one word and nothing is run`(_ word: String) throws {
        let shell = Child()
        let output = Pipe()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "printf %s, \(ShellWord.text(word))"]
        shell.standardOutput = output
        try shell.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(String(decoding: said, as: UTF8.self) == word + ",")
    }

    @Test func `the home folder of a path is left to the shell`() {
        #expect(ShellWord.path("~/my files/a.ics") == "~/'my files/a.ics'")
        #expect(ShellWord.path("/a b") == "'/a b'")
    }
}
