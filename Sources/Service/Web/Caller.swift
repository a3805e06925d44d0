public import Application
public import WebServer

/// Who asks over HTTP.
public struct Caller: Sendable, Equatable {
    /// The id of the user in whose name things are asked.
    public let user: String
    public let isAdmin: Bool
    public let scopes: Set<Scope>
    public let kind: Kind

    /// What a token may be used for. A session has all of them.
    public enum Scope: String, Sendable, CaseIterable {
        case read, write, admin
    }

    public enum Kind: String, Sendable {
        /// A person with a browser, by a cookie: it is sent along whoever made the page that asks.
        case session
        /// A program, by a token in a header.
        case token
        /// Whoever may open the socket of the home.
        case socket
    }

    public init(user: String, isAdmin: Bool, scopes: Set<Scope> = Set(Scope.allCases), kind: Kind) {
        self.user = user
        self.isAdmin = isAdmin
        self.scopes = scopes
        self.kind = kind
    }

    /// Whoever may write may read, and whoever has the scope `admin` may do both.
    func has(_ scope: Scope) -> Bool {
        switch scope {
        case .read: !scopes.isEmpty
        case .write: scopes.contains(.write) || scopes.contains(.admin)
        case .admin: scopes.contains(.admin)
        }
    }
}

/// Finds out who asks: nil is nobody who is known, a refusal is what was shown and is not good (any more).
public typealias Authenticate = @Sendable (Visit) -> Result<Caller?, Refusal>

/// Whoever answers the requests of the program.
public protocol Asker: Sendable {
    func ask<SomeRequest: Request>(_ request: SomeRequest) throws -> SomeRequest.Answer
}
