import Application
import WebServer

extension Routes {
    private static let tag = "reading"

    static let readings: [Route] = [
        Route(
            .post, "\(root)/sync", "Begin to read: a connection, all of yours, or everybody's", tag: tag,
            kind: "sync_started", body: .json(SyncBody.self), success: 202, refusals: [409, 422, 503]
        ) { call in
            let body = try call.body(SyncBody.self)
            if body.isForAll == true { try call.requireAdmin() }
            var request = RequestSyncRequest(user: call.user)
            (request.isForAll, request.connection, request.isFull) = (
                body.isForAll ?? false, body.connection, body.isFull ?? false
            )
            let started = try call.ask(request)
            if let first = started.runs.first, started.runs.allSatisfy(\.isRepeated) {
                throw AlreadyRunning(run: first.run)
            }
            return started
        },
        Route(
            .get, "\(root)/sync/progress", "How far the readings are, as server-sent events", tag: tag,
            answer: .text("text/event-stream"), refusals: [503]
        ) { call in
            guard let caller = call.caller,
                let stream = call.means.progressStream(call.means.onlooker(caller, call.visit))
            else {
                throw WebMeans.absent
            }
            return Reply(200, headers: [eventStream], stream: stream)
        },
        Route(
            .get, "\(root)/status", "How your readings stand, and what waits", tag: tag, kind: "status"
        ) { call in StatusRequest(user: call.user) },
        Route(
            .get, "\(root)/alerts", "What stands wrong and was told of", tag: tag, kind: "alerts",
            [isForAll.declaration]
        ) { call in
            var request = AlertsRequest(user: call.user)
            request.isForAll = try call[isForAll]
            if request.isForAll { try call.requireAdmin() }
            return request
        },
        Route(
            .get, "\(root)/jobs", "The jobs of the service, when each is done, and what waits", tag: tag, kind: "jobs",
            role: .admin
        ) { call in JobsRequest(user: call.user) },
        Route(
            .get, "\(root)/jobs/{job}/runs", "The last runs of a job, the newest first", tag: tag, kind: "job_history",
            role: .admin, [job.declaration, limit.declaration]
        ) { call in
            var request = JobHistoryRequest(user: call.user, named: try call[job])
            request.limit = try call[limit]
            return request
        },
        Route(
            .post, "\(root)/jobs/{job}/runs", "Do a job now, and wait for it", tag: tag, kind: "job_run", role: .admin,
            [job.declaration], refusals: [409]
        ) { call in RunJobRequest(user: call.user, job: try call[job]) }.lasting,
        Route(
            .get, "\(root)/connections/{connection}/runs", "The last readings of a connection, the newest first",
            tag: tag, kind: "job_history", [connection.declaration, limit.declaration]
        ) { call in
            var request = JobHistoryRequest(user: call.user, named: try call[connection])
            request.limit = try call[limit]
            return request
        },
        Route(
            .get, "\(root)/watches", "Which of your calendars are told of at once, and why others are not", tag: tag,
            kind: "watches"
        ) { call in WatchesRequest(user: call.user) },
        Route(
            .get, "\(root)/metrics", "How readings and jobs go, counted", tag: tag, role: .admin,
            answer: .json(Metrics.self)
        ) { call in try .json(200, call.ask(MetricsRequest())) },
        Route(
            .get, "/api/customers/sync/metrics", "How your readings go, in one figure each", tag: tag,
            answer: .json(SyncMetrics.self)
        ) { call in try .json(200, SyncMetrics(call.ask(MetricsRequest()), of: call.caller)) },
        Route(
            .get, "/api/admin/sync/frequency", "How often connections are read whose owners chose nothing", tag: tag,
            role: .admin, answer: .json(FrequencyAnswer.self)
        ) { call in try frequency(call) },
        Route(
            .post, "/api/admin/sync/frequency", "Change it; nothing is read for that", tag: tag, role: .admin,
            body: .json(FrequencyBody.self), answer: .json(FrequencyAnswer.self), refusals: [409]
        ) { call in
            let minutes = try call.body(FrequencyBody.self).intervalMinutes
            var change = ChangeSettingRequest(user: call.user, setting: frequencySetting, value: String(minutes))
            change.isHomeWide = true
            _ = try call.ask(change)
            return try frequency(call)
        },
    ]

