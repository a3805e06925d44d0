import Ledger
import SQLite
import Secrets

/// One file of views: the tables of some projections, and how far each has been posted.
///
/// `posted_views` says to which entry of which ledger the tables belong: the position, and the hash of the entry there.
/// Another ledger, or an older copy of the same one, has another hash at that position. `read_from` is where the ledger
/// ended when posting began; an erasure recorded behind it may concern what was posted before (see `Views`).
final class ViewsFile {
    let connection: Connection
    let path: String
    /// Nobody reads the file before it is finished.
    let isScratch: Bool
    /// The indexes that the file is still without, by their names.
    private var postponed: [String: String] = [:]

    static let version: Int64 = 1

    static let bookkeeping = """
        CREATE TABLE posted_views (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            format INTEGER NOT NULL,
            position INTEGER NOT NULL,
            hash BLOB,
            read_from INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE posted_projection (
            name TEXT PRIMARY KEY,
            digest BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    static let bookkeepingTables: Set<String> = ["posted_views", "posted_projection"]

    struct Mark: Equatable {
        var position: Int64
        var hash: Digest?
        var readFrom: Int64
    }

    init(path: String, as opening: Opening) throws {
        self.path = path
        isScratch = opening.isScratch
        connection = try Connection(path: path, as: opening)
    }

    static func create(path: String, as opening: Opening, _ projections: [Projection], readFrom: Int64) throws
        -> ViewsFile
    {
        let file = try ViewsFile(path: path, as: opening)
        try file.connection.transaction {
            try file.connection.execute(bookkeeping)
            try file.connection.prepare(
                "INSERT INTO posted_views (id, format, position, hash, read_from) VALUES (1, ?, 0, NULL, ?)"
            ).run(.integer(version), .integer(readFrom))
            for projection in projections { try file.add(projection) }
        }
        return file
    }

    func add(_ projection: Projection, withIndexes: Bool = false) throws {
        try connection.execute(projection.file.schema.sql)
        try connection.prepare("INSERT INTO posted_projection (name, digest) VALUES (?, ?)")
            .run(.text(projection.name), .blob(projection.file.digest.bytes))
        if isScratch && !withIndexes { try postpone(projection.indexes) }
    }

    /// An index made at the end from rows that are there costs a sort; kept up to date row by row, in the order of the
    /// entries and not of the index, it costs three times as much. So a file that is being built does without, except
    /// for those that posting itself needs (`makeIndexes`).
    private func postpone(_ indexes: [Projection.Index]) throws {
        for index in indexes {
            try connection.execute("DROP INDEX \(Projection.Table.quote(index.name))")
            postponed[index.name] = index.sql
        }
    }

    /// Takes over the tables of other projections, with their indexes, from a file in which they were posted.
    func takeOver(_ projections: [Projection], from path: String) throws {
        try connection.prepare("ATTACH ? AS beside").run(.text(path))
        try connection.transaction {
            for projection in projections {
                try add(projection, withIndexes: true)
                for table in projection.tables.map({ Projection.Table.quote($0.name) }) {
                    // Written so, and only so, SQLite copies rows and indexes as they are, and sorts nothing.
                    try connection.execute("INSERT INTO main.\(table) SELECT * FROM beside.\(table)")
                }
            }
        }
        connection.forgetStatements()
        try connection.execute("DETACH beside")
    }

    /// Makes those indexes that were put off; all of them where no names are given.
    func makeIndexes(_ names: Set<String>? = nil) throws {
        if postponed.isEmpty { return }
        // The pages in memory are needed no more in the order of the entries, and sorting wants the room.
        if names == nil { try connection.execute("PRAGMA cache_size = -8192") }
        for name in postponed.keys.sorted() where names?.contains(name) ?? true {
            guard let sql = postponed.removeValue(forKey: name) else { continue }
            try connection.execute(sql)
        }
    }

    /// Nil when the file is none of ours, or of another format.
    func mark() throws -> Mark? {
        try connection.prepare("SELECT position, hash, read_from FROM posted_views WHERE format = ?")
            .first(.integer(Self.version)) { row in
                Mark(
                    position: row.integer(0), hash: row.withBytes(1) { Digest($0) }, readFrom: row.integer(2))
            }
    }

    func move(to position: Int64, _ hash: Digest?) throws {
        let statement = try connection.prepare("UPDATE posted_views SET position = ?, hash = ?")
        statement.bind(position, at: 1)
        hash?.withBytes { statement.bind(blob: $0, at: 2) }
        try statement.run()
    }

    /// The projections whose tables are in the file, and the digest of the text that made them.
    func digests() throws -> [String: Digest] {
        let rows = try connection.prepare("SELECT name, digest FROM posted_projection").map { row in
            (row.text(0), row.withBytes(1) { Digest($0) })
        }
        return Dictionary(uniqueKeysWithValues: rows.compactMap { name, digest in digest.map { (name, $0) } })
    }

    /// The tables that belong to projections.
    func tables() throws -> [String] {
        try connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        .map { $0.text(0) }.filter { !Self.bookkeepingTables.contains($0) }
    }
}

extension Projection.Table {
    /// A digest of every row in the order of the key: equal exactly where the tables are equal.
    ///
    /// It is SHA-256 over, for each row, its columns in order, each as one byte for its kind (0 null, 1 integer, 2 real,
    /// 3 text, 4 blob) and its value: 8 bytes for a number, the length in 4 bytes and the bytes for the others.
    func digest(in connection: Connection) throws -> Digest {
        let quoted = columns.map(Self.quote).joined(separator: ", ")
        let order = primaryKey.map(Self.quote).joined(separator: ", ")
        let message = Message()
        var sum = SHA256()
        try connection.compile("SELECT \(quoted) FROM \(Self.quote(name)) ORDER BY \(order)").eachRow { row in
            message.clear()
            for column in 0..<columns.count { message.append(row.value(column)) }
            sum.update(message.contents.span)
        }
        return sum.finish()
    }

    func count(in connection: Connection) throws -> Int64 {
        try connection.compile("SELECT count(*) FROM \(Self.quote(name))").first { $0.integer(0) } ?? 0
    }

    static func quote(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension Message {
    func append(_ value: Value) {
        switch value {
        case .null: append(UInt8(0))
        case .integer(let integer):
            append(UInt8(1))
            append(integer)
        case .real(let real):
            append(UInt8(2))
            append(real.bitPattern)
        case .text(let text):
            append(UInt8(3))
            appendWithLength(text)
        case .blob(let blob):
            append(UInt8(4))
            appendWithLength(blob.span)
        }
    }
}
