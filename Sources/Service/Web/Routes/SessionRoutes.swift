import Application
import WebServer

extension Routes {
    private static let tag = "session"
    private static let isEverywhere = Parameter.flag("everywhere", "All of your sessions, in all browsers.")

    /// Logging in and out. What is behind them is `Access`, which reads the visit for itself.
    static let sessions: [Route] = [
        Route(
            .post, "\(root)/session", "Log in with a password", tag: tag, role: .anyone,
            body: .json(LoginBody.self), answer: .json(SessionAnswer.self), refusals: [401, 403, 413, 415, 429, 503]
        ) { call in try access(call).logIn(call.visit) },
        Route(
            .get, "\(root)/session", "Who is logged in, and the mark that goes with whatever changes something",
            tag: tag, role: .anyone, answer: .json(SessionAnswer.self), refusals: [401, 403, 503]
        ) { call in try access(call).session(call.visit) },
        Route(
            .delete, "\(root)/session", "Log out", tag: tag, role: .anyone, [isEverywhere.declaration], success: 204,
            answer: .none, refusals: [401, 403, 503]
        ) { call in try access(call).logOut(call.visit) },
        Route(
            .put, "\(root)/session/password", "Another password; all sessions end, and this browser gets a new one",
            tag: tag, role: .anyone, body: .json(NewPasswordBody.self), answer: .json(SessionAnswer.self),
            refusals: [401, 403, 413, 415, 422, 429, 503]
        ) { call in try access(call).changePassword(call.visit) },
    ]

    private static func access(_ call: Call) throws -> Access {
        guard let access = call.means.access else { throw WebMeans.absent }
        return access
    }
}

/// Its fields are read by `Access`; this says what they are.
struct LoginBody: WebBody {
    let name: String
    let password: Confided

    static let notes = [
        "name": FieldNote("The name, the id or the address of a user.", most: 320),
        "password": FieldNote("The password."),
    ]
}

struct NewPasswordBody: WebBody {
    let current: Confided
    let password: Confided

    static let notes = [
        "current": FieldNote("The password until now."),
        "password": FieldNote("The password from now on: 12 characters or more."),
    ]
}

/// Who is logged in.
struct SessionAnswer: Codable, Sendable {
    let user: String
    let name: String?
    let role: String
    let scopes: [String]
    /// session or token.
    let kind: String
    /// What goes back in X-CSRF-Token; only sessions have it.
    let csrf: String?
}
