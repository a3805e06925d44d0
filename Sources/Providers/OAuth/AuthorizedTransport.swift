import Entries
public import HTTP
import Machine
import Secrets

/// Shows the token to the provider and to nobody else, and gets the next one before it ends.
///
/// However many requests are waiting, a token is renewed once. The new one is kept before it is used: a program that dies in
/// between has the old one or the new one, and never none.
public final class AuthorizedTransport: Transport {
    private let grantor: Grantor
    private let inner: any Transport
    private let desk: TokenDesk
    private let now: @Sendable () -> Int64
    private let store: (TokenSet) throws -> Void
    private let state: Guarded<State>

    private struct State: Sendable {
        var tokens: TokenSet
        /// Nothing more is asked with a grant that is gone.
        var failure: GrantFailure?
    }

    /// - Parameter store: keeps new tokens; when it returns they are safe.
    public init(
        _ grantor: Grantor, _ inner: any Transport, tokens: TokenSet, now: @escaping @Sendable () -> Int64,
        store: @escaping (TokenSet) throws -> Void
    ) {
        self.grantor = grantor
        self.inner = inner
        state = Guarded(State(tokens: tokens))
        self.now = now
        self.store = store
        desk = TokenDesk(grantor, inner, now: now)
    }

    /// Why the grant does not hold any more; nil while it does.
    public var refusal: GrantFailure? { state.with(\.failure) }

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        let token: Secret
        do {
            token = try current(after: nil)
        } catch {
            return requests.map { _ in refused(error) }
        }
        var outcomes = inner.send(requests.map { authorized($0, token) })
        let denied = outcomes.indices.filter { number in
            guard case .success(let response) = outcomes[number] else { return false }
            return response.status == 401 && grantor.origins.contains(requests[number].address.origin)
        }
        guard !denied.isEmpty else { return outcomes }
        // A token may end before its time. It is renewed once; what is refused then is refused.
        do {
            let next = try current(after: token)
            for (number, outcome) in zip(denied, inner.send(denied.map { authorized(requests[$0], next) })) {
                outcomes[number] = outcome
            }
        } catch {
            for number in denied { outcomes[number] = refused(error) }
        }
        return outcomes
    }

    private func authorized(_ request: Request, _ token: Secret) -> Request {
        var request = request
        request.credentials = Credentials(.bearer(token), for: grantor.base.origin) { [origins = grantor.origins] in
            origins.contains($0)
        }
        return request
    }

    /// A token that holds. - Parameter used: one that was refused, so that it must be another.
    private func current(after used: Secret?) throws -> Secret {
        try state.with { state in
            if let failure = state.failure { throw failure }
            // Somebody else may have renewed it while this one waited.
            let isStale = used.map { $0 == state.tokens.access } ?? state.tokens.isEnding(at: now())
            if isStale {
                do {
                    let next = try desk.renewed(state.tokens)
                    try store(next)
                    state.tokens = next
                } catch let reason as GrantFailure where reason.errorClass == .auth {
                    state.failure = reason
                    throw reason
                }
            }
            return state.tokens.access
        }
    }

    private func refused(_ error: any Error) -> Result<Response, HTTPError> {
        switch error {
        case let error as HTTPError: .failure(error)
        case let failure as ReadingFailure:
            .failure(HTTPError(failure.errorClass == .transient ? .unreachable : .malformed, failure.message))
        default: .failure(HTTPError(.unauthorized, "\(error)"))
        }
    }
}
