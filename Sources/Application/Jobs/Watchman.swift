import Entries
import Projections
import SQLite
import Sync

/// What a person should look at.
enum Watchman {
    static func run(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        let summary = try AlertStage(home.desk(actor: order.actor)).run()
        var report = JobReport()
        report.created = Int64(summary.raised.count)
        report.deleted = Int64(summary.cleared.count)
        return report
    }
}
