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