    private static let job = Parameter.word(
        "job", JobCatalogue.all.map(\.typed), in: .path, "The job, as the list of them calls it.")
    private static let limit = Parameter.integer("limit", in: 1...1_000, default: 20, "The last so many runs.")
    private static let isForAll = Parameter.flag("all", "Those of everybody, for an administrator.")
    static let eventStream = Visit.Field("Content-Type", "text/event-stream")
    private static let frequencySetting = "sync-frequency"

    /// As the views have it, and not as somebody said it.
    private static func frequency(_ call: Call) throws -> Reply {
        let shown = try call.ask(SettingsRequest(user: call.user, setting: frequencySetting)).settings.first
        return try .json(200, FrequencyAnswer(intervalMinutes: shown.flatMap { Int64($0.value) } ?? 0))
    }
}

struct SyncBody: WebBody {
    let connection: String?
    let isFull: Bool?
    let isForAll: Bool?

    static let notes = [
        "connection": FieldNote("Only this one.", identifies: .connection),
        "is_full": FieldNote("Everything is read, and not only what changed."),
        "is_for_all": FieldNote("Of everybody, for an administrator."),
    ]
}

struct FrequencyBody: WebBody {
    let intervalMinutes: Int64

    static let naming = Naming.asWritten
    static let notes = [
        "intervalMinutes": FieldNote("How many minutes lie between two readings.", in: 5...1_440)
    ]
}

struct FrequencyAnswer: Codable, Sendable {
    let intervalMinutes: Int64
}

/// The figures that were agreed on for all systems of this kind. What is not known yet is null, and not left out.
struct SyncMetrics: Codable, Sendable {
    let lastSyncTime: Int64?
    let lastResult: Metrics.Result?
    let totalSyncs: Int64
    let consecutiveFailures: Int64
    let averageDuration: Int64?
    let health: Metrics.Health
    let freshness: Metrics.Freshness
    let reason: String?

    private enum CodingKeys: String, CodingKey {
        case lastSyncTime, lastResult, totalSyncs, consecutiveFailures, averageDuration, health, freshness, reason
    }

    /// A member sees the figures of the member's own readings, an administrator those of all.
    init(_ metrics: Metrics, of caller: Caller?) {
        let figures =
            caller?.isAdmin == true
            ? metrics.total
            : Metrics.Figures.together(metrics.connections.filter { $0.user == caller?.user }.map(\.figures))
        lastSyncTime = figures.lastSyncTime
        lastResult = figures.lastResult
        totalSyncs = figures.totalSyncs
        consecutiveFailures = figures.consecutiveFailures
        averageDuration = figures.averageDuration
        (health, freshness, reason) = (figures.health, figures.freshness, figures.reason)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        lastSyncTime = try container.decode(Int64?.self, forKey: .lastSyncTime)
        lastResult = try container.decode(Metrics.Result?.self, forKey: .lastResult)
        totalSyncs = try container.decode(Int64.self, forKey: .totalSyncs)
        consecutiveFailures = try container.decode(Int64.self, forKey: .consecutiveFailures)
        averageDuration = try container.decode(Int64?.self, forKey: .averageDuration)
        health = try container.decode(Metrics.Health.self, forKey: .health)
        freshness = try container.decode(Metrics.Freshness.self, forKey: .freshness)
        reason = try container.decode(String?.self, forKey: .reason)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lastSyncTime, forKey: .lastSyncTime)
        try container.encode(lastResult, forKey: .lastResult)
        try container.encode(totalSyncs, forKey: .totalSyncs)
        try container.encode(consecutiveFailures, forKey: .consecutiveFailures)
        try container.encode(averageDuration, forKey: .averageDuration)
        try container.encode(health, forKey: .health)
        try container.encode(freshness, forKey: .freshness)
        try container.encode(reason, forKey: .reason)
    }
}
