import Entries
import Projections
import SQLite
import Sync

/// One user at a tick, each in turn: for a home that must never do more than a little at a time.
///
/// Whose turn it is follows from who had the last one, which is an entry: users who come and go move nobody out of the
/// order, and a restart begins nothing anew. With N users each is read every N ticks.
enum UserTurn {
    /// The user behind the one who had the last turn, by their ids.
    static func next(in home: OpenHome) throws -> Viewer? {
        let users = try home.users().sorted { $0.user < $1.user }
        let last = try home.views().read { views in
            try views.prepare(
                """
                SELECT owner FROM run WHERE subject = 'job' AND name = ? AND trigger = ? AND owner <> ?
                ORDER BY position DESC LIMIT 1
                """
            ).first(.text(Job.fetch.rawValue), .text(Trigger.scheduled.rawValue), .text(Draft.home)) { $0.text(0) }
        }
        guard let last else { return users.first }
        return users.first { $0.user > last } ?? users.first
    }

    /// Writes down that a user had the turn, whatever came of it.
    static func record(_ viewer: Viewer, _ report: JobReport, run: String, started: Int64, in home: OpenHome) throws {
        var finished = JobFinished()
        finished.job = .fetch
        finished.run = run
        finished.trigger = .scheduled
        finished.user = viewer.user
        finished.outcome = report.outcome
        finished.attempts = 1
        finished.started = started
        finished.durationMilliseconds = max(0, home.options.now() - started)
        (finished.processed, finished.created) = (report.processed, report.created)
        (finished.updated, finished.deleted) = (report.updated, report.deleted)
        finished.errorClass = report.errorClass
        finished.message = report.message
        try home.append([Draft(finished, stream: "job/fetch", owner: viewer.user, actor: Actor.scheduler)])
    }

    /// Reads all that the user whose turn it is has connected, due or not, and passes the turn on.
    static func take(in home: OpenHome, run: String) throws -> JobReport {
        guard let viewer = try next(in: home) else { return .skipped(.nothingDue) }
        let started = home.options.now()
        var wish = Round.Wish()
        wish.trigger = .scheduled
        wish.zone = viewer.zone
        wish.run = run
        var report = JobReport()
        var failed: [String] = []
        do {
            let round = Round(
                home.desk(actor: Actor.scheduler), owner: viewer.user, wish, elsewhere: home.elsewhere(viewer))
            report.add(try round.run(), &failed)
        } catch let refusal as Refusal where ![.diskFull, .notConfirmed, .interrupted].contains(refusal.kind) {
            // One user's fault costs that user the turn, and nobody else theirs.
            report = .failure(refusal)
        }
        if !failed.isEmpty {
            report.outcome = .failure
            report.errorClass = .transient
            report.message = "not read: " + failed.joined(separator: ", ")
        }
        try record(viewer, report, run: run, started: started, in: home)
        return report
    }
}
