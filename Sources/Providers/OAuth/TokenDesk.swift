import FoundationEssentials
public import HTTP
import Secrets

/// Where tokens are handed out: for a code, for an older token, for a device.
public struct TokenDesk {
    private let grantor: Grantor
    private let transport: any Transport
    private let now: @Sendable () -> Int64

    public init(_ grantor: Grantor, _ transport: any Transport, now: @escaping @Sendable () -> Int64) {
        self.grantor = grantor
        self.transport = transport
        self.now = now
    }

    /// The tokens for the code that a grant brought.
    public func tokens(for code: String, _ request: GrantRequest) throws -> TokenSet {
        let response = try post([
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", request.redirect),
            ("code_verifier", request.verifier),
        ])
        let tokens = try granted(response)
        return try checked(tokens, isForPeople: request.isForPeople)
    }

    /// The next tokens. Microsoft gives a new token to renew with each time, and then the old one is not to be used.
    public func renewed(_ tokens: TokenSet) throws -> TokenSet {
        guard let refresh = tokens.refresh else { throw GrantFailure(.noRefresh) }
        do {
            return try read(
                refresh.reveal {
                    try post([("grant_type", "refresh_token"), ("refresh_token", $0)], isRepeatable: true)
                }, previous: tokens)
        } catch let failure as GrantFailure where failure.cause == .expired || failure.cause == .otherState {
            // Nobody waits for an answer here: what ran out, or was used up, is the grant.
            throw GrantFailure(.revoked, code: failure.code)
        }
    }

    /// The first tokens. Where there was no grant yet none can be taken back: then it was the code that came too late.
    private func granted(_ response: Response) throws -> TokenSet {
        do {
            return try read(response, previous: nil)
        } catch let failure as GrantFailure where failure.cause == .revoked {
            throw GrantFailure(.expired, code: failure.code)
        }
    }

    /// Tells the provider that the grant is over. False where it cannot be told; one that is over already is no failure.
    @discardableResult
    public func revoke(_ tokens: TokenSet) throws -> Bool {
        guard let address = grantor.revocation else { return false }
        let response = try (tokens.refresh ?? tokens.access).reveal { try post([("token", $0)], to: address) }
        if response.isSuccess { return true }
        let failure = failure(response)
        guard (failure as? GrantFailure)?.cause == .revoked else { throw failure }
        return true
    }

    /// What may be read with them covers what is needed; whoever says yes may have unticked some of it.
    private func checked(_ tokens: TokenSet, isForPeople: Bool) throws -> TokenSet {
        let granted = Set(tokens.scopes.map { Self.plain($0) })
        let isCovered = grantor.required(people: isForPeople).allSatisfy { granted.contains(Self.plain($0)) }
        guard isCovered || tokens.scopes.isEmpty else { throw GrantFailure(.scopesMissing) }
        guard tokens.refresh != nil else { throw GrantFailure(.noRefresh) }
        return tokens
    }

    /// Microsoft writes some with its address before them and some without.
    private static func plain(_ scope: String) -> String {
        let graph = "https://graph.microsoft.com/"
        return (scope.hasPrefix(graph) ? String(scope.dropFirst(graph.count)) : scope).lowercased()
    }

    // MARK: Devices

    public struct Device: Codable, Sendable, Equatable {
        /// What asks for the tokens; a secret until they are there.
        public let code: String
        /// What a person types.
        public let userCode: String
        public let page: String
        public let intervalSeconds: Int64
        public let expires: Int64
    }

    public func device(_ scopes: [String]) throws -> Device {
        guard let address = grantor.device else { throw GrantFailure(.noDevices) }
        let response = try post([("scope", scopes.joined(separator: " "))], to: address)
        guard response.isSuccess, let answer = try? Self.decoder.decode(DeviceAnswer.self, from: Data(response.body))
        else {
            throw failure(response)
        }
        guard let page = try? Address(answer.verificationUri) else { throw GrantFailure(.unknown, code: "bad_page") }
        return Device(
            code: answer.deviceCode, userCode: answer.userCode, page: page.text,
            intervalSeconds: min(max(answer.interval?.value ?? 5, 1), 60),
            expires: now() + min(max(answer.expiresIn?.value ?? 900, 60), 3_600) * 1_000)
    }

