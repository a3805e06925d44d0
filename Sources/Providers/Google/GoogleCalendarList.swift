import Entries

/// The list of the calendars that a user sees.
///
/// It is read whole each time: with a sync token Google leaves out calendars of which only the name or the access changed.
enum GoogleCalendarList {
    private static let query = [("maxResults", "250")]

    /// More than anybody subscribes to.
    private static let mostCalendars = 10_000

    static func read(_ service: GoogleService) throws -> [FoundCalendar] {
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

    private static func read(_ pages: GooglePages) throws -> [FoundCalendar] {
        var calendars: [FoundCalendar] = []
        var known: Set<String> = []
        _ = try pages.walk { page in
            for entry in page.objects("items") where calendars.count < mostCalendars {
                guard let calendar = calendar(entry), known.insert(calendar.path).inserted else { continue }
                calendars.append(calendar)
            }
        }
        return calendars
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
