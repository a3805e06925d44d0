public import Secrets

/// What opens a server, and where it may be shown.
public struct Credentials: Sendable {
    public enum Kind: Sendable {
        /// Basic or Digest, in the order in which the server offers them.
        case password(login: String, Secret)
        case bearer(Secret)
    }

    public var kind: Kind
    /// The origin that a person typed. Nobody else sees the credentials, but for `others`.
    public var origin: Origin
    /// Further origins by a stated rule, such as the partition hosts of iCloud.
    public var others: @Sendable (Origin) -> Bool

    public init(_ kind: Kind, for origin: Origin, others: @escaping @Sendable (Origin) -> Bool = { _ in false }) {
        self.kind = kind
        self.origin = origin
        self.others = others
    }

    /// Also the encrypted side of what they are for: what may be shown in the clear may be shown encrypted.
    public func isFor(_ other: Origin) -> Bool {
        other == origin || others(other) || (!origin.isSecure && origin.secured == other)
    }
}

/// Scheme, host and port: what has to be equal for two addresses to be one server's.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    public let scheme: String
    /// In small letters, as DNS has it (punycode); IPv6 in brackets.
    public let host: String
    public let port: Int

    public init(scheme: String, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    public var isSecure: Bool { scheme == "https" }

    /// The same server over https: at the port that is usual for it, or at the same one if it is not a usual one.
    public var secured: Origin { Origin(scheme: "https", host: host, port: port == 80 ? 443 : port) }

    /// Whether a server that names the other one as its own new place is believed, so that what is kept for this one may be
    /// shown there: it is this one, or the same host over https where both are at the usual ports.
    ///
    /// Another port of the same host may be somebody else's.
    public func mayBecome(_ other: Origin) -> Bool {
        other == self || scheme == "http" && port == 80 && other.port == 443 && other == secured
    }

    public var description: String { "\(scheme)://\(place)" }

    /// The host, and its port where it is not the usual one.
    public var place: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }
}
