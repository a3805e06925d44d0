import HTTP
import Machine

/// The access of one connection, for all threads that use it: however many find it too old at the same time, it is
/// renewed once.
public final class TokenKeeper: Sendable {
    /// Access as it was at some time. The number counts the renewals.
    struct Held: Sendable {
        var tokens: TokenSet
        var number: Int
    }

    /// Why there is no newer access.
    enum Stop: Error {
        /// For good; nothing more is asked.
        case over(OAuthFailure)
        /// For now.
        case passing(OAuthFailure)
        /// It was renewed, and could not be kept. It is tried again without asking for yet another.
        case notKept
    }

    private struct State: Sendable {
        var held: Held
        var isRenewing = false
        /// How many renewals were begun, and how many ended.
        var begun = 0
        var ended = 0
        /// What the last one came to, where it came to nothing.
        var stop: Stop?
        var failure: OAuthFailure?
        /// Renewed, and not kept yet.
        var unkept: TokenSet?
        /// When access was last renewed because it was refused before its time.
        var refusedAt: Int64?
    }

    private let state: Guarded<State>

    public init(_ tokens: TokenSet) { state = Guarded(State(held: Held(tokens: tokens, number: 0))) }

    public var tokens: TokenSet { held.tokens }

    /// Why there is no access any more; nil as long as there is.
    public var failure: OAuthFailure? { state.with { $0.failure } }

    var held: Held { state.with { $0.held } }

    /// Newer access than the one with the number: somebody else's, if it was renewed meanwhile, else through `renew`.
    ///
    /// - Parameter refusedAt: when the provider refused access that should still be good; nil if it is only old.
    func newer(
        than number: Int, refusedAt: Int64?, renew: (TokenSet, _ unkept: TokenSet?) -> Result<TokenSet, Stop>,
        keep: (TokenSet) -> Bool
    ) -> Result<Held, Stop> {
        switch turn(number, refusedAt) {
        case .finished(let outcome): return outcome
        case .mine(let tokens, let unkept):
            let fresh = renew(tokens, unkept)
            // It must be kept before anybody uses it: a kill in between would lose what renews it.
            let isKept = (try? fresh.get()).map(keep) ?? true
            return finish(fresh, isKept, refusedAt)
        }
    }

    private enum Turn {
        case mine(TokenSet, unkept: TokenSet?)
        case finished(Result<Held, Stop>)
    }

    /// A refusal so soon after a renewal is not cured by another one.
    private static let refusalPause: Int64 = 60_000

    private func turn(_ number: Int, _ refusedAt: Int64?) -> Turn {
        var joined: Int?
        return state.wait { state -> Turn? in
            if let failure = state.failure { return .finished(.failure(.over(failure))) }
            if state.held.number > number { return .finished(.success(state.held)) }
            // Who waited for a renewal that failed does not try it once more.
            if let joined, state.ended >= joined, let stop = state.stop { return .finished(.failure(stop)) }
            if state.isRenewing {
                joined = state.begun
                return nil
            }
            if let refusedAt, let last = state.refusedAt, abs(refusedAt - last) < Self.refusalPause {
                return .finished(.success(state.held))
            }
            state.isRenewing = true
            state.begun += 1
            return .mine(state.held.tokens, unkept: state.unkept)
        }
    }

    private func finish(_ fresh: Result<TokenSet, Stop>, _ isKept: Bool, _ refusedAt: Int64?) -> Result<Held, Stop> {
        state.with { state in
            state.isRenewing = false
            state.ended = state.begun
            state.stop = nil
            switch fresh {
            case .success(let tokens) where isKept:
                state.held = Held(tokens: tokens, number: state.held.number + 1)
                state.unkept = nil
                if let refusedAt { state.refusedAt = refusedAt }
                return .success(state.held)
            case .success(let tokens):
                state.unkept = tokens
                state.stop = .notKept
                return .failure(.notKept)
            case .failure(let stop):
                state.stop = stop
                if case .over(let failure) = stop { state.failure = failure }
                return .failure(stop)
            }
        }
    }
}
