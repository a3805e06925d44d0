import Entries
import Projections
import SQLite

/// The last runs of a job, or of a connection, the newest first.
public struct JobHistoryRequest: ReadingRequest {
    public static let name = "job_history"

    public struct Answer: Codable, Sendable {
        public let name: String
        public let zone: String?
        public let runs: [Run]
    }

    public struct Run: Codable, Sendable {
        public let run: String
        /// The job, or the id of the connection.
        public let name: String
        public let calendar: String?
        public let trigger: String
        public let outcome: String
        public let attempts: Int64
        public let started: Int64
        public let milliseconds: Int64
        public let processed, created, updated, deleted: Int64
        public let reason: String?
        public let errorClass: String?
        public let errorCode: String?
        public let message: String?
        /// The entry that says so.
        public let position: Int64
    }

    public var user: String?
    /// A job, or a connection of the user; empty is every job.
    public var named: String
    public var limit: Int64 = 20

    public init(user: String?, named: String) {
        self.user = user
        self.named = named
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let (subject, name) = try subject(in: home)
        let runs = try home.views().read { views in
            try views.prepare(
                """
                SELECT run, calendar, trigger, outcome, attempts, started, duration_milliseconds, processed, created,
                    updated, deleted, reason, error_class, error_code, message, position, name
                FROM run WHERE subject = ?1 AND (name = ?2 OR ?2 = '') ORDER BY position DESC LIMIT ?3
                """
            ).map(.text(subject), .text(name), .integer(min(max(1, limit), 1_000))) { row in
                Run(
                    run: row.text(0), name: row.text(16), calendar: row.textIfPresent(1), trigger: row.text(2),
                    outcome: row.text(3),
                    attempts: row.integer(4), started: row.integer(5), milliseconds: row.integer(6),
                    processed: row.integer(7), created: row.integer(8), updated: row.integer(9),
                    deleted: row.integer(10), reason: row.textIfPresent(11), errorClass: row.textIfPresent(12),
                    errorCode: row.textIfPresent(13), message: row.textIfPresent(14), position: row.integer(15))
            }
        }
        return Answer(name: named, zone: home.zone(of: user), runs: runs)
    }

    private func subject(in home: OpenHome) throws -> (subject: String, name: String) {
        if named.isEmpty {
            try home.requireAdmin(user)
            return ("job", "")
        }
        if let planned = try? JobCatalogue.named(named) {
            try home.requireAdmin(user)
            return ("job", planned.job.rawValue)
        }
        let viewer = try home.viewer(user)
        do {
            return ("connection", try home.connection(named, of: viewer))
        } catch let refusal as Refusal where refusal.kind == .notFound {
            _ = try JobCatalogue.named(named)
            throw refusal
        }
    }
}
