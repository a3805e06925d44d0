import Machine
import SQLite

/// The tables of `ledger.db`.
///
/// `entry` is the log. Names that return in every entry (types, owners, actors) stand once in `word`, and streams once
/// in `stream`; their numbers are local and mean nothing outside the file, which is why a leaf is made from the names.
/// `node` holds hashes of the tree that can be computed again: level 1, number n is the root over the 256 entries from
/// position 256 n + 1 on, level 2 the root over 256 nodes of level 1, and so on.
///
/// Of `personal`, `salt` and `commitment` an entry has none (nothing personal was said), the first two, or, once it is
/// erased, the last. Only that one change of a row is let through.
enum Schema {
    /// "DayB": says that a file is a ledger of Daybook before anything in it is believed.
    static let applicationIdentifier: Int64 = 0x4461_7942

    /// Counts up with each change of the tables. A file with a higher one is not touched.
    static let version: Int64 = 1

    static let script = head + tables + triggers

    private static let head = """
        PRAGMA application_id = 1147238722;
        PRAGMA user_version = 1;

        """

    static let tables = """
        CREATE TABLE stream (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE word (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,
            stream INTEGER NOT NULL,
            version INTEGER NOT NULL,
            type INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            at INTEGER NOT NULL,
            cause INTEGER,
            actor INTEGER NOT NULL,
            key BLOB,
            data TEXT NOT NULL,
            personal TEXT,
            salt BLOB,
            commitment BLOB,
            hash BLOB NOT NULL,
            UNIQUE (stream, version)
        ) STRICT;
        CREATE UNIQUE INDEX entry_key ON entry (key) WHERE key IS NOT NULL;
        CREATE TABLE node (
            level INTEGER NOT NULL,
            number INTEGER NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (level, number)
        ) STRICT, WITHOUT ROWID;

        """

    static let triggers = """
        CREATE TRIGGER entry_has_no_gap BEFORE INSERT ON entry
        WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM entry)
        BEGIN SELECT RAISE(ABORT, 'an entry must follow the last one'); END;
        CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        WHEN NEW.position IS NOT OLD.position OR NEW.stream IS NOT OLD.stream OR NEW.version IS NOT OLD.version
            OR NEW.type IS NOT OLD.type OR NEW.owner IS NOT OLD.owner OR NEW.at IS NOT OLD.at
            OR NEW.cause IS NOT OLD.cause OR NEW.actor IS NOT OLD.actor OR NEW.key IS NOT OLD.key
            OR NEW.data IS NOT OLD.data OR NEW.hash IS NOT OLD.hash
            OR OLD.personal IS NULL OR NEW.personal IS NOT NULL OR NEW.salt IS NOT NULL
            OR OLD.commitment IS NOT NULL OR NEW.commitment IS NULL
        BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
        CREATE TRIGGER stream_is_never_changed BEFORE UPDATE ON stream
        BEGIN SELECT RAISE(ABORT, 'a stream is never changed'); END;
        CREATE TRIGGER stream_is_never_deleted BEFORE DELETE ON stream
        BEGIN SELECT RAISE(ABORT, 'a stream is never deleted'); END;
        CREATE TRIGGER word_is_never_changed BEFORE UPDATE ON word
        BEGIN SELECT RAISE(ABORT, 'a word is never changed'); END;
        CREATE TRIGGER word_is_never_deleted BEFORE DELETE ON word
        BEGIN SELECT RAISE(ABORT, 'a word is never deleted'); END;

        """
}

/// Why a file cannot be used as a ledger.
public enum UnusableLedger: Error, Equatable, Sendable, CustomStringConvertible {
    case missing(path: String)
    case notALedger(path: String, reason: String)
    case newer(path: String, version: Int64, known: Int64)
    case schemaDiffers(path: String, what: String)
    case damaged(path: String, reason: String)

    public var description: String {
        switch self {
        case .missing(let path): "there is no ledger at \(path)"
        case .notALedger(let path, let reason): "\(path) is not a ledger of Daybook: \(reason)"
        case .newer(let path, let version, let known):
            "\(path) was written by a newer Daybook (its format is \(version), this one knows \(known))"
        case .schemaDiffers(let path, let what): "the tables of \(path) are not those of a ledger: \(what)"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        }
    }
}

extension Schema {
    static func create(_ connection: Connection) throws {
        try connection.transaction { try connection.execute(script) }
    }

    /// What the first bytes of the file tell, before SQLite opens it: an owner's settings already change a file, and one
    /// that is not ours, or is newer, must stay as it is.
    static func checkHead(_ path: String) throws {
        guard Folder.exists(path) else { throw UnusableLedger.missing(path: path) }
        let head = try File.reading(path).read(upTo: 100)
        guard head.count == 100, head.starts(with: "SQLite format 3\0".utf8) else {
            throw UnusableLedger.notALedger(path: path, reason: "it is no database")
        }
        func number(at offset: Int) -> Int64 { head[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int64($1) } }
        let (identifier, found) = (number(at: 68), number(at: 60))
        // While a new ledger is still in its write-ahead log, the file itself has no identifier yet.
        let isInLog = identifier == 0 && head[18] == 2
        guard identifier == applicationIdentifier || isInLog else {
            throw UnusableLedger.notALedger(path: path, reason: "it is a database of something else")
        }
        guard found <= version else { throw UnusableLedger.newer(path: path, version: found, known: version) }
    }

    /// Everything that must hold before a row is read. It looks at the head of the file and at the list of tables only.
    static func check(_ connection: Connection) throws {
        let path = connection.path
        let identifier = try connection.compile("PRAGMA application_id").first { $0.integer(0) }
        guard identifier == applicationIdentifier else {
            throw UnusableLedger.notALedger(path: path, reason: "it is a database of something else")
        }
        let found = try connection.compile("PRAGMA user_version").first { $0.integer(0) } ?? 0
        guard found <= version else { throw UnusableLedger.newer(path: path, version: found, known: version) }
        if let difference = try difference(connection) {
            throw UnusableLedger.schemaDiffers(path: path, what: difference)
        }
    }

    /// A table, index or trigger that is missing, altered or foreign; nil if there is none.
    static func difference(_ connection: Connection) throws -> String? {
        let found = try objects(connection)
        let wanted = try objects(reference())
        for (name, sql) in wanted.sorted(by: { $0.key < $1.key }) where found[name] != sql {
            return found[name] == nil ? "\(name) is missing" : "\(name) was altered"
        }
        return found.keys.filter { wanted[$0] == nil }.min().map { "\($0) does not belong there" }
    }

    private static func reference() throws -> Connection {
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute(script)
        return connection
    }

    private static func objects(_ connection: Connection) throws -> [String: String] {
        let rows = try connection.compile("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
            .map { ($0.text(0), $0.text(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// What the writer's statements may do, and nothing else can do through its connection.
    static func allows(_ action: Action, whileErasing: Bool) -> Bool {
        switch action.kind {
        case .read, .select, .transaction, .call: true
        case .insert(let table): ["stream", "word", "entry", "node"].contains(table)
        case .update("entry", let column):
            whileErasing && ["personal", "salt", "commitment"].contains(column)
        case .pragma(let name): ["integrity_check", "quick_check"].contains(name)
        default: false
        }
    }
}
