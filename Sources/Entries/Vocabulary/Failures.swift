// What happens when a connection or a job fails again and again. Stream: `connection/ID` or `job/NAME`.

public struct BreakerOpened: Fact {
    public static let type = "breaker.opened"
    public static let meaning = "A connection failed so often that it is left alone for a while."

    public var connection = ""
    public var failures: Int64 = 0
    public var rule = BreakerRule.inARow
    public var until: Int64 = 0
    public var errorClass: ErrorClass?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("failures", &failures, "How many runs failed in a row, or in a day.")
        fields.data("rule", &rule, "Which of the two limits was reached.")
        fields.data("until", &until, "When it is tried again.")
        fields.data("error_class", &errorClass, "The kind of the last failure.")
    }
}

public struct BreakerClosed: Fact {
    public static let type = "breaker.closed"
    public static let meaning = "A connection that was left alone is read again."

    public var connection = ""
    public var reason = BreakerEnd.over

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct AlertRaised: Fact {
    public static let type = "alert.raised"
    public static let meaning = "Something failed so often that a person should look."

    public var alert = AlertKind.failingConnection
    public var connection: String?
    public var job: Job?
    public var failures: Int64?
    public var errorClass: ErrorClass?
    public var message: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("alert", &alert, "What it is about.")
        fields.data("connection", &connection, "The connection, where it is about one.")
        fields.data("job", &job, "The job, where it is about one.")
        fields.data("failures", &failures, "How many runs failed in a row.")
        fields.data("error_class", &errorClass, "The kind of the last failure.")
        fields.personal("message", &message, "What to tell the person.")
    }
}

public struct AlertCleared: Fact {
    public static let type = "alert.cleared"
    public static let meaning = "What an alert was about is over."

    public var alert = AlertKind.failingConnection
    public var connection: String?
    public var job: Job?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("alert", &alert, "What it was about.")
        fields.data("connection", &connection, "The connection, where it was about one.")
        fields.data("job", &job, "The job, where it was about one.")
    }
}

/// Which limit of failures was reached.
public enum BreakerRule: String, FieldWord {
    case inARow = "in_a_row"
    case inADay = "in_a_day"
}

/// Why a connection is read again after it was left alone.
public enum BreakerEnd: String, FieldWord {
    case over, success
    case byHand = "by_hand"
}

/// What a person should look at.
public enum AlertKind: String, FieldWord {
    case failingConnection = "failing_connection"
    case failingJob = "failing_job"
    case staleConnection = "stale_connection"
    case suspectedFetch = "suspected_fetch"
    case expiringGrant = "expiring_grant"
    case unverifiedLedger = "unverified_ledger"
}

/// What kind of failure something was, which says whether trying again can help.
public enum ErrorClass: String, FieldWord { case auth, rate, transient, permanent }

/// What is done without being asked each time.
public enum Job: String, FieldWord {
    case fetch, discover, unfold, match, log, inbox
    case openWatches = "open_watches"
    case renewWatches = "renew_watches"
    case renewCredentials = "renew_credentials"
    case conflicts, people, checkpoint, backup, verify, cleanup, `import`
    case alerts, deliver
}
