import FoundationEssentials
public import Secrets

/// What a provider handed out: access for a while, and what renews it.
public struct TokenSet: Sendable {
    public let access: Secret
    public let refresh: Secret?
    /// When the access token was handed out, and until when it is good.
    public let issued, expires: Int64
    /// When the user said yes.
    public let granted: Int64
    /// When access can no longer be renewed, where the provider says so; Google does for apps that are being tested.
    public let grantExpires: Int64?
    /// What was granted, in the words of the provider.
    public let scopes: [String]

    public enum Health: String, Sendable, Codable { case valid, expiring, expired }

    public init(
        access: Secret, refresh: Secret?, issued: Int64, expires: Int64, granted: Int64, grantExpires: Int64?,
        scopes: [String]
    ) {
        self.access = access
        self.refresh = refresh
        self.issued = issued
        self.expires = expires
        self.granted = granted
        self.grantExpires = grantExpires
        self.scopes = scopes
    }

    /// It is renewed so long before its end; one that was short-lived from the start, in its last tenth.
    static let margin: Int64 = 300_000

    public func health(at now: Int64) -> Health {
        if now >= expires { return .expired }
        return expires - now <= min(Self.margin, (expires - issued) / 10) ? .expiring : .valid
    }

    /// Whether a part was granted in full.
    public func allows(_ part: OAuthPart, at provider: OAuthProvider) -> Bool {
        provider.missing(part, in: scopes).isEmpty
    }
}

// As it is kept: one record in the vault, so that it changes as a whole.
extension TokenSet {
    private struct Stored: Codable {
        let access: String
        let refresh: String?
        let issued, expires, granted: Int64
        let grantExpires: Int64?
        let scopes: [String]
    }

    public func encoded() throws -> Secret {
        try access.reveal { access in
            let stored = Stored(
                access: access, refresh: refresh?.reveal { $0 }, issued: issued, expires: expires, granted: granted,
                grantExpires: grantExpires, scopes: scopes)
            return Secret(Array(try JSONEncoder().encode(stored)))
        }
    }

    /// Nil unless it is what `encoded` wrote.
    public init?(_ secret: Secret) {
        guard let stored = try? secret.revealBytes({ try JSONDecoder().decode(Stored.self, from: Data($0)) }) else {
            return nil
        }
        self.init(
            access: Secret(stored.access), refresh: stored.refresh.map { Secret($0) }, issued: stored.issued,
            expires: stored.expires, granted: stored.granted, grantExpires: stored.grantExpires, scopes: stored.scopes)
    }
}
