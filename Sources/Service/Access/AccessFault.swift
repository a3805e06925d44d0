public import WebServer

/// Why somebody is not let in, as it is told: what happened, and what to do next. It repeats nothing that was sent.
public struct AccessFault: Error, Sendable, Equatable {
    public let status: Int
    public let code: String
    public let message: String
    public var field: String?
    public var hint: String?
    /// When to come again.
    public var retrySeconds: Int64?

    init(_ status: Int, _ code: String, _ message: String, field: String? = nil, hint: String? = nil) {
        (self.status, self.code, self.message, self.field, self.hint) = (status, code, message, field, hint)
    }

    /// Nobody was named, where somebody must be.
    public static let nobody = AccessFault(
        401, "not_logged_in", "nobody is logged in",
        hint: "Log in, or send a token: Authorization: Bearer dbk_…")

    static let tokenInAddress = AccessFault(
        400, "token_in_url", "A token is never part of an address: addresses are kept in logs and histories.",
        hint: "Revoke that token, and send another in a header: Authorization: Bearer dbk_…")

    static let deadToken = AccessFault(
        401, "bad_token", "This token opens nothing.", hint: "It was revoked, has ended, or never was one.")

    static let foreignOrigin = AccessFault(
        403, "foreign_origin", "What changes something must come from Daybook's own pages.")

    static let noMark = AccessFault(
        403, "bad_mark", "The mark of the session is missing, or is another's.",
        hint: "Send “csrf” of GET /api/v1/session back in the header X-CSRF-Token.")

    static let wrong = AccessFault(401, "wrong_credentials", "The name or the password is wrong.")

    static let busy: AccessFault = {
        var fault = AccessFault(503, "busy", "Too many are logging in just now.", hint: "Try again in a moment.")
        fault.retrySeconds = 2
        return fault
    }()

    static func wait(milliseconds: Int64) -> AccessFault {
        let seconds = (milliseconds + 999) / 1_000
        var fault = AccessFault(
            429, "too_many_tries", "Logging in failed too often.", hint: "Try again in \(seconds) s.")
        fault.retrySeconds = seconds
        return fault
    }

    public var reply: Reply {
        var headers: [Visit.Field] = []
        if status == 401 { headers.append(.init("WWW-Authenticate", "Bearer")) }
        if let retrySeconds { headers.append(.init("Retry-After", String(retrySeconds))) }
        return .access(status, ErrorAnswer(code: code, message: message, field: field, hint: hint), headers)
    }
}
