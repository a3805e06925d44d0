import Secrets

/// How one says who asks.
enum Identity {
    case nobody
    case basic(String, Secret)
    case digest(String, Secret)
    case bearer(Secret)

    var scheme: Challenge.Scheme? {
        switch self {
        case .basic: .basic
        case .digest: .digest
        case .nobody, .bearer: nil
        }
    }
}

/// Tells one server who asks, in one way after the other, until one is accepted or none is left.
///
/// A way is safe where nobody can read along, or the owner vouches for the network. Only there a password or a token goes
/// out as it is; a Digest can be shown to everybody.
struct Introduction {
    private(set) var identity = Identity.nobody
    private let credentials: Credentials?
    private let origin: Origin
    private var triedInVain: Set<Challenge.Scheme> = []

    /// - Parameter known: the scheme that the server accepted the last time.
    init(_ credentials: Credentials?, to origin: Origin, known: Challenge.Scheme?, isSafe: Bool) {
        self.credentials = credentials.flatMap { $0.isFor(origin) ? $0 : nil }
        self.origin = origin
        switch self.credentials?.kind {
        case .password(let login, let password) where known == .digest: identity = .digest(login, password)
        case .password(let login, let password) where isSafe: identity = .basic(login, password)
        case .bearer(let token) where isSafe: identity = .bearer(token)
        default: break
        }
    }

    /// Turns to the next way after a 401, in the order in which the server offers them; false if there is none.
    mutating func turn(after response: Response, isSafe: Bool) throws(HTTPError) -> Bool {
        switch credentials?.kind {
        case nil: return false
        case .bearer(let token):
            guard case .nobody = identity else { return false }
            if !isSafe { throw unsafe }
            identity = .bearer(token)
            return true
        case .password(let login, let password):
            if let tried = identity.scheme { triedInVain.insert(tried) }
            let offered = Challenge.schemes(in: response).filter { !triedInVain.contains($0) }
            guard let next = offered.first(where: { isSafe || $0 == .digest }) else {
                if triedInVain.isEmpty, !offered.isEmpty { throw unsafe }
                return false
            }
            identity = next == .basic ? .basic(login, password) : .digest(login, password)
            return true
        }
    }

    private var unsafe: HTTPError {
        HTTPError(
            .untrusted,
            "\(origin.host) wants the password unencrypted, where everybody on the way could read it. Use an address with "
                + "https://, or let the owner of this Daybook allow “\(origin.host)”.")
    }
}
