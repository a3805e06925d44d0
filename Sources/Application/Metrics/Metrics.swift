import Entries
import Ledger
import Machine
import Projections
import SQLite
import Secrets

/// How the readings of the calendars and the jobs go, counted from the entries. docs/metrics.md explains each figure.
public struct Metrics: Codable, Sendable {
    public var kind = "daybook.metrics"
    public var schemaVersion = 1
    /// Milliseconds since 1970, as all times here.
    public let generatedAt: Int64
    public let ledger: LedgerFigures
    public let total: Figures
    public let users: [Named]
    public let providers: [Named]
    public let connections: [Named]
    public let jobs: [Named]

    enum CodingKeys: String, CodingKey {
        case kind
        case schemaVersion = "schema_version"
        case generatedAt, ledger, total, users, providers, connections, jobs
    }

    public struct LedgerFigures: Codable, Sendable {
        public let entries: Int64
        public let root: String
        public let byteCount: Int64
        public let lastEntryAt: Int64?
        /// The entries behind the last checkpoint that was signed.
        public let entriesSinceCheckpoint: Int64
        public let viewsPosition: Int64
    }

    /// The figures of one user, provider, connection or job.
    public struct Named: Codable, Sendable {
        public let name: String
        public let title: String?
        public let user: String?
        public let provider: String?
        public let figures: Figures
    }

    public struct Figures: Codable, Sendable {
        public var lastSyncTime: Int64?
        public var lastSuccess: Int64?
        public var lastResult: Result?
        /// Runs that did something. One that was skipped or put off is none.
        public var totalSyncs: Int64 = 0
        public var attempts: Int64 = 0
        public var successes: Int64 = 0
        public var failures: Int64 = 0
        public var skipped: Int64 = 0
        public var consecutiveFailures: Int64 = 0
        /// Of the runs that succeeded, in milliseconds; absent before the first.
        public var averageDuration: Int64?
        public var health = Health.unknown
        public var freshness = Freshness.idle
        /// Why it is not fresh.
        public var reason: String?

        var successMilliseconds: Int64 = 0

        enum CodingKeys: String, CodingKey {
            case lastSyncTime, lastSuccess, lastResult, totalSyncs, attempts, successes, failures, skipped
            case consecutiveFailures, averageDuration, health, freshness, reason
        }
    }

    public struct Result: Codable, Sendable {
        public let success: Bool
        public let processed: Int64
        public let new: Int64
        public let updated: Int64
        public let deleted: Int64
        public let duration: Int64
        public let error: String?
    }

    /// `unknown` where nothing succeeded lately: silence is not health.
    public enum Health: String, Codable, Sendable, CaseIterable { case healthy, degraded, unknown }

    public enum Freshness: String, Codable, Sendable, CaseIterable, Comparable {
        case fresh, idle, paused, stale

        /// Of two, the one that deserves more attention is the greater.
        public static func < (left: Self, right: Self) -> Bool { left.weight < right.weight }

        private var weight: Int {
            switch self {
            case .idle: 0
            case .fresh: 1
            case .paused: 2
            case .stale: 3
            }
        }
    }
}

public struct MetricsRequest: ReadingRequest {
    public static let name = "metrics"

    public init() {}

    public func answer(in home: OpenHome) throws -> Metrics {
        let now = home.options.now()
        let names = try home.userNames()
        let subjects = try home.views().read { views in try MetricReader(views: views, now: now).subjects() }
        let connections = subjects.filter { $0.kind == .connection }
        let jobs = subjects.filter { $0.kind == .job }
        return Metrics(
            generatedAt: now, ledger: try ledgerFigures(home),
            total: Metrics.Figures(adding: connections.map(\.figures)),
            users: Metrics.Named.groups(connections, by: \.owner) { names[$0] },
            providers: Metrics.Named.groups(connections, by: { $0.provider ?? "unknown" }) { _ in nil },
            connections: connections.map(\.named), jobs: jobs.map(\.named))
    }

