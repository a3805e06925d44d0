import FoundationEssentials
public import Secrets

/// What a grant gave: a token that opens for an hour, and one with which the next is got.
public struct TokenSet: Sendable, Equatable {
    public var access: Secret
    public var refresh: Secret?
    /// When the access token ends.
    public var expires: Int64
    public var scopes: [String]
    /// When nothing can be renewed any more, where the provider says so.
    public var grantExpires: Int64?
    public var granted: Int64
    /// When the access token was handed out.
    public var issued: Int64?

    public init(
        access: Secret, refresh: Secret?, expires: Int64, scopes: [String], grantExpires: Int64? = nil, granted: Int64,
        issued: Int64? = nil
    ) {
        self.access = access
        self.refresh = refresh
        self.expires = expires
        self.scopes = scopes
        self.grantExpires = grantExpires
        self.granted = granted
        self.issued = issued
    }

    private struct Record: Codable {
        var access: String
        var refresh: String?
        var expires: Int64
        var scopes: [String]
        var grantExpires: Int64?
        var granted: Int64
        var issued: Int64?
    }

    /// For the vault, and for nothing else.
    public func sealedForm() throws -> Secret {
        let record = Record(
            access: access.reveal { $0 }, refresh: refresh?.reveal { $0 }, expires: expires, scopes: scopes,
            grantExpires: grantExpires, granted: granted, issued: issued)
        return Secret(Array(try JSONEncoder().encode(record)))
    }

    public init(sealedForm secret: Secret) throws {
        let record = try secret.revealBytes { try JSONDecoder().decode(Record.self, from: Data($0)) }
        self.init(
            access: Secret(record.access), refresh: record.refresh.map { Secret($0) }, expires: record.expires,
            scopes: record.scopes, grantExpires: record.grantExpires, granted: record.granted,
            issued: record.issued)
    }

    /// It ends so soon that a request could come too late. One that was short-lived from the start has its last tenth for
    /// that, or each request would renew it.
    public func isEnding(at now: Int64) -> Bool {
        expires - now <= min(Self.margin, issued.map { max(0, expires - $0) / 10 } ?? Self.margin)
    }

    private static let margin: Int64 = 5 * 60_000
}
