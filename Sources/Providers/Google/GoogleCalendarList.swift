import Entries

/// The list of the calendars that a user sees.
///
/// It is read whole each time: with a sync token Google leaves out calendars of which only the name or the access changed.
enum GoogleCalendarList {
    private static let query = [("maxResults", "250")]

    /// More than anybody subscribes to.
    private static let mostCalendars = 10_000

    static func read(_ service: GoogleService) throws -> FoundCalendars {
        let pages = GooglePages(
            service: service, address: service.hosts.calendar + "/users/me/calendarList", query: query,
            task: .listingCalendars)
        do {
            return try read(pages)
        } catch let refusal as GoogleRefusal where refusal.isDeadCursor {
            // The list changed while it was read; from the beginning it is whole.
            return try read(pages)
        }
    }

    private static func read(_ pages: GooglePages) throws -> FoundCalendars {
        var calendars: [FoundCalendar] = []
        var isComplete = true
        var known: Set<String> = []
        _ = try pages.walk { page in
            for entry in page.objects("items") where calendars.count < mostCalendars {
                guard entry.text("id").map(Longest.isIdentifier) ?? true else {
                    isComplete = false
                    continue
                }
                guard let calendar = calendar(entry), known.insert(calendar.path).inserted else { continue }
                calendars.append(calendar)
            }
            return known.count
        }
        guard isComplete || !calendars.isEmpty else {
            throw ReadingFailure(
                .permanent, "overlong_id", "Google names its calendars by ids that are far too long; none can be read.")
        }
        return FoundCalendars(calendars, isComplete: isComplete)
    }

    /// Nil for one that the user took off the list, or may not look into at all.
    private static func calendar(_ entry: JSONObject) -> FoundCalendar? {
        guard let id = entry.text("id"), entry.boolean("deleted") != true, entry.boolean("hidden") != true else {
            return nil
        }
        let role = entry.text("accessRole")
        if role == "none" { return nil }
        var calendar = FoundCalendar(path: id, name: entry.text("summaryOverride") ?? entry.text("summary") ?? id)
        calendar.description = entry.text("description")
        calendar.colour = entry.text("backgroundColor")
        calendar.zone = entry.text("timeZone")
        calendar.access = access(role)
        calendar.isPrimary = entry.boolean("primary") == true
        // Calendars that Google makes out of a feed, or of holidays and birthdays.
        calendar.isSubscribed =
            id.hasSuffix("@import.calendar.google.com") || id.hasSuffix("@group.v.calendar.google.com")
        calendar.isShown = entry.boolean("selected") == true
        return calendar
    }

    /// What nobody knows yet is at least something that may be read.
    private static func access(_ role: String?) -> Access? {
        switch role {
        case nil: nil
        case "freeBusyReader": .busyOnly
        case "writer", "writerWithoutPrivateAccess": .write
        case "owner": .own
        default: .read
        }
    }
}
