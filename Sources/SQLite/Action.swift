import CSQLite

/// Something that a statement would do, as the authorizer is asked about it.
public struct Action: Sendable {
    public enum Kind: Sendable, Equatable {
        case read(table: String, column: String)
        case insert(table: String)
        case update(table: String, column: String)
        case delete(table: String)
        case createTable(String)
        case createIndex(String, table: String)
        case call(function: String)
        case pragma(String)
        case select
        case transaction
        /// Everything else: dropping, altering, attaching, triggers, views, virtual tables.
        case other(Int32)
    }

    public let kind: Kind
    /// The trigger or view inside which it would happen.
    public let trigger: String?

    init(code: Int32, first: String?, second: String?, trigger: String?) {
        self.trigger = trigger
        let (first, second) = (first ?? "", second ?? "")
        kind =
            switch code {
            case SQLITE_READ: .read(table: first, column: second)
            case SQLITE_INSERT: .insert(table: first)
            case SQLITE_UPDATE: .update(table: first, column: second)
            case SQLITE_DELETE: .delete(table: first)
            case SQLITE_CREATE_TABLE: .createTable(first)
            case SQLITE_CREATE_INDEX: .createIndex(first, table: second)
            case SQLITE_FUNCTION: .call(function: second.lowercased())
            case SQLITE_PRAGMA: .pragma(first.lowercased())
            case SQLITE_SELECT, SQLITE_RECURSIVE: .select
            case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: .transaction
            default: .other(code)
            }
    }
}
