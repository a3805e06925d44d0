import Foundation
import Testing

/// What comes out where: answers on standard output, all else on standard error, JSON for programs.
@Suite struct OutputTests {
    // MARK: Help

    private static let verbs = [
        "init", "doctor", "log", "show", "metrics", "metrics export", "entries", "verify", "checkpoint", "prove",
        "verify-proof", "backup", "restore", "rebuild", "erase", "version", "completion", "man", "append",
    ]

    @Test(arguments: verbs) func `every verb has help with an example, by each way to ask for it`(_ verb: String) throws
    {
        let program = try RunningProgram(withHome: false)
        let help = try program.shell("daybook help \(verb)")
        #expect(help.status == 0)
        #expect(help.error == "")
        #expect(help.output.contains("Usage:\n  daybook \(verb)"))
        #expect(help.output.contains("Examples:\n  "))
        #expect(help.lines.allSatisfy { $0.count <= 80 })
        for spelling in ["daybook \(verb) --help", "daybook \(verb) -h", "daybook --help \(verb)"] {
            #expect(try program.shell(spelling).output == help.output, "\(spelling)")
        }
    }

    @Test func `no words at all show the help, with every verb that is not hidden`() throws {
        let program = try RunningProgram(withHome: false)
        let help = try program.run()
        #expect(help.status == 0)
        for verb in Self.verbs where verb != "append" && !verb.contains(" ") {
            #expect(help.output.contains("\n  \(verb) "), "\(verb)")
        }
        #expect(!help.output.contains("\n  append"))
        #expect(try program.run("--version").output == (try program.run("version").output))
    }

    @Test func `a completion script comes out for each shell, and a manual page`() throws {
        let program = try RunningProgram(withHome: false)
        for (shell, says) in [("bash", "complete "), ("zsh", "#compdef daybook"), ("fish", "complete -c daybook")] {
            let script = try program.run("completion", shell)
            #expect(script.status == 0)
            #expect(script.output.contains(says))
            #expect(script.output.contains("checkpoint"))
            #expect(script.error == "")
        }
        #expect(try program.shell("source <(daybook completion bash) && complete -p daybook").status == 0)
        let page = try program.run("man")
        #expect(page.output.hasPrefix(".TH") || page.output.contains("\n.TH"))
        #expect(page.output.contains("DAYBOOK_HOME"))
        #expect(try program.run("completion", "tcsh").status == 2)
    }

    @Test func `docs/entries.md is what the program prints`() throws {
        let program = try RunningProgram(withHome: false)
        let page = try program.run("entries", "--markdown")
        #expect(page.output == program.text(RunningProgram.package + "/docs/entries.md"))
    }

    // MARK: JSON

    /// Every verb that answers, with its kind. They stand in an order in which each can work.
    private static let documents: [(line: String, kind: String)] = [
        ("show 2", "shown"), ("metrics", "metrics"), ("metrics export", "metrics"), ("entries", "vocabulary"),
        ("entries user.added", "vocabulary"), ("verify", "verification"), ("checkpoint", "checkpoint"),
        ("prove 2", "proof"),
        ("prove 2 --with-personal --to a.proof", ""), ("verify-proof a.proof", "proof_check"),
        ("backup a.backup", "backup"),
        ("restore a.backup --home other --key home/master.key", "restored"), ("rebuild", "rebuild"),
        ("rebuild --verify", "rebuild"), ("rebuild --as-of 2 --to then.db", "look_back"), ("erase 2 --yes", "erased"),
        ("version", "version"), ("doctor", "doctor"), ("init --home third", "home"),
    ]

    @Test func `every answer is one JSON document with its kind and the version of its schema`() throws {
        let program = try RunningProgram()
        for (line, kind) in Self.documents {
            for spelling in ["daybook --json \(line)", "daybook \(line) --json"]
            where spelling.hasSuffix("json") || !line.contains("a.") && !line.contains("then") && !line.contains("init")
            {
                let ended = try program.shell(spelling)
                #expect([0, 1, 3].contains(ended.status), "\(spelling): \(ended.error)")
                if kind.isEmpty { continue }
                let document = try object(ended.output)
                #expect(document["kind"] as? String == "daybook.\(kind)", "\(spelling)")
                #expect(document["schema_version"] as? Int == 1, "\(spelling)")
                #expect(!ended.error.contains("{"), "\(spelling)")
            }
        }
    }

