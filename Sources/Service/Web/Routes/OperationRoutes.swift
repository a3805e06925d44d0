import Application
import WebServer

extension Routes {
    private static let tag = "operations"

    static let operations: [Route] = [
        Route(
            .get, "\(root)/openapi.json", "This document", tag: tag, role: .anyone, answer: .free
        ) { _ in
            Reply(200, headers: [Visit.Field("Content-Type", Reply.jsonType)], body: try OpenAPIDocument.bytes.get())
        },
        Route(
            .get, "\(root)/doctor", "Look the home over", tag: tag, kind: "doctor", role: .admin
        ) { call in DoctorAnswer(checks: try call.ask(DoctorRequest(user: call.user))) }.thorough,
        Route(
            .post, "\(root)/repair", "Mend by entries what does not fit together", tag: tag, kind: "repaired",
            role: .admin, body: .json(RepairBody.self), refusals: [409]
        ) { call in RepairRequest(isDryRun: try call.body(RepairBody.self).isDryRun ?? false) },
        Route(
            .get, "/metrics", "The figures as Prometheus reads them", tag: tag, role: .admin, scope: .metrics,
            answer: .text("text/plain")
        ) { call in
            .text(
                200, try MetricsFormat.prometheus.text(call.ask(MetricsRequest())),
                type: "text/plain; version=0.0.4; charset=utf-8")
        },
        Route(
            .get, "/healthz", "Whether the service is alive", tag: tag, role: .anyone, answer: .text("text/plain")
        ) { _ in .text(200, "ok\n") },
        Route(
            .get, "/readyz", "Whether it answers requests", tag: tag, role: .anyone, answer: .text("text/plain"),
            refusals: [503]
        ) { call in
            if let reason = call.means.unready() { throw Refusal(.failed, reason, code: "not_ready") }
            return .text(200, "ready\n")
        },
    ]
}

struct RepairBody: WebBody {
    let isDryRun: Bool?

    static let notes = ["is_dry_run": FieldNote("Only says what would be mended.")]
}

struct DoctorAnswer: Codable, Sendable {
    let checks: [Doctor.Check]
}
