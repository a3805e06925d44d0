import FoundationEssentials
public import Secrets

/// A sign-in on its way: a browser was sent to a provider, and has not come back yet.
///
/// It is kept in the vault and taken out of there by whoever finishes it, so that an answer counts once.
public struct PendingGrant: Sendable {
    public let provider: OAuthProvider.Name
    /// Comes back with the browser, and shows that it is the one that was sent.
    public let state: Secret
    /// Shows to the provider that the code is redeemed by the one who asked for it (PKCE, RFC 7636).
    let verifier: Secret
    /// Where the browser is sent back to.
    public let redirect: String
    public let parts: Set<OAuthPart>
    public let created: Int64
    /// Who began it: the user on the command line, the session of a browser.
    public let session: String

    /// Nobody needs longer to say yes.
    public static let lifetime: Int64 = 600_000

    init(
        provider: OAuthProvider.Name, redirect: String, parts: Set<OAuthPart>, session: String, created: Int64,
        _ randomness: Randomness
    ) {
        self.provider = provider
        self.redirect = redirect
        self.parts = parts
        self.session = session
        self.created = created
        state = Secret(randomness.bytes(32).base64URL)
        verifier = Secret(randomness.bytes(32).base64URL)
    }

    /// What is shown of the verifier beforehand: its hash.
    var challenge: String { Self.challenge(verifier) }

    static func challenge(_ verifier: Secret) -> String {
        verifier.revealBytes { SHA256.hash($0).bytes.base64URL }
    }

    func isOver(at now: Int64) -> Bool { now - created >= Self.lifetime || now < created - Self.lifetime }
}

// As it is kept.
extension PendingGrant {
    private struct Stored: Codable {
        let provider: OAuthProvider.Name
        let state, verifier, redirect: String
        let parts: [OAuthPart]
        let created: Int64
        let session: String
    }

    public func encoded() throws -> Secret {
        try state.reveal { state in
            try verifier.reveal { verifier in
                let stored = Stored(
                    provider: provider, state: state, verifier: verifier, redirect: redirect, parts: parts.sorted(),
                    created: created, session: session)
                return Secret(Array(try JSONEncoder().encode(stored)))
            }
        }
    }

    /// Nil unless it is what `encoded` wrote.
    public init?(_ secret: Secret) {
        guard let stored = try? secret.revealBytes({ try JSONDecoder().decode(Stored.self, from: Data($0)) }) else {
            return nil
        }
        (provider, redirect, created, session) = (stored.provider, stored.redirect, stored.created, stored.session)
        (state, verifier) = (Secret(stored.state), Secret(stored.verifier))
        parts = Set(stored.parts)
    }
}
