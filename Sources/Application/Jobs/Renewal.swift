import Entries
import Projections
import Providers
import SQLite
import Sync

/// Renews the grants that end within half an hour, before a reading needs them: a grant that died is so found out at
/// once, and not when a meeting is missed.
enum Renewal {
    /// A reading renews what ends within five minutes.
    static let margin: Int64 = 30 * 60_000

    static func run(_ home: OpenHome, _ order: JobOrder) throws -> JobReport {
        var report = JobReport()
        var failed: [String] = []
        for viewer in try home.users() {
            for row in try due(viewer, home) {
                report.processed += 1
                do {
                    // What is being read renews its grant itself.
                    guard home.connectionsInUse.insert(row.connection).inserted else { continue }
                    defer { home.connectionsInUse.remove(row.connection) }
                    try SourceOpener(home, viewer).account(row).renew()
                    report.updated += 1
                } catch let failure as ReadingFailure {
                    if failure.isInterruption { throw ReadingStopped() }
                    failed.append("\(row.name ?? row.connection): \(failure.message)")
                    if failure.errorClass == .auth {
                        try home.desk(actor: order.actor).refuse(row, failure.code, failure.message)
                    }
                }
            }
        }
        guard failed.isEmpty else {
            report.outcome = .failure
            report.errorClass = .transient
            report.message = failed.joined(separator: "; ")
            return report
        }
        return report
    }

    private static func due(_ viewer: Viewer, _ home: OpenHome) throws -> [ConnectionRow] {
        let now = home.options.now()
        return try home.views().read { views in
            try ConnectionRow.due(of: viewer.user, views).filter {
                [.google, .microsoft].contains($0.provider) && !$0.isRefused
                    && ($0.credentialExpires.map { $0 - now <= margin } ?? false)
            }
        }
    }
}
