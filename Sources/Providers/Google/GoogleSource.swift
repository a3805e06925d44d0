import Entries
public import HTTP

/// The calendars of an account at Google.
///
/// Events are asked for as Google keeps them, series as series, all of them and without a window: a sync token belongs to
/// its first request, so one that was minted for a window would never see what is outside of it. What a series means is worked
/// out here. Nothing is handed over before the last page has come, for only that one says where the next reading begins.
public final class GoogleSource: CalendarSource {
    private let means: Means
    let service: GoogleService

    public init(_ means: Means, hosts: GoogleHosts = GoogleHosts()) {
        self.means = means
        service = GoogleService(means, hosts)
    }

    /// What an answer of Google's means for trying again: some of its 403 are too many requests.
    @Sendable public static func verdict(_ response: Response) -> Patience.Verdict? {
        if response.status == 403 { return GoogleRefusal(response).isRate ? .rate : .final }
        return nil
    }

    // MARK: Calendars

    public func calendars() throws -> FoundCalendars {
        do {
            return try GoogleCalendarList.read(service)
        } catch let refusal as GoogleRefusal {
            throw service.failure(refusal, .listingCalendars)
        }
    }

    // MARK: Events

    public func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? {
        do {
            return try GoogleEvents(means, service, calendar).read(wish)
        } catch let refusal as GoogleRefusal {
            if refusal.isMissing { throw Self.gone(calendar, refusal) }
            throw service.failure(refusal, .readingCalendar)
        }
    }

    private static func gone(_ calendar: CalendarPlace, _ refusal: GoogleRefusal) -> ReadingFailure {
        let name = calendar.name.map { "The calendar “\($0)”" } ?? "A calendar"
        var failure = ReadingFailure(
            .permanent, "calendar_gone",
            "\(name) does not exist any more, or is not shared with this account any more. What was read of it is kept; "
                + "drop it, or choose another one.")
        failure.attempts = Int64(refusal.response.attempts)
        return failure
    }
}
