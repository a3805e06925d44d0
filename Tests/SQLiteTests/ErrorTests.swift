import Foundation
import SQLite
import Testing

/// What SQLite said comes through with its extended code, the statement, and never a value.
@Suite struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let code: Int32
        let kind: SQLiteError.Kind
        var testDescription: String { sql }
    }

    static let cases = [
        Case(sql: "INSERT INTO note (id, text) VALUES (2, 'first')", code: 2067, kind: .constraint),
        Case(sql: "INSERT INTO note (id, text) VALUES (1, 'other')", code: 1555, kind: .constraint),
        Case(sql: "INSERT INTO note (id, text) VALUES (2, NULL)", code: 1299, kind: .constraint),
        Case(sql: "INSERT INTO note (id, text) VALUES (2, '')", code: 275, kind: .constraint),
        Case(sql: "INSERT INTO note (id, text) VALUES (2, x'ff')", code: 3091, kind: .constraint),
        Case(sql: "INSERT INTO remark (note) VALUES (7)", code: 787, kind: .constraint),
        Case(sql: "DELETE FROM note", code: 1811, kind: .constraint),
        Case(sql: "INSERT OR REPLACE INTO note (id, text) VALUES (1, 'other')", code: 1811, kind: .constraint),
        Case(sql: "SELECT nothing FROM nowhere", code: 1, kind: .other),
        Case(sql: "SELECT 1 +", code: 1, kind: .other),
    ]

    private func prepared() throws -> Connection {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute(
            """
            CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE CHECK (text <> '')) STRICT;
            CREATE TABLE remark (note INTEGER NOT NULL REFERENCES note (id)) STRICT;
            CREATE TRIGGER note_stays BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'a note stays'); END;
            INSERT INTO note (id, text) VALUES (1, 'first');
            """)
        return connection
    }

    @Test(arguments: cases)
    func `an error carries its extended code`(_ sample: Case) throws {
        let connection = try prepared()
        let error = #expect(throws: SQLiteError.self) { try connection.execute(sample.sql) }
        #expect(error?.code == sample.code)
        #expect(error?.kind == sample.kind)
        #expect(error?.endsTheConnection == false)
        #expect(try connection.answer("SELECT group_concat(id || text) FROM note") == "1first")
    }

    @Test func `a trigger's own words come through`() throws {
        let connection = try prepared()
        let error = #expect(throws: SQLiteError.self) { try connection.prepare("DELETE FROM note").run() }
        #expect(error?.message == "a note stays")
        #expect(error?.sql == "DELETE FROM note")
    }

    @Test func `T4 a bound value never stands in an error`() throws {
        let connection = try prepared()
        let insert = try connection.prepare("INSERT INTO note (id, text) VALUES (?, ?)")
        let error = #expect(throws: SQLiteError.self) { try insert.run(1, "canary-41") }
        #expect(error.map { String(describing: $0) }?.contains("canary") == false)
    }

    @Test func `an error in a script says where`() throws {
        let connection = try Connection(path: ":memory:", as: .memory)
        let script = "SELECT 1; SELECT nowhere; SELECT 3"
        let error = #expect(throws: SQLiteError.self) { try connection.compileAll(script) }
        #expect(error?.offset == 17)
    }

    @Test(arguments: [Opening.owner, .reader, .foreign, .scratch])
    func `a file that is no database is named as that`(_ opening: Opening) throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            let text = Data(String(repeating: "This is a letter and no database. ", count: 100).utf8)
            try text.write(to: URL(filePath: path))
            let error = #expect(throws: SQLiteError.self) {
                try Connection(path: path, as: opening).execute("SELECT * FROM sqlite_schema")
            }
            #expect(error?.kind == .notADatabase)
            #expect(error?.code == 26)
            #expect(error?.endsTheConnection == true)
            #expect(FileManager.default.contents(atPath: path) == text)
        }
    }

    @Test func `a folder is no database`() throws {
        try withFolder { folder in
            let error = #expect(throws: SQLiteError.self) { try Connection(path: folder, as: .owner) }
            #expect(error?.kind == .notWritable)
        }
    }

    @Test func `a full file is told apart, and ends the connection`() throws {
        try withFolder { folder in
            let connection = try Connection(path: "\(folder)/a.db", as: .owner)
            try connection.execute("CREATE TABLE note (text TEXT) STRICT; PRAGMA max_page_count = 20")
            let error = #expect(throws: SQLiteError.self) {
                try connection.transaction {
                    try connection.prepare("INSERT INTO note VALUES (?)")
                        .run(.text(String(repeating: "x", count: 400_000)))
                }
            }
            #expect(error?.kind == .full)
            #expect(error?.endsTheConnection == true)
            #expect(!connection.isInTransaction)
            #expect(try connection.count("note") == 0)
        }
    }

    @Test func `a cut file is found damaged`() throws {
        try withFolder { folder in
            let path = "\(folder)/a.db"
            do {
                let owner = try Connection(path: path, as: .owner)
                try owner.execute("CREATE TABLE note (text TEXT) STRICT")
                for _ in 0..<100 { try owner.prepare("INSERT INTO note VALUES (zeroblob(1000) || 'x')").run() }
                try owner.checkpoint(.truncate)
            }
            let whole = try #require(FileManager.default.contents(atPath: path))
            try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
            let error = #expect(throws: SQLiteError.self) {
                let connection = try Connection(path: path, as: .owner)
                try connection.compile("SELECT sum(length(text)) FROM note").eachRow { _ in }
            }
            #expect(error?.kind == .corrupt)
        }
    }
}
