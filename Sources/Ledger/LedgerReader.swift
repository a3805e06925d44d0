public import Entries
import Machine
import SQLite
public import Secrets

/// Reads the log. It holds one connection, so it belongs to one thread; a process may have many.
public final class LedgerReader {
    let connection: Connection
    let words = Words()

    /// A second connection in the process of the one who writes. The file itself is opened by SQLite alone: who opens and
    /// closes it besides takes the locks of the whole process with it.
    public convenience init(path: String) throws {
        guard Folder.exists(path) else { throw UnusableLedger.missing(path: path) }
        try self.init(connection: Connection(path: path, as: .reader))
        try Schema.check(connection)
    }

    /// A file that is nobody's home, and is only looked at.
    public convenience init(looking path: String) throws {
        try self.init(connection: Connection(path: path, as: .foreign))
        try Schema.check(connection)
    }

    init(connection: Connection) throws {
        self.connection = connection
    }

    public var path: String { connection.path }

    /// Whether there is a file that another connection can read.
    public var isOnDisk: Bool { path != ":memory:" }

    /// The position of the last entry; 0 when there is none.
    public func lastPosition() throws -> Int64 {
        try connection.prepare("SELECT coalesce(max(position), 0) FROM entry").first { $0.integer(0) } ?? 0
    }

    public func entry(_ position: Int64) throws -> Entry? {
        var found: Entry?
        try scan(Query(from: position, to: position)) { entry in
            found = entry.copy()
            return false
        }
        return found
    }

    public func hash(at position: Int64) throws -> Digest? {
        try connection.prepare("SELECT hash FROM entry WHERE position = ?").first(.integer(position)) { row in
            row.withBytes(0) { Digest($0) }
        } ?? nil
    }

    /// The number of entries in a stream.
    public func version(of stream: String) throws -> Int64 {
        try connection.prepare(
            """
            SELECT coalesce(max(version), 0) FROM entry WHERE stream = (SELECT id FROM stream WHERE name = ?)
            """
        ).first(.text(stream)) { $0.integer(0) } ?? 0
    }

    /// The positions of the entries that a position led to.
    public func effects(of position: Int64, limit: Int) throws -> [Int64] {
        try connection.prepare("SELECT position FROM entry WHERE cause = ? AND position > ? ORDER BY position LIMIT ?")
            .map(.integer(position), .integer(position), .integer(Int64(limit))) { $0.integer(0) }
    }

    /// Hands over each entry that the query wants, until they or the patience of the closure end. Memory stays flat,
    /// and all that is read is of one moment.
    public func scan(_ query: Query, while body: (borrowing StoredEntry) throws -> Bool) throws {
        try connection.snapshot {
            try words.refresh(connection)
            guard let selection = query.selection(words) else { return }
            let statement = try connection.prepare(selection.sql)
            for (index, value) in selection.values.enumerated() { statement.bind(value, at: index + 1) }
            try statement.scan(as: { StoredEntry(row: $0, words: words) }, while: body)
        }
    }

    public func entries(_ query: Query) throws -> [Entry] {
        var entries: [Entry] = []
        try scan(query) { entry in
            entries.append(entry.copy())
            return true
        }
        return entries
    }
}

/// Which entries to read, and in which order.
public struct Query: Sendable, Equatable {
    public var from: Int64
    public var to: Int64
    public var stream: String?
    /// Any of these types; all when it is empty.
    public var types: Set<String>
    public var owner: String?
    /// Recorded at this instant or later.
    public var since: Int64?
    /// Recorded before this instant.
    public var until: Int64?
    public var isBackwards: Bool
    public var limit: Int64?

    public init(
        from: Int64 = 1, to: Int64 = .max, stream: String? = nil, types: Set<String> = [], owner: String? = nil,
        since: Int64? = nil, until: Int64? = nil, isBackwards: Bool = false, limit: Int64? = nil
    ) {
        self.from = from
        self.to = to
        self.stream = stream
        self.types = types
        self.owner = owner
        self.since = since
        self.until = until
        self.isBackwards = isBackwards
        self.limit = limit
    }

    /// The statement and its values; nil when a name is asked for that the file has never seen.
    func selection(_ words: Words) -> (sql: String, values: [Value])? {
        var conditions = ["entry.position BETWEEN ? AND ?"]
        var values: [Value] = [.integer(from), .integer(to)]
        if let stream {
            conditions.append("entry.stream = (SELECT id FROM stream WHERE name = ?)")
            values.append(.text(stream))
        }
        if let owner {
            guard let number = words.number(of: owner) else { return nil }
            conditions.append("entry.owner = ?")
            values.append(.integer(number))
        }
        if !types.isEmpty {
            let numbers = types.compactMap { words.number(of: $0) }.sorted()
            if numbers.isEmpty { return nil }
            conditions.append("entry.type IN (" + numbers.map { _ in "?" }.joined(separator: ", ") + ")")
            values += numbers.map(Value.integer)
        }
        if let since {
            conditions.append("entry.at >= ?")
            values.append(.integer(since))
        }
        if let until {
            conditions.append("entry.at < ?")
            values.append(.integer(until))
        }
        // Within a stream, positions and versions rise together.
        let column = stream == nil ? "entry.position" : "entry.version"
        values.append(.integer(limit ?? -1))
        let sql =
            StoredEntry.columns + " WHERE " + conditions.joined(separator: " AND ")
            + " ORDER BY " + column + (isBackwards ? " DESC" : "") + " LIMIT ?"
        return (sql, values)
    }
}
