import CSQLite

/// What SQLite said, about which statement. Bound values are never part of it: they may be private.
public struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The extended result code, as sqlite.org/rescode.html lists it.
    public let code: Int32
    public let message: String
    public let sql: String?
    /// Where in `sql` the error lies, in bytes, if SQLite knows.
    public let offset: Int?

    public init(code: Int32, message: String, sql: String? = nil, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.sql = sql
        self.offset = offset
    }

    public var description: String {
        let statement = sql.map { " (in: \($0))" } ?? ""
        return "SQLite: \(message), code \(code)\(statement)"
    }

    /// What the error asks of the one who met it.
    public enum Kind: Sendable {
        /// Another connection holds the file.
        case busy
        /// A UNIQUE, CHECK, NOT NULL or trigger condition refused the row.
        case constraint
        /// No space, or too large for a limit of the system.
        case full
        /// The bytes of the file make no sense.
        case corrupt
        /// The file is no database at all.
        case notADatabase
        /// The operating system could not read or write.
        case io
        /// The file or folder may not be written, or not be opened.
        case notWritable
        /// The authorizer refused.
        case refused
        case interrupted
        case other
    }

    public var kind: Kind {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_FULL: .full
        case SQLITE_CORRUPT: .corrupt
        case SQLITE_NOTADB: .notADatabase
        case SQLITE_IOERR: .io
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM: .notWritable
        case SQLITE_AUTH: .refused
        case SQLITE_INTERRUPT: .interrupted
        default: .other
        }
    }

    /// A write may have been lost in between: the connection must be dropped, opened again, and the tail verified.
    public var endsTheConnection: Bool {
        switch kind {
        case .full, .corrupt, .notADatabase, .io, .notWritable: true
        default: false
        }
    }
}
