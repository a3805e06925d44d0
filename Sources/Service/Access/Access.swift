public import Application
public import HTTP
public import Secrets
public import WebServer

/// Turns what somebody sends over HTTP into who they are. It is asked on any thread, and waits for nothing.
public struct Access: Sendable {
    /// What is told of somebody who was refused, for one line of the log.
    public struct Failure: Sendable, Equatable {
        public let code: String
        /// From where.
        public let address: String
    }

    public struct Surroundings: Sendable {
        public var now: @Sendable () -> Int64
        public var randomness: Randomness
        /// Does something in the home, in its turn, and waits until it is done.
        public var inHome: @Sendable (_ body: @Sendable (OpenHome) throws -> Void) throws -> Void
        /// Networks of one's own proxies, as the setting says now.
        public var proxies: @Sendable () -> TrustedProxies = { [] }
        public var failed: @Sendable (Failure) -> Void = { _ in }

        public init(
            now: @escaping @Sendable () -> Int64, randomness: Randomness,
            inHome: @escaping @Sendable (_ body: @Sendable (OpenHome) throws -> Void) throws -> Void
        ) {
            (self.now, self.randomness, self.inHome) = (now, randomness, inHome)
        }
    }

    let book: AccessBook
    let surroundings: Surroundings

    public init(_ book: AccessBook, _ surroundings: Surroundings) {
        (self.book, self.surroundings) = (book, surroundings)
    }

    /// Who asks; nil where they do not say. What they say and is not so is refused, and so is what changes something and comes
    /// from the pages of somebody else.
    public func caller(_ visit: Visit) throws(AccessFault) -> Caller? {
        do {
            return try found(visit)
        } catch {
            surroundings.failed(Failure(code: error.code, address: address(visit)))
            throw error
        }
    }

    /// As `caller`, where somebody must be logged in.
    public func required(_ visit: Visit) throws(AccessFault) -> Caller {
        guard let caller = try caller(visit) else { throw .nobody }
        return caller
    }

    /// The address of the one who asks, behind one's own proxies.
    public func address(_ visit: Visit) -> String {
        let forwarded = visit.headers.filter { $0.name.lowercased() == "x-forwarded-for" }.map(\.value)
        return ClientAddress.of(
            peer: visit.peer, forwarded: forwarded.isEmpty ? nil : forwarded.joined(separator: ","),
            trusted: surroundings.proxies())
    }

    func cookie(_ visit: Visit) -> SessionCookie { SessionCookie(visit, surroundings.proxies()) }

    /// Whether somebody who was let in would be let in again as the same, with the same rights: asked while a stream lasts.
    func stands(_ visit: Visit, as caller: Caller) -> Bool {
        switch caller.kind {
        case .token: (try? bearer(of: visit.header("Authorization") ?? "")) == caller
        case .session:
            cookie(visit).id(visit).flatMap { book.sessionUser($0, now: surroundings.now()) }.map {
                $0.user == caller.user && $0.role == caller.role
            } ?? false
        }
    }

    private func found(_ visit: Visit) throws(AccessFault) -> Caller? {
        if Self.hasTokenInAddress(visit) { throw .tokenInAddress }
        if visit.headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            return try bearer(of: visit.header("Authorization") ?? "")
        }
        return try browser(visit)
    }

    private func bearer(of header: String) throws(AccessFault) -> Caller {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let (token, user) = book.token(String(parts[1]), now: surroundings.now())
        else { throw .deadToken }
        return Caller(
            user: user.user, name: user.name, role: user.role, scopes: token.scopes, kind: .token(token.token))
    }

    private func browser(_ visit: Visit) throws(AccessFault) -> Caller? {
        let cookie = cookie(visit)
        guard let id = cookie.id(visit), let user = book.session(id, now: surroundings.now()) else { return nil }
        if !["GET", "HEAD"].contains(visit.method) {
            guard OriginCheck.allows(visit, isPlain: cookie.isPlain, isRequired: true) else { throw .foreignOrigin }
            guard let mark = visit.header("X-CSRF-Token"), book.isMark(mark, of: id) else { throw .noMark }
        }
        // What takes a token of its own is no matter of a browser.
        return Caller(
            user: user.user, name: user.name, role: user.role, scopes: [.read, .write, .admin, .metrics],
            kind: .session(mark: book.sessionMark(id)))
    }

    private static let tokenNames: Set<String> = ["token", "access_token", "api_key", "bearer", "authorization"]

    static func hasTokenInAddress(_ visit: Visit) -> Bool {
        visit.path.split(separator: "/").contains { AccessBook.isToken(String($0)) }
            || visit.query.contains { field in
                AccessBook.isToken(field.value) || AccessBook.isToken(field.name)
                    || tokenNames.contains(field.name.lowercased())
            }
    }
}
