public import Entries

/// What came of a job.
public struct JobReport: Codable, Sendable, Equatable {
    public var outcome = Outcome.success
    public var processed: Int64 = 0
    public var created: Int64 = 0
    public var updated: Int64 = 0
    public var deleted: Int64 = 0
    /// What was left for the next run.
    public var remaining: Int64?
    public var reason: JobReason?
    public var errorClass: ErrorClass?
    public var errorCode: String?
    /// For a person.
    public var message: String?

    public init() {}

    /// Nothing was there to do, which is no news.
    public var isQuiet: Bool {
        outcome == .skipped || outcome == .success && processed + created + updated + deleted == 0
    }

    static func skipped(_ reason: JobReason, _ message: String? = nil) -> JobReport {
        var report = JobReport()
        (report.outcome, report.reason, report.message) = (.skipped, reason, message)
        return report
    }

    /// What a job threw, which is its failure and nobody else's.
    static func failure(_ error: any Error) -> JobReport {
        var report = JobReport()
        report.outcome = .failure
        let refusal = error as? Refusal
        report.errorClass =
            refusal.map { [.diskFull, .locked].contains($0.kind) ? .transient : .permanent } ?? .permanent
        report.errorCode = refusal?.kind.rawValue ?? "failed"
        report.message = refusal?.message ?? "\(error)"
        return report
    }
}

extension Outcome: Codable {}
extension JobReason: Codable {}
extension ErrorClass: Codable {}
