public import HTTP

/// Sends requests with the access that a user granted, and renews it when it is old or refused.
///
/// - Access is shown to the provider's own servers and to nobody else.
/// - It is renewed five minutes before its end, or when it is refused; once for all requests and threads that share a
///   keeper. What is new is kept before it is used, and before the old is let go.
/// - When it cannot be renewed any more, `failure` says why, and nothing is sent to the provider again: each request is
///   answered with 401 here.
public final class AuthorizedTransport: Transport {
    public let keeper: TokenKeeper
    /// What the closure that keeps tokens threw the last time; nil when it kept them.
    public private(set) var keepingError: (any Error)?
    private let transport: any Transport
    private let signIn: SignIn
    private let now: () -> Int64
    private let keep: (TokenSet) throws -> Void

    /// - Parameters:
    ///   - transport: carries requests out, also those that renew access.
    ///   - keep: writes the tokens down; they are on the disk when it returns.
    public init(
        _ transport: any Transport, _ app: OAuthApp, _ keeper: TokenKeeper, now: @escaping () -> Int64,
        keep: @escaping (TokenSet) throws -> Void
    ) {
        self.transport = transport
        self.keeper = keeper
        self.now = now
        self.keep = keep
        signIn = SignIn(app, transport, now: now)
    }

    /// Why there is no access any more: what the user must know. Nil as long as there is.
    public var failure: OAuthFailure? { keeper.failure }

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        let own = requests.indices.filter { signIn.provider.isOwn(requests[$0].address.origin) }
        if own.isEmpty { return transport.send(requests) }
        var requests = requests
        switch access() {
        case .success(let held):
            for index in own { authorize(&requests[index], held) }
            return sendAgain(requests, transport.send(requests), own, held)
        case .failure(let stop):
            let others = requests.indices.filter { !own.contains($0) }
            var outcomes = requests.map { Self.answer(stop, to: $0, signIn) }
            let sent = others.isEmpty ? [] : transport.send(others.map { requests[$0] })
            for (index, outcome) in zip(others, sent) { outcomes[index] = outcome }
            return outcomes
        }
    }

    private func authorize(_ request: inout Request, _ held: TokenKeeper.Held) {
        request.credentials = Credentials(
            .bearer(held.tokens.access), for: request.address.origin, others: signIn.provider.isOwn)
    }

    /// Those that were refused are sent once more with newer access.
    private func sendAgain(
        _ requests: [Request], _ outcomes: [Result<Response, HTTPError>], _ own: [Int], _ held: TokenKeeper.Held
    ) -> [Result<Response, HTTPError>] {
        let refused = own.filter { (try? outcomes[$0].get())?.status == 401 }
        if refused.isEmpty { return outcomes }
        var outcomes = outcomes
        switch newer(than: held, refusedAt: now()) {
        case .success(let newer):
            if newer.number == held.number { return outcomes }
            var again = refused.map { requests[$0] }
            for index in again.indices { authorize(&again[index], newer) }
            for (index, outcome) in zip(refused, transport.send(again)) { outcomes[index] = outcome }
        case .failure(let stop):
            for index in refused { outcomes[index] = Self.answer(stop, to: requests[index], signIn) }
        }
        return outcomes
    }
}

// MARK: Access

extension AuthorizedTransport {
    /// Access that will be good for a while.
    private func access() -> Result<TokenKeeper.Held, TokenKeeper.Stop> {
        if let failure = keeper.failure { return .failure(.over(failure)) }
        let held = keeper.held
        let health = held.tokens.health(at: now())
        if health == .valid { return .success(held) }
        let newer = newer(than: held, refusedAt: nil)
        // As long as it is good it is used, if it cannot be renewed at the moment.
        if health == .expiring, case .failure(.passing) = newer { return .success(held) }
        return newer
    }

    private func newer(
        than held: TokenKeeper.Held, refusedAt: Int64?
    ) -> Result<TokenKeeper.Held, TokenKeeper.Stop> {
        keeper.newer(
            than: held.number, refusedAt: refusedAt,
            renew: { [signIn] tokens, unkept in
                // One that was renewed and not kept is not asked for a second time.
                if let unkept { return .success(unkept) }
                do throws(OAuthFailure) {
                    return .success(try signIn.renew(tokens))
                } catch {
                    return .failure(error.kind == .transient ? .passing(error) : .over(error))
                }
            },
            keep: { tokens in
                do {
                    try self.keep(tokens)
                    self.keepingError = nil
                    return true
                } catch {
                    self.keepingError = error
                    return false
                }
            })
    }

    /// What a request is told that was not sent.
    private static func answer(
        _ stop: TokenKeeper.Stop, to request: Request, _ signIn: SignIn
    ) -> Result<Response, HTTPError> {
        switch stop {
        case .over: return .success(Response(status: 401, headers: [], body: [], address: request.address))
        case .passing(let failure):
            if let network = failure.network { return .failure(network) }
            let headers = failure.retryAfterMilliseconds.map { [Header("Retry-After", String($0 / 1_000))] } ?? []
            return .success(Response(status: 503, headers: headers, body: [], address: request.address))
        case .notKept:
            return .failure(
                HTTPError(
                    .interrupted,
                    "Access to \(signIn.name.title) was renewed and could not be kept, so nothing was sent with it."))
        }
    }
}
