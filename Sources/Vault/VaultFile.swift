import Machine
import SQLite

/// The tables of `vault.db`, and how the file is opened.
///
/// `vault` says which key is needed, with a sample that only this key opens. `connection_key` holds the key of each
/// connection, wrapped with the key of the vault; `secret` what is sealed with those. Beside everything that is sealed
/// stands the id of the key that opens it. `rotation` holds changes of the key that are in no entry yet. `token`, `session`
/// and `attempt` hold hashes alone, from which nothing can be had, and so are not sealed.
enum VaultFile {
    /// "DayV": says that a file is a vault of Daybook before anything in it is believed.
    private static let applicationIdentifier: Int64 = 0x4461_7956

    /// Counts up with each change of the tables. A file with a higher one is not touched.
    private static let version: Int64 = 2

    private static let tables = """
        PRAGMA application_id = 1147238742;
        PRAGMA user_version = 1;
        CREATE TABLE vault (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            key TEXT NOT NULL,
            probe BLOB NOT NULL
        ) STRICT;
        CREATE TABLE connection_key (
            owner TEXT NOT NULL,
            connection TEXT NOT NULL,
            key TEXT NOT NULL,
            wrapped BLOB NOT NULL,
            PRIMARY KEY (owner, connection)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE secret (
            owner TEXT NOT NULL,
            connection TEXT NOT NULL,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            sealed BLOB NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (owner, connection, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE rotation (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            previous TEXT NOT NULL,
            key TEXT NOT NULL,
            rewrapped INTEGER NOT NULL
        ) STRICT;
        """

    /// What format 2 added: with what tokens and sessions are compared, and who failed to log in how often.
    private static let accessTables = """
        PRAGMA user_version = 2;
        CREATE TABLE token (
            token TEXT NOT NULL PRIMARY KEY,
            user TEXT NOT NULL,
            hash BLOB NOT NULL,
            used INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE session (
            hash BLOB NOT NULL PRIMARY KEY,
            user TEXT NOT NULL,
            begun INTEGER NOT NULL,
            seen INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE attempt (
            subject BLOB NOT NULL PRIMARY KEY,
            failures INTEGER NOT NULL,
            last INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Opens the file, or makes an empty one that is for its owner alone.
    static func open(_ path: String) throws -> Connection {
        if !Folder.exists(path) { try create(path) }
        // Whoever opens a pipe waits for its other end.
        guard Folder.isFile(path) else { throw VaultFault.unusable(path, "it is no file") }
        try checkHead(path)
        // What a crash or a failed sync left in the log is written once more before it is believed.
        let log = path + "-wal"
        if let facts = Folder.facts(log), facts.byteCount > 0 { try Folder.writeAgain(log) }
        return try Connection(path: path, as: .owner)
    }

    private static func create(_ path: String) throws {
        let file = try File.creating(path)
        try file.synchronize()
    }

    /// What the first bytes tell, before SQLite opens the file: one that is not ours, or is newer, stays as it is.
    private static func checkHead(_ path: String) throws {
        let head = try File.reading(path).read(upTo: 100)
        // One whose making was cut short.
        if head.isEmpty { return }
        guard head.count == 100, head.starts(with: "SQLite format 3\0".utf8) else {
            throw VaultFault.unusable(path, "it is no database")
        }
        func number(at offset: Int) -> Int64 { head[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int64($1) } }
        let (identifier, found) = (number(at: 68), number(at: 60))
        // While a new file is still in its write-ahead log, it has no identifier of its own yet.
        guard identifier == applicationIdentifier || (identifier == 0 && head[18] == 2) else {
            throw VaultFault.unusable(path, "it is a database of something else")
        }
        guard found <= version else {
            throw VaultFault.unusable(path, "it was written by a newer Daybook, with format \(found)")
        }
    }

    /// Whether the tables are there; false where the making of the file was cut short.
    static func isPrepared(_ connection: Connection) throws -> Bool {
        let found = try objects(connection)
        if found.isEmpty { return false }
        let identifier = try connection.compile("PRAGMA application_id").first { $0.integer(0) }
        let version = try connection.compile("PRAGMA user_version").first { $0.integer(0) }
        guard identifier == applicationIdentifier, let version, (1...Self.version).contains(version) else {
            throw VaultFault.unusable(connection.path, "it is a database of something else")
        }
        let reference = try Connection(path: ":memory:", as: .memory)
        defer { withExtendedLifetime(reference) {} }
        try reference.execute(tables)
        if version > 1 { try reference.execute(accessTables) }
        guard try found == objects(reference) else {
            throw VaultFault.unusable(connection.path, "its tables are not those of a vault")
        }
        if version == 1 { try connection.transaction { try connection.execute(accessTables) } }
        return true
    }

    /// Makes the tables where there are none, with what `filling` puts in, or nothing of it.
    static func prepare(_ connection: Connection, filling: () throws -> Void) throws {
        if try isPrepared(connection) { return }
        try connection.transaction {
            try connection.execute(tables)
            try connection.execute(accessTables)
            try filling()
        }
    }

    private static func objects(_ connection: Connection) throws -> [String] {
        try connection.compile("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .map { $0.text(0) }
    }

    /// What SQLite finds wrong with the bytes of the file, in words for its owner.
    static func explained<Answer>(_ path: String, _ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let error as SQLiteError where error.kind == .corrupt || error.kind == .notADatabase {
            throw VaultFault.unusable(path, error.message)
        }
    }
}
