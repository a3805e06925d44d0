public import Secrets

/// A secret on its way from one who types it to the vault.
///
/// A `Secret` cannot be encoded, and this is the one exception: requests go as bytes through the socket of the home, which
/// nobody but its owner can open. It is part of requests only, never of an answer.
public struct Confided: Codable, Sendable, CustomStringConvertible {
    public let secret: Secret

    public init(_ secret: Secret) { self.secret = secret }

    public init(from decoder: any Decoder) throws {
        secret = Secret(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try secret.reveal { try container.encode($0) }
    }

    public var description: String { "***" }
}
