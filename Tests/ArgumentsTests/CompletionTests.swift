import Arguments
import Foundation
import Testing

@Suite struct CompletionTests {
    static let global = [
        "--config", "-v", "--verbose", "-q", "--quiet", "--colour", "--no-colour", "-h", "--help", "--version",
    ]

    /// The words before the cursor as bash parts them, the last being completed; and what is offered.
    static let offered: [([String], [String])] = [
        ([""], ["log", "show", "add", "metrics", "copy", "help"]),
        (["m"], ["metrics"]),
        (["re"], []),
        (["-v", "--config", "log", "sh"], ["show"]),
        (["--config", "=", "c", "sh"], ["show"]),
        (["--config=c", "sh"], ["show"]),
        (["metrics", ""], ["export", "list"]),
        (["metrics", "e"], ["export"]),
        (["help", ""], ["log", "show", "add", "metrics", "copy", "help"]),
        (["help", "metrics", ""], ["export", "list"]),
        (["-"], global),
        (["log", "--f"], ["--follow", "--format"]),
        (["log", "--s"], ["--since"]),
        (["copy", "-"], global),
        (["metrics", "export", "--p"], ["--prefix"]),
        (["log", "--format", ""], ["human", "json", "tsv"]),
        (["log", "--format", "="], ["human", "json", "tsv"]),
        (["log", "--format", "=", "j"], ["json"]),
        (["log", "--format=j"], ["--format=json"]),
        (["log", "--since", "2026-11-21T10", ":", "00", ":", "00Z", "--fol"], ["--follow"]),
        (["log", "--limit", ""], []),
        (["show", "12", ""], ["payload", "cause"]),
        (["show", "-v", "--config", "c", "12", "c"], ["cause"]),
        (["show", ""], []),
        (["copy", "r"], ["read me.txt"]),
        (["copy", "x", ""], ["fold"]),
        (["copy", "x", "y", "z", "f"], ["fold"]),
        (["--config", "r"], ["read me.txt"]),
        (["--config=r"], ["--config=read me.txt"]),
        (["metrics", "export", "f"], ["fold"]),
        (["log", "--", "--f"], []),
    ]

    @Test(.enabled(if: Shell("bash") != nil), arguments: offered)
    func `bash offers what may be said`(_ words: [String], _ offers: [String]) throws {
        let bash = try #require(Shell("bash"))
        let line = (["daybook"] + words).map { "'\($0)'" }.joined(separator: " ")
        let script = """
            set -u
            \(Daybook.program.bashCompletion)
            COMP_WORDS=(\(line))
            COMP_CWORD=\(words.count)
            _daybook
            for word in "${COMPREPLY[@]}"; do echo "$word"; done
            """
        let answer = try inFolder { folder in try bash.run(["--norc"], script: script, in: folder) }
        #expect(answer.said.split(separator: "\n").map(String.init) == offers)
        #expect(answer.code == 0)
    }

    @Test(
        .enabled(if: Shell("fish") != nil),
        arguments: [
            ("m", ["metrics"]), ("metrics ", ["export", "list"]), ("help metrics e", ["export"]), ("re", []),
            ("log --fo", ["--follow", "--format"]), ("log --secr", []), ("log --format ", ["human", "json", "tsv"]),
            ("log --format=j", ["--format=json"]), ("-v --config log sh", ["show"]), ("show 12 c", ["cause"]),
            ("copy re", ["read me.txt"]), ("copy x y f", ["fold/"]), ("log --limit ", []),
            ("metrics export --p", ["--prefix"]),
            ("copy --fo", []), ("show -- 12 c", ["cause"]), ("show -v - c", ["cause"]),
        ])
    func `fish offers what may be said`(_ line: String, _ offers: [String]) throws {
        let fish = try #require(Shell("fish"))
        let script = Daybook.program.fishCompletion + "\ncomplete -C 'daybook \(line)'\n"
        let answer = try inFolder { folder in try fish.run(["--no-config"], script: script, in: folder) }
        let words = answer.said.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        #expect(words.sorted() == offers.sorted())
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `a shell finds no fault with the script made for it`(_ name: String) throws {
        let scripts = [
            "bash": Daybook.program.bashCompletion, "zsh": Daybook.program.zshCompletion,
            "fish": Daybook.program.fishCompletion,
        ]
        guard let shell = Shell(name), let script = scripts[name] else { return }
        #expect(try shell.run(["-n"], script: script) == (0, ""))
        #expect(try shell.run(["-n"], script: script + "\nif (((\n").code != 0, "a fault would be found")
    }

    @Test func `no script speaks of what is hidden`() {
        for script in [Daybook.program.bashCompletion, Daybook.program.zshCompletion, Daybook.program.fishCompletion] {
            #expect(script.contains("metrics"))
            #expect(!script.contains("repair"))
            #expect(!script.contains("secret"))
        }
    }

    @Test func `a summary with quotes and colons does no harm`() throws {
        let verb = Verb("act", "Don't: $(echo harm) `echo harm` \\ \"so\".", action: 1)
        let program = Program("p", version: "1", "P.", sections: [VerbSection("All", [verb])])
        #expect(program.zshCompletion.contains(#"'act:Don'\''t\: $(echo harm) `echo harm` \\ "so".'"#))
        #expect(program.fishCompletion.contains(#"-a act -d 'Don\'t: $(echo harm) `echo harm` \\ "so".'"#))
        guard let zsh = Shell("zsh") else { return }
        #expect(try zsh.run(["-n"], script: program.zshCompletion) == (0, ""))
    }

    /// Runs the body with a folder that holds the folder `fold` and the file `read me.txt`.
    private func inFolder<Answer>(_ body: (URL) throws -> Answer) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arguments-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "fold"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appending(path: "read me.txt"))
        return try body(folder)
    }
}
