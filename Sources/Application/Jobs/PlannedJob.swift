public import Entries
public import Schedule

/// Something that is done without being asked each time: when, and what.
///
/// What it does follows from the home and from the time alone, so it can be done by hand as well, at any time and as often
/// as one likes: `daybook jobs run NAME`.
public struct PlannedJob: Sendable {
    public let job: Job
    /// In one line, for people.
    public let meaning: String
    public let grid: Grid
    /// As a person would say it.
    public let cadence: String
    /// Whoever only reads can do it, beside others.
    public let isReading: Bool
    let work: @Sendable (OpenHome, JobOrder) throws -> JobReport

    init(
        _ job: Job, _ meaning: String, _ grid: Grid, _ cadence: String, isReading: Bool = false,
        work: @escaping @Sendable (OpenHome, JobOrder) throws -> JobReport
    ) {
        self.job = job
        self.meaning = meaning
        self.grid = grid
        self.cadence = cadence
        self.isReading = isReading
        self.work = work
    }
}

/// Who wants a job done.
public struct JobOrder: Sendable {
    public let run: String
    public let trigger: Trigger

    public init(run: String, trigger: Trigger) {
        self.run = run
        self.trigger = trigger
    }

    /// As entries name who did it.
    var actor: String { trigger == .manual ? Actor.asking : Actor.scheduler }
}
