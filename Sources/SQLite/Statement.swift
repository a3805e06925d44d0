import CSQLite

/// A prepared statement. It is reset and its values are let go after each use, also when the use fails.
public final class Statement {
    let handle: OpaquePointer
    // The connection keeps its statements; an owning reference back would be a cycle.
    unowned let connection: Connection

    init(handle: OpaquePointer, connection: Connection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    public var sql: String { String(cString: sqlite3_sql(handle)) }

    /// The names of the parameters (without their colon), in the order of their numbers.
    public var parameterNames: [String] {
        (0..<sqlite3_bind_parameter_count(handle)).map { index in
            sqlite3_bind_parameter_name(handle, index + 1).map { String(String(cString: $0).dropFirst()) } ?? ""
        }
    }

    public var columnNames: [String] {
        (0..<sqlite3_column_count(handle)).map { String(cString: sqlite3_column_name(handle, $0)) }
    }

    /// It stands on a row.
    var isRunning: Bool { sqlite3_stmt_busy(handle) != 0 }

    public var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

    /// How many steps of SQLite's machine all its uses took together: what it costs, whatever else the machine does.
    public var stepsTaken: Int { Int(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 0)) }
}

// MARK: Binding, by number, from 1. A value that is not bound is NULL.

extension Statement {
    public func bind(_ value: Int64, at index: Int) { note(sqlite3_bind_int64(handle, Int32(index), value)) }

    public func bind(_ value: Int64?, at index: Int) {
        if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    public func bind(_ value: Double, at index: Int) { note(sqlite3_bind_double(handle, Int32(index), value)) }

    public func bindNull(at index: Int) { note(sqlite3_bind_null(handle, Int32(index))) }

    public func bind(_ text: String, at index: Int) {
        var text = text
        text.withUTF8 { bytes in
            note(sqlite3_bind_text_copy(handle, Int32(index), bytes.baseAddress, Int32(bytes.count)))
        }
    }

    public func bind(_ text: String?, at index: Int) {
        if let text { bind(text, at: index) } else { bindNull(at: index) }
    }

    /// Binds UTF-8 that is already at hand as bytes.
    public func bind(text bytes: Span<UInt8>, at index: Int) {
        bytes.withUnsafeBufferPointer { bytes in
            note(sqlite3_bind_text_copy(handle, Int32(index), bytes.baseAddress, Int32(bytes.count)))
        }
    }

    public func bind(blob bytes: Span<UInt8>, at index: Int) {
        bytes.withUnsafeBufferPointer { bytes in
            note(sqlite3_bind_blob_copy(handle, Int32(index), bytes.baseAddress, Int32(bytes.count)))
        }
    }

    public func bind(_ value: Value, at index: Int) {
        switch value {
        case .null: bindNull(at: index)
        case .integer(let integer): bind(integer, at: index)
        case .real(let real): bind(real, at: index)
        case .text(let text): bind(text, at: index)
        case .blob(let blob): bind(blob: blob.span, at: index)
        }
    }

    private func bind(_ values: [Value]) {
        for (index, value) in values.enumerated() { bind(value, at: index + 1) }
    }

    /// Binding fails when memory is out, the index is wrong or the statement is running: only we can cause that,
    /// but for a value beyond SQLite's length limit, which the next step must report.
    private func note(_ code: Int32) {
        if code == SQLITE_OK { return }
        precondition(code == SQLITE_TOOBIG, "cannot bind to \(sql): code \(code)")
        connection.pendingError = SQLiteError(code: code, message: "a value is too large to be stored", sql: sql)
    }
}

// MARK: Running

extension Statement {
    /// Runs a statement of which no rows are wanted, with the values bound before.
    public func run() throws(SQLiteError) {
        defer { reset() }
        while try step() {}
    }

    public func run(_ values: Value...) throws(SQLiteError) {
        bind(values)
        try run()
    }

    /// Hands over each row until the rows or the patience of the closure end.
    public func eachRow(_ values: Value..., body: (borrowing Row) throws -> Void) throws {
        bind(values)
        defer { reset() }
        while try step() { try body(Row(handle: handle)) }
    }

    /// As `eachRow`, until the closure answers false.
    public func scan(_ values: Value..., while body: (borrowing Row) throws -> Bool) throws {
        bind(values)
        defer { reset() }
        while try step() { if try !body(Row(handle: handle)) { return } }
    }

    /// As `scan`, with each row inside a view that gives its columns names. `view` does nothing but wrap the row.
    public func scan<View: ~Copyable>(
        as view: (consuming Row) -> View, while body: (borrowing View) throws -> Bool
    ) throws {
        defer { reset() }
        while try step() { if try !body(view(Row(handle: handle))) { return } }
    }

    public func map<Element>(_ values: Value..., transform: (borrowing Row) throws -> Element) throws -> [Element] {
        bind(values)
        defer { reset() }
        var elements: [Element] = []
        while try step() { elements.append(try transform(Row(handle: handle))) }
        return elements
    }

    /// The first row, if there is one.
    public func first<Element>(_ values: Value..., transform: (borrowing Row) throws -> Element) throws -> Element? {
        bind(values)
        defer { reset() }
        return try step() ? try transform(Row(handle: handle)) : nil
    }

    private func step() throws(SQLiteError) -> Bool {
        if let error = connection.pendingError {
            connection.pendingError = nil
            throw error
        }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.lastError(sql: sql)
        }
    }

    private func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}
