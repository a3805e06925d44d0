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
        /// Renewed, and not kept yet: what renews the next may be in it alone.
        var unkept: TokenSet?
        /// When a token was last renewed because it was refused before its time.
        var refusedAt: Int64?
        /// A renewal that failed in passing, and when.
        var passing: (at: Int64, reason: any Error)?
    }

    /// A refusal so soon after a renewal is not cured by another one.
    private static let refusalPause: Int64 = 60_000
    /// Whoever waited for a renewal that failed does not try it once more.
    private static let passingPause: Int64 = 5_000

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
            if next == token { return outcomes }
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

    /// A token that holds.
    ///
    /// - Parameter used: one that was refused, so that it must be another; the same one, if another would not help.
    private func current(after used: Secret?) throws -> Secret {
        try state.with { state in
            if let failure = state.failure { throw failure }
            let now = now()
            if let used {
                // Somebody else may have renewed it while this one waited.
                if used != state.tokens.access { return state.tokens.access }
                if let last = state.refusedAt, Self.isWithin(Self.refusalPause, last, now) { return used }
                try renew(&state, now)
                state.refusedAt = now
            } else if state.tokens.isEnding(at: now) {
                do {
                    try renew(&state, now)
                } catch let reason where state.failure == nil {
                    // It is used as long as it holds, if there is no other at the moment.
                    if state.unkept != nil || now >= state.tokens.expires { throw reason }
                }
            }
            return state.tokens.access
        }
    }

    /// Renews the token before it has to be.
    public func renew() throws {
        try state.with { state in
            if let failure = state.failure { throw failure }
            try renew(&state, now())
        }
    }

    private func renew(_ state: inout State, _ now: Int64) throws {
        if let passing = state.passing, Self.isWithin(Self.passingPause, passing.at, now) { throw passing.reason }
        do {
            // What was renewed and could not be kept is not asked for a second time.
            let next = try state.unkept ?? desk.renewed(state.tokens)
            state.unkept = next
            try store(next)
            state.tokens = next
            (state.unkept, state.passing) = (nil, nil)
        } catch let reason as GrantFailure where reason.errorClass == .auth {
            state.failure = reason
            throw reason
        } catch {
            if state.unkept == nil { state.passing = (now, error) }
            throw error
        }
    }

    /// Also where the clock was set back.
    private static func isWithin(_ pause: Int64, _ last: Int64, _ now: Int64) -> Bool { abs(now - last) < pause }

    /// Only a grant that is gone asks its user for another one; everything else may pass.
    private func refused(_ error: any Error) -> Result<Response, HTTPError> {
        switch error {
        case let error as HTTPError: .failure(error)
        case let failure as ReadingFailure where failure.isInterruption:
            .failure(HTTPError(.interrupted, failure.message))
        case let failure as ReadingFailure:
            .failure(HTTPError(failure.errorClass == .transient ? .unreachable : .malformed, failure.message))
        case let failure as GrantFailure:
            .failure(HTTPError(failure.errorClass == .auth ? .unauthorized : .unreachable, failure.description))
        default:
            .failure(
                HTTPError(
                    .unreachable,
                    "The renewed access to \(grantor.name) could not be kept, so it was not used: \(error)"))
        }
    }
}
