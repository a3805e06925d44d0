import Application
import WebServer

extension Routes {
    private static let tag = "conflicts"
    private static let conflict = Parameter.name("conflict", "The id of the pair.")
    private static let withResolved = Parameter.flag("all", "Also those about which something was decided.")

    static let conflicts: [Route] = [
        Route(
            .get, "\(root)/conflicts", "Which of your meetings may be copies of each other", tag: tag,
            kind: "conflicts",
            [withResolved.declaration]
        ) { call in
            var request = ConflictsRequest(user: call.user)
            request.withResolved = try call[withResolved]
            return request
        },
        Route(
            .post, "\(root)/conflicts/{conflict}", "Decide about two of them", tag: tag, kind: "conflict",
            [conflict.declaration], body: .json(ConflictBody.self), refusals: [409]
        ) { call in
            let body = try call.body(ConflictBody.self)
            var request = ResolveConflictRequest(
                user: call.user, conflict: try call[conflict], resolution: body.resolution.rawValue)
            request.note = body.note
            return request
        },
        Route(
            .delete, "\(root)/conflicts/{conflict}", "Take a decision back", tag: tag, kind: "conflict",
            [conflict.declaration], refusals: [409]
        ) { call in UndoConflictRequest(user: call.user, conflict: try call[conflict]) },
    ]
}

struct ConflictBody: WebBody {
    enum Word: String, Codable, CaseIterable, Sendable {
        case first = "keep_event1"
        case second = "keep_event2"
        case merge = "merge_events"
        case manual
    }

    let resolution: Word
    let note: String?

    static let notes = [
        "resolution": FieldNote("Which of the two is shown; “manual” leaves both."),
        "note": FieldNote("Why.", most: 500),
    ]
}
