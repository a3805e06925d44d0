/// Why a secret could not be kept or given out.
public struct VaultFault: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The record was sealed for another owner, connection or name, or with another key; or it was altered.
        case notOurs = "not_ours"
        case missing
        case unusable
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
