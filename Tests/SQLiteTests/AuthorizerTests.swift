import SQLite
import Testing

@Suite struct AuthorizerTests {
    private func prepared() throws -> Connection {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute(
            """
            CREATE TABLE note (text TEXT) STRICT;
            CREATE TABLE trace (text TEXT) STRICT;
            CREATE TRIGGER note_leaves_a_trace AFTER INSERT ON note BEGIN INSERT INTO trace VALUES ('seen'); END;
            """)
        return connection
    }

    static let actions: [(String, Action.Kind)] = [
        ("INSERT INTO note VALUES ('a')", .insert(table: "note")),
        ("UPDATE note SET text = 'a'", .update(table: "note", column: "text")),
        ("DELETE FROM note", .delete(table: "note")),
        ("SELECT text FROM note", .read(table: "note", column: "text")),
        ("CREATE TABLE other (a)", .createTable("other")),
        ("CREATE INDEX by_text ON note (text)", .createIndex("by_text", table: "note")),
        ("SELECT Upper('a')", .call(function: "upper")),
        ("PRAGMA User_Version", .pragma("user_version")),
        ("SELECT 1", .select),
        ("BEGIN", .transaction),
    ]

    @Test(arguments: actions)
    func `what is refused is not done, and everything else is`(_ sql: String, _ kind: Action.Kind) throws {
        let connection = try prepared()
        connection.authorize { $0.kind != kind }
        let error = #expect(throws: SQLiteError.self) { try connection.compile(sql) }
        // Of a function SQLite says so in words only.
        #expect(error?.kind == .refused || error?.message.contains("not authorized") == true)
        connection.authorize { _ in true }
        _ = try connection.compile(sql)
        connection.authorize(nil)
        _ = try connection.compile(sql)
    }

    @Test(arguments: ["DROP TABLE note", "ALTER TABLE note ADD COLUMN more TEXT", "CREATE VIEW v AS SELECT 1"])
    func `what has no name of its own is refused with the rest`(_ sql: String) throws {
        let connection = try prepared()
        connection.authorize { action in if case .other = action.kind { false } else { true } }
        #expect(throws: SQLiteError.self) { try connection.compile(sql) }
    }

    @Test func `a statement that was compiled before does not slip past a new rule`() throws {
        let connection = try prepared()
        try connection.prepare("INSERT INTO note VALUES ('a')").run()
        connection.authorize { action in if case .insert = action.kind { false } else { true } }
        #expect(throws: SQLiteError.self) { try connection.prepare("INSERT INTO note VALUES ('a')").run() }
        #expect(try connection.count("note") == 1)
    }

    @Test func `what a trigger does is asked with the trigger's name`() throws {
        let connection = try prepared()
        connection.authorize { $0.trigger == nil || $0.trigger == "note_leaves_a_trace" }
        try connection.execute("INSERT INTO note VALUES ('a')")
        #expect(try connection.count("trace") == 1)
        connection.authorize { $0.trigger != "note_leaves_a_trace" }
        #expect(throws: SQLiteError.self) { try connection.execute("INSERT INTO note VALUES ('b')") }
        connection.authorize(nil)
        #expect(try connection.count("note") == 1)
    }
}

@Suite struct CopyTests {
    @Test func `a copy holds what is committed at that moment, also what is still in the log`() throws {
        try withFolder { folder in
            let owner = try Connection(path: "\(folder)/a.db", as: .owner)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            for _ in 0..<5_000 { try owner.prepare("INSERT INTO note VALUES (zeroblob(2000) || 'x')").run() }
            try owner.checkpoint(.passive)
            try owner.execute("INSERT INTO note VALUES ('last')")
            var told: [(Int, Int)] = []
            try owner.copy(to: "\(folder)/b.db") { told.append(($0, $1)) }
            try owner.execute("INSERT INTO note VALUES ('later')")
            #expect(told.count > 1)
            #expect(told.last.map { $0.0 == $0.1 } == true)
            let copy = try Connection(path: "\(folder)/b.db", as: .owner)
            #expect(try copy.count("note") == 5_001)
            #expect(try copy.answer("PRAGMA integrity_check") == "ok")
            #expect(try copy.answer("SELECT text FROM note ORDER BY rowid DESC LIMIT 1") == "last")
        }
    }

    @Test func `a copy to where nothing can be made is an error`() throws {
        try withFolder { folder in
            let owner = try Connection(path: ":memory:", as: .memory)
            try owner.execute("CREATE TABLE note (text TEXT) STRICT")
            #expect(throws: SQLiteError.self) { try owner.copy(to: "\(folder)/no/b.db") }
        }
    }
}
