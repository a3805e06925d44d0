import Application
import Entries
import WebServer

extension Routes {
    private static let tag = "ledger"
    private static let position = Parameter<Int64>.position
    private static let after = Parameter.integer(
        "after", in: 0...Int64.max, default: 0, "Only entries behind this position.")
    private static let limit = Parameter.integer(
        "limit", in: 1...LogRequest.mostInPage, default: 100, "How many of them at the most.")
    private static let wait = Parameter.integer(
        "wait", in: 0...60, default: 0, "How many seconds to wait for an entry where there is none.")
    private static let withPersonal = Parameter.flag("personal", "With what is personal in it.")
    private static let since = Parameter.moment("from", "Only what was logged from then on.")
    private static let until = Parameter.moment("to", "Only what was logged before.")
    private static let with = Parameter.only(.person, "Only activities with this person.")

    static let ledger: [Route] = [
        Route(
            .get, "\(root)/entries",
            "The entries behind a position, in order; none is ever left out. With “Accept: text/event-stream” they are "
                + "sent as they come", tag: tag, role: .admin,
            [after.declaration, limit.declaration, wait.declaration],
            answer: .document("entries", LogRequest.Page.self, .snakeCase)
        ) { call in try entries(call) },
        Route(
            .get, "\(root)/entries/{position}", "One entry, what led to it, and what it led to", tag: tag,
            kind: "entry", role: .admin, [position.declaration]
        ) { call in
            var request = ShowRequest(user: call.user, position: try call[position])
            request.isDiscreet = true
            return request
        },
        Route(
            .get, "\(root)/entries/{position}/proof", "What a stranger needs to see that it is in this ledger",
            tag: tag,
            role: .admin, [position.declaration, withPersonal.declaration], answer: .json(Proof.self)
        ) { call in
            let (position, withPersonal) = (try call[position], try call[withPersonal])
            if withPersonal { try requireOwn(position, call) }
            return try .json(200, call.ask(ProveRequest(position: position, withPersonal: withPersonal)))
        },
        Route(
            .post, "\(root)/verify", "Look whether everything is as it was written", tag: tag, kind: "verification",
            role: .admin, body: .json(VerifyBody.self)
        ) { call in
            let body = try call.body(VerifyBody.self)
            return VerifyRequest(
                kept: body.checkpoint.map { [.init(note: $0, name: "the checkpoint")] } ?? [],
                withViews: body.withViews ?? true)
        },
        Route(
            .post, "\(root)/checkpoint", "Sign the ledger as it stands", tag: tag, kind: "checkpoint", role: .admin,
            success: 201
        ) { _ in CheckpointRequest(accepts: false, note: nil) },
        Route(
            .get, "\(root)/audit", "Every logged activity with the entries that led to it", tag: tag, kind: "audit",
            [since.declaration, until.declaration, with.declaration]
        ) { call in
            var request = AuditRequest(user: call.user)
            (request.since, request.until, request.person) = (try call[since], try call[until], try call[with])
            return request
        }.thorough,
    ]

    /// What is personal in an entry of another user is that user's, an administrator's it is not.
    private static func requireOwn(_ position: Int64, _ call: Call) throws {
        let owner = try call.ask(ShowRequest(user: call.user, position: position)).entry.owner
        guard owner == call.user || owner == Draft.home else {
            throw Refusal(
                .badRequest, "what is personal in this entry belongs to somebody else", hint: "Leave “personal” out.",
                code: "forbidden")
        }
    }

    private static func entries(_ call: Call) throws -> Reply {
        let last = try lastRead(call)
        if call.visit.header("Accept")?.lowercased().contains("text/event-stream") == true, let caller = call.caller {
            guard let stream = call.means.entryStream(last, call.means.onlooker(caller, call.visit)) else {
                throw WebMeans.absent
            }
            return Reply(200, headers: [eventStream], stream: stream)
        }
        var request = LogRequest()
        (request.user, request.isDiscreet) = (call.user, true)
        request.from = last < Int64.max ? last + 1 : last
        request.limit = try call[limit]
        var page = try call.ask(request)
        if last > page.end {
            throw Refusal(
                .badRequest, "the ledger ends at entry \(page.end)",
                hint: "If it was restored from a backup, go on behind that entry.", field: after.declaration.name)
        }
        let seconds = try call[wait]
        if page.entries.isEmpty, seconds > 0 {
            call.means.bell(last, seconds)
            page = try call.ask(request)
        }
        return try .document(200, "entries", page.behind)
    }

    /// What a browser that lost its connection has seen counts before what it first asked for.
    private static func lastRead(_ call: Call) throws -> Int64 {
        if let seen = call.visit.header("Last-Event-ID").flatMap({ Int64($0) }), seen >= 0 { return seen }
        return try call[after]
    }
}

struct VerifyBody: WebBody {
    let withViews: Bool?
    let checkpoint: String?

    static let notes = [
        "with_views": FieldNote("The views are posted anew and compared as well."),
        "checkpoint": FieldNote("A checkpoint that was kept elsewhere, whole.", most: 4_000),
    ]
}
