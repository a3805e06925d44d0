import CSQLite

/// One connection to one database. It is not Sendable: one thread, or one actor, owns it.
public final class Connection {
    let handle: OpaquePointer
    public let path: String
    private let opening: Opening
    private var statements: [String: Statement] = [:]
    private var policy: Policy?
    private var walPages: WALPages?
    var pendingError: SQLiteError?

    /// Opens, sets everything that `Opening` lists, and reads each setting back.
    public init(path: String, as opening: Opening) throws {
        self.path = path
        self.opening = opening
        handle = try Self.open(path, opening)
        do {
            try apply(opening)
        } catch {
            sqlite3_close_v2(handle)
            throw error
        }
    }

    deinit {
        statements = [:]
        // Not v2: every statement is gone, so the file is really closed when this returns.
        let code = sqlite3_close(handle)
        if code != SQLITE_OK { sqlite3_close_v2(handle) }
    }

    /// The version of the library that is linked, as `3.40.1`.
    public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

    /// Set before the first connection is opened; afterwards SQLite would refuse it.
    private static let isPrepared = sqlite3_do_without_memory_statistics() == SQLITE_OK

    private static func open(_ path: String, _ opening: Opening) throws(SQLiteError) -> OpaquePointer {
        _ = isPrepared
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, opening.flags, opening.vfs)
        guard code == SQLITE_OK, let handle else {
            let error = SQLiteError(
                code: code, message: "cannot open \(path): \(String(cString: sqlite3_errstr(code)))")
            sqlite3_close_v2(handle)
            throw error
        }
        return handle
    }

    func lastError(sql: String?) -> SQLiteError {
        SQLiteError(
            code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)), sql: sql)
    }
}

// MARK: Statements

extension Connection {
    /// The statement for this text, prepared once and kept. While it runs, whoever asks for it again gets another one.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = statements[sql] { return statement.isRunning ? try compile(sql) : statement }
        let statement = try compile(sql)
        statements[sql] = statement
        return statement
    }

    /// What the statements that are kept have cost so far, by their texts.
    public var stepsTaken: [String: Int] { statements.mapValues(\.stepsTaken) }

    /// A statement that is not kept: for what is run once, or owned elsewhere.
    public func compile(_ sql: String) throws(SQLiteError) -> Statement {
        var all = try compileAll(sql, limit: 1)
        guard let statement = all.popLast() else {
            throw SQLiteError(code: SQLITE_MISUSE, message: "there is no statement in the text", sql: sql)
        }
        return statement
    }

    /// Compiles every statement of a text that holds several, without running one.
    public func compileAll(_ script: String) throws(SQLiteError) -> [Statement] {
        try compileAll(script, limit: .max)
    }

    private func compileAll(_ script: String, limit: Int) throws(SQLiteError) -> [Statement] {
        var compiled: [Statement] = []
        var bytes = Array(script.utf8CString)
        let length = bytes.count
        var offset = 0
        while offset < length - 1, compiled.count < limit {
            var statement: OpaquePointer?
            let (code, next) = bytes.withUnsafeMutableBufferPointer { buffer -> (Int32, Int) in
                let start = buffer.baseAddress! + offset
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    handle, start, Int32(length - offset), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &tail)
                return (code, tail.map { $0 - UnsafePointer(start) } ?? length)
            }
            guard code == SQLITE_OK else {
                let place = sqlite3_error_offset(handle)
                throw SQLiteError(
                    code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)),
                    sql: script, offset: place < 0 ? offset : offset + Int(place))
            }
            if let statement { compiled.append(Statement(handle: statement, connection: self)) }
            offset += max(next, 1)
        }
        return compiled
    }

    /// Runs each statement of a script; rows are passed over.
    public func execute(_ script: String) throws(SQLiteError) {
        guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else { throw lastError(sql: script) }
    }

    /// The number that SQLite gave to the row that was inserted last.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Lets every kept statement go, so that tables can be dropped and files closed.
    public func forgetStatements() { statements = [:] }
}

// MARK: Transactions

