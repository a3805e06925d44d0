public import HTTP
public import Secrets

/// Who hands out access to calendars and contacts, and at which addresses.
public struct OAuthProvider: Sendable {
    public enum Name: String, Sendable, Codable, CaseIterable {
        case google, microsoft

        /// As a person knows it.
        public var title: String { self == .google ? "Google" : "Microsoft" }
    }

    public let name: Name
    /// Where a browser is sent, so that its user says yes or no.
    let authorization: Address
    /// Where codes and refresh tokens are given for access tokens.
    let token: Address
    let revocation: Address?
    /// Where a machine without a browser asks for a code that a person types elsewhere.
    let device: Address?
    /// Whether an issuer that an answer names is this one (RFC 9207).
    let isIssuer: @Sendable (String) -> Bool
    /// Where its access tokens may be shown, and nowhere else.
    let isOwn: @Sendable (Origin) -> Bool

    /// The name of this machine to which its sign-in sends a browser back. Microsoft wants it this way where the port may
    /// be any.
    public var loopbackHost: String { name == .google ? "127.0.0.1" : "localhost" }

    /// Each has a path of its own, so that the answer of one is never taken for that of another.
    public var loopbackPath: String { "/" + name.rawValue }

    /// - Parameter base: the address of an emulator that stands in for all of Google's.
    public static func google(at base: Address? = nil) throws(HTTPError) -> OAuthProvider {
        if let base {
            return try emulated(
                .google, base, authorization: "/o/oauth2/v2/auth", token: "/token", revocation: "/revoke", device: nil)
        }
        return OAuthProvider(
            name: .google, authorization: try Address("https://accounts.google.com/o/oauth2/v2/auth"),
            token: try Address("https://oauth2.googleapis.com/token"),
            revocation: try Address("https://oauth2.googleapis.com/revoke"),
            // Google's own does not give access to calendars.
            device: nil,
            isIssuer: { $0 == "https://accounts.google.com" },
            isOwn: { $0.scheme == "https" && $0.port == 443 && $0.host.hasSuffix(".googleapis.com") })
    }

    /// - Parameters:
    ///   - tenant: the id or the domain of an organization, or `common`, `organizations` or `consumers`.
    ///   - base: the address of an emulator that stands in for all of Microsoft's.
    public static func microsoft(tenant: String = "common", at base: Address? = nil) throws(HTTPError) -> OAuthProvider
    {
        let isPlain = tenant.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46
        }
        guard isPlain, !tenant.isEmpty, !tenant.hasPrefix(".") else {
            throw HTTPError(.badAddress, "“\(tenant)” is no tenant: it is an id, a domain, or the word common.")
        }
        let path = "/\(tenant)/oauth2/v2.0/"
        if let base {
            return try emulated(
                .microsoft, base, authorization: path + "authorize", token: path + "token", revocation: nil,
                device: path + "devicecode")
        }
        let door = "https://login.microsoftonline.com"
        return OAuthProvider(
            name: .microsoft, authorization: try Address(door + path + "authorize"),
            token: try Address(door + path + "token"),
            // There is nothing to ask: its users end access in their account.
            revocation: nil, device: try Address(door + path + "devicecode"),
            isIssuer: { $0.hasPrefix(door + "/") && $0.hasSuffix("/v2.0") },
            isOwn: { $0.scheme == "https" && $0.port == 443 && $0.host == "graph.microsoft.com" })
    }

    private static func emulated(
        _ name: Name, _ base: Address, authorization: String, token: String, revocation: String?, device: String?
    ) throws(HTTPError) -> OAuthProvider {
        let origin = base.origin
        func address(_ path: String?) throws(HTTPError) -> Address? {
            guard let path else { return nil }
            return try Address(origin.description + path)
        }
        return OAuthProvider(
            name: name, authorization: try Address(origin.description + authorization),
            token: try Address(origin.description + token), revocation: try address(revocation),
            device: try address(device), isIssuer: { $0 == origin.description }, isOwn: { $0 == origin })
    }
}

/// A program that a provider knows, as its owner registered it there.
public struct OAuthApp: Sendable {
    public let provider: OAuthProvider
    public let clientID: String
    /// Nil for one that can keep no secret, as Microsoft has it. Google gives one also to those, and wants it sent.
    public let clientSecret: Secret?

    public init(_ provider: OAuthProvider, clientID: String, clientSecret: Secret? = nil) {
        self.provider = provider
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}
