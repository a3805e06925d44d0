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

    public struct Table: Sendable, Equatable {
        public let name: String
        public let columns: [String]
        /// In the order of the key.
        public let primaryKey: [String]
    }

    public init(_ file: ProjectionFile) throws {
        self.file = file
        tables = try Self.check(file)
    }

    /// What a part may call.
    static let functions: Set<String> = [
        "abs", "avg", "coalesce", "count", "ifnull", "iif", "instr", "length", "like", "lower", "ltrim", "max", "min",
        "nullif", "replace", "round", "rtrim", "sign", "substr", "substring", "sum", "total", "trim", "upper",
    ]

    private static func check(_ file: ProjectionFile) throws -> [Table] {
        let connection = try Connection(path: ":memory:", as: .memory)
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
            try located(file, part) { _ = try Plan.Step.list(part, file, connection) }
        }
    }

    private static func table(_ name: String, _ file: ProjectionFile, _ connection: Connection) throws -> Table {
        let facts = try connection.compile("SELECT strict FROM pragma_table_list(?)").first(.text(name)) {
            $0.integer(0)
        }
        guard facts == 1 else { throw ProjectionError(file.name, file.schema.line, "table \(name) must be STRICT") }
        let columns = try connection.compile("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid")
            .map(.text(name)) { (name: $0.text(0), key: $0.integer(1)) }
        let key = columns.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map(\.name)
        guard !key.isEmpty else {
            throw ProjectionError(file.name, file.schema.line, "table \(name) must have a PRIMARY KEY")
        }
        return Table(name: name, columns: columns.map(\.name), primaryKey: key)
    }

    /// Runs what may fail, and says on which line of the file it did.
    private static func located(_ file: ProjectionFile, _ part: ProjectionFile.Part, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as SQLiteError {
            let before = error.offset.map { part.sql.utf8.prefix($0).count { $0 == 0x0a } } ?? 0
            let problem =
                error.kind == .refused
                ? "a projection may only touch its own tables and call plain functions (\(error.message))"
                : error.message
            throw ProjectionError(file.name, part.line + before, problem)
        }
    }
}

extension [Projection] {
    /// All projections, if no two of them make the same table.
    public init(checking files: [ProjectionFile]) throws {
        self = try files.map { try Projection($0) }
        var owners: [String: String] = [:]
        for projection in self {
            for table in projection.tables {
                if let other = owners.updateValue(projection.name, forKey: table.name) {
                    throw ProjectionError(
                        projection.name, projection.file.schema.line, "table \(table.name) belongs to \(other).sql")
                }
            }
        }
    }
}