    @Test func `log is one JSON document a line`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line(personal: #"{"name":"Zoë\n\"the\" first"}"#, key: "0a", cause: 2))
        let ended = try program.run("log", "--json", "--all")
        #expect(ended.lines.count == 3)
        let entries = try ended.lines.map { try object($0) }
        #expect(entries.allSatisfy { $0["kind"] as? String == "daybook.entry" && $0["schema_version"] as? Int == 1 })
        #expect(entries.map { $0["position"] as? Int } == [1, 2, 3])
        #expect((entries[2]["personal"] as? [String: Any])?["name"] as? String == "Zoë\n\"the\" first")
        #expect(entries[2]["key"] as? String == "0a")
        #expect(entries[2]["cause"] as? Int == 2)
        #expect((entries[2]["recorded"] as? String)?.hasSuffix("Z") == true)
    }

    private static let moving = "a\u{85}b\u{9b}31mc\u{7f}d\u{202e}e\u{2066}f\u{2069}g\u{200e}h\u{200f}"

    @Test func `T7 no document moves the cursor or turns the writing, and it says the same`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line(personal: #"{"name":"\#(Self.moving)"}"#))
        let shown = try program.run("show", "3", "--json")
        let entry = try #require(try object(shown.output)["entry"] as? [String: Any])
        #expect((entry["personal"] as? [String: Any])?["name"] as? String == Self.moving)
        let refused = try program.run("people", "add", Self.moving, "--email", Self.moving, "--json")
        #expect((try object(refused.error)["message"] as? String)?.contains(Self.moving) == true, "\(refused.error)")
        let added = try program.run("users", "add", Self.moving, "--json")
        #expect(try object(added.output)["name"] as? String == Self.moving, "\(added.error)")
        for text in [shown.output, try program.run("log", "--json", "--all").output, refused.error, added.output] {
            #expect(text.contains(#"\u009b"#) && text.contains(#"\u202e"#))
            #expect(!text.unicodeScalars.contains { Self.moving.unicodeScalars.contains($0) && $0.value >= 0x7f })
        }
    }

    @Test func `an entry looks the same in the log and where it is shown`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line(personal: #"{"name":"Bea"}"#, cause: 2), RunningProgram.line(cause: 3))
        let shown = try object(program.run("show", "3", "--json").output)
        let entry = try #require(shown["entry"] as? [String: Any])
        #expect((entry["personal"] as? [String: Any])?["name"] as? String == "Bea")
        #expect((shown["causes"] as? [[String: Any]])?.map { $0["position"] as? Int } == [1, 2])
        let effects = try #require(shown["effects"] as? [[String: Any]])
        #expect((effects.first?["entry"] as? [String: Any])?["position"] as? Int == 4)
        #expect(shown["is_cut"] as? Bool == false)
        let line = try object(program.run("log", "--json", "--limit", "2").lines[0])
        #expect(NSDictionary(dictionary: line) == NSDictionary(dictionary: entry))
    }

    static let failures: [(line: String, status: Int32, error: String)] = [
        ("show 99", 1, "not_found"), ("shw", 2, "bad_request"), ("log --type nonsense", 2, "bad_request"),
        ("log --home nowhere", 10, "no_ledger"),
        ("verify-proof nowhere.proof", 2, "bad_request"), ("erase 2", 2, "bad_request"), ("init", 1, "conflict"),
        ("rebuild --to x", 2, "bad_request"), ("log --limit many", 2, "bad_request"),
        ("log --since yesterday", 2, "bad_request"),
    ]

    @Test(arguments: failures.map(\.line)) func `a failure with --json is one line of JSON on standard error`(
        _ line: String
    ) throws {
        let program = try RunningProgram()
        let wanted = try #require(Self.failures.first { $0.line == line })
        let ended = try program.shell("daybook \(line) --json")
        #expect(ended.status == wanted.status, "\(ended.error)")
        #expect(ended.output == "")
        #expect(ended.error.hasSuffix("\n"))
        #expect(ended.error.split(separator: "\n").count == 1)
        let error = try object(ended.error)
        #expect(error["kind"] as? String == "daybook.error")
        #expect(error["schema_version"] as? Int == 1)
        #expect(error["code"] as? Int == Int(wanted.status))
        #expect(error["error"] as? String == wanted.error)
        #expect((error["message"] as? String)?.isEmpty == false)
        // And in words for a person.
        let spoken = try program.shell("daybook \(line)")
        #expect(spoken.status == wanted.status)
        #expect(spoken.output == "")
        #expect(spoken.error.hasPrefix("daybook: \(error["message"] as? String ?? "")"))
    }

    // MARK: Streams

    @Test func `answers go to standard output, and words to standard error`() throws {
        let program = try RunningProgram(withHome: false)
        let made = try program.run("init")
        #expect(made.output.contains("Made a home"))
        #expect(made.output.contains("verifier key"))
        #expect(made.error.contains("Keep a copy of the master key"))
        let note = try program.run("checkpoint")
        #expect(note.lines.count == 4, "the note and nothing else: it is to be sent to a file")
        #expect(note.error.contains("Keep it elsewhere"))
        #expect(try program.run("checkpoint", "--quiet").error == "")
        #expect(try program.run("log", "--type", "note.written").output == "")
        #expect(try program.run("log", "--type", "note.written").error == "No entry fits.\n")
        #expect(try program.run("log", "--type", "note.written", "-q").error == "")
    }

