public import Entries
public import SQLite

/// An alert that stands, as the views have it.
public struct AlertRow: Sendable, Equatable {
    public let owner: String
    public let kind: AlertKind
    /// The connection or the job that it is about.
    public let subject: String
    public let raised: Int64
    public let failures: Int64?
    public let errorClass: ErrorClass?
    public let message: String?
    public let position: Int64

    /// The oldest first.
    public static func all(_ views: Connection) throws -> [AlertRow] {
        try views.prepare(
            """
            SELECT owner, alert, subject, raised, failures, error_class, message, position FROM alert
            ORDER BY raised, position
            """
        ).map { row in
            AlertKind(rawValue: row.text(1)).map { kind in
                AlertRow(
                    owner: row.text(0), kind: kind, subject: row.text(2), raised: row.integer(3),
                    failures: row.integerIfPresent(4),
                    errorClass: row.textIfPresent(5).flatMap { ErrorClass(rawValue: $0) },
                    message: row.textIfPresent(6), position: row.integer(7))
            }
        }.compactMap(\.self)
    }
}
