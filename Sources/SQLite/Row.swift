import CSQLite

/// The row on which a statement stands. It cannot be stored or escape, so no pointer outlives the step.
public struct Row: ~Copyable {
    let handle: OpaquePointer

    public var count: Int { Int(sqlite3_column_count(handle)) }

    public func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    public func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    public func integerIfPresent(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

    public func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    public func text(_ column: Int) -> String { withBytes(column) { unsafeText($0) } }

    public func textIfPresent(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    public func blob(_ column: Int) -> [UInt8] {
        withBytes(column) { bytes in
            bytes.withUnsafeBufferPointer { Array($0) }
        }
    }

    public func blobIfPresent(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    /// Lends the bytes of a text or blob for the length of the closure, without a copy; NULL lends none.
    public func withBytes<Result, Failure: Error>(
        _ column: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
        return try body(bytes.assumingMemoryBound(to: UInt8.self).span)
    }

    public func value(_ column: Int) -> Value {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    private func unsafeText(_ bytes: Span<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
