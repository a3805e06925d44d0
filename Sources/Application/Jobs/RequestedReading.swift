import Entries
import Projections
import SQLite
public import Sync

/// A reading that somebody asked for without waiting for it: from the queue to its end.
public struct RequestedReading {
    private let run: String
    private let connection: String

    /// What was begun and did not end in this time is counted as lost by whoever looks.
    private static let patience: Int64 = 20 * 60_000

    public init(_ run: String, _ connection: String) {
        self.run = run
        self.connection = connection
    }

    public func begin(in home: OpenHome) throws {
        guard let row = try queued(home) else { return }
        var started = JobStarted()
        started.job = row.job
        started.run = run
        started.connection = connection
        started.attempt = 1
        started.expires = home.options.now() + Self.patience
        try home.append([Draft(started, stream: "job/fetch", owner: row.owner, actor: Actor.scheduler)])
    }

    /// - Parameter summary: nil where nothing could be read any more.
    public func end(_ summary: Round.Summary?, in home: OpenHome) throws {
        guard let row = try queued(home) else { return }
        var report = JobReport()
        var failed: [String] = []
        report.add(summary, &failed)
        if summary == nil { report.outcome = .skipped }
        if !failed.isEmpty { report.outcome = .failure }
        var finished = JobFinished()
        finished.job = row.job
        finished.run = run
        finished.trigger = row.trigger
        finished.user = row.user
        finished.connection = connection
        finished.outcome = report.outcome
        finished.attempts = 1
        finished.started = row.requested
        finished.durationMilliseconds = max(0, home.options.now() - row.requested)
        (finished.processed, finished.created) = (report.processed, report.created)
        (finished.updated, finished.deleted) = (report.updated, report.deleted)
        if report.outcome == .failure { finished.errorClass = .transient }
        try home.append([Draft(finished, stream: "job/fetch", owner: row.owner, actor: Actor.scheduler)])
    }

    private func queued(_ home: OpenHome) throws -> QueueRow? {
        try home.views().read { try QueueRow.all($0).first { $0.run == run } }
    }
}
