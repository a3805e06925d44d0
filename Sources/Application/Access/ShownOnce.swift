public import Secrets

/// A secret that was just made, on its way to the one for whom it was made. It is kept nowhere, so it can be told this once.
///
/// Besides `Confided`, which goes the other way, this is the one exception to the rule that a `Secret` is never encoded.
public struct ShownOnce: Codable, Sendable, CustomStringConvertible {
    public let secret: Secret

    init(_ secret: Secret) { self.secret = secret }

    public init(from decoder: any Decoder) throws {
        secret = Secret(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try secret.reveal { try container.encode($0) }
    }

    public var description: String { "***" }
}
