import Foundation
import Testing

/// Homes as they must not be, met as their user meets them: one message, with the cause and the next step, the code that
/// is documented, and nothing lost.
@Suite(.enabled(if: FaultProgram.isThere)) struct FaultsBadHomeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let code: Int32
        /// What the message must say.
        let says: [String]
        var words = ["log"]
        let spoil: @Sendable (FaultHome) throws -> Void

        init(
            _ name: String, _ code: Int32, _ says: String..., words: [String] = ["log"],
            spoil: @escaping @Sendable (FaultHome) throws -> Void
        ) {
            (self.name, self.code, self.says, self.words, self.spoil) = (name, code, says, words, spoil)
        }

        var testDescription: String { name }
    }

    private static func write(_ text: String, _ name: String, _ home: FaultHome) throws {
        try FaultFolder.write([name: Data(text.utf8)], to: home.path)
    }

    private static func remove(_ names: String..., in home: FaultHome) {
        for name in names { FaultFolder.remove("\(home.path)/\(name)") }
    }

    private static func sqlite(_ sql: String, _ name: String, _ home: FaultHome) throws {
        let ran = try FaultRun([home.path + "/" + name, sql], by: "/usr/bin/sqlite3")
        try #require(ran.code == 0, "\(ran.errors)")
    }

    private static func chmod(_ mode: Int, _ name: String, _ home: FaultHome) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: home.path + name)
    }

    private static func truncate(to length: Int, _ home: FaultHome) throws {
        let path = home.path + "/ledger.db"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try bytes.prefix(length).write(to: URL(filePath: path))
    }

    private static func another(_ name: String, _ home: FaultHome) throws {
        let other = FaultHome(folder: home.folder + "/other")
        try FileManager.default.createDirectory(atPath: other.folder, withIntermediateDirectories: true)
        _ = try other.succeeds("init", "--name", "Eve")
        try FaultFolder.write(
            [name: try #require(FileManager.default.contents(atPath: "\(other.path)/\(name)"))], to: home.path)
    }

    static let cases: [Case] =
        [0, 50, 100, 4_095, 4_096, 5_000, 8_192, 20_480, 32_768].map { length in
            Case("a ledger that was cut to \(length) bytes", 13, "/ledger.db") { home in
                remove("ledger.db-wal", in: home)
                try truncate(to: length, home)
            }
        } + [
            Case("an empty ledger beside a full log", 13, "no database") { try truncate(to: 0, $0) },
            Case("a page of noise", 13, "damaged") { home in
                let path = home.path + "/ledger.db"
                var bytes = try #require(FileManager.default.contents(atPath: path))
                bytes.replaceSubrange(12_288..<16_384, with: Data(repeating: 0xa7, count: 4_096))
                try bytes.write(to: URL(filePath: path))
            },
            Case("a database of something else", 13, "not a ledger of Daybook") { home in
                remove("ledger.db", "ledger.db-wal", in: home)
                try sqlite("CREATE TABLE place (name TEXT)", "ledger.db", home)
            },
            Case("a newer format", 13, "newer Daybook", "its format is 7") { home in
                try sqlite("PRAGMA user_version = 7", "ledger.db", home)
            },
            Case("a foreign table", 13, "table guest does not belong there") { home in
                try sqlite("CREATE TABLE guest (name TEXT)", "ledger.db", home)
            },
            Case("a text in place of the ledger", 13, "no database") { home in
                remove("ledger.db-wal", in: home)
                try write("Dear ledger,\n", "ledger.db", home)
            },
            Case("a folder in place of the ledger", 13, "ledger.db: Is a directory") { home in
                remove("ledger.db", "ledger.db-wal", in: home)
                try FileManager.default.createDirectory(
                    atPath: home.path + "/ledger.db", withIntermediateDirectories: false)
            },
            Case("no ledger", 10, "there is no ledger in") { remove("ledger.db", "ledger.db-wal", in: $0) },
            Case("no folder", 10, "there is no ledger in") { FaultFolder.remove($0.path) },
            Case("init over a lost ledger", 1, "its ledger is gone", words: ["init"]) {
                remove("ledger.db", "ledger.db-wal", in: $0)
            },
            Case("init over a ledger", 1, "already", words: ["init"]) { _ in },
            Case("init where a file is", 13, "File exists", words: ["init"]) { home in
                FaultFolder.remove(home.path)
                try Data("a file".utf8).write(to: URL(filePath: home.path))
            },
            Case("no key", 12, "the master key is missing") { remove("master.key", in: $0) },
            Case("the key of another home", 12, "not that of the ledger") { try another("master.key", $0) },
            Case("a key that is none", 12, "is not a master key") { try write("open sesame\n", "master.key", $0) },
            Case("a key that others can read", 12, "can be read by others", "chmod 600") {
                try chmod(0o644, "/master.key", $0)
            },
            Case("no checkpoint, and a wish to write", 15, "head.note", "missing", words: ["checkpoint"]) {
                remove("head.note", in: $0)
            },
            Case("a garbled checkpoint", 15, "head.note cannot be used", words: ["checkpoint"]) {
                try write("daybook\n2\n", "head.note", $0)
            },
            Case("the checkpoint of another home", 15, "not signed with the key", words: ["checkpoint"]) {
                try another("head.note", $0)
            },
            Case("an error in a projection", 2, "mine.sql, line 3", words: ["metrics", "--projections", "HOME/mine"]) {
                try write("-- Mine.\n-- schema\nCREATE TABLE\n", "mine/mine.sql", $0)
            },
            Case(
                "an unknown entry in a projection", 2, "mine.sql, line 4", "meeting.dreamt",
                words: ["rebuild", "--projections", "HOME/mine"]
            ) {
                try write(
                    "-- Mine.\n-- schema\nCREATE TABLE a (id TEXT PRIMARY KEY) STRICT;\n-- on meeting.dreamt\nSELECT 1;\n",
                    "mine/mine.sql", $0)
            },
            Case("no projection", 2, "there is no .sql file in", words: ["metrics", "--projections", "HOME/mine"]) {
                try write("", "mine/read.me", $0)
            },
            Case("no folder of projections", 2, "cannot be read", words: ["metrics", "--projections", "HOME/mine"]) {
                _ in
            },
            Case("a lock that is a folder", 13, "home.lock: Is a directory") { home in
                remove("home.lock", in: home)
                try FileManager.default.createDirectory(
                    atPath: home.path + "/home.lock", withIntermediateDirectories: false)
            },
        ]

    @Test(arguments: cases)
    func `a bad home is named, with the next step, and is not touched`(_ bad: Case) throws {
        try FaultHome.with { home in
            try FileManager.default.createDirectory(atPath: home.path + "/mine", withIntermediateDirectories: true)
            if bad.name == "no folder of projections" { Self.remove("mine", in: home) }
            try bad.spoil(home)
            let before = try contents(home)
            let ran = try FaultRun(bad.words.map { $0.replacing("HOME", with: home.path) } + ["--home", home.path])
            #expect(ran.code == bad.code, "\(ran.code) \(ran.output)\(ran.errors)")
            #expect(ran.isOneClearMessage, "\(ran.errors)")
            for text in bad.says { #expect(ran.errors.contains(text), "\(ran.errors)") }
            #expect(ran.output.isEmpty, "\(ran.output)")
            #expect(try contents(home) == before)
        }
    }

    /// All that is not made anew from the ledger, and the lock.
    private func contents(_ home: FaultHome) throws -> [String: Data] {
        guard FileManager.default.fileExists(atPath: home.path + "/master.key") else { return [:] }
        return try FaultFolder.contents(home.path).filter { name, bytes in
            !name.hasPrefix("views") && name != "home.lock" && !(name.hasSuffix("-wal") && bytes.isEmpty)
                && !name.hasSuffix("-shm")
        }
    }

    // MARK: The head

    @Test(arguments: ["missing", "garbled", "foreign"])
    func `with a head.note that cannot be used reading goes on with a warning, and --accept makes it good`(
        _ what: String
    ) throws {
        try FaultHome.with { home in
            switch what {
            case "missing": Self.remove("head.note", in: home)
            case "garbled": try Self.write("garbled", "head.note", home)
            default: try Self.another("head.note", home)
            }
            try acceptIsWanted(home)
        }
    }

    @Test func `an older ledger under a newer head.note is read with a warning, and not written to`() throws {
        try FaultHome.with { home in
            let older = try FaultFolder.contents(home.path).filter { $0.key.hasPrefix("ledger.db") }
            try home.appends(FaultLines.following(5))
            Self.remove("ledger.db-wal", in: home)
            try FaultFolder.write(older, to: home.path)
            let verified = try home.run("verify")
            #expect(verified.code == 5 && verified.output.contains("the end was cut off, or this is an older copy"))
            try acceptIsWanted(home)
        }
    }

    private func acceptIsWanted(_ home: FaultHome) throws {
        let line = FaultLines.following(1)[0]
        let read = try home.run("log", "--limit", "1")
        #expect(read.code == 0 && !read.output.isEmpty && read.errors.contains("daybook checkpoint --accept"))
        for words in [["append"], ["checkpoint"], ["erase", "3", "--yes"], ["backup", home.folder + "/kept"]] {
            let refused = try FaultRun(words + ["--home", home.path], input: line)
            #expect(refused.code == 15 && refused.isOneClearMessage, "\(words): \(refused.code) \(refused.errors)")
        }
        #expect(try home.run("checkpoint", "--accept").code == 0)
        #expect(try home.appends([line]).count == 1)
        let flaw = try home.flaw()
        #expect(flaw == nil)
        #expect(try home.run("log").errors.isEmpty)
    }

    // MARK: Views

    static let spoiledViews: [Case] = [
        Case("garbled", 0, "posted anew") { home in
            remove("views-1.db-wal", in: home)
            try write("no views", "views-1.db", home)
        },
        Case("missing", 0, "posted anew") { remove("views-1.db", "views-1.db-wal", in: $0) },
        Case("cut", 0, "posted anew") { home in
            remove("views-1.db-wal", in: home)
            let bytes = try #require(FileManager.default.contents(atPath: home.path + "/views-1.db"))
            try bytes.prefix(20_000).write(to: URL(filePath: home.path + "/views-1.db"))
        },
        Case("a garbled pointer", 0, "posted anew") { try write("../../etc/passwd\n", "views.current", $0) },
        Case("an empty pointer", 0, "posted anew") { try write("", "views.current", $0) },
        Case("no pointer", 0, "views.current is missing") { remove("views.current", in: $0) },
        Case("views of another ledger", 0, "another ledger") { home in
            let views = try FaultFolder.contents(home.path).filter { $0.key.hasPrefix("views") }
            FaultFolder.remove(home.path)
            _ = try home.succeeds("init")
            try home.appends(FaultLines.first + FaultLines.following(5))
            for name in try FaultFolder.contents(home.path).keys where name.hasPrefix("views") {
                remove(name, in: home)
            }
            try FaultFolder.write(views, to: home.path)
        },
        Case("views that are ahead", 0, "ahead of the ledger") { home in
            let older = try FaultFolder.contents(home.path).filter { !$0.key.hasPrefix("views") }
            _ = try home.run("append", "--post", input: FaultLines.following(3).joined(separator: "\n"))
            remove("ledger.db-wal", in: home)
            try FaultFolder.write(older, to: home.path)
        },
    ]

    @Test(arguments: spoiledViews)
    func `spoiled views are posted anew, with one word about it`(_ bad: Case) throws {
        try FaultHome.with { home in
            try bad.spoil(home)
            let ran = try home.run("metrics")
            #expect(ran.code == 0 && !ran.output.isEmpty, "\(ran.code) \(ran.errors)")
            let lines = ran.errors.split(separator: "\n")
            #expect(lines.count == 1, "\(ran.errors)")
            for text in bad.says { #expect(ran.errors.contains(text), "\(ran.errors)") }
            let flaw = try home.flaw()
            #expect(flaw == nil)
            #expect(try home.run("metrics").errors.isEmpty)
        }
    }

    // MARK: Another user, another mount

    private static let isRoot = FileManager.default.isWritableFile(atPath: "/etc/passwd")

    /// Runs as nobody, who owns the home.
    private func asNobody(_ home: FaultHome, _ words: String..., spoil: String) throws -> FaultRun {
        let script = """
            chmod 755 "$1" && chown -R 65534:65534 "$1/home" && cp "$2" "$1/daybook" && cd "$1/home" && \(spoil)
            cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$1/daybook" \(words.joined(separator: " ")) \
            --home "$1/home"
            """
        return try FaultRun(["-c", script, "sh", home.folder, FaultProgram.path], by: "/bin/sh")
    }

    @Test(
        .enabled(if: isRoot),
        arguments: [
            ("chown root ledger.db", "ledger.db: Permission denied"), ("chmod 400 ledger.db", "may only be read"),
            ("chown root .", "Permission denied"), ("chown root home.lock", "home.lock: Permission denied"),
            ("chown root master.key", "Permission denied"),
        ])
    func `who may not get at a home is told so, and not that there is none`(_ spoil: String, _ says: String) throws {
        try FaultHome.with { home in
            let ran = try asNobody(home, "log", spoil: spoil)
            #expect(ran.code == (spoil.hasSuffix("key") ? 12 : 13), "\(ran.code) \(ran.output)\(ran.errors)")
            #expect(ran.isOneClearMessage && ran.errors.contains(says) && ran.output.isEmpty, "\(ran.errors)")
            #expect(!ran.errors.contains("there is no"), "\(ran.errors)")
            let doctor = try asNobody(home, "doctor", spoil: spoil)
            #expect(doctor.code == 1 && doctor.output.contains("FAIL"), "\(doctor.output)")
            let flaw = try home.flaw()
            #expect(flaw == nil)
        }
    }

    @Test(.enabled(if: FaultProgram.mayMount))
    func `a home on a disk that is mounted for reading only is refused with the reason`() throws {
        try FaultHome.with { home in
            let script = """
                mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" "$3" --home "$1$4"
                """
            for (verb, inner) in [("log", ""), ("init", "/new")] {
                let ran = try FaultRun(
                    ["-m", "sh", "-c", script, "sh", home.path, FaultProgram.path, verb, inner], by: "/usr/bin/unshare")
                #expect(ran.code == 13 && ran.isOneClearMessage, "\(ran.code) \(ran.errors)")
                #expect(ran.errors.contains("Read-only file system"), "\(ran.errors)")
            }
        }
    }
}
