import Entries
import HTTP
import ICalendar

/// Why a feed could not be read, in words for a person. None of them takes anything away that was read before.
enum FeedFailure {
    private static let kept = "What was read of it is kept."

    static func of(_ problem: FeedDocument.Problem, _ text: CalendarText, _ host: String) -> ReadingFailure {
        switch problem {
        case .webPage:
            ReadingFailure(
                .permanent, "web_page",
                "\(host) answered with a web page and no calendar. The address may want a login, or be that of a page about "
                    + "the calendar: the address of the calendar itself often ends in .ics. \(kept)")
        case .addressBook:
            ReadingFailure(
                .permanent, "address_book", "\(host) answered with an address book and no calendar. \(kept)")
        case .otherText:
            ReadingFailure(
                .permanent, "other_text",
                "\(host) answered with something that is no calendar. Look whether the address is that of a calendar in "
                    + "the form .ics. \(kept)")
        case .tooLarge:
            ReadingFailure(
                .permanent, "too_large",
                "The calendar of \(host) is larger than \(FileCalendar.mostBytes >> 20) MiB, which is as much as is read."
            )
        case .empty:
            ReadingFailure(.transient, "empty", "\(host) answered with nothing at all. It may pass. \(kept)")
        case .strayText:
            ReadingFailure(
                .transient, "stray_text",
                "\(host) sent something behind the end of the calendar, as a server does that failed on the way. \(kept)"
            )
        case .cutOff:
            ReadingFailure(
                .transient, "cut_off",
                "The calendar that \(host) sent ends in the middle, so that nobody can tell what it lacks. \(kept)")
        }
    }

    /// What is wrong with a calendar that is read all the same.
    static func blemish(_ text: CalendarText, _ host: String) -> ReadingFailure {
        let line = text.flaws.first?.line ?? 1
        return ReadingFailure(
            .permanent, "blemished",
            "The calendar of \(host), line \(line): beginnings and ends in it do not fit. What can be read was read, and "
                + "nothing counts as missing.")
    }

    /// Nothing changed, says one who was not asked that.
    static func unaskedFor(_ host: String) -> ReadingFailure {
        ReadingFailure(
            .transient, "status_304",
            "\(host) says that nothing changed, though it was asked for the whole. It may pass.")
    }

    static func of(_ response: Response, hadLogin: Bool, now: Int64) -> ReadingFailure {
        let host = response.address.origin.host
        var failure =
            words(response.status, host, hadLogin) ?? ReadingFailure(response, doing: "reading the feed")
        failure.attempts = Int64(response.attempts)
        failure.retryAfterMilliseconds = response.retryAfterMilliseconds(now: now)
            .map { min($0, FeedRefresh.most) }
        return failure
    }

    private static func words(_ status: Int, _ host: String, _ hadLogin: Bool) -> ReadingFailure? {
        let reconnect = "give it with “daybook connections reconnect”"
        switch status {
        case 204:
            return ReadingFailure(.transient, "empty", "\(host) answered with nothing at all. It may pass. \(kept)")
        case 401 where hadLogin:
            return ReadingFailure(
                .auth, "unauthorized",
                "\(host) refused the user name or the password of the feed. If there is a new one, \(reconnect). \(kept)"
            )
        case 401:
            return ReadingFailure(
                .auth, "unauthorized",
                "\(host) wants a user name and a password for the feed: \(reconnect). \(kept)")
        case 403:
            return ReadingFailure(
                .auth, "forbidden",
                "\(host) lets nobody in with that address (403). Its owner may have made a new one or taken the calendar "
                    + "back: if there is a new address, \(reconnect). \(kept)")
        case 404:
            return ReadingFailure(
                .permanent, "not_found",
                "\(host) has no calendar at that address (404). It may be back later; if there is a new address, "
                    + "\(reconnect). \(kept)")
        case 410:
            return ReadingFailure(
                .permanent, "gone",
                "\(host) says that the calendar is gone for good (410). If there is a new address, \(reconnect). \(kept)"
            )
        default: return nil
        }
    }
}
