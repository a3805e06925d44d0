import Entries
public import HTTP

extension ReadingFailure {
    /// A request that got no answer.
    public init(_ error: HTTPError) {
        let errorClass: ErrorClass =
            error.kind == .unauthorized ? .auth : error.isTransient ? .transient : .permanent
        self.init(errorClass, error.kind.rawValue, error.message)
        attempts = Int64(error.attempts)
        remedy = error.remedy
    }

    /// Somebody here asked to stop. That says nothing about the source, and is no failure of it.
    public var isInterruption: Bool { code == HTTPError.Kind.interrupted.rawValue }

    /// Nobody answered at all.
    var isSilence: Bool { HTTPError.Kind(rawValue: code).map { HTTPError($0, "").isSilence } ?? false }

    /// An answer whose status no part of the protocol accounts for.
    ///
    /// - Parameter doing: what was asked for, as in “listing the calendars”.
    public init(_ response: Response, doing: String) {
        let host = response.address.origin.place
        let status = response.status
        let retry = response.header("Retry-After").flatMap { Int64($0) }.map { $0 * 1_000 }
        switch status {
        case 401:
            self.init(
                .auth, "unauthorized",
                "\(host) refused the user name or the password while \(doing). Many servers want an app password, not the "
                    + "one of the account.")
        case 403:
            self.init(.permanent, "forbidden", "\(host) does not allow \(doing): the account may not see it (403).")
        case 404, 410:
            self.init(.permanent, "not_found", "\(host) has nothing there while \(doing) (\(status)).")
        case 429:
            self.init(
                .rate, "too_many_requests", "\(host) asks to be left alone for a while (429).",
                retryAfterMilliseconds: retry)
        case 408, 425, 500...599:
            self.init(
                .transient, "status_\(status)", "\(host) failed while \(doing) (\(status)). It may pass.",
                retryAfterMilliseconds: retry)
        default:
            self.init(.permanent, "status_\(status)", "\(host) answered \(status) while \(doing).")
        }
    }
}
