import Children
import Foundation
import Testing

/// What the verbs do, from the outside.
@Suite struct VerbTests {
    // MARK: init and keys

    @Test(arguments: [
        "connect ics nope.ics", "people import nope.vcf", "connect caldav dav.example --login a --password-file nope",
        "connect caldav dav.example --login a --password-fd 0 --authorities nope.pem",
        "provider set google --client-id a --client-secret-file nope",
    ])
    func `a file that is named and not there is a mistake in the command`(_ words: String) throws {
        let ended = try RunningProgram().shell("echo secret | daybook \(words)")
        #expect(ended.status == 2)
        #expect(ended.error.contains("nope"))
    }

    @Test func `what is connected and read is one document`() throws {
        let program = try RunningProgram()
        try program.write(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\nEND:VCALENDAR\r\n", to: program.path("work.ics"))
        for words in [["--no-sync"], []] {
            let ended = try program.shell("daybook connect ics work.ics --json \(words.joined(separator: " "))")
            #expect(ended.status == 0, "\(ended.error)")
            let connected = try object(ended.output)
            #expect(connected["kind"] as? String == "daybook.connected")
            #expect((connected["sync"] as? [String: Any])?["users"] is [Any] == words.isEmpty)
        }
    }

    @Test func `init makes a home for its owner alone, whatever the mask says`() throws {
        let program = try RunningProgram(withHome: false)
        #expect(
            try program.shell("umask 000; daybook init && daybook log && daybook checkpoint >/dev/null").status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: program.home)
        #expect(Set(names).isSuperset(of: ["ledger.db", "head.note", "master.key", "home.lock", "views.current"]))
        for name in names { #expect(try mode(program.home + "/" + name) == 0o600, "\(name)") }
        #expect(try mode(program.home) == 0o700)
        #expect(try program.run("init").status == 1)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `a home is found by --home, DAYBOOK_HOME and the folder of data, in this order`() throws {
        let program = try RunningProgram(withHome: false)
        let none = ["DAYBOOK_HOME": "", "XDG_DATA_HOME": program.path("data")]
        #expect(try program.run("init", with: none).output.contains(program.path("data/daybook")))
        #expect(
            try program.run("init", with: ["DAYBOOK_HOME": "", "XDG_DATA_HOME": "relative"]).output.contains(
                program.path(".local/share/daybook")))
        #expect(try program.run("init").output.contains(program.home))
        #expect(try program.run("init", "--home", "third").output.contains(program.path("third")))
        #expect(try program.run("log", "--home", "third", "--json").output != (try program.run("log", "--json").output))
    }

