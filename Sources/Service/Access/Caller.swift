public import Application
public import Entries

/// Who asks over the network, and what they may do. Whose things are asked for comes from here and from nowhere else.
public struct Caller: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Somebody in a browser. The mark goes with whatever changes something.
        case session(mark: String)
        /// A program, by the id of its token.
        case token(String)

        /// As it is told.
        var name: String {
            switch self {
            case .session: "session"
            case .token: "token"
            }
        }
    }

    /// The id of the user.
    public let user: String
    public let name: String?
    public let role: Role
    public let scopes: Set<TokenScope>
    public let kind: Kind

    public init(user: String, name: String?, role: Role, scopes: Set<TokenScope>, kind: Kind) {
        self.user = user
        self.name = name
        self.role = role
        // What a user may no longer do, a token from before may neither.
        self.scopes = role == .admin ? scopes : scopes.subtracting([.admin, .metrics])
        self.kind = kind
    }

    /// As entries name who did something: so what a token did can be told from what its user did.
    var actor: String {
        switch kind {
        case .session: "user/\(user)"
        case .token(let id): "token/\(id)"
        }
    }

    public var isAdmin: Bool { role == .admin && scopes.contains(.admin) }

    /// Whoever may change may look, and whoever may do what takes an administrator may do both.
    public func may(_ scope: TokenScope) -> Bool {
        switch scope {
        case .read: !scopes.isDisjoint(with: [.read, .write, .admin])
        case .write: !scopes.isDisjoint(with: [.write, .admin])
        case .admin: scopes.contains(.admin)
        case .metrics: !scopes.isDisjoint(with: [.metrics, .admin])
        }
    }
}
