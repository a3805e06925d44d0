import Application

extension Routes {
    private static let tag = "settings"
    private static let setting = Parameter.name("setting", "The name of the setting.")
    private static let isHomeWide = Parameter.flag("home_wide", "For the whole home, by an administrator.")

    static let settings: [Route] = [
        Route(
            .get, "\(root)/me", "Who you are", tag: tag, kind: "me"
        ) { call in
            let you = try call.ask(UsersRequest(user: call.user)).users.first(where: \.isYou)
            return MeAnswer(
                user: call.user, name: you?.name, role: you?.role ?? "member", zone: you?.zone,
                scopes: (call.caller?.scopes ?? []).map(\.rawValue).sorted(), by: call.caller?.kind.name ?? "")
        },
        Route(
            .get, "\(root)/settings", "The settings that hold for you, and where each comes from", tag: tag,
            kind: "settings"
        ) { call in SettingsRequest(user: call.user) },
        Route(
            .get, "\(root)/settings/{setting}", "One setting", tag: tag, kind: "settings", [setting.declaration],
            refusals: [404]
        ) { call in SettingsRequest(user: call.user, setting: try known(call)) },
        Route(
            .put, "\(root)/settings/{setting}", "Give it another value; what follows is done at once", tag: tag,
            kind: "setting", [setting.declaration], body: .json(SettingBody.self), refusals: [404, 409]
        ) { call in
            let body = try call.body(SettingBody.self)
            return try change(call, body.value, isHomeWide: body.isHomeWide ?? false)
        },
        Route(
            .delete, "\(root)/settings/{setting}", "Put it back to what the home, or the default, says", tag: tag,
            kind: "setting", [setting.declaration, isHomeWide.declaration], refusals: [404, 409]
        ) { call in try change(call, nil, isHomeWide: try call[isHomeWide]) },
    ]

    private static func known(_ call: Call) throws -> String {
        let name = try call[setting]
        let all = try call.ask(SettingsRequest(user: call.user)).settings
        guard all.contains(where: { $0.name == name || $0.setting == name }) else {
            throw Refusal(.notFound, "there is no such setting", hint: "GET \(root)/settings lists them.")
        }
        return name
    }

    private static func change(_ call: Call, _ value: String?, isHomeWide: Bool) throws -> ChangeSettingRequest {
        if isHomeWide { try call.requireAdmin() }
        var request = ChangeSettingRequest(user: call.user, setting: try known(call), value: value)
        request.isHomeWide = isHomeWide
        return request
    }
}

struct MeAnswer: Codable, Sendable {
    let user: String
    let name: String?
    let role: String
    let zone: String?
    let scopes: [String]
    /// session or token.
    let by: String
}

struct SettingBody: WebBody {
    let value: String
    let isHomeWide: Bool?

    static let notes = [
        "value": FieldNote("As it is typed: on, 50, or names between commas.", most: 20_000),
        "is_home_wide": FieldNote("For the whole home, by an administrator."),
    ]
}
