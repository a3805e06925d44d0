/// What one request teaches for the next ones, in all lanes.
final class Knowledge: Sendable {
    private struct Account: Hashable {
        let origin: Origin
        let login: String
    }

    private struct State {
        var isInterrupted = false
        var schemes: [Account: Challenge.Scheme] = [:]
    }

    private let state = Locked(State())

    var isInterrupted: Bool { state.with(\.isInterrupted) }

    func interrupt() { state.with { $0.isInterrupted = true } }

    /// What the server accepted from an account the last time.
    func scheme(_ credentials: Credentials?, at origin: Origin) -> Challenge.Scheme? {
        account(credentials, origin).flatMap { account in state.with { $0.schemes[account] } }
    }

    func accepted(_ scheme: Challenge.Scheme, _ credentials: Credentials?, at origin: Origin) {
        guard let account = account(credentials, origin) else { return }
        state.with { $0.schemes[account] = scheme }
    }

    private func account(_ credentials: Credentials?, _ origin: Origin) -> Account? {
        guard case .password(let login, _) = credentials?.kind else { return nil }
        return Account(origin: origin, login: login)
    }
}
