import Entries
import Sync

/// Watches, and what comes by them.
enum Pushing {
    /// Opens, renews and stops watches. That a provider refuses one is the trouble of its calendar, which is told there.
    static func tend(_ home: OpenHome, _ order: JobOrder) throws -> JobReport { report(try home.tendWatches()) }

    static func renew(_ home: OpenHome, _ order: JobOrder) throws -> JobReport { report(try home.renewWatches()) }

    /// Reads what was told to have changed.
    static func follow(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        let summary = try home.followNotifications()
        var report = JobReport()
        report.processed = summary.read + summary.known + summary.failed
        if summary.waiting > 0 { report.remaining = summary.waiting }
        return report
    }

    private static func report(_ summary: WatchStage.Summary) -> JobReport {
        var report = JobReport()
        report.processed = summary.opened + summary.renewed + summary.stopped + summary.failed
        report.created = summary.opened
        report.updated = summary.renewed
        report.deleted = summary.stopped
        return report
    }
}
