import Application
import WebServer

extension Routes {
    private static let tag = "hooks"
    private static let hook = Parameter.name("hook", "The id of the hook.")

    static let hooks: [Route] = [
        Route(.get, "\(root)/hooks", "Who else is told of what happens", tag: tag, kind: "hooks") { call in
            HooksRequest(user: call.user)
        },
        Route(
            .post, "\(root)/hooks",
            "Have an address told of what happens; its secret is in this answer and in no other",
            tag: tag, kind: "hook_added", body: .json(HookBody.self), success: 201, refusals: [409]
        ) { call in try call.body(HookBody.self).request(call) },
        Route(
            .get, "\(root)/hooks/{hook}/dead", "What was not taken, and was given up", tag: tag, kind: "dead_messages",
            [hook.declaration]
        ) { call in DeadMessagesRequest(user: call.user, hook: try call[hook]) },
        Route(
            .post, "\(root)/hooks/{hook}/replay", "Tell everything behind a position once more", tag: tag, kind: "hook",
            [hook.declaration], body: .json(ReplayBody.self), refusals: [409]
        ) { call in
            ReplayHookRequest(user: call.user, hook: try call[hook], after: try call.body(ReplayBody.self).after)
        },
        Route(
            .delete, "\(root)/hooks/{hook}", "End that somebody is told", tag: tag, kind: "hook_removed",
            [hook.declaration], refusals: [409]
        ) { call in RemoveHookRequest(user: call.user, hook: try call[hook]) },
    ]
}

/// A program is not among it: only whoever owns the machine may name one.
struct HookBody: WebBody {
    let name: String
    let address: Confided
    let types: [String]?
    let isOfAll: Bool?
    let withPersonal: Bool?
    let after: Int64?

    static let notes = [
        "name": FieldNote("What to call it.", most: 100, isFilled: true),
        "address": FieldNote("Where it is told, with https."),
        "types": FieldNote("The types of entries; activities and alerts where nothing is said.", most: 100),
        "is_of_all": FieldNote("Of what belongs to everybody, by an administrator."),
        "with_personal": FieldNote("With what is personal in them."),
        "after": FieldNote("Of entries behind this position; from now on where nothing is said.", in: 0...Int64.max),
    ]

    func request(_ call: Call) throws -> AddHookRequest {
        var request = AddHookRequest(user: call.user, hookName: name)
        if isOfAll == true { try call.requireAdmin() }
        (request.address, request.types, request.after) = (address, types ?? [], after)
        (request.isOfAll, request.withPersonal) = (isOfAll ?? false, withPersonal ?? false)
        return request
    }
}

struct ReplayBody: WebBody {
    let after: Int64

    static let notes = ["after": FieldNote("The position behind which it is told again.", in: 0...Int64.max)]
}