extension Connection {
    public var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Commits what the closure wrote, or, when it throws, nothing of it.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try prepare("BEGIN IMMEDIATE").run()
        do {
            let result = try body()
            try prepare("COMMIT").run()
            return result
        } catch {
            // SQLite itself rolls back on some errors; then there is nothing left to undo.
            if isInTransaction { try? prepare("ROLLBACK").run() }
            throw error
        }
    }

    /// A read transaction: everything that the closure reads is of one moment.
    public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        if isInTransaction { return try body() }
        try prepare("BEGIN").run()
        defer { try? prepare("COMMIT").run() }
        return try body()
    }
}

// MARK: The write-ahead log

extension Connection {
    public enum CheckpointMode: Sendable {
        /// Copies what it can without waiting for a reader.
        case passive
        /// Copies everything and cuts the log to nothing.
        case truncate
    }

    /// The pages that wait in the write-ahead log, as of the last commit.
    public var pagesInWAL: Int { walPages?.count ?? 0 }

    /// Only the owner may: `query_only` alone would let a reader do it, and two who do it at once lose committed rows.
    public func checkpoint(_ mode: CheckpointMode) throws(SQLiteError) {
        guard opening.mayCheckpoint else {
            throw SQLiteError(code: SQLITE_READONLY, message: "only the owner of \(path) copies the log into the file")
        }
        let flag = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let code = sqlite3_wal_checkpoint_v2(handle, "main", flag, nil, nil)
        guard code == SQLITE_OK else { throw lastError(sql: "wal_checkpoint") }
        walPages?.count = 0
    }

    /// Leaves the log empty, if no reader still needs it; if one does, it stays as it is, which does no harm.
    public func emptyLog() throws(SQLiteError) {
        do {
            try checkpoint(.truncate)
        } catch  where error.kind == .busy {}
    }

    func countWALPages() {
        let pages = WALPages()
        walPages = pages
        // Replaces SQLite's own automatic checkpoint, which is the other user of this hook.
        sqlite3_wal_hook(
            handle,
            { context, _, _, count in
                Unmanaged<WALPages>.fromOpaque(context!).takeUnretainedValue().count = Int(count)
                return SQLITE_OK
            }, Unmanaged.passUnretained(pages).toOpaque())
    }

    final class WALPages { var count = 0 }
}

// MARK: Copies

extension Connection {
    /// Copies the whole database, as it is at this moment, into a new file; `progress` hears (done, all) in pages.
    public func copy(to path: String, progress: ((Int, Int) -> Void)? = nil) throws {
        let target = try Connection(path: path, as: .scratch)
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw target.lastError(sql: "backup")
        }
        var code = SQLITE_OK
        repeat {
            code = sqlite3_backup_step(backup, 2_000)
            progress?(
                Int(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)),
                Int(sqlite3_backup_pagecount(backup)))
        } while code == SQLITE_OK
        let finished = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else {
            let failed = code == SQLITE_DONE ? finished : code
            throw SQLiteError(code: failed, message: String(cString: sqlite3_errstr(failed)), sql: "backup to \(path)")
        }
    }
}

// MARK: The authorizer

extension Connection {
    /// Asks `allows` about each thing that a statement would do, when the statement is compiled; nil asks nobody.
    public func authorize(_ allows: ((Action) -> Bool)?) {
        forgetStatements()
        guard let allows else {
            sqlite3_set_authorizer(handle, nil, nil)
            policy = nil
            return
        }
        let policy = Policy(allows)
        self.policy = policy
        sqlite3_set_authorizer(
            handle,
            { context, code, first, second, _, inner in
                let policy = Unmanaged<Policy>.fromOpaque(context!).takeUnretainedValue()
                let action = Action(
                    code: code, first: first.map { String(cString: $0) }, second: second.map { String(cString: $0) },
                    trigger: inner.map { String(cString: $0) })
                return policy.allows(action) ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(policy).toOpaque())
    }

    final class Policy {
        let allows: (Action) -> Bool
        init(_ allows: @escaping (Action) -> Bool) { self.allows = allows }
    }
}
