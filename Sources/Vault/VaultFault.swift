/// Why a secret could not be kept or given out.
public struct VaultFault: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The whole vault was sealed with another key.
        case wrongKey = "wrong_key"
        /// The record was sealed for another owner, connection or name, or with another key; or it was altered.
        case notOurs = "not_ours"
        /// What would open the record is not there.
        case missing
        /// The file is no vault, or a damaged one, or one of a newer Daybook.
        case unusable
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    /// It is one record that cannot be opened, and all others can be.
    public var isOfOneRecord: Bool { kind == .notOurs || kind == .missing }

    static func unusable(_ path: String, _ reason: String) -> VaultFault {
        VaultFault(.unusable, "\(path) cannot be used as a vault: \(reason)")
    }
}