    @Test func `who has seen enough of an answer is no failure`() throws {
        let program = try RunningProgram()
        try program.append((0..<3_000).map { RunningProgram.line(stream: "user/u\($0)") }.joined(), batch: 3_000)
        for line in ["daybook log --all", "daybook log --all --json", "daybook entries --markdown"] {
            let ended = try program.shell("\(line) | head -n 1; exit ${PIPESTATUS[0]}")
            #expect(ended.status == 0)
            #expect(ended.lines.count == 1)
            #expect(ended.error == "")
        }
    }

    @Test(
        arguments: [
            ([:], [], false), (["CLICOLOR_FORCE": "1"], [], true), (["CLICOLOR_FORCE": "0"], [], false),
            (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], [], false), (["NO_COLOR": "", "CLICOLOR_FORCE": "1"], [], true),
            (["CLICOLOR_FORCE": "1"], ["--no-color"], false), (["CLICOLOR_FORCE": "1", "TERM": "dumb"], [], true),
        ] as [([String: String], [String], Bool)])
    func `colour is there where it is wanted`(_ environment: [String: String], _ words: [String], _ isColoured: Bool)
        throws
    {
        let program = try RunningProgram()
        let log = try program.shell("daybook log " + words.joined(separator: " "), with: environment)
        #expect(log.output.contains("\u{1b}[") == isColoured)
        let failure = try program.shell("daybook show 99", with: environment)
        #expect(failure.error.contains("\u{1b}[") == (isColoured || !words.isEmpty))
        #expect(try !program.shell("daybook log --json", with: environment).output.contains("\u{1b}["))
    }

    @Test func `U08 times are in the zone of the user, wherever the machine is, and its name is there`() throws {
        for zone in ["UTC", "Asia/Tokyo", "Asia/Kolkata"] {
            let program = try RunningProgram(withHome: false)
            _ = try program.run("init", "--zone", zone)
            _ = try program.run("key", "rotate", "--old-key-file", "old.key", "--yes")
            for elsewhere in ["UTC", "America/Lima"] {
                let log = try program.run("log", with: ["TZ": elsewhere])
                #expect(log.lines[0].contains("recorded (\(zone))"), "\(log.output)")
                #expect(try program.run("show", "2", with: ["TZ": elsewhere]).output.contains(" \(zone)\n"))
                #expect(try program.run("key", "show", with: ["TZ": elsewhere]).output.contains(" \(zone)\n"))
            }
            let json = try program.run("log", "--json", with: ["TZ": "Asia/Tokyo"])
            #expect(json.output == (try program.run("log", "--json").output))
        }
    }

    // MARK: What comes from outside

    /// An escape to the terminal, a bell, marks that turn the writing, a line end, and a control character of eight bits.
    private static let hostile = "\\u001b[31mred\\u0007 \\u202egnp.exe \\u2066x\\u061cy\\r\\n\\u009bz"

    @Test func `control and bidi characters in a title come out visible`() throws {
        let program = try RunningProgram()
        try program.append(
            RunningProgram.line(personal: #"{"name":"\#(Self.hostile)"}"#),
            RunningProgram.line(
                "user.added", data: #"{"user":"x","role":"member"}"#, personal: #"{"name":"\#(Self.hostile)"}"#),
            RunningProgram.line(
                "connection.added", owner: "x",
                data:
                    #"{"connection":"c","provider":"caldav","is_sync_enabled":true,"is_auto_log_enabled":true,"sync_from_days":90,"sync_to_days":30,"sync_frequency_minutes":15,"private_policy":"busy_only"}"#,
                personal: #"{"name":"\#(Self.hostile)"}"#))
        for line in [
            "log", "show 3", "show 2", "metrics", "log --owner x", "log --stream $'user/\\e[31m'",
            "log --type $'\\e[31m'", "log --owner $'\\u202e'", "show $'\\e'",
        ] {
            let ended = try program.shell("daybook \(line)")
            for scalar in (ended.output + ended.error).unicodeScalars {
                let isBad =
                    scalar.value < 0x20 && scalar != "\n" || (0x7f..<0xa0).contains(scalar.value)
                    || [0x202e, 0x2066, 0x061c].contains(scalar.value)
                #expect(!isBad, "\(line): U+\(String(scalar.value, radix: 16))")
            }
        }
        #expect(try program.run("log").output.contains("\\u{1b}[31mred\\u{7} \\u{202e}gnp.exe"))
        #expect(try program.run("log").lines.count == 6)
    }
}
