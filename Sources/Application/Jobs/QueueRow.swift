import Entries
import SQLite

/// A job that was asked for and has not ended, as the views have it.
struct QueueRow: Sendable, Equatable {
    var run = ""
    var job = Job.fetch
    var owner = ""
    var user: String?
    var connection: String?
    var mode: FetchMode?
    var trigger = Trigger.manual
    var priority = Priority.user
    var requested: Int64 = 0
    var isStarted = false

    static func all(_ views: Connection) throws -> [QueueRow] {
        try views.prepare(
            """
            SELECT run, job, owner, user, connection, mode, trigger, priority, requested, started IS NOT NULL
            FROM job_queue ORDER BY requested, run
            """
        ).map { row in
            QueueRow(
                run: row.text(0), job: Job(rawValue: row.text(1)) ?? .fetch, owner: row.text(2),
                user: row.textIfPresent(3), connection: row.textIfPresent(4),
                mode: row.textIfPresent(5).flatMap { FetchMode(rawValue: $0) },
                trigger: Trigger(rawValue: row.text(6)) ?? .manual, priority: Priority(rawValue: row.text(7)) ?? .user,
                requested: row.integer(8), isStarted: row.integer(9) == 1)
        }
    }
}