    private func ledgerFigures(_ home: OpenHome) throws -> Metrics.LedgerFigures {
        let (size, root) = try home.head
        let checkpoint = try home.views().read { views in
            try views.prepare("SELECT max(position) FROM entry_index WHERE type = ?")
                .first(.text("checkpoint.signed")) { $0.integerIfPresent(0) } ?? nil
        }
        return Metrics.LedgerFigures(
            entries: size, root: root.hexadecimal, byteCount: Folder.facts(home.folder.ledger)?.byteCount ?? 0,
            lastEntryAt: try home.reader.entry(size)?.at, entriesSinceCheckpoint: size - (checkpoint ?? 0),
            viewsPosition: try home.views().position())
    }
}

/// A row of `metric`, with what the connection says of itself.
struct MetricSubject {
    enum Kind { case connection, job }

    let kind: Kind
    let name: String
    let title: String?
    let owner: String
    let provider: String?
    let figures: Metrics.Figures

    var named: Metrics.Named {
        Metrics.Named(name: name, title: title, user: owner, provider: provider, figures: figures)
    }
}

private struct MetricReader {
    let views: Connection
    let now: Int64

    /// Connections that have never run stand there too: that they are silent is what one wants to see.
    func subjects() throws -> [MetricSubject] {
        let connections = try views.prepare(
            """
            SELECT connection.connection, connection.owner, connection.name, connection.provider,
                connection.is_sync_enabled, connection.is_paused, connection.breaker_until,
                connection.sync_frequency_minutes, metric.runs, metric.attempts, metric.successes, metric.failures,
                metric.skipped, metric.consecutive_failures, metric.success_milliseconds, metric.last_started,
                metric.last_success, metric.last_outcome, metric.last_processed, metric.last_created,
                metric.last_updated, metric.last_deleted, metric.last_milliseconds, metric.last_error_class,
                metric.last_error_code
            FROM connection LEFT JOIN metric
                ON metric.subject = 'connection' AND metric.name = connection.connection
                AND metric.owner = connection.owner
            ORDER BY connection.owner, connection.connection
            """
        ).map { row in connection(row) }
        let jobs = try views.prepare(
            """
            SELECT name, owner, NULL, NULL, 1, 0, NULL, 0, runs, attempts, successes, failures, skipped,
                consecutive_failures, success_milliseconds, last_started, last_success, last_outcome, last_processed,
                last_created, last_updated, last_deleted, last_milliseconds, last_error_class, last_error_code
            FROM metric WHERE subject = 'job' ORDER BY name, owner
            """
        ).map { row in job(row) }
        return connections + jobs
    }

    private func connection(_ row: borrowing Row) -> MetricSubject {
        var figures = figures(row)
        let (freshness, reason) = freshness(row)
        figures.judge(freshness, reason)
        return MetricSubject(
            kind: .connection, name: row.text(0), title: row.textIfPresent(2), owner: row.text(1),
            provider: row.textIfPresent(3), figures: figures)
    }

    private func job(_ row: borrowing Row) -> MetricSubject {
        var figures = figures(row)
        let (freshness, reason) = freshnessOfJob(figures)
        figures.judge(freshness, reason)
        return MetricSubject(
            kind: .job, name: row.text(0), title: nil, owner: row.text(1), provider: nil, figures: figures)
    }

    /// Every job is due at least daily, so a day without a success is silence.
    private static let patienceWithJobs: Int64 = 86_400_000

    private func freshnessOfJob(_ figures: Metrics.Figures) -> (Metrics.Freshness, String?) {
        guard let success = figures.lastSuccess else {
            return figures.totalSyncs == 0 ? (.idle, "it never ran") : (.stale, "it never succeeded")
        }
        let age = now - success
        return age <= Self.patienceWithJobs
            ? (.fresh, nil) : (.stale, "the last success was \(age / 3_600_000) hours ago")
    }

