import Entries
import Projections
import SQLite
import Sync

/// Unfolds, matches and logs what time alone has brought.
enum Deciding {
    static func run(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        var report = JobReport()
        var failures: [String] = []
        for viewer in try home.users() {
            var wish = Round.Wish()
            wish.zone = viewer.zone
            wish.trigger = order.trigger
            let round = Round(home.desk(actor: order.actor), owner: viewer.user, wish)
            var summary = Round.Summary()
            do {
                try round.decide(&summary)
            } catch let refusal as Refusal where ![.diskFull, .notConfirmed, .interrupted].contains(refusal.kind) {
                failures.append("\(viewer.name ?? viewer.user): \(refusal.message)")
                continue
            }
            report.created += summary.logged.logged + summary.unfolded.created
            report.updated += summary.logged.amended
            report.deleted += summary.logged.retracted
            report.processed += summary.logged.logged + summary.logged.skipped + summary.matched.looked
            report.remaining = (report.remaining ?? 0) + summary.logged.remaining
        }
        if !failures.isEmpty {
            report.outcome = .failure
            report.errorClass = .permanent
            report.message = failures.joined(separator: "; ")
        }
        return report
    }
}
