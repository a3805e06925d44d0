public import HTTP
public import Secrets

/// The ways to access: through a browser, with a code that is typed elsewhere, and by renewing what was granted.
///
/// It keeps nothing. What must be kept between two steps is handed out and handed in again.
public struct SignIn {
    let app: OAuthApp
    let transport: any Transport
    let now: () -> Int64
    let randomness: Randomness

    var provider: OAuthProvider { app.provider }
    var name: OAuthProvider.Name { app.provider.name }

    public init(
        _ app: OAuthApp, _ transport: any Transport, now: @escaping () -> Int64, randomness: Randomness = .system
    ) {
        self.app = app
        self.transport = transport
        self.now = now
        self.randomness = randomness
    }

    /// The address to which a browser is sent, and what must be kept until it comes back.
    ///
    /// - Parameters:
    ///   - redirect: where it is to come back to, as `LoopbackListener.address` says.
    ///   - session: who begins it; only they can finish it.
    ///   - login: the account that is meant, if it is known.
    public func begin(
        _ parts: Set<OAuthPart>, redirect: String, session: String, login: String? = nil
    ) -> (address: String, pending: PendingGrant) {
        let pending = PendingGrant(
            provider: name, redirect: redirect, parts: parts, session: session, created: now(), randomness)
        var fields = [
            ("response_type", "code"), ("client_id", app.clientID), ("redirect_uri", redirect),
            ("scope", provider.scopes(for: parts).joined(separator: " ")), ("state", pending.state.reveal { $0 }),
            ("code_challenge", pending.challenge), ("code_challenge_method", "S256"),
        ]
        switch name {
        // Google hands out what renews access only if it is asked for, and, after the first time, only with consent.
        case .google: fields += [("access_type", "offline"), ("prompt", "consent")]
        case .microsoft: fields += [("response_mode", "query")] + (login == nil ? [("prompt", "select_account")] : [])
        }
        if let login { fields.append(("login_hint", login)) }
        return (provider.authorization.text + "?" + FormText.write(fields), pending)
    }

    /// Redeems what the browser brought back.
    ///
    /// - Parameters:
    ///   - answer: the address to which the browser was sent back, or what follows its question mark.
    ///   - pending: taken out of the vault for this, so that it counts once.
    public func finish(
        _ answer: String, _ pending: PendingGrant, session: String
    ) throws(OAuthFailure) -> TokenSet {
        let code = try RedirectAnswer(answer, for: name).code(pending, session: session, provider, at: now())
        var fields = [("grant_type", "authorization_code"), ("redirect_uri", pending.redirect)]
        code.reveal { fields.append(("code", $0)) }
        pending.verifier.reveal { fields.append(("code_verifier", $0)) }
        let reply = try ask(provider.token, fields, at: .exchange)
        return try granted(reply, pending.parts)
    }

    /// Renews access. What it answers must be kept before it is used: the old may be worth nothing any more.
    public func renew(_ tokens: TokenSet) throws(OAuthFailure) -> TokenSet {
        guard let refresh = tokens.refresh else {
            throw failure(
                .needsReconnect, "no_refresh_token", "\(name.title) gave nothing with which access could be renewed.",
                .connect)
        }
        var fields = [("grant_type", "refresh_token")]
        refresh.reveal { fields.append(("refresh_token", $0)) }
        let reply = try ask(provider.token, fields, at: .renewal)
        return try tokenSet(reply, before: tokens)
    }

    /// Tells the provider that access is over. What was over already is no failure; where a provider cannot be told, the
    /// answer is false.
    @discardableResult
    public func revoke(_ tokens: TokenSet) throws(OAuthFailure) -> Bool {
        guard let address = provider.revocation else { return false }
        var fields: [(String, String)] = []
        (tokens.refresh ?? tokens.access).reveal { fields.append(("token", $0)) }
        do {
            _ = try send(address, fields, at: .revocation)
        } catch {
            guard ["invalid_token", "invalid_grant"].contains(error.code) else { throw error }
        }
        return true
    }

    func failure(
        _ kind: OAuthFailure.Kind, _ code: String, _ message: String, _ remedy: OAuthRemedy
    ) -> OAuthFailure { OAuthFailure(kind, code, message, remedy, name) }
}

// MARK: What was handed out

extension SignIn {
    /// An access token lives an hour, where nothing is said.
    private static let usualLife: Int64 = 3_600
    /// No provider hands out one for longer than a day or two; a number beyond is a mistake.
    private static let longestLife: Int64 = 7 * 86_400

