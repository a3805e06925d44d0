import Entries
import HTTP

/// What Google says when it does not do what it was asked.
///
/// The status alone does not tell: 403 may mean too many requests, a box that was not ticked, or an interface that nobody
/// switched on; 410 a sync token that died, or something that is deleted already. So the reasons are read, of the older
/// form (`errors[].reason`) first and then of the newer (`details[].reason`).
struct GoogleRefusal: Error {
    let response: Response
    let reasons: [String]
    /// The parameters that it complains about.
    private let locations: [String]

    /// No refusal that Google words is as large; a page of somebody else's may be.
    private static let mostBytes = 1 << 20

    init(_ response: Response) {
        self.response = response
        guard response.body.count <= Self.mostBytes, let body = try? JSONObject(response.body),
            let error = body.object("error")
        else {
            reasons = []
            locations = []
            return
        }
        let errors = error.objects("errors")
        reasons = (errors + error.objects("details")).compactMap { $0.text("reason") }
        locations = errors.compactMap { $0.text("location") }
    }

    private func has(_ wanted: String...) -> Bool { reasons.contains { wanted.contains($0) } }

    // MARK: What it means

    /// There were too many requests, and asking later helps.
    var isRate: Bool {
        response.status == 429
            || response.status == 403
                && has(
                    "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED",
                    "RESOURCE_EXHAUSTED")
    }

    /// The quota of the day is used up: asking again within a minute helps nothing.
    private var isDailyQuota: Bool { response.status == 403 && has("dailyLimitExceeded", "dailyLimitExceededUnreg") }

    /// The cursor is dead, so that everything must be read. What is merely deleted already is something else.
    var isDeadCursor: Bool {
        switch response.status {
        case 410: !has("deleted")
        case 400: has("EXPIRED_SYNC_TOKEN", "fullSyncRequired") || locations.contains("syncToken")
        default: false
        }
    }

    /// What was asked for does not exist, or not for this account.
    var isMissing: Bool { response.status == 404 || response.status == 410 && has("deleted") }

    /// The user did not tick the box, or ticked it off.
    var isMissingScope: Bool {
        response.status == 403 && has("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    }

    private var isSwitchedOff: Bool { response.status == 403 && has("accessNotConfigured", "SERVICE_DISABLED") }

    var isForbidden: Bool {
        response.status == 403 && !isRate && !isDailyQuota && !isMissingScope && !isSwitchedOff
    }

    /// - Parameter now: the time at which a date in `Retry-After` is looked at.
    func failure(_ task: GoogleTask, now: Int64) -> ReadingFailure {
        var failure = plainFailure(task)
        failure.attempts = Int64(response.attempts)
        failure.retryAfterMilliseconds =
            response.retryAfterMilliseconds(now: now) ?? failure.retryAfterMilliseconds
        return failure
    }

    private func plainFailure(_ task: GoogleTask) -> ReadingFailure {
        if isRate {
            return ReadingFailure(
                .rate, "too_many_requests", "Google asks to be left alone for a while: there were too many requests.")
        }
        if isDailyQuota {
            return ReadingFailure(
                .rate, "daily_quota",
                "The project at Google that Daybook asks in the name of has used up its requests of the day. It goes on "
                    + "tomorrow.")
        }
        if isSwitchedOff {
            return ReadingFailure(
                .permanent, "api_disabled",
                "The \(task.interface) is switched off in the project at Google that Daybook asks in the name of. Switch it on "
                    + "at console.cloud.google.com under “APIs & Services”, and wait some minutes.")
        }
        if isMissingScope {
            return ReadingFailure(
                .auth, "missing_scope",
                "Google was not told that Daybook may see your \(task.things). Connect the account again, and tick the "
                    + "box for it.")
        }
        switch response.status {
        case 401:
            return ReadingFailure(
                .auth, "unauthorized",
                "Google does not accept Daybook's access to the account any more. Connect the account again.")
        case 403 where has("domainPolicy", "admin_policy_enforced"):
            return ReadingFailure(
                .permanent, "domain_policy",
                "The administrator of the account does not allow \(task.doing). Only they can change that.")
        case 403:
            return ReadingFailure(
                .permanent, "forbidden", "Google does not allow this account \(task.doing). What was read is kept.")
        default: return ReadingFailure(response, doing: task.doing)
        }
    }
}

/// What Google is asked for, in words for a person.
enum GoogleTask {
    case listingCalendars
    case readingCalendar
    case readingBusyTimes
    case readingPeople
    case watchingCalendar
    case stoppingWatch

    var doing: String {
        switch self {
        case .listingCalendars: "listing the calendars"
        case .readingCalendar: "reading a calendar"
        case .readingBusyTimes: "reading when a calendar is busy"
        case .readingPeople: "reading the contacts"
        case .watchingCalendar: "asking to be told of changes"
        case .stoppingWatch: "asking to be told of changes no more"
        }
    }

    var things: String { if case .readingPeople = self { "contacts" } else { "calendars" } }

    var interface: String { if case .readingPeople = self { "People API" } else { "Google Calendar API" } }
}
