import FoundationEssentials
import HTTP
import Secrets

/// What the door where tokens are handed out answers, in the parts that matter.
struct TokenReply: Decodable {
    var accessToken, refreshToken, tokenType, scope: String?
    var expiresIn, refreshTokenExpiresIn: Int64?
    var error, errorSubtype, errorDescription: String?
    var errorCodes: [Int64]?
    // Of a sign-in without a browser here.
    var deviceCode, userCode, verificationURI: String?
    var interval: Int64?

    private enum Key: String, CodingKey {
        case access_token, refresh_token, token_type, scope, expires_in, refresh_token_expires_in
        case error, error_subtype, suberror, error_description, error_codes
        case device_code, user_code, verification_uri, verification_url, interval
    }

    /// What is of another form than it should be counts as missing.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) -> String? { try? fields.decode(String.self, forKey: key) }
        /// Some write numbers as text.
        func number(_ key: Key) -> Int64? {
            (try? fields.decode(Int64.self, forKey: key))
                ?? (try? fields.decode(Double.self, forKey: key)).flatMap { Int64(exactly: $0.rounded(.down)) }
                ?? text(key).flatMap { Int64($0) }
        }
        (accessToken, refreshToken) = (text(.access_token), text(.refresh_token))
        (tokenType, scope) = (text(.token_type), text(.scope))
        (expiresIn, refreshTokenExpiresIn) = (number(.expires_in), number(.refresh_token_expires_in))
        (error, errorDescription) = (text(.error), text(.error_description))
        errorSubtype = text(.error_subtype) ?? text(.suberror)
        errorCodes = try? fields.decode([Int64].self, forKey: .error_codes)
        (deviceCode, userCode, interval) = (text(.device_code), text(.user_code), number(.interval))
        verificationURI = text(.verification_uri) ?? text(.verification_url)
    }

    /// Nil where the body is no JSON object.
    init?(_ response: Response) {
        guard let reply = try? JSONDecoder().decode(TokenReply.self, from: Data(response.body)) else { return nil }
        self = reply
    }

    /// The codes of an error, the most telling first.
    var codes: [String] {
        Self.codes(error: error, subtype: errorSubtype, description: errorDescription, numbers: errorCodes ?? [])
    }

    static func codes(
        error: String?, subtype: String? = nil, description: String? = nil, numbers: [Int64] = []
    ) -> [String] {
        var codes = numbers.map { "AADSTS\($0)" }
        if codes.isEmpty, let number = number(in: description) { codes.append(number) }
        guard let error, !error.isEmpty else { return codes }
        if let subtype, !subtype.isEmpty { codes.append("\(error)/\(subtype)") }
        return codes + [error]
    }

    /// Microsoft writes its numbers in front of its words.
    private static func number(in description: String?) -> String? {
        guard let description, description.hasPrefix("AADSTS") else { return nil }
        let digits = description.dropFirst(6).prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : "AADSTS\(digits)"
    }
}
