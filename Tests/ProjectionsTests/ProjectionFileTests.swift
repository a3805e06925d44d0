import Testing

@testable import Projections

/// The form of a projection, and that each fault in it is told with its file and its line.
@Suite struct ProjectionFileTests {
    private static let sound = """
        -- Which settings are there?
        -- One row for each.

        -- schema
        CREATE TABLE setting (
            setting TEXT NOT NULL,
            value TEXT,
            PRIMARY KEY (setting)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX setting_value ON setting (value);

        -- on setting.changed
        INSERT INTO setting (setting, value)
        VALUES (:setting, :value)
        ON CONFLICT (setting) DO UPDATE SET
            value = excluded.value;
        """

    @Test func `a file has a description, a schema and parts`() throws {
        let file = try ProjectionFile(name: "setting", text: Self.sound)
        #expect(file.description == "Which settings are there? One row for each.")
        #expect(file.parts.map(\.trigger) == [.type("setting.changed")])
        #expect(file.parts.map(\.line) == [14])
        let projection = try Projection(file)
        #expect(
            projection.tables == [.init(name: "setting", columns: ["setting", "value"], primaryKey: ["setting"])])
    }

    @Test func `a file from Windows means the same`() throws {
        let text = Self.sound.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        let file = try ProjectionFile(name: "setting", text: text)
        #expect(file.parts.map(\.line) == [14])
        #expect(try Projection(file).tables.map(\.name) == ["setting"])
    }

    @Test func `another text has another digest, and the same text the same`() throws {
        let first = try ProjectionFile(name: "setting", text: Self.sound)
        #expect(try ProjectionFile(name: "setting", text: Self.sound).digest == first.digest)
        #expect(try ProjectionFile(name: "setting", text: Self.sound + " ").digest != first.digest)
    }

    // MARK: Faults of the form

    struct Fault: CustomTestStringConvertible, Sendable {
        let what: String
        let text: String
        let line: Int
        let says: String

        var testDescription: String { what }
    }

    /// `one` stands for a sound schema of three lines (3 to 5), so that a part behind it begins on line 7.
    private static func with(_ part: String) -> String {
        """
        -- A view.

        -- schema
        CREATE TABLE one (id INTEGER NOT NULL, word TEXT, PRIMARY KEY (id)) STRICT;

        \(part)
        """
    }

    private static func schema(_ sql: String) -> String { "-- A view.\n\n-- schema\n\(sql)" }

    static let faults: [Fault] = [
        Fault(what: "no schema", text: "-- A view.\n\n-- on user.added\n", line: 1, says: "no part “-- schema”"),
        Fault(what: "nothing at all", text: "", line: 1, says: "no part “-- schema”"),
        Fault(
            what: "no description", text: "-- schema\nCREATE TABLE a (b INTEGER PRIMARY KEY) STRICT;", line: 1,
            says: "what the view answers"),
        Fault(
            what: "two schemas", text: with("-- schema\nCREATE TABLE two (b INTEGER PRIMARY KEY) STRICT;"), line: 6,
            says: "two schema parts"),
        Fault(what: "SQL before the first part", text: "-- A view.\n\nSELECT 1;\n-- schema\n", line: 3, says: "SQL"),
        Fault(
            what: "an unknown part", text: with("-- on user.added every time\nSELECT 1;"), line: 6, says: "is no part"),
        Fault(what: "two words behind on", text: with("-- on user added\nSELECT 1;"), line: 6, says: "is no part"),
        Fault(
            what: "an unknown type", text: with("-- on user.aded\nDELETE FROM one WHERE id = :user;"), line: 6,
            says: "“user.aded”"),
        Fault(
            what: "an unknown type without a parameter", text: with("-- on user.aded\nDELETE FROM one;"), line: 6,
            says: "“user.aded”"),
        Fault(
            what: "an unknown type with nothing to do", text: with("-- on user.aded\n"), line: 6, says: "“user.aded”"),
        Fault(
            what: "an unknown parameter", text: with("-- on user.added\nDELETE FROM one\nWHERE id = :usr;"), line: 8,
            says: ":usr"),
        Fault(
            what: "a parameter without a name", text: with("-- on user.added\nDELETE FROM one WHERE id = ?;"), line: 7,
            says: "without a name"),
        Fault(
            what: "an unknown list",
            text: with("-- on meeting.seen for each guest\nDELETE FROM one WHERE id = :guest;"),
            line: 6, says: "“guest”"),
        Fault(
            what: "an unknown list without a parameter",
            text: with("-- on meeting.seen for each guest\nDELETE FROM one;"),
            line: 6, says: "“guest”"),
        Fault(
            what: "a field that is no list", text: with("-- on user.added for each role\nDELETE FROM one;"), line: 6,
            says: "“role”"),
        Fault(
            what: "an unknown field of an element",
            text: with("-- on meeting.seen for each attendee\nDELETE FROM one WHERE word = :attendee_age;"), line: 7,
            says: ":attendee_age"),
        Fault(
            what: "a field of an element outside of it",
            text: with("-- on meeting.seen\nDELETE FROM one WHERE word = :attendee_address;"), line: 7,
            says: ":attendee_address"),
        Fault(
            what: "a field of an entry where all entries are meant",
            text: with("-- on every entry\nDELETE FROM one WHERE word = :meeting;"), line: 7, says: ":meeting"),
        Fault(
            what: "a fault of the SQL", text: with("-- on user.added\nDELETE FROM one;\nDELETE\nFORM one;"), line: 9,
            says: "syntax error"),
        Fault(
            what: "an unknown table", text: with("-- on user.added\nDELETE FROM two WHERE id = 1;"), line: 7,
            says: "no such table"),
    ]

    @Test(arguments: faults)
    func `L20 a fault, as a column that there is not, is told with its file and its line`(_ fault: Fault) throws {
        let error = try #require(throws: ProjectionError.self) {
            try Projection(ProjectionFile(name: "view", text: fault.text))
        }
        #expect(error.line == fault.line, "\(error)")
        #expect(error.problem.contains(fault.says), "\(error)")
        #expect("\(error)".hasPrefix("view.sql, line \(fault.line): "))
    }

    // MARK: What a projection must not do

    /// Each behind another statement, so that the line must be found.
    static let forbidden: [(what: String, sql: String)] = [
        ("chance", "UPDATE one SET id = random();"),
        ("chance in bytes", "UPDATE one SET word = hex(randomblob(4));"),
        ("the clock", "UPDATE one SET word = datetime('now');"),
        ("the clock by its old name", "UPDATE one SET word = CURRENT_TIMESTAMP;"),
        ("the clock as a number", "UPDATE one SET id = strftime('%s', 'now');"),
        ("the list of tables", "UPDATE one SET word = (SELECT max(name) FROM sqlite_schema);"),
        ("the list of tables by its old name", "UPDATE one SET word = (SELECT max(name) FROM sqlite_master);"),
        ("the bookkeeping of the views", "UPDATE posted_views SET position = 0;"),
        ("another file's table", "UPDATE one SET word = (SELECT max(word) FROM two);"),
        ("writing into another file's table", "DELETE FROM two;"),
        ("another database", "ATTACH DATABASE '/tmp/other.db' AS other;"),
        ("a setting of SQLite", "PRAGMA user_version = 7;"),
        ("a setting as a table", "UPDATE one SET word = (SELECT max(name) FROM pragma_table_info('one'));"),
        ("a new table", "CREATE TABLE three (id INTEGER PRIMARY KEY) STRICT;"),
        ("dropping its table", "DROP TABLE one;"),
        ("altering its table", "ALTER TABLE one RENAME TO three;"),
        ("a trigger", "CREATE TRIGGER three AFTER INSERT ON one BEGIN DELETE FROM one; END;"),
        ("a transaction of its own", "COMMIT;"),
        ("a savepoint", "SAVEPOINT here;"),
        ("how many rows changed", "UPDATE one SET id = changes();"),
        ("the last row", "UPDATE one SET id = last_insert_rowid();"),
        ("the version of SQLite", "UPDATE one SET word = sqlite_version();"),
        ("loading code", "SELECT load_extension('/tmp/other.so');"),
        ("a text in no certain order", "UPDATE one SET word = (SELECT group_concat(word) FROM one);"),
        ("copying away", "VACUUM INTO '/tmp/other.db';"),
    ]

    @Test(arguments: forbidden.map(\.what))
    func `a part cannot reach beyond its own tables`(_ what: String) throws {
        let sql = try #require(Self.forbidden.first { $0.what == what }).sql
        let text = Self.with("-- on user.added\nDELETE FROM one\nWHERE id = 1;\n\n\(sql)")
        let error = try #require(throws: ProjectionError.self) {
            try [Projection](checking: [
                try ProjectionFile(
                    name: "other", text: Self.schema("CREATE TABLE two (id INTEGER PRIMARY KEY, word TEXT) STRICT;")),
                try ProjectionFile(name: "view", text: text),
            ])
        }
        #expect(error.name == "view")
        #expect(error.line == 10, "\(error)")
    }

    @Test func `what depends on nothing but its arguments may be called`() throws {
        let part = """
            -- on user.added
            UPDATE one SET word = coalesce(upper(trim(:name)), lower(substr(:role, 1, 2)), replace('a', 'b', 'c')),
                id = abs(max(1, length(:user))) WHERE id = iif(1 = 1, 1, 2);
            """
        #expect(try Projection(ProjectionFile(name: "view", text: Self.with(part))).tables.count == 1)
    }

    // MARK: Tables

    static let tables: [(what: String, sql: String, says: String)] = [
        ("without STRICT", "CREATE TABLE one (id INTEGER PRIMARY KEY);", "STRICT"),
        ("without a key", "CREATE TABLE one (id INTEGER) STRICT;", "PRIMARY KEY"),
        (
            "the clock as a default",
            "CREATE TABLE one (id INTEGER PRIMARY KEY, made TEXT DEFAULT CURRENT_TIMESTAMP) STRICT;", "default"
        ),
        (
            "chance as a default", "CREATE TABLE one (id INTEGER PRIMARY KEY, made INTEGER DEFAULT (random())) STRICT;",
            "default"
        ),
        (
            "a trigger",
            "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;CREATE TRIGGER t AFTER INSERT ON one BEGIN DELETE FROM one; END;",
            "own tables"
        ),
        (
            "a view", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;CREATE VIEW v AS SELECT id FROM one;",
            "own tables"
        ),
        (
            "a table that is gone with the connection", "CREATE TEMP TABLE one (id INTEGER PRIMARY KEY) STRICT;",
            "own tables"
        ),
        ("a virtual table", "CREATE VIRTUAL TABLE one USING fts5(word);", "own tables"),
        (
            "rows of its own", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;INSERT INTO one (id) VALUES (1);",
            "own tables"
        ),
        ("a setting of SQLite", "PRAGMA journal_mode = OFF;", "own tables"),
        ("another database", "ATTACH DATABASE ':memory:' AS other;", "own tables"),
        ("a name of SQLite", "CREATE TABLE sqlite_one (id INTEGER PRIMARY KEY) STRICT;", "reserved"),
    ]

    @Test(arguments: tables.map(\.what))
    func `a schema makes tables and indexes, and no others`(_ what: String) throws {
        let table = try #require(Self.tables.first { $0.what == what })
        let error = try #require(throws: ProjectionError.self) {
            try Projection(ProjectionFile(name: "view", text: Self.schema(table.sql)))
        }
        #expect(error.line == 4, "\(error)")
        #expect(error.problem.contains(table.says), "\(error)")
    }

    @Test func `a plain default is none of chance and clock`() throws {
        let schema =
            "CREATE TABLE one (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 0, b TEXT DEFAULT 'x', c INTEGER DEFAULT (-1)) STRICT;"
        #expect(try Projection(ProjectionFile(name: "view", text: Self.schema(schema))).tables.count == 1)
    }

    static let clashes: [(what: String, sql: String, says: String)] = [
        ("a table", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;", "one belongs to first.sql"),
        ("a table in other letters", "CREATE TABLE ONE (id INTEGER PRIMARY KEY) STRICT;", "first.sql"),
        ("an index", "CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT;CREATE INDEX one_word ON two (id);", "one_word"),
        ("a table of the bookkeeping", "CREATE TABLE posted_views (id INTEGER PRIMARY KEY) STRICT;", "posted_views"),
    ]

    @Test(arguments: clashes.map(\.what))
    func `no two projections make the same`(_ what: String) throws {
        let clash = try #require(Self.clashes.first { $0.what == what })
        let first = Self.schema(
            "CREATE TABLE one (id INTEGER PRIMARY KEY, word TEXT) STRICT;CREATE INDEX one_word ON one (word);")
        #expect(try [Projection].given(first).count == 1)
        let error = try #require(throws: ProjectionError.self) {
            try [Projection].given(first, Self.schema(clash.sql))
        }
        #expect(error.name == "second")
        #expect(error.line == 4, "\(error)")
        #expect(error.problem.contains(clash.says), "\(error)")
    }
}
