import Foundation
import SQLite
import Testing

/// How a database is opened is what its safety rests on, so every setting is asked for again, from outside.
@Suite struct OpeningTests {
    /// The pragmas that hold for every role.
    static let always = [
        ("foreign_keys", "1"), ("recursive_triggers", "1"), ("trusted_schema", "0"), ("cell_size_check", "1"),
        ("temp_store", "2"), ("secure_delete", "1"),
    ]

    @Test(arguments: always)
    func `every role has the settings that every role must have`(_ name: String, _ value: String) throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            for other in [
                owner, try Connection(path: path, as: .reader), try Connection(path: ":memory:", as: .memory),
                try Connection(path: "\(folder)/scratch.db", as: .scratch),
            ] {
                #expect(try other.answer("PRAGMA \(name)") == value)
            }
            try owner.copy(to: "\(folder)/copy.db")
            let foreign = try Connection(path: "\(folder)/copy.db", as: .foreign)
            #expect(try foreign.answer("PRAGMA \(name)") == value)
        }
    }

    static let owners: [(String, String)] = [
        ("journal_mode", "wal"), ("synchronous", "2"), ("wal_autocheckpoint", "0"), ("mmap_size", "0"),
        ("query_only", "0"),
    ]

    @Test(arguments: owners)
    func `F3 the owner of a ledger writes through to the disk`(_ name: String, _ value: String) throws {
        try withFolder { folder in
            let owner = try Connection(path: "\(folder)/a.db", as: .owner)
            #expect(try owner.answer("PRAGMA \(name)") == value)
        }
    }

    @Test func `what can be posted again is written with less waiting`() throws {
        try withFolder { folder in
            let owner = try Connection(path: "\(folder)/a.db", as: .ownerOfDerived)
            #expect(try owner.answer("PRAGMA synchronous") == "1")
            #expect(try owner.answer("PRAGMA journal_mode") == "wal")
            #expect(try owner.answer("PRAGMA wal_autocheckpoint") == "0")
        }
    }

    @Test func `a scratch file keeps no journal and waits for no disk`() throws {
        try withFolder { folder in
            let scratch = try Connection(path: "\(folder)/a.db", as: .scratch)
            #expect(try scratch.answer("PRAGMA journal_mode") == "off")
            #expect(try scratch.answer("PRAGMA synchronous") == "0")
            #expect(try scratch.answer("PRAGMA mmap_size") == "0")
        }
    }

    @Test func `only a database in memory has no file`() {
        #expect(!Opening.memory.isOnDisk)
        for opening in [Opening.owner, .ownerOfDerived, .reader, .scratch, .foreign] { #expect(opening.isOnDisk) }
    }

    @Test func `F2 the owner keeps no index of the log in a mapped file`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            let reader = try Connection(path: path, as: .reader)
            #expect(try reader.count("note") == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.db", "a.db-wal"])
        }
    }

    @Test func `T21 nobody edits the list of tables by hand`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute("CREATE TABLE note (text TEXT) STRICT")
        try connection.execute("PRAGMA writable_schema = ON")
        #expect(throws: SQLiteError.self) { try connection.execute("UPDATE sqlite_schema SET sql = 'x'") }
        #expect(throws: SQLiteError.self) { try connection.execute("DELETE FROM sqlite_schema") }
        #expect(try connection.count("note") == 0)
    }

    @Test(arguments: ["SELECT load_extension('anything')", "ATTACH ':memory:' AS other"])
    func `T21 no other code and no other file comes in`(_ sql: String) throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        #expect(throws: SQLiteError.self) { try connection.execute(sql) }
    }

    @Test func `closing writes nothing, so the log stays`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            do {
                let owner = try Connection(path: path, as: .owner)
                try owner.execute("CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('kept')")
            }
            #expect(byteCount("\(path)-wal") ?? 0 > 0)
            let again = try Connection(path: path, as: .owner)
            #expect(try again.answer("SELECT text FROM note") == "kept")
        }
    }

    @Test func `the log grows until the owner copies it into the file`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            #expect(owner.pagesInWAL > 0)
            // SQLite's own checkpoint would come at a thousand pages.
            try owner.transaction {
                for _ in 0..<1_200 { try owner.prepare("INSERT INTO note VALUES (zeroblob(4000) || ?)").run("x") }
            }
            #expect(owner.pagesInWAL > 1_000)
            #expect((byteCount("\(path)-wal") ?? 0) > 4_000_000)
            try owner.checkpoint(.passive)
            #expect(owner.pagesInWAL == 0)
            #expect((byteCount(path) ?? 0) > 4_000_000)
            try owner.checkpoint(.truncate)
            #expect(byteCount("\(path)-wal") == 0)
            #expect(try owner.count("note") == 1_200)
        }
    }

    @Test(arguments: [
        "INSERT INTO note VALUES ('x')", "UPDATE note SET text = 'x'", "DELETE FROM note", "DROP TABLE note",
        "CREATE TABLE other (a)",
    ])
    func `F1 a reader does not write`(_ sql: String) throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('a')")
            let reader = try Connection(path: path, as: .reader)
            let error = #expect(throws: SQLiteError.self) { try reader.execute(sql) }
            #expect(error?.kind == .notWritable)
            #expect(try owner.answer("SELECT text FROM note") == "a")
        }
    }

    @Test func `F1 a reader does not copy the log into the file`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('a')")
            let before = byteCount(path)
            let reader = try Connection(path: path, as: .reader)
            #expect(try reader.count("note") == 1)
            for mode in [Connection.CheckpointMode.passive, .truncate] {
                let error = #expect(throws: SQLiteError.self) { try reader.checkpoint(mode) }
                #expect(error?.kind == .notWritable)
            }
            #expect(byteCount(path) == before)
            #expect((byteCount("\(path)-wal") ?? 0) > 0)
        }
    }

    @Test func `a reader makes no file`() throws {
        try withFolder { folder in
            let error = #expect(throws: SQLiteError.self) { try Connection(path: "\(folder)/no.db", as: .reader) }
            #expect(error?.kind == .notWritable)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == [])
        }
    }

    @Test func `a foreign file is only looked at`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            do {
                let scratch = try Connection(path: path, as: .scratch)
                try scratch.execute("CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('a')")
            }
            let before = FileManager.default.contents(atPath: path)
            let foreign = try Connection(path: path, as: .foreign)
            #expect(try foreign.answer("SELECT text FROM note") == "a")
            let error = #expect(throws: SQLiteError.self) { try foreign.execute("DELETE FROM note") }
            #expect(error?.kind == .notWritable)
            #expect(FileManager.default.contents(atPath: path) == before)
        }
    }

    @Test(.enabled(if: SQLiteTool.isThere, "the sqlite3 tool is not installed"))
    func `F1 G24 a second process is refused, and at once`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            for sql in ["SELECT * FROM note", "INSERT INTO note VALUES ('x')", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                let answer = try SQLiteTool.run(path, sql)
                #expect(answer.code != 0 || answer.said.hasPrefix("1|"), "\(sql): \(answer.said)")
                #expect(answer.code == 0 || answer.said.contains("locked"), "\(sql): \(answer.said)")
            }
            #expect(try owner.count("note") == 0)
        }
    }

    @Test(.enabled(if: SQLiteTool.isThere, "the sqlite3 tool is not installed"))
    func `a file that its owner has closed is open to others again`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            do {
                let owner = try Connection(path: path, as: .owner)
                try owner.execute("CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('a')")
            }
            #expect(try SQLiteTool.run(path, "SELECT text FROM note").said == "a\n")
        }
    }

    @Test func `a reader in the same process sees one moment while the owner goes on`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let owner = try Connection(path: path, as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT; INSERT INTO note VALUES ('a')")
            let reader = try Connection(path: path, as: .reader)
            try reader.snapshot {
                #expect(try reader.count("note") == 1)
                try owner.execute("INSERT INTO note VALUES ('b')")
                #expect(try reader.count("note") == 1)
            }
            #expect(try reader.count("note") == 2)
        }
    }

    @Test func `the library says its version in three numbers`() {
        #expect(Connection.libraryVersion.split(separator: ".").compactMap { Int($0) }.count == 3)
    }
}
