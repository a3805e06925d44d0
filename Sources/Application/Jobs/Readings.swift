import Entries
import Projections
import SQLite
import Sync

/// What is due of what is connected, for every user. One user's fault is that user's.
enum Readings {
    static func read(_ home: OpenHome, _ order: JobOrder, _ subject: FetchSubject) throws -> JobReport {
        var report = JobReport()
        var failed: [String] = []
        for viewer in try home.users() {
            let due = try home.views().read {
                try ConnectionRow.due(of: viewer.user, $0).filter {
                    $0.subject == subject && $0.planned(at: home.options.now()) != nil
                }
            }
            for connection in due {
                let reading = ConnectionRun(connection.connection, trigger: order.trigger, run: order.run)
                report.add(try reading.run(in: home), &failed)
            }
        }
        guard failed.isEmpty else {
            report.outcome = .failure
            report.errorClass = .transient
            report.errorCode = "some_failed"
            report.message = "not read: " + failed.joined(separator: ", ")
            return report
        }
        return report
    }
}

extension JobReport {
    mutating func add(_ summary: Round.Summary?, _ failed: inout [String]) {
        for reading in summary?.readings ?? [] {
            processed += 1
            created += reading.summary.created
            updated += reading.summary.updated
            deleted += reading.summary.deleted
            if case .failed = reading.summary.outcome { failed.append(reading.name) }
        }
    }
}
