/// Why a text is no XML that is read here.
public struct XMLFault: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable { case malformed, tooDeep, tooLarge, hasDoctype, empty }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }
}
