import Entries
import HTTP
import Projections
import Providers
import SQLite

/// What became of a grant at its provider when the connection that it opened was removed.
public struct GrantEnd: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable, CaseIterable {
        /// The provider was told, and nothing opens the account any more.
        case revoked
        /// The provider takes back all that an account granted to this Daybook at once, and another connection may need it.
        case shared
        /// The provider could not be told.
        case untold
        /// The provider can be told by the owner of the account alone.
        case byHand = "by_hand"
    }

    public let provider: String
    public let state: State
    /// Where the owner of the account takes it back.
    public let page: String
    /// Why the provider could not be told.
    public let reason: String?
}

/// Ends a grant at its provider. Nothing waits for it: the connection is gone from here whether that succeeds or not.
struct GrantEnding {
    private let home: OpenHome
    private let kind: Grantor.Kind
    private let known: ConnectionsRequest.Shown
    private let tokens: TokenSet

    /// Takes the tokens before the vault destroys them. Nil where there are none that can be read.
    init?(_ known: ConnectionsRequest.Shown, of viewer: Viewer, _ home: OpenHome) {
        guard let kind = Grantor.Kind(rawValue: known.provider),
            let sealed = try? home.secrets(viewer.user, known.connection).secret(.tokens),
            let tokens = try? TokenSet(sealedForm: sealed)
        else { return nil }
        (self.home, self.kind, self.known, self.tokens) = (home, kind, known, tokens)
    }

    /// To be called when the connection is gone.
    func run() -> GrantEnd {
        do {
            if try kind == .google && isShared() { return end(.shared) }
            let grantor = try home.grantor(kind == .google ? .google : .microsoft)
            let desk = try TokenDesk(grantor, home.plainTransport(), now: home.options.now)
            return end(try desk.revoke(tokens) ? .revoked : .byHand)
        } catch let refusal as Refusal {
            return end(.untold, refusal.message)
        } catch {
            return end(.untold, "\(error)".asClause)
        }
    }

    /// Contacts do not say whose they are, so they may be anybody's.
    private func isShared() throws -> Bool {
        try home.views().read { views in
            try views.prepare(
                """
                SELECT EXISTS (
                    SELECT 1 FROM connection
                    WHERE provider = ?1 AND connection <> ?2 AND (email IS NULL OR ?3 IS NULL OR email = ?3))
                """
            ).first(.text(known.provider), .text(known.connection), Value(known.email)) { $0.integer(0) == 1 } ?? false
        }
    }

    private func end(_ state: GrantEnd.State, _ reason: String? = nil) -> GrantEnd {
        GrantEnd(provider: kind.name, state: state, page: kind.ownersPage, reason: reason)
    }
}
