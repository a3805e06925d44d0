import Secrets

/// What a provider sends a browser back with.
struct RedirectAnswer {
    /// What stands before the question mark; nil where only the rest was given.
    private let base: String?
    private let fields: [String: String]

    /// Longer than any provider writes.
    private static let longest = 16 << 10

    /// - Parameter text: the whole address from a browser, or what follows its question mark.
    init(_ text: String, for provider: OAuthProvider.Name) throws(OAuthFailure) {
        let trimmed = String(text.filter { !$0.isWhitespace }.prefix { $0 != "#" })
        let mark = trimmed.firstIndex(of: "?")
        let query = mark.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
        base = mark.flatMap { $0 == trimmed.startIndex ? nil : String(trimmed[..<$0]) }
        guard trimmed.utf8.count <= Self.longest, query.contains("="), let fields = FormText.read(query) else {
            throw OAuthFailure(
                .badAnswer, "unreadable_answer",
                "This is not the address to which the browser was sent back. It has “code=” and “state=” in it, also where "
                    + "the browser says that it cannot open it.", .connectInTime, provider)
        }
        self.fields = fields
    }

    /// The code, if this answers the sign-in that was begun, in time, by the one who began it.
    func code(
        _ pending: PendingGrant, session: String, _ provider: OAuthProvider, at now: Int64
    ) throws(OAuthFailure) -> Secret {
        func refuse(_ code: String, _ message: String) -> OAuthFailure {
            OAuthFailure(.badAnswer, code, message, .connectInTime, provider.name)
        }
        guard pending.provider == provider.name else {
            throw refuse("other_provider", "The sign-in that was begun is one at \(pending.provider.title).")
        }
        guard Secret(pending.session) == Secret(session) else {
            throw refuse("other_session", "The sign-in was begun by somebody else.")
        }
        guard !pending.isOver(at: now) else {
            throw refuse("expired", "The sign-in was begun more than ten minutes ago.")
        }
        guard base == nil || base == pending.redirect else {
            throw refuse("other_address", "The browser was sent back to another address than the one that was named.")
        }
        guard let state = fields["state"], Secret(state) == pending.state else {
            throw refuse("other_state", "The answer belongs to another sign-in than the last one that was begun here.")
        }
        if let issuer = fields["iss"], !provider.isIssuer(issuer) {
            throw refuse("other_issuer", "The answer does not come from \(provider.name.title).")
        }
        if let error = fields["error"] {
            let codes = TokenReply.codes(
                error: error, subtype: fields["error_subtype"], description: fields["error_description"])
            throw OAuthCauses.failure(codes, at: .answer, provider.name)
        }
        guard let code = fields["code"], !code.isEmpty else {
            throw refuse("no_code", "The answer has no code in it.")
        }
        return Secret(code)
    }
}
