import Entries
import SQLite
import Secrets

/// A projection that was looked through: its tables are known, and nothing in it does what a projection must not.
///
/// A part may read and write the tables of its own file, and call functions whose answer depends on nothing but their
/// arguments. There is no clock, no chance, and no other view: so posting again gives the same bytes.
public struct Projection: Sendable {
    public let file: ProjectionFile
    public var name: String { file.name }
    public let tables: [Table]
    /// The indexes that serve questions and constrain nothing.
    let indexes: [Index]
    /// For each part, the names of those indexes that its statements find their rows with.
    let indexesOfParts: [Set<String>]

    struct Index: Sendable, Equatable {
        let name: String
        let sql: String
    }

    public struct Table: Sendable, Equatable {
        public let name: String
        public let columns: [String]
        /// In the order of the key.
        public let primaryKey: [String]
    }

    public init(_ file: ProjectionFile) throws {
        self.file = file
        let connection = try Connection(path: ":memory:", as: .memory)
        tables = try Self.check(file, connection)
        indexes = try Self.indexes(connection)
        let names = Set(indexes.map(\.name))
        indexesOfParts = try file.parts.map { try Self.indexes(of: $0, connection).intersection(names) }
    }

    /// What a part may call.
    static let functions: Set<String> = [
        "abs", "avg", "coalesce", "count", "ifnull", "iif", "instr", "length", "like", "lower", "ltrim", "max", "min",
        "nullif", "replace", "round", "rtrim", "sign", "substr", "substring", "sum", "total", "trim", "upper",
    ]

    private static func check(_ file: ProjectionFile, _ connection: Connection) throws -> [Table] {
        var created: [String] = []
        connection.authorize { action in
            switch action.kind {
            case .createTable(let table): created.append(table)
            // SQLite keeps its own account of what is created.
            case .insert("sqlite_master"), .update("sqlite_master", _), .read("sqlite_master", _), .select,
                .call, .other(Self.reindex):
                break
            case .createIndex(_, let table), .read(let table, _): return created.contains(table)
            default: return false
            }
            return true
        }
        try located(file, file.schema) { try connection.execute(file.schema.sql) }
        try checkParts(file, connection, created)
        connection.authorize(nil)
        return try created.map { try table($0, file, connection) }
    }

    /// SQLITE_REINDEX: a UNIQUE index is built with it.
    private static let reindex: Int32 = 27

    private static func checkParts(_ file: ProjectionFile, _ connection: Connection, _ created: [String]) throws {
        connection.authorize { action in
            switch action.kind {
            case .read(let table, _), .insert(let table), .update(let table, _), .delete(let table):
                created.contains(table)
            case .call(let function): functions.contains(function)
            case .select: true
            default: false
            }
        }
        for part in file.parts {
            if replaces(part.sql) {
                throw ProjectionError(
                    file.name, part.line(of: "REPLACE"), "write ON CONFLICT … DO UPDATE, not OR REPLACE")
            }
            try located(file, part) {
                for step in try Plan.Step.list(part, file, connection) { try checkVerb(step.statement.sql, part, file) }
            }
        }
    }

    /// Whether it says OR REPLACE anywhere.
    private static func replaces(_ sql: String) -> Bool {
        let words = sql.utf8.split { $0 <= 0x20 }
        return zip(words, words.dropFirst()).contains { word, next in
            word.count == 2 && next.count >= 7 && String(word)?.uppercased() == "OR"
                && String(next.prefix(7))?.uppercased() == "REPLACE"
        }
    }

    /// About a VACUUM, which writes files, SQLite asks nobody while it is compiled.
    private static func checkVerb(_ sql: String, _ part: ProjectionFile.Part, _ file: ProjectionFile) throws {
        let verb = firstWord(of: sql)
        guard ["INSERT", "UPDATE", "DELETE", "SELECT", "WITH"].contains(verb.uppercased()) else {
            throw ProjectionError(
                file.name, part.line(of: verb), "a part inserts, updates, deletes or selects; it cannot “\(verb)”")
        }
    }

    /// Behind the comments.
    private static func firstWord(of sql: String) -> String {
        var rest = Substring(sql).utf8
        repeat {
            rest = rest.drop { $0 <= 0x20 }
            guard rest.starts(with: "--".utf8) else { break }
            rest = rest.drop { $0 != 0x0a }
        } while true
        return String(decoding: rest.prefix { $0 > 0x20 }, as: UTF8.self)
    }

