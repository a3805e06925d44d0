import SQLite
import Testing

@Suite struct TransactionTests {
    private struct Stop: Error, Equatable {}

    private func prepared() throws -> Connection {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        return connection
    }

    @Test func `what returns is committed, with its answer`() throws {
        let connection = try prepared()
        let answer = try connection.transaction {
            #expect(connection.isInTransaction)
            try connection.execute("INSERT INTO note VALUES (1, 'a')")
            return 42
        }
        #expect(answer == 42)
        #expect(!connection.isInTransaction)
        #expect(try connection.count("note") == 1)
    }

    @Test func `an early end takes everything back`() throws {
        let connection = try prepared()
        #expect(throws: Stop()) {
            try connection.transaction {
                try connection.execute("INSERT INTO note VALUES (1, 'a')")
                throw Stop()
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.count("note") == 0)
    }

    @Test func `a refused row takes everything back`() throws {
        let connection = try prepared()
        #expect(throws: SQLiteError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO note VALUES (1, 'a')")
                try connection.execute("INSERT INTO note VALUES (1, 'b')")
            }
        }
        #expect(try connection.count("note") == 0)
    }

    @Test func `a transaction inside of one is refused, and the outer one can go on`() throws {
        let connection = try prepared()
        try connection.transaction {
            try connection.execute("INSERT INTO note VALUES (1, 'a')")
            #expect(throws: SQLiteError.self) {
                try connection.transaction { try connection.execute("INSERT INTO note VALUES (2, 'b')") }
            }
            #expect(connection.isInTransaction)
        }
        #expect(try connection.count("note") == 1)
    }

    @Test func `an inner error that nobody catches takes the outer one back`() throws {
        let connection = try prepared()
        #expect(throws: SQLiteError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO note VALUES (1, 'a')")
                try connection.transaction { try connection.execute("INSERT INTO note VALUES (2, 'b')") }
            }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.count("note") == 0)
    }

    @Test func `where SQLite itself has rolled back, the first error is the one that is told`() throws {
        let connection = try prepared()
        try connection.execute(
            "CREATE TRIGGER no BEFORE INSERT ON note WHEN NEW.id = 2 BEGIN SELECT RAISE(ROLLBACK, 'not two'); END")
        let error = #expect(throws: SQLiteError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO note VALUES (1, 'a')")
                try connection.execute("INSERT INTO note VALUES (2, 'b')")
            }
        }
        #expect(error?.message == "not two")
        #expect(try connection.count("note") == 0)
        try connection.transaction { try connection.execute("INSERT INTO note VALUES (3, 'c')") }
        #expect(try connection.count("note") == 1)
    }

    @Test func `a constraint that is checked at the commit takes everything back`() throws {
        let connection = try prepared()
        try connection.execute(
            "CREATE TABLE remark (note INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED) STRICT")
        #expect(throws: SQLiteError.self) {
            try connection.transaction { try connection.execute("INSERT INTO remark VALUES (9)") }
        }
        #expect(!connection.isInTransaction)
        #expect(try connection.count("remark") == 0)
    }

    @Test func `a snapshot ends with its closure, also when that throws`() throws {
        let connection = try prepared()
        #expect(throws: Stop()) { try connection.snapshot { throw Stop() } }
        #expect(!connection.isInTransaction)
        #expect(try connection.snapshot { try connection.snapshot { try connection.count("note") } } == 0)
        #expect(!connection.isInTransaction)
    }
}
