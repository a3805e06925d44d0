// What is to be done, and what was done. Stream: `job/NAME`.

public struct JobRequested: Fact {
    public static let type = "job.requested"
    public static let meaning = """
        Something is to be done. While the same is waiting, it is not written down a second time.
        """

    public var job = Job.fetch
    public var run = ""
    public var trigger = Trigger.scheduled
    public var priority = Priority.background
    public var mode: FetchMode?
    public var user: String?
    public var connection: String?
    public var calendar: String?
    public var due: Int64?
    public var expires: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("job", &job, "What is to be done.")
        fields.data("run", &run, "The id of the run.")
        fields.data("trigger", &trigger, "What asked for it.")
        fields.data("priority", &priority, "How urgent it is.")
        fields.data("mode", &mode, "How to read, where it is a reading.")
        fields.data("user", &user, "Whose things it is about, where it is one user's.")
        fields.data("connection", &connection, "The connection that it is about.")
        fields.data("calendar", &calendar, "The calendar that it is about.")
        fields.data("due", &due, "When it is to start; absent means now.")
        fields.data("expires", &expires, "When it is no longer worth doing.")
    }
}

public struct JobStarted: Fact {
    public static let type = "job.started"
    public static let meaning = "A run began and holds the job until it ends, or until its time is over."

    public var job = Job.fetch
    public var run = ""
    public var connection: String?
    public var calendar: String?
    public var attempt: Int64 = 0
    public var expires: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("job", &job, "What is being done.")
        fields.data("run", &run, "The id of the run.")
        fields.data("connection", &connection, "The connection that it is about.")
        fields.data("calendar", &calendar, "The calendar that it is about.")
        fields.data("attempt", &attempt, "Which attempt it is, from 1.")
        fields.data("expires", &expires, "When it counts as lost.")
    }
}

public struct JobFinished: Fact {
    public static let type = "job.finished"
    public static let meaning = "A run came to its end. A run that was skipped is no success."

    public var job = Job.fetch
    public var run = ""
    public var trigger = Trigger.scheduled
    public var user: String?
    public var connection: String?
    public var calendar: String?
    public var outcome = Outcome.success
    public var attempts: Int64 = 0
    public var started: Int64 = 0
    public var durationMilliseconds: Int64 = 0
    public var processed: Int64 = 0
    public var created: Int64 = 0
    public var updated: Int64 = 0
    public var deleted: Int64 = 0
    public var through: Int64?
    public var remaining: Int64?
    public var reason: JobReason?
    public var errorClass: ErrorClass?
    public var errorCode: String?
    public var retry: Int64?
    public var message: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("job", &job, "What was done.")
        fields.data("run", &run, "The id of the run.")
        fields.data("trigger", &trigger, "What started it.")
        fields.data("user", &user, "Whose things it was about, where it was one user's.")
        fields.data("connection", &connection, "The connection that it was about.")
        fields.data("calendar", &calendar, "The calendar that it was about.")
        fields.data("outcome", &outcome, "What came of it.")
        fields.data("attempts", &attempts, "How many attempts it took.")
        fields.data("started", &started, "When it began.")
        fields.data("duration_milliseconds", &durationMilliseconds, "How long it took.")
        fields.data("processed", &processed, "How many items it looked at.")
        fields.data("created", &created, "How many it made.")
        fields.data("updated", &updated, "How many it changed.")
        fields.data("deleted", &deleted, "How many it took away.")
        fields.data("through", &through, "The position up to which entries were taken into account.")
        fields.data("remaining", &remaining, "How many items were left for the next run.")
        fields.data("reason", &reason, "Why, where it was skipped or put off.")
        fields.data("error_class", &errorClass, "What kind of failure it was, where it failed.")
        fields.data("error_code", &errorCode, "The code of the failure.")
        fields.data("retry", &retry, "When it is tried again.")
        fields.personal("message", &message, "What to tell a person.")
    }
}

/// How urgent something is.
public enum Priority: String, FieldWord { case background, user }

/// Why a run was skipped or put off.
public enum JobReason: String, FieldWord {
    case alreadyRunning = "already_running"
    case paused
    case breakerOpen = "breaker_open"
    case outsideHours = "outside_hours"
    case needsCredentials = "needs_credentials"
    case nothingDue = "nothing_due"
    case notChosen = "not_chosen"
    case rateLimited = "rate_limited"
    case shuttingDown = "shutting_down"
    case expired, lost
    case switchedOff = "switched_off"
}