    private static func table(_ name: String, _ file: ProjectionFile, _ connection: Connection) throws -> Table {
        let facts = try connection.compile("SELECT strict FROM pragma_table_list(?)").first(.text(name)) {
            $0.integer(0)
        }
        func flaw(_ text: String) -> ProjectionError {
            ProjectionError(file.name, file.schema.line(of: " \(name) "), text)
        }
        guard facts == 1 else { throw flaw("table \(name) must be STRICT") }
        let columns = try connection.compile("SELECT name, pk, dflt_value FROM pragma_table_info(?) ORDER BY cid")
            .map(.text(name)) { (name: $0.text(0), key: $0.integer(1), fallback: $0.textIfPresent(2)) }
        for column in columns {
            // Only here: SQLite asks nobody about the functions of a default.
            guard let fallback = column.fallback, !isPlain(fallback) else { continue }
            throw flaw("the default of \(name).\(column.name) must be a number, a text or NULL")
        }
        let key = columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.name)
        guard !key.isEmpty else { throw flaw("table \(name) must have a PRIMARY KEY") }
        return Table(name: name, columns: columns.map(\.name), primaryKey: key)
    }

    private static func indexes(_ connection: Connection) throws -> [Index] {
        try connection.compile(
            """
            SELECT object.name, object.sql
            FROM sqlite_schema AS object JOIN pragma_index_list(object.tbl_name) AS list ON list.name = object.name
            WHERE object.type = 'index' AND list.origin = 'c' AND NOT list."unique"
            """
        ).map { Index(name: $0.text(0), sql: $0.text(1)) }
    }

    /// What SQLite says about the way in which it would run the part: “SEARCH activity USING INDEX activity_person (…)”.
    private static func indexes(of part: ProjectionFile.Part, _ connection: Connection) throws -> Set<String> {
        var names: Set<String> = []
        for statement in try connection.compileAll(part.sql) {
            try connection.compile("EXPLAIN QUERY PLAN " + statement.sql).eachRow { row in
                let words = row.text(3).split(separator: " ")
                for (word, next) in zip(words, words.dropFirst()) where word == "INDEX" { names.insert(String(next)) }
            }
        }
        return names
    }

    /// Whether the SQL of a default is a literal: it calls nothing.
    private static func isPlain(_ fallback: String) -> Bool {
        if Int64(fallback) != nil { return true }
        return fallback.wholeMatch(of: /\(*[+-]?[0-9.]+\)*|'(?:[^']|'')*'|(?i:NULL)/) != nil
    }

    /// Runs what may fail, and says on which line of the file it did.
    fileprivate static func located(
        _ file: ProjectionFile, _ part: ProjectionFile.Part, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let error as SQLiteError {
            let before = error.offset.map { linesBefore($0, part.sql) } ?? 0
            let problem =
                error.kind == .refused
                ? "a projection may only touch its own tables and call plain functions (\(error.message))"
                : error.message
            throw ProjectionError(file.name, part.line + before, problem)
        }
    }

    /// Where SQLite knows no better, the offset is the end of the statement before: what is empty is passed over.
    private static func linesBefore(_ offset: Int, _ sql: String) -> Int {
        let rest = sql.utf8.dropFirst(offset).prefix { $0 <= 0x20 }
        return (Array(sql.utf8.prefix(offset)) + rest).count { $0 == 0x0a }
    }
}

extension [Projection] {
    /// All projections, if no two of them make the same table or index.
    public init(checking files: [ProjectionFile]) throws {
        self = try files.map { try Projection($0) }
        let connection = try Connection(path: ":memory:", as: .memory)
        try connection.execute(ViewsFile.bookkeeping)
        var owners: [String: String] = [:]
        for projection in self {
            for table in projection.tables {
                // SQLite makes no difference between large and small letters.
                if let other = owners.updateValue(projection.name, forKey: table.name.lowercased()) {
                    throw ProjectionError(
                        projection.name, projection.file.schema.line(of: " \(table.name) "),
                        "table \(table.name) belongs to \(other).sql")
                }
            }
            try Projection.located(projection.file, projection.file.schema) {
                try connection.execute(projection.file.schema.sql)
            }
        }
    }
}