    /// The tokens of a device. Throws `.pending` until the person has said yes.
    public func tokens(for device: Device, isForPeople: Bool) throws -> TokenSet {
        if now() >= device.expires { throw GrantFailure(.expired) }
        let tokens = try granted(
            post([("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device.code)]))
        return try checked(tokens, isForPeople: isForPeople)
    }

    // MARK: Asking

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    private struct DeviceAnswer: Decodable {
        let deviceCode: String
        let userCode: String
        let verificationUri: String
        let expiresIn: Seconds?
        let interval: Seconds?
    }

    /// A length of time, which some write as text or with a fraction. What is none counts as not said.
    private struct Seconds: Decodable {
        let value: Int64?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let number =
                (try? container.decode(Double.self)) ?? (try? container.decode(String.self)).flatMap(Double.init)
            value = number.flatMap { Int64(exactly: $0.rounded(.down)) }
        }
    }

    private struct TokenAnswer: Decodable {
        let accessToken: String
        let refreshToken: String?
        let expiresIn: Seconds?
        let refreshTokenExpiresIn: Seconds?
        let scope: String?
    }

    private struct ErrorAnswer: Decodable {
        let error: String
        let errorDescription: String?
        let errorSubtype: String?
    }

    private func post(
        _ parameters: [(String, String)], to address: Address? = nil, isRepeatable: Bool = false
    ) throws -> Response {
        var all = parameters + [("client_id", grantor.clientID)]
        grantor.clientSecret?.reveal { all.append(("client_secret", $0)) }
        var request = Request(
            "POST", address ?? grantor.token,
            headers: [
                Header("Content-Type", "application/x-www-form-urlencoded"), Header("Accept", "application/json"),
            ], body: Array(FormText.encode(all).utf8))
        request.followsRedirects = false
        // A code is good once, and a token that renews is good for a while.
        request.isRepeatable = isRepeatable
        request.limits.bodyBytes = 1 << 20
        do {
            return try transport.send(request)
        } catch {
            throw ReadingFailure(error)
        }
    }

    private func read(_ response: Response, previous: TokenSet?) throws -> TokenSet {
        guard response.isSuccess, let answer = try? Self.decoder.decode(TokenAnswer.self, from: Data(response.body)),
            !answer.accessToken.isEmpty
        else { throw failure(response) }
        let now = now()
        let lifetime = min(max(answer.expiresIn?.value ?? 3_600, 60), 86_400)
        let grantLifetime = answer.refreshTokenExpiresIn?.value.flatMap {
            (1...Self.longestGrant).contains($0) ? $0 : nil
        }
        return TokenSet(
            access: Secret(answer.accessToken), refresh: answer.refreshToken.map { Secret($0) } ?? previous?.refresh,
            expires: now + lifetime * 1_000,
            scopes: answer.scope.map { $0.split(separator: " ").map(String.init) } ?? previous?.scopes ?? [],
            grantExpires: grantLifetime.map { now + $0 * 1_000 } ?? previous?.grantExpires,
            granted: previous?.granted ?? now, issued: now)
    }

    /// Ten years: what is longer does not end.
    private static let longestGrant: Int64 = 3_650 * 86_400

    /// A provider that is busy says so with its status, whatever stands beside it.
    private func failure(_ response: Response) -> any Error {
        guard response.status != 429, response.status < 500,
            let answer = try? Self.decoder.decode(ErrorAnswer.self, from: Data(response.body))
        else {
            return ReadingFailure(response, doing: "asking for a token")
        }
        return GrantFailure(error: answer.error, detail: answer.errorDescription, subtype: answer.errorSubtype)
    }
}
