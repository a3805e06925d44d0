import HTTP
public import Secrets

/// A grant that was asked for and not given yet. It is good for ten minutes and for one answer.
public struct GrantRequest: Codable, Sendable, Equatable {
    /// 256 bits that come back with the answer: so it is the answer to this question, and of this session.
    public let state: String
    /// Whoever exchanges the code must know it, and it never leaves this machine before (PKCE).
    public let verifier: String
    public let redirect: String
    public let scopes: [String]
    public let isForPeople: Bool
    public let created: Int64

    public static let lifetimeMilliseconds: Int64 = 10 * 60_000

    public init(
        scopes: [String], redirect: String, isForPeople: Bool, now: Int64, _ randomness: Randomness
    ) {
        state = randomness.bytes(32).base64URL
        verifier = randomness.bytes(48).base64URL
        self.redirect = redirect
        self.scopes = scopes
        self.isForPeople = isForPeople
        created = now
    }

    public func isOver(at now: Int64) -> Bool { now < created || now - created > Self.lifetimeMilliseconds }

    /// Where the user says yes.
    public func page(of grantor: Grantor, hint email: String? = nil) -> String {
        var parameters = [
            ("client_id", grantor.clientID), ("response_type", "code"), ("redirect_uri", redirect),
            ("scope", scopes.joined(separator: " ")), ("state", state),
            ("code_challenge", SHA256.hash(Array(verifier.utf8).span).bytes.base64URL),
            ("code_challenge_method", "S256"),
        ]
        switch grantor.kind {
        case .google:
            // Only a grant that is asked for anew comes with a token that can be renewed.
            parameters += [("access_type", "offline"), ("prompt", "consent")]
        case .microsoft: parameters += [("response_mode", "query"), ("prompt", "select_account")]
        }
        if let email { parameters.append(("login_hint", email)) }
        return grantor.authorization.text + "?" + FormText.encode(parameters)
    }

    /// The code that an answer brings: the address to which the browser was sent, or what stands in it behind the question
    /// mark.
    ///
    /// - Parameter grantor: who was asked; an answer that says it comes from another is refused.
    public func code(in answer: String, of grantor: Grantor? = nil) throws(GrantFailure) -> String {
        let query = try query(of: answer)
        let parameters = FormText.decode(String(query.split(separator: "#").first ?? ""))
        guard let returned = parameters["state"] else { throw GrantFailure(.noAnswer) }
        guard Secret(returned) == Secret(state) else { throw GrantFailure(.otherState) }
        if let issuer = parameters["iss"], grantor?.isIssuer(issuer) == false { throw GrantFailure(.otherState) }
        if let error = parameters["error"] {
            throw GrantFailure(
                error: error, detail: parameters["error_description"], subtype: parameters["error_subtype"])
        }
        guard let code = parameters["code"], !code.isEmpty, code.utf8.count <= 4_096 else {
            throw GrantFailure(.noAnswer)
        }
        return code
    }

    /// What stands behind the question mark. What stands before it must be the address that was asked for, and no other page
    /// of this machine or another's: who is sent there instead may be playing two providers against each other.
    private func query(of answer: String) throws(GrantFailure) -> String {
        guard let mark = answer.firstIndex(of: "?") else {
            // Copied without the address, if it is anything.
            return answer
        }
        guard let came = try? Address(String(answer[..<mark])), let asked = try? Address(redirect) else {
            throw GrantFailure(.noAnswer)
        }
        guard (came.origin, came.path) == (asked.origin, asked.path) else { throw GrantFailure(.otherState) }
        return String(answer[answer.index(after: mark)...])
    }
}

/// Parameters as forms and queries write them.
enum FormText {
    static func encode(_ parameters: [(String, String)]) -> String {
        parameters.map { escape($0.0) + "=" + escape($0.1) }.joined(separator: "&")
    }

    static func decode(_ text: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // The first one counts: a second of the same name was put there by somebody.
            let name = unescape(pair[0])
            if parameters[name] == nil { parameters[name] = pair.count > 1 ? unescape(pair[1]) : "" }
        }
        return parameters
    }

    private static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain =
                (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || [45, 46, 95, 126].contains(byte)
            bytes += isPlain ? [byte] : [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescape(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 37, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == 43 ? 32 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
