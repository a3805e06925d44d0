import Entries
import Projections
import SQLite
import Sync

/// What keeps the ledger in order.
enum Keeping {
    static func checkpoint(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        let signed = try CheckpointRequest(accepts: false, note: nil, actor: order.actor).answer(in: home)
        try home.signHead()
        try home.settle()
        var report = JobReport()
        report.created = signed.position == nil ? 0 : 1
        return report
    }

    static func cleanUp(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        let cleanup = try Cleanup.run(in: home, actor: order.actor)
        var report = JobReport()
        report.deleted = cleanup.meetings + cleanup.runs + Int64(cleanup.files.count)
        return report
    }

    static func verify(_ home: OpenHome) throws -> JobReport {
        let verified = try VerifyRequest(kept: [], withViews: true).answer(in: home)
        var report = JobReport()
        report.processed = verified.entries
        guard !verified.isIntact else { return report }
        report.outcome = .failure
        report.errorClass = .permanent
        report.errorCode = "not_intact"
        let first = verified.findings.first.map { finding in
            finding.position.map { "entry \($0): \(finding.problem)" } ?? finding.problem
        }
        report.message = first ?? verified.viewsProblem ?? "the views are not what the ledger gives"
        return report
    }
}
