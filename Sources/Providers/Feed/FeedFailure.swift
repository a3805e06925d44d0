import Entries
import HTTP
import ICalendar

/// Why a feed could not be read, in words for a person. None of them takes anything away that was read before.
struct FeedFailure {
    /// Who answered.
    private let host: String
    /// It is not connected yet, so there is nothing to be kept or connected again.
    private let isNew: Bool

    init(_ origin: Origin, isNew: Bool) {
        host = origin.place
        self.isNew = isNew
    }

    private var kept: String { isNew ? "" : " What was read of it is kept." }

    func of(_ problem: FeedDocument.Problem) -> ReadingFailure {
        switch problem {
        case .webPage:
            ReadingFailure(
                .permanent, "web_page",
                "\(host) answered with a web page and no calendar. The address may want a login, or be that of a page about "
                    + "the calendar: the address of the calendar itself often ends in .ics.\(kept)")
        case .addressBook:
            ReadingFailure(
                .permanent, "address_book", "\(host) answered with an address book and no calendar.\(kept)")
        case .otherText:
            ReadingFailure(
                .permanent, "other_text",
                "\(host) answered with something that is no calendar. Look whether the address is that of a calendar in "
                    + "the form .ics.\(kept)")
        case .tooLarge:
            ReadingFailure(
                .permanent, "too_large",
                "The calendar of \(host) is larger than \(FileCalendar.mostBytes >> 20) MiB, which is as much as is read."
            )
        case .empty:
            ReadingFailure(.transient, "empty", "\(host) answered with nothing at all. It may pass.\(kept)")
        case .strayText:
            ReadingFailure(
                .transient, "stray_text",
                "\(host) sent something behind the end of the calendar, as a server does that failed on the way.\(kept)"
            )
        case .cutOff:
            ReadingFailure(
                .transient, "cut_off",
                "The calendar that \(host) sent ends in the middle, so that nobody can tell what it lacks.\(kept)")
        }
    }

    /// What is wrong with a calendar that is read all the same.
    func blemish(_ text: CalendarText) -> ReadingFailure {
        let line = text.flaws.first?.line ?? 1
        return ReadingFailure(
            .permanent, "blemished",
            "The calendar of \(host), line \(line): beginnings and ends in it do not fit. What can be read was read, and "
                + "nothing counts as missing.")
    }

    /// Nothing changed, says one who was not asked that.
    func unaskedFor() -> ReadingFailure {
        ReadingFailure(
            .transient, "status_304",
            "\(host) says that nothing changed, though it was asked for the whole. It may pass.")
    }

    /// A feed with a login that is elsewhere now, which only a person can believe.
    func moved(to other: Origin) -> ReadingFailure {
        ReadingFailure(
            .permanent, "moved",
            "\(host) says that the feed has moved to \(other.place). The user name and the password were not sent there; "
                + "connect it there if that is right.\(kept)")
    }

    func of(_ response: Response, hadLogin: Bool, now: Int64) -> ReadingFailure {
        var failure =
            words(response.status, hadLogin) ?? ReadingFailure(response, doing: "reading the feed")
        failure.attempts = Int64(response.attempts)
        failure.retryAfterMilliseconds = response.retryAfterMilliseconds(now: now)
            .map { min($0, FeedRefresh.most) }
        return failure
    }

    private func words(_ status: Int, _ hadLogin: Bool) -> ReadingFailure? {
        switch status {
        case 204:
            ReadingFailure(.transient, "empty", "\(host) answered with nothing at all. It may pass.\(kept)")
        case 401 where hadLogin:
            ReadingFailure(
                .auth, "unauthorized",
                "\(host) refused the user name or the password of the feed\(again(". If there is a new one")).\(kept)")
        case 401:
            ReadingFailure(
                .auth, "unauthorized",
                "\(host) wants a user name and a password for the feed\(isNew ? " (--login NAME)" : again("")).\(kept)")
        case 403:
            ReadingFailure(
                .auth, "forbidden",
                "\(host) lets nobody in with that address (403). Its owner may have made a new one or taken the calendar "
                    + "back\(again(": if there is a new address")).\(kept)")
        case 404:
            ReadingFailure(
                .permanent, "not_found",
                "\(host) has no calendar at that address (404)"
                    + (isNew ? "." : ". It may be back later\(again("; if there is a new address")).") + kept)
        case 410:
            ReadingFailure(
                .permanent, "gone",
                "\(host) says that the calendar is gone for good (410)\(again(". If there is a new address")).\(kept)")
        default: nil
        }
    }

    /// What to do where it is connected.
    private func again(_ condition: String) -> String {
        if isNew { return "" }
        return condition + (condition.isEmpty ? ": " : ", ") + "give it with “daybook connections reconnect”"
    }
}
