import Entries
import Projections
import SQLite

/// Does a job, and writes down what came of it.
public struct JobRun {
    private let planned: PlannedJob
    private let order: JobOrder

    /// Success of a job that had nothing to do is written down once in so long, so that silence never looks like health.
    static let heartbeat: Int64 = 12 * 3_600_000

    public init(_ planned: PlannedJob, _ order: JobOrder) {
        self.planned = planned
        self.order = order
    }

    /// Does it in the home, and records it there.
    @discardableResult
    public func run(in home: OpenHome) throws -> JobReport {
        let started = home.options.now()
        let report = try work(in: home)
        try record(report, started: started, in: home)
        return report
    }

    /// Does it, and records nothing: somebody beside the owner may do so with a job that only reads.
    ///
    /// Throws where it was asked to stop: that is no failure of the job, and it is done again.
    public func work(in home: OpenHome) throws -> JobReport {
        do {
            return try OpenHome.explained(home.folder) { try planned.work(home, order) }
        } catch let refusal as Refusal where refusal.kind == .interrupted {
            throw refusal
        } catch {
            return .failure(error)
        }
    }

    public func record(_ report: JobReport, started: Int64, in home: OpenHome) throws {
        guard try isWorthRecording(report, in: home) else { return }
        var finished = JobFinished()
        finished.job = planned.job
        finished.run = order.run
        finished.trigger = order.trigger
        finished.outcome = report.outcome
        finished.attempts = report.outcome == .skipped ? 0 : 1
        finished.started = started
        finished.durationMilliseconds = max(0, home.options.now() - started)
        (finished.processed, finished.created) = (report.processed, report.created)
        (finished.updated, finished.deleted) = (report.updated, report.deleted)
        (finished.remaining, finished.reason) = (report.remaining, report.reason)
        (finished.errorClass, finished.errorCode, finished.message) =
            (report.errorClass, report.errorCode, report.message)
        try home.append([
            Draft(finished, stream: "job/\(planned.job.rawValue)", owner: Draft.home, actor: order.actor)
        ])
    }

    private func isWorthRecording(_ report: JobReport, in home: OpenHome) throws -> Bool {
        if order.trigger == .manual || !report.isQuiet { return true }
        guard report.outcome == .success else { return false }
        let last = try home.views().read { views in
            try views.prepare(
                "SELECT last_success, consecutive_failures FROM metric WHERE subject = 'job' AND owner = ? AND name = ?"
            ).first(.text(Draft.home), .text(planned.job.rawValue)) { ($0.integerIfPresent(0), $0.integer(1)) }
        }
        guard let (success, failures) = last, let success else { return true }
        return failures > 0 || home.options.now() - success >= Self.heartbeat || success > home.options.now()
    }
}
