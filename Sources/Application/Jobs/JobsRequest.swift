import Entries
import Projections
import SQLite
import Schedule
import Sync

/// Which jobs there are, when each is done, and how it went last.
public struct JobsRequest: ReadingRequest {
    public static let name = "jobs"

    public struct Answer: Codable, Sendable {
        public let at: Int64
        public let zone: String?
        /// Whether anything is done without being asked.
        public let isScheduleOn: Bool
        public let jobs: [JobState]
        /// What was asked for and has not ended.
        public let queue: [QueuedJob]
    }

    public struct JobState: Codable, Sendable {
        public let name: String
        public let meaning: String
        public let cadence: String
        public let lastStarted: Int64?
        public let lastSuccess: Int64?
        public let lastOutcome: String?
        public let consecutiveFailures: Int64
        /// When it is done next, as long as the schedule is on; of readings the first that is due.
        public let next: Int64?
    }

    public struct QueuedJob: Codable, Sendable {
        public let run: String
        public let job: String
        public let connection: String?
        public let user: String?
        public let requested: Int64
        public let isStarted: Bool
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let now = home.options.now()
        return try home.views().read { views in
            let times = try WorkingTimes(views, home.desk().zones)
            let connections = try ConnectionRow.all(views).map { times.applied(to: $0) }
            // A service does at its times what leaves no trace because there was nothing to do; without one it is due since.
            let isServed = home.isCompanion
            let isOn = try Settings(of: Draft.home, views).flag(.schedule)
            return Answer(
                at: now, zone: home.zone(of: user), isScheduleOn: isOn,
                jobs: try JobCatalogue.all.map { try Self.state($0, connections, isOn, isServed, now, views) },
                queue: try QueueRow.all(views).map {
                    QueuedJob(
                        run: $0.run, job: $0.job.rawValue, connection: $0.connection, user: $0.user,
                        requested: $0.requested, isStarted: $0.isStarted)
                })
        }
    }

    private static func state(
        _ planned: PlannedJob, _ connections: [ConnectionRow], _ isOn: Bool, _ isServed: Bool,
        _ now: Int64, _ views: Connection
    ) throws -> JobState {
        let last = try views.prepare(
            """
            SELECT last_started, last_success, last_outcome, consecutive_failures FROM metric
            WHERE subject = 'job' AND owner = ? AND name = ?
            """
        ).first(.text(Draft.home), .text(planned.job.rawValue)) { row in
            (row.integerIfPresent(0), row.integerIfPresent(1), row.textIfPresent(2), row.integer(3))
        }
        // Each connection has runs of its own, which are no runs of the job that reads them all.
        var started = last?.0
        let next: Int64?
        if planned.hasTimeOfItsOwn {
            next = isServed ? planned.grid.next(after: now) : planned.grid.nextDue(last: last?.0, now: now)
        } else if planned.job == .deliver {
            next = try HookRow.all(views).compactMap { try $0.due(at: now, views) }.min()
        } else {
            let subject: FetchSubject = planned.job == .people ? .people : .meetings
            let read = connections.filter { $0.subject == subject && !$0.isRefused }
            started = ([started] + read.map(\.lastAttempt)).compactMap(\.self).max()
            next = read.map { $0.nextDue(at: now) }.min()
        }
        return JobState(
            name: planned.typed, meaning: planned.meaning, cadence: planned.cadence, lastStarted: started,
            lastSuccess: last?.1, lastOutcome: last?.2, consecutiveFailures: last?.3 ?? 0, next: isOn ? next : nil)
    }
}
