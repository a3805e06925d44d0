import SQLite
import Testing

@Suite struct StatementTests {
    private func prepared() throws -> Connection {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE, bytes BLOB) STRICT")
        return connection
    }

    static let texts = [
        "", " ", "a", "O'Brien; DROP TABLE note; --", "\"quoted\"", "a\u{0}b", "\u{0}", "🗓️👩‍👩‍👧", "Ünïcödé", "e\u{301}",
        "line\r\nline", "\u{feff}", "\u{202e}txt", String(repeating: "é", count: 500_000),
    ]

    @Test(arguments: texts)
    func `T21 a text comes back byte by byte, and is only a text`(_ text: String) throws {
        let connection = try prepared()
        try connection.prepare("INSERT INTO note (text) VALUES (?)").run(.text(text))
        let found = try connection.prepare("SELECT text, typeof(text), text IS NULL FROM note WHERE text = ?")
            .first(.text(text)) { ($0.text(0), $0.text(1), $0.integer(2), $0.value(0)) }
        #expect(found.map { Array($0.0.utf8) } == Array(text.utf8))
        #expect(found?.1 == "text")
        #expect(found?.2 == 0)
        #expect(found?.3 == .text(text))
        #expect(try connection.count("note") == 1)
    }

    @Test func `an empty text and an empty blob are not NULL, however they are bound`() throws {
        let connection = try prepared()
        let nothing: [UInt8] = []
        let statement = try connection.prepare("SELECT typeof(?), typeof(?), typeof(?), typeof(?), typeof(?)")
        statement.bind("", at: 1)
        statement.bind(text: nothing.span, at: 2)
        statement.bind(blob: nothing.span, at: 3)
        statement.bind(.blob([]), at: 4)
        statement.bind(nil as String?, at: 5)
        let kinds = try statement.first { row in (0..<5).map { row.text($0) } }
        #expect(kinds == ["text", "text", "blob", "blob", "null"])
    }

    static let values: [Value] = [
        .null, 0, -1, .integer(.min), .integer(.max), 0.5, .real(-.infinity), "text", .blob([]), .blob([0, 255, 0]),
    ]

    @Test(arguments: values)
    func `a value comes back as it was given`(_ value: Value) throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        let found = try connection.prepare("SELECT ?").first(value) { $0.value(0) }
        #expect(found == value)
    }

    @Test func `NULL reads as nothing`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        let isNothing = try connection.prepare("SELECT NULL").first { row in
            row.isNull(0) && row.integerIfPresent(0) == nil && row.textIfPresent(0) == nil
                && row.blobIfPresent(0) == nil && row.withBytes(0) { $0.isEmpty }
        }
        #expect(isNothing == true)
    }

    @Test func `a text that is no UTF-8 is mended, and its bytes are still to be had`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        let found = try connection.prepare("SELECT CAST(x'61ff62' AS TEXT)").first { ($0.text(0), $0.blob(0)) }
        #expect(found?.0 == "a\u{fffd}b")
        #expect(found?.1 == [0x61, 0xff, 0x62])
    }

    @Test func `a statement works again after it failed, with none of the old values`() throws {
        let connection = try prepared()
        let insert = try connection.prepare("INSERT INTO note (id, text, bytes) VALUES (?, ?, ?)")
        try insert.run(1, "a", .blob([1]))
        #expect(throws: SQLiteError.self) { try insert.run(1, "b", .blob([2])) }
        try insert.run(2)
        let row = try connection.prepare("SELECT text, bytes FROM note WHERE id = 2")
            .first { ($0.isNull(0), $0.isNull(1)) }
        #expect(row?.0 == true)
        #expect(row?.1 == true)
    }

    @Test func `a statement is at rest after its reader threw or had enough`() throws {
        struct Enough: Error {}
        let connection = try prepared()
        for id in 1...5 { try connection.prepare("INSERT INTO note (id) VALUES (?)").run(.integer(Int64(id))) }
        let select = try connection.prepare("SELECT id FROM note ORDER BY id")
        #expect(throws: Enough.self) { try select.eachRow { _ in throw Enough() } }
        var seen: [Int64] = []
        try select.scan { row in
            seen.append(row.integer(0))
            return seen.count < 2
        }
        #expect(seen == [1, 2])
        #expect(try select.first { $0.integer(0) } == 1)
        #expect(try select.map { $0.integer(0) } == [1, 2, 3, 4, 5])
        // A statement that still ran would hold the table.
        try connection.forgetStatementsAndDrop()
    }

    @Test func `a value beyond the limit is refused, and the next one is not`() throws {
        let connection = try prepared()
        let insert = try connection.prepare("INSERT INTO note (bytes) VALUES (?)")
        let error = #expect(throws: SQLiteError.self) {
            try insert.run(.blob([UInt8](repeating: 1, count: (64 << 20) + 1)))
        }
        #expect(error?.code == 18)
        try insert.run(.blob([UInt8](repeating: 1, count: 1 << 20)))
        #expect(try connection.answer("SELECT length(bytes) FROM note") == "1048576")
    }

    @Test func `the same text is compiled once`() throws {
        let connection = try prepared()
        #expect(try connection.prepare("SELECT 1") === connection.prepare("SELECT 1"))
        #expect(try connection.compile("SELECT 1") !== connection.compile("SELECT 1"))
    }

    @Test func `a script is compiled statement by statement`() throws {
        let connection = try prepared()
        let script = "SELECT :a, :b;\n-- a remark\nINSERT INTO note (text) VALUES (:text);\n\n"
        let statements = try connection.compileAll(script)
        #expect(statements.map(\.parameterNames) == [["a", "b"], ["text"]])
        #expect(statements.map(\.isReadOnly) == [true, false])
        #expect(try connection.compile("SELECT id, text AS words FROM note").columnNames == ["id", "words"])
    }

    @Test(arguments: ["", "   ", "-- nothing"])
    func `a text without a statement is refused`(_ sql: String) throws {
        let connection = try prepared()
        #expect(throws: SQLiteError.self) { try connection.compile(sql) }
        #expect(try connection.compileAll(sql).isEmpty)
    }
}

extension Connection {
    fileprivate func forgetStatementsAndDrop() throws {
        forgetStatements()
        try execute("DROP TABLE note")
    }
}
