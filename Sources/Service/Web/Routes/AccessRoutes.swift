import Application
import WebServer

extension Routes {
    private static let tag = "access"
    private static let account = Parameter.id(.user)
    private static let token = Parameter.name("token", "The id of the token.")
    private static let isOfAll = Parameter.flag("all", "Those of everybody, for an administrator.")
    private static let withEnded = Parameter.flag("ended", "Also those that open nothing any more.")
    private static let isDry = Parameter.flag("dry_run", "Only says what would be done.")

    static let access: [Route] = tokens + users

    private static let tokens: [Route] = [
        Route(
            .get, "\(root)/tokens", "With which tokens programs act in your name", tag: tag, kind: "tokens",
            [isOfAll.declaration, withEnded.declaration]
        ) { call in
            var request = TokensRequest(user: call.user)
            (request.isOfAll, request.withEnded) = (try call[isOfAll], try call[withEnded])
            if request.isOfAll { try call.requireAdmin() }
            return request
        },
        Route(
            .post, "\(root)/tokens", "Make a token; its secret is in this answer and in no other", tag: tag,
            kind: "token_issued", body: .json(TokenBody.self), success: 201, refusals: [409]
        ) { call in try call.body(TokenBody.self).request(call) },
        Route(
            .delete, "\(root)/tokens/{token}", "End a token at once", tag: tag, kind: "token_revoked",
            [token.declaration], refusals: [409]
        ) { call in
            var request = RevokeTokenRequest(user: call.user, token: try call[token])
            request.isWhole = true
            return request
        },
    ]

    private static let users: [Route] = [
        Route(
            .get, "\(root)/users", "Who uses this home", tag: tag, kind: "users", role: .admin
        ) { call in UsersRequest(user: call.user) },
        Route(
            .post, "\(root)/users", "Let somebody else use this home", tag: tag, kind: "user", role: .admin,
            body: .json(UserBody.self), success: 201, refusals: [409]
        ) { call in try call.body(UserBody.self).request(call.user) },
        Route(
            .patch, "\(root)/users/{user}", "Change what a user is called or may do", tag: tag, kind: "user_changed",
            role: .admin, [account.declaration], body: .json(UserChangeBody.self), refusals: [409]
        ) { call in try call.body(UserChangeBody.self).request(call.user, try call[account]) },
        Route(
            .put, "\(root)/users/{user}/password", "Give a user a password; all of the user's sessions end", tag: tag,
            kind: "password_set", role: .admin, [account.declaration], body: .json(PasswordBody.self), refusals: [409]
        ) { call in
            SetPasswordRequest(
                user: call.user, account: try call[account], password: try call.body(PasswordBody.self).password)
        },
        Route(
            .delete, "\(root)/users/{user}", "End that somebody may use this home", tag: tag, kind: "user_removed",
            role: .admin, [account.declaration, isDry.declaration], refusals: [409]
        ) { call in
            var request = RemoveUserRequest(user: call.user, account: try call[account])
            request.isDryRun = try call[isDry]
            return request
        },
        Route(
            .post, "\(root)/users/{user}/forget", "Erase everything that tells about a user, for good", tag: tag,
            kind: "account_forgotten", role: .admin, [account.declaration], body: .json(ForgetAccountBody.self),
            refusals: [409]
        ) { call in try call.body(ForgetAccountBody.self).request(call.user, try call[account]) },
    ]
}

struct TokenBody: WebBody {
    let name: String
    let scopes: [String]
    let expires: Int64?

    static let notes = [
        "name": FieldNote("What to call it, as the program that will have it.", most: 200, isFilled: true),
        "scopes": FieldNote("What it may be used for: read, write, admin, metrics.", most: 5),
        "expires": FieldNote("When it ends; never where nothing is said.", in: 0...Int64.max),
    ]

    /// A token makes no token that may do more than itself.
    func request(_ call: Call) throws -> IssueTokenRequest {
        for name in scopes {
            guard let scope = TokenScope(rawValue: name), let caller = call.caller, !caller.may(scope) else { continue }
            throw Refusal(
                .badRequest, "whoever asks may not do what the scope “\(name)” is for", code: "forbidden",
                field: "scopes")
        }
        var request = IssueTokenRequest(user: call.user, tokenName: name, scopes: scopes)
        request.expires = expires
        return request
    }
}

struct UserBody: WebBody {
    let name: String
    let email: String?
    let zone: String?
    let isAdmin: Bool?

    static let notes = [
        "name": FieldNote("What the user is called.", most: 200, isFilled: true),
        "email": FieldNote("Where the user can be reached.", most: 320),
        "zone": FieldNote("The time zone in which the user reads times, as Europe/Berlin.", most: 64),
        "is_admin": FieldNote("Whether the user may do what belongs to everybody."),
    ]

    func request(_ user: String) -> AddUserRequest {
        var request = AddUserRequest(user: user, newName: name)
        (request.email, request.zone, request.isAdmin) = (email, zone, isAdmin ?? false)
        return request
    }
}

struct UserChangeBody: WebBody {
    let name: String?
    let email: String?
    let zone: String?
    let isAdmin: Bool?

    static let notes = UserBody.notes

    func request(_ user: String, _ account: String) -> ChangeUserRequest {
        var request = ChangeUserRequest(user: user, account: account)
        (request.newName, request.email, request.zone) = (name, email, zone)
        request.role = isAdmin.map { $0 ? "admin" : "member" }
        return request
    }
}

struct PasswordBody: WebBody {
    let password: Confided

    static let notes = ["password": FieldNote("The password: 12 characters or more.")]
}

struct ForgetAccountBody: WebBody {
    let note: String?
    let isDryRun: Bool?

    static let notes = [
        "note": FieldNote("Why. It is kept, and should name nobody.", most: 500),
        "is_dry_run": FieldNote("Only says what would be erased."),
    ]

    func request(_ user: String, _ account: String) -> ForgetAccountRequest {
        var request = ForgetAccountRequest(user: user, account: account)
        (request.note, request.isDryRun) = (note, isDryRun ?? false)
        return request
    }
}
