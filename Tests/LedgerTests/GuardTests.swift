import Entries
import Rehearsal
import SQLite
import Testing

@testable import Ledger

/// Nothing is ever changed: neither through the writer nor through another connection, as long as the triggers are there.
@Suite struct GuardTests {
    static let attempts: [(sql: String, answer: String)] = [
        ("UPDATE entry SET data = '{}' WHERE position = 2", "an entry is never changed"),
        ("UPDATE entry SET at = 0", "an entry is never changed"),
        ("UPDATE entry SET position = 99 WHERE position = 2", "an entry is never changed"),
        ("UPDATE entry SET hash = zeroblob(32)", "an entry is never changed"),
        ("UPDATE entry SET personal = 'x' WHERE position = 1", "an entry is never changed"),
        ("UPDATE entry SET personal = NULL, salt = NULL WHERE position = 1", "an entry is never changed"),
        ("UPDATE entry SET commitment = zeroblob(32) WHERE position = 1", "an entry is never changed"),
        (
            "UPDATE entry SET personal = NULL, salt = NULL, commitment = zeroblob(32), at = 0 WHERE position = 1",
            "an entry is never changed"
        ),
        (
            "UPDATE entry SET personal = NULL, salt = NULL, commitment = zeroblob(32) WHERE position = 2",
            "an entry is never changed"
        ),
        ("DELETE FROM entry", "an entry is never deleted"),
        ("DELETE FROM entry WHERE position = 20", "an entry is never deleted"),
        ("UPDATE stream SET name = 'x'", "a stream is never changed"),
        ("DELETE FROM stream", "a stream is never deleted"),
        ("UPDATE word SET text = 'x'", "a word is never changed"),
        ("DELETE FROM word", "a word is never deleted"),
        (insertion("REPLACE", "20"), "an entry must follow the last one"),
        (insertion("INSERT", "22"), "an entry must follow the last one"),
        (insertion("INSERT", "0"), "an entry must follow the last one"),
        (insertion("INSERT", "-1"), "an entry must follow the last one"),
        (insertion("REPLACE", "21", "stream, version"), "an entry is never deleted"),
        ("INSERT OR REPLACE INTO stream (id, name) VALUES (1, 'x')", "a stream is never deleted"),
        ("INSERT OR REPLACE INTO word (id, text) VALUES (1, 'x')", "a word is never deleted"),
        (
            insertion("INSERT", "20") + " ON CONFLICT DO UPDATE SET data = '{}'",
            "an entry must follow the last one"
        ),
    ]

    private static func insertion(_ verb: String, _ position: String, _ place: String = "99, 1") -> String {
        """
        \(verb) INTO entry (position, stream, version, type, owner, at, actor, data, hash)
        SELECT \(position), \(place), type, owner, at, actor, data, hash FROM entry WHERE position = 20
        """
    }

    @Test(arguments: attempts)
    func `T29 whoever opens the file is refused by the triggers`(_ attempt: (sql: String, answer: String)) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            do { try LedgerWriter.given(at: path, Draft.mixed).putIntoOneFile() }
            let connection = try Connection(path: path, as: .owner)
            let error = #expect(throws: SQLiteError.self) { try connection.execute(attempt.sql) }
            #expect(error?.message == attempt.answer)
            #expect(try LedgerReader(connection: connection).verify().isIntact)
        }
    }

    @Test(arguments: [
        "position = 99", "stream = 99", "version = 99", "type = 99", "owner = 99", "at = 0", "cause = 1", "actor = 99",
        "key = x'00'", "data = '{}'", "hash = zeroblob(32)", "personal = ''", "salt = x'00'", "commitment = NULL",
    ])
    func `an erasure that changes something else is refused by the triggers`(_ change: String) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            do { try LedgerWriter.given(at: path, Draft.mixed).putIntoOneFile() }
            let connection = try Connection(path: path, as: .owner)
            let erasure = "UPDATE entry SET personal = NULL, salt = NULL, commitment = zeroblob(32)"
            let error = #expect(throws: SQLiteError.self) {
                try connection.execute("\(erasure), \(change) WHERE position = 4")
            }
            #expect(error?.message == "an entry is never changed")
            try connection.execute("\(erasure) WHERE position = 4")
        }
    }

    @Test(arguments: attempts.map(\.sql).filter { !$0.hasPrefix("INSERT") && !$0.hasPrefix("REPLACE") })
    func `T21 the writer's own connection is refused by the authorizer`(_ sql: String) throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        let error = #expect(throws: SQLiteError.self) { try writer.connection.compile(sql) }
        #expect(error?.kind == .refused)
    }

    @Test(arguments: [
        "DROP TABLE entry", "DROP TRIGGER entry_is_never_changed", "CREATE TABLE more (a)",
        "CREATE INDEX i ON entry (at)",
        "CREATE TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END", "ALTER TABLE entry ADD COLUMN a",
        "PRAGMA writable_schema = ON", "PRAGMA user_version = 9", "PRAGMA recursive_triggers = OFF", "VACUUM",
        "ATTACH ':memory:' AS a", "CREATE TEMP TABLE a (b)", "INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)",
        "DELETE FROM node", "UPDATE node SET hash = x''", "REINDEX", "ANALYZE",
    ])
    func `T21 the writer's own connection does nothing else either`(_ sql: String) throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        #expect(throws: SQLiteError.self) { try writer.connection.execute(sql) }
        #expect(try writer.reader.verify().isIntact)
    }

    @Test func `after an erasure the authorizer is as strict as before`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        _ = try writer.erase([1], reason: .request, note: nil, owner: Draft.home, actor: "test")
        let sql = "UPDATE entry SET personal = NULL, salt = NULL, commitment = zeroblob(32) WHERE position = 4"
        #expect(throws: SQLiteError.self) { try writer.connection.compile(sql) }
    }
}
