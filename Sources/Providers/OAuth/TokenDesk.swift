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
        let tokens = try read(
            post([
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", request.redirect),
                ("code_verifier", request.verifier),
            ]), previous: nil)
        return try checked(tokens, isForPeople: request.isForPeople)
    }

    /// The next tokens. Microsoft gives a new token to renew with each time, and then the old one is not to be used.
    public func renewed(_ tokens: TokenSet) throws -> TokenSet {
        guard let refresh = tokens.refresh else { throw GrantFailure(.noRefresh) }
        return try read(
            refresh.reveal { try post([("grant_type", "refresh_token"), ("refresh_token", $0)]) }, previous: tokens)
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
            intervalSeconds: min(max(answer.interval ?? 5, 1), 60),
            expires: now() + min(max(answer.expiresIn, 60), 3_600) * 1_000)
    }

    /// The tokens of a device. Throws `.pending` until the person has said yes.
    public func tokens(for device: Device, isForPeople: Bool) throws -> TokenSet {
        if now() >= device.expires { throw GrantFailure(.expired) }
        let tokens = try read(
            post([("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device.code)]),
            previous: nil)
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
        let expiresIn: Int64
        let interval: Int64?
    }

    private struct TokenAnswer: Decodable {
        let accessToken: String
        let refreshToken: String?
        let expiresIn: Int64?
        let refreshTokenExpiresIn: Int64?
        let scope: String?
    }

    private struct ErrorAnswer: Decodable {
        let error: String
        let errorDescription: String?
        let errorSubtype: String?
    }

    private func post(_ parameters: [(String, String)], to address: Address? = nil) throws -> Response {
        var all = parameters + [("client_id", grantor.clientID)]
        grantor.clientSecret?.reveal { all.append(("client_secret", $0)) }
        var request = Request(
            "POST", address ?? grantor.token,
            headers: [
                Header("Content-Type", "application/x-www-form-urlencoded"), Header("Accept", "application/json"),
            ], body: Array(FormText.encode(all).utf8))
        request.followsRedirects = false
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
        let lifetime = min(max(answer.expiresIn ?? 3_600, 60), 86_400)
        return TokenSet(
            access: Secret(answer.accessToken), refresh: answer.refreshToken.map { Secret($0) } ?? previous?.refresh,
            expires: now + lifetime * 1_000,
            scopes: answer.scope.map { $0.split(separator: " ").map(String.init) } ?? previous?.scopes ?? [],
            grantExpires: answer.refreshTokenExpiresIn.map { now + min($0, 1 << 31) * 1_000 }
                ?? previous?.grantExpires,
            granted: previous?.granted ?? now)
    }

    private func failure(_ response: Response) -> any Error {
        guard let answer = try? Self.decoder.decode(ErrorAnswer.self, from: Data(response.body)) else {
            return ReadingFailure(response, doing: "asking for a token")
        }
        return GrantFailure(error: answer.error, detail: answer.errorDescription, subtype: answer.errorSubtype)
    }
}
