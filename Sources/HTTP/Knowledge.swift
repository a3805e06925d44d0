/// What one request teaches for the next ones, in all lanes.
final class Knowledge: Sendable {
    private struct Account: Hashable {
        let origin: Origin
        let login: String
    }

    private struct State {
        var isInterrupted = false
        var schemes: [Account: Challenge.Scheme] = [:]
        /// Hosts that want to be spoken with over https only, and whether those below them do too.
        var strict: [String: Bool] = [:]
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

    /// The address as it is to be opened: over https where a host once said so (RFC 6797).
    func secured(_ address: Address) -> Address {
        let labels = address.origin.host.split(separator: ".", omittingEmptySubsequences: false)
        let isStrict = state.with { state in
            labels.indices.contains { index in
                state.strict[labels[index...].joined(separator: ".")].map { $0 || index == 0 } ?? false
            }
        }
        return isStrict && !address.origin.isSecure ? address.secured : address
    }

    /// Only what was said over https counts, and only of names.
    func hear(_ response: Response) {
        let origin = response.address.origin
        guard origin.isSecure, let policy = response.header("Strict-Transport-Security")?.lowercased(),
            InternetAddress(origin.host) == nil
        else { return }
        let words = policy.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" } }
        guard let age = words.first(where: { $0.hasPrefix("max-age=") }) else { return }
        state.with { $0.strict[origin.host] = age == "max-age=0" ? nil : words.contains("includesubdomains") }
    }

    private func account(_ credentials: Credentials?, _ origin: Origin) -> Account? {
        guard case .password(let login, _) = credentials?.kind else { return nil }
        return Account(origin: origin, login: login)
    }
}
