import Entries
import HTTP

/// An answer of Graph that is none of what was asked for.
struct GraphRefusal: Error, Equatable {
    enum Kind {
        /// What was asked for is not there.
        case missing
        /// The place where a reading stood is forgotten, and everything has to be read again.
        case stateLost
        case other
    }

    let kind: Kind
    let failure: ReadingFailure
    /// Of the answer; 0 where there was none.
    let status: Int

    /// - Parameters:
    ///   - code: Graph's word for it; nil where the answer is none of Graph's, but of something that stands before it.
    ///   - doing: what was asked for, as in “listing the calendars”.
    init(_ response: Response, code: String?, doing: String, now: Int64) {
        let code = code?.lowercased() ?? ""
        let isStateLost = response.status == 410 || Self.stateLost.contains(code)
        let isMissing = response.status == 404 && !code.isEmpty && Self.word(for: code) == nil
        kind = (400..<500).contains(response.status) && isStateLost ? .stateLost : isMissing ? .missing : .other
        var failure = Self.failure(response, code, doing)
        failure.attempts = Int64(response.attempts)
        failure.retryAfterMilliseconds = response.retryAfterMilliseconds(now: now)
        self.failure = failure
        status = response.status
    }

    init(_ failure: ReadingFailure) {
        kind = .other
        status = 0
        self.failure = failure
    }

    /// An answer that should be JSON, and is none or of another form.
    static func malformed(_ address: Address, doing: String) -> GraphRefusal {
        GraphRefusal(
            ReadingFailure(
                .transient, "malformed",
                "\(address.origin.host) answered something that is no answer of Microsoft's while \(doing). It may pass."
            ))
    }

    private static let stateLost: Set = ["syncstatenotfound", "syncstateinvalid", "resyncrequired"]

    private enum Word { case noMailbox, busyMailbox, throttled }

    private static func word(for code: String) -> Word? {
        switch code {
        case "mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "errornonexistentmailbox",
            "errormailboxnotenabledforrestapi":
            .noMailbox
        case "mailboxinfostale", "errormailboxmoveinprogress", "errormailboxstoreunavailable":
            .busyMailbox
        case "applicationthrottled", "errorserverbusy", "toomanyrequests", "activitylimitreached", "quotalimitreached",
            "errortoomanyobjectsopened", "errorexceededconnectioncount":
            .throttled
        default: nil
        }
    }

    private static func failure(_ response: Response, _ code: String, _ doing: String) -> ReadingFailure {
        let status = response.status
        let isError = status >= 400
        switch isError ? word(for: code) : nil {
        case .noMailbox:
            return ReadingFailure(
                .permanent, "no_mailbox",
                "Microsoft has no mailbox for this account that other programs may read: the organisation keeps it on a "
                    + "server of its own, or the account has no licence for one.")
        case .busyMailbox:
            return ReadingFailure(
                .transient, "mailbox_busy", "Microsoft is moving or mending this mailbox. It will pass.")
        case .throttled: return throttled(status)
        case nil: break
        }
        switch status {
        case 401:
            return ReadingFailure(
                .auth, "unauthorized",
                "Microsoft does not accept the sign-in of this account any more, while \(doing). Connect it again.")
        case 403:
            return ReadingFailure(
                .permanent, "forbidden",
                "Microsoft does not allow \(doing): the consent does not cover it, the calendar is not shared any more, or "
                    + "an administrator must agree.")
        case 429, 509: return throttled(status)
        case 404 where code.isEmpty:
            return ReadingFailure(
                .transient, "malformed", "There was no answer of Microsoft's while \(doing) (404). It may pass.")
        case 404, 410:
            return ReadingFailure(.permanent, "not_found", "Microsoft has nothing there while \(doing) (\(status)).")
        case 408, 425, 500...599:
            return ReadingFailure(
                .transient, "status_\(status)", "Microsoft failed while \(doing) (\(status)). It may pass.")
        default:
            return ReadingFailure(.permanent, "status_\(status)", "Microsoft answered \(status) while \(doing).")
        }
    }

    private static func throttled(_ status: Int) -> ReadingFailure {
        ReadingFailure(.rate, "too_many_requests", "Microsoft asks to be left alone for a while (\(status)).")
    }
}
