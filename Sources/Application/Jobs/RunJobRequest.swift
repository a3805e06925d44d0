import Entries
import Secrets

/// Does one job now, whenever it would have its time.
public struct RunJobRequest: Request {
    public static let name = "run_job"

    public struct Answer: Codable, Sendable {
        public let job: String
        public let run: String
        public let report: JobReport
    }

    public var user: String?
    public var job: String

    public init(user: String?, job: String) {
        self.user = user
        self.job = job
    }

    public func answer(in home: OpenHome) throws -> Answer {
        try home.requireAdmin(user)
        let planned = try JobCatalogue.named(job)
        let order = JobOrder(run: home.options.randomness.identifier(), trigger: .manual)
        return Answer(job: planned.typed, run: order.run, report: try JobRun(planned, order).run(in: home))
    }
}

/// Reads all of the one user whose turn it is, and passes the turn on.
public struct TakeTurnRequest: Request {
    public static let name = "take_turn"

    public struct Answer: Codable, Sendable {
        public let user: String?
        public let userName: String?
        public let run: String
        public let report: JobReport
        /// How long it takes at the most until it is everybody's turn again, at a tick of fifteen minutes.
        public let minutesForAll: Int64
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        try home.requireAdmin(user)
        let run = home.options.randomness.identifier()
        let viewer = try UserTurn.next(in: home)
        return Answer(
            user: viewer?.user, userName: viewer?.name, run: run, report: try UserTurn.take(in: home, run: run),
            minutesForAll: 15 * Int64(try home.users().count))
    }
}