    @Test func `M06 the key may come from a file, the environment or a credential`() throws {
        let program = try RunningProgram()
        let key = program.text(program.home + "/master.key")
        let elsewhere = program.path("elsewhere.key")
        try FileManager.default.moveItem(atPath: program.home + "/master.key", toPath: elsewhere)
        #expect(try program.run("log").status == 12)
        #expect(try program.run("log", with: ["DAYBOOK_MASTER_KEY_FILE": elsewhere]).status == 0)
        #expect(try program.run("log", with: ["DAYBOOK_MASTER_KEY": key]).status == 0)
        try FileManager.default.createDirectory(atPath: program.path("credentials"), withIntermediateDirectories: false)
        let credentials = ["CREDENTIALS_DIRECTORY": program.path("credentials")]
        #expect(try program.run("log", with: credentials).status == 12)
        // systemd's own file may be readable as systemd wants it.
        try program.write(key, to: program.path("credentials/daybook-master-key"))
        #expect(try program.run("log", with: credentials).status == 0)
        for (wrong, says) in [
            (String(repeating: "a", count: 64), "not that of the ledger"), ("short", "64 hexadecimal digits"),
        ] {
            let ended = try program.run("log", with: ["DAYBOOK_MASTER_KEY": wrong])
            #expect(ended.status == 12)
            #expect(ended.error.contains(says))
            #expect(!ended.error.contains(wrong.prefix(16)) || wrong == "short")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: elsewhere)
        let open = try program.run("log", with: ["DAYBOOK_MASTER_KEY_FILE": elsewhere])
        #expect(open.status == 12)
        #expect(open.error.contains("chmod 600"))
    }

    @Test func `a new home takes the key that is given, and makes none of its own`() throws {
        let program = try RunningProgram(withHome: false)
        let key = ["DAYBOOK_MASTER_KEY": String(repeating: "7", count: 64)]
        #expect(try program.run("init", with: key).status == 0)
        #expect(!FileManager.default.fileExists(atPath: program.home + "/master.key"))
        #expect(try program.run("log").status == 12)
        #expect(try program.run("log", with: key).status == 0)
        // A service may have credentials, and none of ours among them.
        let others = ["CREDENTIALS_DIRECTORY": program.place, "DAYBOOK_HOME": program.path("other")]
        #expect(try program.run("init", with: others).status == 0)
    }

    @Test func `the master key is in nothing that any verb says`() throws {
        let program = try RunningProgram()
        let key = program.text(program.home + "/master.key").filter { !$0.isWhitespace }
        try #require(key.count == 64)
        for line in [
            "log --all --json", "show 1", "show 2 --json", "doctor", "doctor --json", "checkpoint", "prove 2",
            "metrics export",
            "backup a.backup", "verify --json", "rebuild --json",
            "restore a.backup --home other --key home/master.key --json",
            "restore home/master.key --home third", "verify-proof home/master.key", "verify --against home/master.key",
            "init --home fourth --json", "log --home home/master.key", "entries --markdown",
        ] {
            let ended = try program.shell("daybook \(line)")
            #expect(!(ended.output + ended.error).lowercased().contains(key.prefix(16)), "\(line)")
        }
    }

    // MARK: log

    @Test func `log shows the last entries, or those that fit`() throws {
        let program = try RunningProgram()
        try program.append((0..<50).map { RunningProgram.line(stream: "user/u\($0 % 2)") }.joined())
        func positions(_ words: String) throws -> [Int] {
            let ended = try program.shell("daybook log \(words) --json")
            return try ended.lines.map { try #require(try object($0)["position"] as? Int) }
        }
        #expect(try positions("") == Array(23...52))
        #expect(try positions("--limit 3") == [50, 51, 52])
        #expect(try positions("-n3 -t user.added") == [2])
        #expect(try positions("--all") == Array(1...52))
        #expect(try positions("--all --type user.added --type ledger.opened") == [1, 2])
        #expect(try positions("--all --stream user/u1").count == 25)
        #expect(try positions("--owner home") == [1])
        #expect(try positions("--owner 'Ada Brandt' --limit 2") == [51, 52])
        #expect(try positions("--since 1h") == Array(1...52), "all that fit, and not only the last thirty")
        #expect(try positions("--until 1h") == [])
        #expect(try positions("--since 2000-01-01 --until 2001-01-01") == [])
        #expect(try positions("--since 2000-01-01T00:00:00Z --limit 1") == [52])
        let table = try program.run("log", "--limit", "2")
        #expect(table.lines.count == 3)
        #expect(table.lines[0].hasPrefix(" #  recorded (UTC)"))
        #expect(table.lines[2].contains("user.changed") && table.lines[2].contains("Ada Brandt"))
    }

    @Test(.timeLimit(.minutes(1))) func `log --follow shows what another process appends`() throws {
        let program = try RunningProgram()
        let following = try program.start("log", "--follow", "--json", "--owner", "Ada Brandt")
        #expect(following.says(#""position":2"#))
        for canary in ["first canary", "second canary"] {
            try program.append(RunningProgram.line(personal: #"{"name":"\#(canary)"}"#))
            #expect(following.says(canary))
        }
        following.stop()
    }

    // MARK: append

    @Test func `append says where each entry stands, and the same again with a key`() throws {
        let program = try RunningProgram()
        let lines = (0..<3).map { RunningProgram.line(key: "0\($0)") }.joined()
        let first = try program.run("append", input: lines)
        let again = try program.run("append", "--batch", "100", "--post", input: lines)
        #expect(first.status == 0 && again.status == 0)
        let answers = try first.lines.map { try object($0) }
        #expect(answers.map { $0["position"] as? Int } == [3, 4, 5])
        #expect(answers.map { $0["is_repeated"] as? Bool } == [false, false, false])
        #expect(try again.lines.map { try object($0)["is_repeated"] as? Bool } == [true, true, true])
        #expect(try again.lines.map { try object($0)["hash"] as? String } == answers.map { $0["hash"] as? String })
        #expect(try program.run("log", "--all", "--json").lines.count == 5)
    }

    static let badLines: [(line: String, status: Int32, says: String)] = [
        ("{", 2, "no JSON object"), ("[]", 2, "no JSON object"),
        (#"{"type":"user.changed"}"#, 2, "wants a type, a stream and data"),
        (#"{"type":5,"stream":"s","data":{}}"#, 2, "type should be a text"),
        (#"{"type":"user.changed","stream":"s","data":"x"}"#, 2, "data should be an object"),
        (
            #"{"type":"user.changed","stream":"s","data":{"user":"u"},"personal":"x"}"#, 2,
            "personal should be an object"
        ),
        (#"{"type":"user.changed","stream":"s","data":{"user":"u"},"cause":"2"}"#, 2, "cause should be a whole number"),
        (#"{"type":"user.changed","stream":"s","data":{"user":"u"},"persnal":{}}"#, 2, "nothing is called “persnal”"),
        (#"{"type":"user.teleported","stream":"s","data":{}}"#, 2, "user.teleported"),
        (#"{"type":"user.changed","stream":"s","data":{}}"#, 2, "user is missing"),
        (#"{"type":"user.changed","stream":"s","data":{"user":"u"},"cause":99}"#, 1, "entry 99"),
        (#"{"type":"user.changed","stream":"s","data":{"user":"u"},"expected_version":9}"#, 1, "version"),
    ]

    @Test(arguments: badLines.map(\.line)) func `append names the line that is wrong, and keeps those before it`(
        _ line: String
    ) throws {
        let wanted = try #require(Self.badLines.first { $0.line == line })
        let program = try RunningProgram()
        let input = RunningProgram.line() + "\n" + RunningProgram.line() + line + "\n" + RunningProgram.line()
        let ended = try program.run("append", input: input)
        #expect(ended.status == wanted.status)
        #expect(ended.error.hasPrefix("daybook: line 4: "), "\(ended.error)")
        #expect(ended.error.contains(wanted.says), "\(ended.error)")
        #expect(ended.lines.count == 2)
        #expect(try program.run("log", "--all", "--json").lines.count == 4)
    }

    @Test func `append keeps what came before a line that is no entry, also in a batch`() throws {
        let program = try RunningProgram()
        let ended = try program.run(
            "append", "--batch", "100", input: RunningProgram.line() + RunningProgram.line() + "{\n")
        #expect(ended.status == 2)
        #expect(ended.error.contains("line 3") && ended.error.contains("The lines before it were appended."))
        #expect(ended.lines.count == 2)
        let refused = try program.run(
            "append", "--batch", "100", input: RunningProgram.line() + RunningProgram.line("user.teleported"))
        #expect(refused.error.contains("lines 1 to 2"), "\(refused.error)")
        #expect(refused.lines.isEmpty)
        #expect(try program.run("log", "--all", "--json").lines.count == 4)
    }

    @Test func `append reads lines that end as on Windows, and one without an end`() throws {
        let program = try RunningProgram()
        let line = RunningProgram.line().filter { $0 != "\n" }
        #expect(try program.run("append", input: "\(line)\r\n\r\n\(line)").lines.count == 2)
    }

    // MARK: metrics

    @Test func `metrics are written to a file in one step, or to standard output`() throws {
        let program = try RunningProgram()
        let target = program.path("daybook.prom")
        try program.write("what stood there before\n", to: target)
        let reader = try #require(FileHandle(forReadingAtPath: target))
        let written = try program.run("metrics", "export", "--format", "prometheus", "--to", target)
        #expect(written.status == 0)
        #expect(written.output == "")
        #expect(written.error.contains("daybook.prom"))
        #expect(String(decoding: reader.readDataToEndOfFile(), as: UTF8.self) == "what stood there before\n")
        #expect(program.text(target).hasPrefix("# HELP daybook_ledger_entries"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: program.place).filter { $0.hasPrefix("daybook.prom") }
                == ["daybook.prom"])
        let out = try program.run("metrics", "export", "--format", "prometheus", "--to", "-")
        #expect(out.output == program.text(target))
        #expect(out.error == "")
        #expect(try program.run("metrics", "export", "--format", "csv").output.hasPrefix("\"scope\","))
        #expect(try object(program.run("metrics", "export").output)["kind"] as? String == "daybook.metrics")
        let nowhere = try program.run("metrics", "export", "--to", "nowhere/metrics.json")
        #expect(nowhere.status == 1)
        #expect(nowhere.error.contains("nowhere/metrics.json"))
        #expect(try program.run("metrics", "export", "--format", "xml").status == 2)
    }

    // MARK: Exit codes

    @Test func `0 to 5 say how it went`() throws {
        let program = try RunningProgram()
        #expect(try program.run("verify").status == 0)
        #expect(try program.run("show", "99").status == 1)
        #expect(try program.run("show").status == 2)
        #expect(try program.run("doctor").status == 3, "no checkpoint was given out yet")
        #expect(try program.run("rebuild", "--verify").status == 0)
        try program.alter("views-1.db", "Ada Brandt", to: "Eva Brandt")
        let differs = try program.run("rebuild", "--verify")
        #expect(differs.status == 4)
        #expect(differs.output.contains("DIFFERENT"))
        #expect(try program.run("verify").status == 5)
        #expect(try program.run("verify", "--ledger-only").status == 0)
        #expect(try program.run("rebuild").status == 0)
        #expect(try program.run("verify").status == 0)
        #expect(try program.run("prove", "2", "--to", "a.proof").status == 0)
        #expect(try program.run("verify-proof", "a.proof").status == 0)
        try program.write(
            program.text(program.path("a.proof")).split(separator: "\"user.added\"").joined(
                separator: "\"user.moved\""), to: program.path("b.proof"))
        let broken = try program.run("verify-proof", "b.proof")
        #expect(broken.status == 5)
        #expect(broken.error.contains("FAIL"))
        #expect(try program.run("verify-proof", "a.proof", "--key", "rubbish").status == 2)
        #expect(try program.run("verify-proof", program.home + "/head.note").status == 2)
    }

    @Test func `5 says that the ledger is not what was written, and which entry`() throws {
        let program = try RunningProgram()
        try program.append((0..<100).map { _ in RunningProgram.line() }.joined())
        try program.alter("ledger.db", #""role":"admin""#, to: #""role":"bdmin""#)
        let ended = try program.run("verify")
        #expect(ended.status == 5)
        #expect(ended.output.contains("FAIL  entry 2: "))
        let document = try object(program.run("verify", "--json").output)
        #expect(document["is_intact"] as? Bool == false)
    }

    @Test(.timeLimit(.minutes(1))) func `10 to 15 say what is wrong with the home`() throws {
        let program = try RunningProgram()
        #expect(try program.run("log", "--home", "nowhere").status == 10)
        let holder = try program.start("append")
        holder.say(RunningProgram.line())
        #expect(holder.says("position"))
        let locked = try program.run("log", "--lock-wait", "0")
        #expect(locked.status == 11)
        #expect(locked.error.contains("process \(holder.process.processIdentifier) (daybook append)"))
        #expect(try holder.finish() == 0)
        #expect(try program.run("log").status == 0)
        #expect(try program.run("log", with: ["DAYBOOK_MASTER_KEY": String(repeating: "a", count: 64)]).status == 12)
        let head = program.text(program.home + "/head.note")
        try FileManager.default.removeItem(atPath: program.home + "/head.note")
        #expect(try program.run("checkpoint").status == 15)
        #expect(try program.run("log").status == 0)
        #expect(try program.run("log").error.contains("daybook checkpoint --accept"))
        try program.write(head, to: program.home + "/head.note")
        #expect(try program.run("checkpoint").status == 0)
        try program.write("Dear diary,\n", to: program.home + "/ledger.db")
        #expect(try program.run("log").status == 13)
    }

    @Test(.timeLimit(.minutes(1))) func `--lock-wait waits for a home that is in use`() throws {
        let program = try RunningProgram()
        let holder = try program.start("append")
        holder.say(RunningProgram.line())
        #expect(holder.says("position"))
        let waiting = try program.start("log", "--lock-wait", "60", "--json")
        #expect(try holder.finish() == 0)
        #expect(waiting.says(#""position":3"#))
        #expect(try waiting.finish() == 0)
    }

    @Test(arguments: [
        ("shw 2", "show"), ("log --typ x", "--type"), ("log --limit", "--limit"), ("show two", "two"),
        ("show 2 3", "3"), ("metrics exprt", "export"),
        ("completion bsh", "bash"), ("rebuild --only metricks", "metrics"), ("erase", "POSITION"),
    ]) func `2 says what of the command line is wrong, and what was perhaps meant`(_ line: String, _ says: String)
        throws
    {
        let program = try RunningProgram()
        let ended = try program.shell("daybook \(line)")
        #expect(ended.status == 2)
        #expect(ended.output == "")
        #expect(ended.error.contains(says), "\(ended.error)")
    }

    // MARK: backup, restore, erase, rebuild

    @Test func `a backup goes to another home, and verifies there`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line(personal: #"{"name":"Canary"}"#))
        let written = try program.run("backup", "a.backup").output
        #expect(written.hasPrefix("Wrote 3 entries to \(program.path("a.backup"))"))
        #expect(written.hasPrefix("Wrote 3 entries to \(program.path("a.backup"))"))
        let restored = try program.run("restore", "a.backup", "--home", "other", "--key", "home/master.key")
        #expect(restored.output.hasPrefix("Restored 3 entries into \(program.path("other"))"))
        #expect(try program.run("verify", "--home", "other").status == 0)
        #expect(try program.run("log", "--home", "other").output.contains("Canary"))
        #expect(try program.run("restore", "a.backup", "--home", "other").status == 1)
        #expect(try program.run("backup", "a.backup").status == 1)
    }

    @Test func `erase asks first, tells what it would do, and does it`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line(personal: #"{"name":"Canary of erase"}"#))
        let preview = try program.run("erase", "3", "1", "--dry-run")
        #expect(preview.output.contains("would lose: name"))
        #expect(preview.output.contains("would lose: nothing personal"))
        let unsure = try program.run("erase", "3")
        #expect(unsure.status == 2)
        #expect(unsure.error.contains("--yes"))
        #expect(try program.run("log").output.contains("Canary"))
        let erased = try program.run("erase", "3", "3", "--yes", "--reason", "mistake")
        #expect(erased.output == "Erased what was personal in 3. Entry 4 says so.\n")
        #expect(try program.shell("grep -rl 'Canary of erase' home").output == "")
        #expect(try program.run("show", "3").output.contains("personal: erased"))
        #expect(try program.run("erase", "3", "--yes").output == "There was nothing personal in this entry.\n")
        #expect(try program.run("verify").status == 0)
    }

    @Test func `E03 the views of an earlier day go into a file of their own`() throws {
        let program = try RunningProgram()
        try program.append(RunningProgram.line("user.added", data: #"{"user":"bea","role":"member"}"#))
        #expect(try program.run("rebuild", "--as-of", "2", "--to", "then.db").status == 0)
        #expect(try program.shell("sqlite3 then.db 'SELECT count(*) FROM account'").output == "1\n")
        #expect(
            try program.run("rebuild", "--as-of", "2000-01-01", "--to", "empty.db").output.contains("as of entry 0"))
        #expect(try program.shell("sqlite3 empty.db 'SELECT count(*) FROM account'").output == "0\n")
        #expect(try program.run("rebuild", "--as-of", "2").status == 2)
        #expect(try program.run("rebuild", "--as-of", "9", "--to", "later.db").status == 1)
        #expect(try program.run("rebuild", "--as-of", "2", "--to", "then.db").status == 1)
    }

    @Test func `an edited projection is tried from a folder, and a fault in it is told with its line`() throws {
        let program = try RunningProgram()
        #expect(try program.shell("cp -r \(RunningProgram.package)/projections mine").status == 0)
        #expect(try program.run("rebuild", "--projections", "mine", "--only", "user").status == 0)
        #expect(try program.shell("printf '\\n-- on user.aded\\nDELETE FROM account;\\n' >> mine/user.sql").status == 0)
        let broken = try program.run("rebuild", "--projections", "mine", "--only", "user")
        #expect(broken.status == 2)
        #expect(broken.error.contains("user.sql, line "))
        #expect(broken.error.contains("user.aded"))
        #expect(try program.run("verify").status == 0)
    }

    // MARK: README

    @Test func `the sessions of the README work as they stand`() throws {
        let program = try RunningProgram(withHome: false)
        // The sample of the program under the names that the README gives its files.
        let made = try program.shell(
            "python3 \(RunningProgram.package)/tools/demo/make.py sample && cp sample/people.vcf contacts.vcf"
                + " && cp sample/calendars/work.ics calendar.ics")
        #expect(made.status == 0, "\(made.error)")
        let readme = program.text(RunningProgram.package + "/README.md")
        var isSession = false
        var commands: [String] = []
        for line in readme.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isSession = line == "```console" }
            if isSession, line.hasPrefix("$ ") { commands.append(String(line.dropFirst(2))) }
        }
        #expect(commands.count >= 5)
        for command in commands {
            let ended = try program.shell(command)
            // The doctor may find something that deserves a look on any machine.
            #expect(ended.status == 0 || command == "daybook doctor" && ended.status == 3, "\(command): \(ended.error)")
        }
    }

    @Test func `L64 a member is refused every verb that is about everybody`() throws {
        let program = try RunningProgram()
        #expect(try program.run("users", "add", "Grace").status == 0)
        for words in [
            "log", "show 1", "prove 2", "erase 2 --yes", "backup b", "rebuild", "checkpoint", "metrics",
            "metrics export",
            "sync --all", "rematch --all",
        ] {
            let ended = try program.shell("daybook \(words) --user Grace")
            #expect(ended.status == 1, "\(words): \(ended.output)")
            #expect(ended.error.contains("Grace is a member"), "\(words): \(ended.error)")
        }
        #expect(try program.run("status", "--user", "Grace").status == 0)
    }
}
