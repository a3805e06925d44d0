import Application
import WebServer

/// Which status of HTTP a refusal has. docs/api.md shows the same table.
enum Statuses {
    /// A code says more than the kind does, so it goes first.
    static let byCode: [String: Int] = [
        "forbidden": 403, "not_found": 404, "method_not_allowed": 405,
        "too_large": 413, "unsupported_type": 415, "wrong_host": 421, "no_matches": 422, "too_many_requests": 429,
        "internal": 500, "not_available": 503, "not_ready": 503,
    ]

    static func status(of refusal: Refusal) -> Int { refusal.code.flatMap { byCode[$0] } ?? status(of: refusal.kind) }

    static func status(of kind: Refusal.Kind) -> Int {
        switch kind {
        case .badRequest: 400
        case .notFound: 404
        case .conflict: 409
        // The connection is there, and its state keeps it from what was asked.
        case .needsCredentials: 409
        // What was asked was understood, and something it depends on (a server, a file) did not do its part.
        case .failed: 422
        // The home cannot do its work just now, whoever asks.
        case .noLedger, .locked, .wrongKey, .unusableHome, .notConfirmed, .interrupted: 503
        case .diskFull: 507
        }
    }
}

/// What is answered instead of what was asked for. All refusals look like this.
struct ErrorAnswer: Codable, Sendable, Equatable {
    let code: String
    let message: String
    /// The field or parameter at fault.
    let field: String?
    /// What to do next. It names commands, which do the same as the interface.
    let hint: String?
    /// The run that is in the way.
    let run: String?

    init(code: String, message: String, field: String?, hint: String?) {
        (self.code, self.message, self.field, self.hint, run) = (code, message, field, hint, nil)
    }

    init(_ refusal: Refusal, run: String? = nil) {
        code = refusal.code ?? refusal.kind.rawValue
        message = Redaction.text(refusal.message)
        field = refusal.field
        hint = refusal.hint.map(Redaction.text)
        self.run = run
    }
}

extension Reply {
    static func refused(_ refusal: Refusal, run: String? = nil, status: Int? = nil) -> Reply {
        let status = status ?? Statuses.status(of: refusal)
        let answer = ErrorAnswer(refusal, run: run)
        var reply = (try? json(status, answer)) ?? Reply(status)
        if status == 503 { reply.headers.append(Visit.Field("Retry-After", "5")) }
        return reply
    }
}