    private func figures(_ row: borrowing Row) -> Metrics.Figures {
        var figures = Metrics.Figures()
        guard !row.isNull(8) else { return figures }
        figures.totalSyncs = row.integer(8)
        figures.attempts = row.integer(9)
        figures.successes = row.integer(10)
        figures.failures = row.integer(11)
        figures.skipped = row.integer(12)
        figures.consecutiveFailures = row.integer(13)
        figures.successMilliseconds = row.integer(14)
        figures.lastSyncTime = row.integerIfPresent(15)
        figures.lastSuccess = row.integerIfPresent(16)
        if figures.successes > 0 { figures.averageDuration = figures.successMilliseconds / figures.successes }
        guard let outcome = row.textIfPresent(17) else { return figures }
        let errors = [row.textIfPresent(23), row.textIfPresent(24)].compactMap(\.self)
        figures.lastResult = Metrics.Result(
            success: outcome == "success", processed: row.integer(18), new: row.integer(19), updated: row.integer(20),
            deleted: row.integer(21), duration: row.integer(22),
            error: errors.isEmpty ? nil : errors.joined(separator: " "))
        return figures
    }

    /// A connection is stale once two of its readings should have succeeded and none did.
    private func freshness(_ row: borrowing Row) -> (Metrics.Freshness, String?) {
        if row.integer(4) == 0 { return (.paused, "reading is switched off") }
        if row.integer(5) != 0 { return (.paused, "paused by hand") }
        if let until = row.integerIfPresent(6), until > now { return (.paused, "paused after repeated failures") }
        guard let success = row.integerIfPresent(16) else {
            return row.isNull(8) ? (.idle, "it was never read") : (.stale, "it was never read successfully")
        }
        let patience = 2 * row.integer(7) * 60_000
        let age = now - success
        return age <= patience ? (.fresh, nil) : (.stale, "the last success was \(age / 60_000) minutes ago")
    }
}

extension Metrics.Figures {
    /// Healthy below three failures in a row, and only where something really succeeded lately.
    mutating func judge(_ freshness: Metrics.Freshness, _ reason: String?) {
        self.freshness = freshness
        self.reason = reason
        health = consecutiveFailures >= 3 ? .degraded : freshness == .fresh ? .healthy : .unknown
    }

    public static func together(_ parts: [Metrics.Figures]) -> Metrics.Figures { Metrics.Figures(adding: parts) }

    /// Several together: counts add up, and the worst of them tells how the whole is.
    init(adding parts: [Metrics.Figures]) {
        for part in parts {
            totalSyncs += part.totalSyncs
            attempts += part.attempts
            successes += part.successes
            failures += part.failures
            skipped += part.skipped
            successMilliseconds += part.successMilliseconds
            consecutiveFailures = max(consecutiveFailures, part.consecutiveFailures)
            lastSuccess = [lastSuccess, part.lastSuccess].compactMap(\.self).max()
        }
        if successes > 0 { averageDuration = successMilliseconds / successes }
        let newest = parts.max { ($0.lastSyncTime ?? .min) < ($1.lastSyncTime ?? .min) }
        lastSyncTime = newest?.lastSyncTime
        lastResult = newest?.lastResult
        let worst = parts.max { $0.freshness < $1.freshness }
        judge(worst?.freshness ?? .idle, worst?.reason)
    }
}

extension Metrics.Named {
    static func groups(
        _ subjects: [MetricSubject], by key: (MetricSubject) -> String, title: (String) -> String?
    ) -> [Metrics.Named] {
        Dictionary(grouping: subjects, by: key).sorted { $0.key < $1.key }.map { name, members in
            Metrics.Named(
                name: name, title: title(name), user: nil, provider: nil,
                figures: Metrics.Figures(adding: members.map(\.figures)))
        }
    }
}
