import CSQLite

/// How a database is opened: by whom, and so with which settings. Each setting is read back, because SQLite passes
/// over a pragma that it does not know or cannot follow, without a word.
public struct Opening: Sendable {
    /// The one connection that writes and checkpoints a file of a home. A commit that has returned survives a power
    /// cut: with `synchronous=NORMAL` it did not.
    public static let owner = Opening(role: .owner, synchronous: "2")

    /// As `owner`, for what can be posted again: a commit may be lost with the power, the file stays whole.
    public static let ownerOfDerived = Opening(role: .owner, synchronous: "1")

    /// Another connection in the owner's process. It reads; it never writes and never checkpoints.
    public static let reader = Opening(role: .reader, synchronous: "2")

    /// A file that nobody reads before it is finished, and that is thrown away when its writer fails.
    public static let scratch = Opening(role: .scratch, synchronous: "0")

    /// A database without a file.
    public static let memory = Opening(role: .memory, synchronous: "2")

    /// A file that may be anybody's, and is only looked at.
    public static let foreign = Opening(role: .foreign, synchronous: "2")

    public var isOnDisk: Bool { role != .memory }
    public var isScratch: Bool { role == .scratch }

    var mayCheckpoint: Bool { role != .reader && role != .foreign }

    enum Role { case owner, reader, scratch, memory, foreign }
    let role: Role
    let synchronous: String

    var flags: Int32 {
        let access =
            switch role {
            case .owner, .scratch, .memory: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            // A reader of a WAL file takes part in its index, so it must be able to write it; `query_only` binds it.
            case .reader: SQLITE_OPEN_READWRITE
            case .foreign: SQLITE_OPEN_READONLY
            }
        return access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    }

    /// `unix-excl` locks the file for this process and keeps the index of the log in memory: no second process can
    /// write, and a full disk cannot end the process through a mapped page.
    var vfs: String? {
        switch role {
        case .owner, .reader, .scratch: "unix-excl"
        case .memory, .foreign: nil
        }
    }

    /// Pragma, the value to set, and what must be read back.
    var pragmas: [(name: String, set: String, expect: String)] {
        var pragmas = [
            ("foreign_keys", "ON", "1"),
            ("recursive_triggers", "ON", "1"),
            ("trusted_schema", "OFF", "0"),
            ("cell_size_check", "ON", "1"),
            ("temp_store", "MEMORY", "2"),
            ("secure_delete", "ON", "1"),
        ]
        switch role {
        case .owner: pragmas += [("journal_mode", "WAL", "wal")]
        case .scratch: pragmas += [("journal_mode", "OFF", "off"), ("cache_size", "-49152", "-49152")]
        case .memory: pragmas += [("journal_mode", "MEMORY", "memory")]
        // Who reads again and again finds in memory what it has read before.
        case .reader: pragmas += [("query_only", "ON", "1"), ("cache_size", "-8192", "-8192")]
        case .foreign: pragmas += [("query_only", "ON", "1")]
        }
        if isOnDisk { pragmas += [("mmap_size", "0", "0")] }
        if role != .foreign { pragmas += [("synchronous", synchronous, synchronous)] }
        return pragmas
    }

    /// A row beyond this is refused by SQLite itself: no entry comes near it.
    static let longestValue: Int32 = 64 << 20
}

extension Connection {
    func apply(_ opening: Opening) throws {
        // Where SQLite may not write it falls back to reading, and would say so at the first write only.
        if opening.role == .owner, sqlite3_db_readonly(handle, "main") == 1 {
            throw SQLiteError(code: SQLITE_READONLY, message: "\(path) may only be read")
        }
        sqlite3_busy_timeout(handle, opening.role == .owner ? 0 : 1_000)
        try turn(SQLITE_DBCONFIG_DEFENSIVE, on: opening.role != .scratch)
        try turn(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, on: false)
        // Nobody writes while closing: the owner copies the log into the file when it chooses to, and an old connection
        // that is dropped after an error of the disk must not touch it again.
        try turn(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on: true)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Opening.longestValue)
        // A file that is being built may take over the tables of one other; no other connection sees two files.
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, opening.role == .scratch ? 1 : 0)
        for pragma in opening.pragmas { try set(pragma.name, pragma.set, expecting: pragma.expect) }
        if opening.role == .owner {
            try set("wal_autocheckpoint", "0", expecting: "0")
            countWALPages()
        }
    }

    private func turn(_ which: Int32, on: Bool) throws(SQLiteError) {
        var result: Int32 = -1
        let code = sqlite3_set_database_switch(handle, which, on ? 1 : 0, &result)
        guard code == SQLITE_OK, result == (on ? 1 : 0) else { throw lastError(sql: "db_config \(which)") }
    }

    private func set(_ name: String, _ value: String, expecting expected: String) throws {
        _ = try compile("PRAGMA \(name) = \(value)").map { _ in }
        let found = try compile("PRAGMA \(name)").first { $0.text(0) }
        guard found == expected else {
            throw SQLiteError(
                code: SQLITE_MISUSE,
                message: "\(path): \(name) should be \(expected) and is \(found ?? "unknown to this SQLite")")
        }
    }
}