    /// What a person granted, unless they said no to the calendars.
    func granted(_ reply: TokenReply, _ parts: Set<OAuthPart>) throws(OAuthFailure) -> TokenSet {
        let tokens = try tokenSet(reply, before: nil, asked: provider.scopes(for: parts))
        if parts.contains(.calendars), !tokens.allows(.calendars, at: provider) {
            throw failure(
                .declined, "scope_missing",
                "\(name.title) gave access, but not to the calendars: the box for them was not ticked.", .connectAndTick
            )
        }
        guard tokens.refresh != nil else {
            throw failure(
                .declined, "no_refresh_token",
                "\(name.title) gave access for an hour, and nothing with which it could be renewed.", .connect)
        }
        return tokens
    }

    /// What is not said stays as it was before.
    private func tokenSet(
        _ reply: TokenReply, before: TokenSet?, asked: [String] = []
    ) throws(OAuthFailure) -> TokenSet {
        guard let access = reply.accessToken, !access.isEmpty, reply.tokenType?.lowercased() ?? "bearer" == "bearer"
        else { throw unreadable("access") }
        let at = now()
        let life = min(max(reply.expiresIn ?? Self.usualLife, 0), Self.longestLife)
        let grantLife = reply.refreshTokenExpiresIn.flatMap { (1...3_650 * 86_400).contains($0) ? $0 : nil }
        let refresh = reply.refreshToken.flatMap { $0.isEmpty ? nil : Secret($0) }
        let scopes = reply.scope?.split(separator: " ").map(String.init)
        return TokenSet(
            access: Secret(access), refresh: refresh ?? before?.refresh, issued: at, expires: at + life * 1_000,
            granted: before?.granted ?? at, grantExpires: grantLife.map { at + $0 * 1_000 } ?? before?.grantExpires,
            scopes: scopes ?? before?.scopes ?? asked)
    }

    func unreadable(_ what: String) -> OAuthFailure {
        failure(
            .transient, "malformed", "What \(name.title) answered when it was asked for \(what) cannot be read.", .wait)
    }
}

// MARK: Asking

extension SignIn {
    /// Answers are a few lines.
    private static let longestAnswer = 256 << 10

    /// Asks, and reads what was answered.
    func ask(
        _ address: Address, _ fields: [(String, String)], at step: OAuthCauses.Step
    ) throws(OAuthFailure) -> TokenReply {
        guard let reply = TokenReply(try send(address, fields, at: step)) else { throw unreadable("access") }
        return reply
    }

    /// Only who the app is goes along, in the body: so no secret stands in an address.
    private func send(
        _ address: Address, _ fields: [(String, String)], at step: OAuthCauses.Step
    ) throws(OAuthFailure) -> Response {
        var fields = fields
        if step != .revocation {
            fields.append(("client_id", app.clientID))
            app.clientSecret?.reveal { fields.append(("client_secret", $0)) }
        }
        var request = Request(
            "POST", address,
            headers: [
                Header("Content-Type", "application/x-www-form-urlencoded"), Header("Accept", "application/json"),
            ], body: Array(FormText.write(fields).utf8))
        request.followsRedirects = false
        // A code is good once; a renewal may be asked for again.
        request.isRepeatable = step == .renewal
        request.limits.bodyBytes = Self.longestAnswer
        request.limits.totalSeconds = 30
        let response: Response
        do {
            response = try transport.send(request)
        } catch {
            throw unreachable(error)
        }
        if response.isSuccess { return response }
        throw refusal(response, at: step)
    }

    private func unreachable(_ error: HTTPError) -> OAuthFailure {
        var failure = failure(
            error.isTransient || error.kind == .interrupted ? .transient : .badApp, error.kind.rawValue,
            "\(name.title) could not be asked for access. \(error.message)", .wait)
        failure.network = error
        return failure
    }

    private func refusal(_ response: Response, at step: OAuthCauses.Step) -> OAuthFailure {
        let codes = TokenReply(response)?.codes ?? []
        if response.status == 429 || response.status >= 500 || codes.isEmpty {
            var failure = failure(
                .transient, codes.last ?? "status_\(response.status)",
                "\(name.title) is not able to answer at the moment (\(response.status)).", .wait)
            failure.retryAfterMilliseconds = response.header("Retry-After").flatMap { Int64($0) }
                .flatMap { (0...86_400).contains($0) ? $0 * 1_000 : nil }
            return failure
        }
        return OAuthCauses.failure(codes, at: step, name)
    }
}
