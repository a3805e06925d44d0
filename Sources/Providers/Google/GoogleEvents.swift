import Entries

/// Reads the events of one calendar: what changed since a sync token, or all of them.
struct GoogleEvents {
    private let means: Means
    private let service: GoogleService
    private let calendar: CalendarPlace
    private let address: String
    private let question: String

    /// Of every request, with a token and without: with other parameters a token means nothing. None of the eight is among
    /// them that Google refuses beside a token.
    private static let query = [("maxResults", "2500"), ("showDeleted", "true"), ("singleEvents", "false")]

    init(_ means: Means, _ service: GoogleService, _ calendar: CalendarPlace) {
        self.means = means
        self.service = service
        self.calendar = calendar
        address = service.hosts.calendar + "/calendars/\(GoogleService.escaped(calendar.path))/events"
        question = GoogleCursor.question("calendars \(calendar.path)", Self.query)
    }

    func read(_ wish: ReadingWish) throws -> Reading? {
        guard let text = wish.cursor else { return try whole(wish, because: nil) }
        guard let cursor = GoogleCursor(text), cursor.question == question else {
            return try whole(wish, because: .cursorLost)
        }
        if cursor.token.isEmpty { return try whole(wish, because: .noCursorOffered) }
        if cursor.token.hasPrefix(Self.busyPrefix) {
            guard calendar.access == .busyOnly else { return try whole(wish, because: .cursorLost) }
            return try busyTimes(since: String(cursor.token.dropFirst(Self.busyPrefix.count)), wish)
        }
        do {
            return try changes(since: cursor.token, wish)
        } catch let refusal as GoogleRefusal where refusal.isDeadCursor {
            return try whole(wish, because: .cursorRefused)
        }
    }

    private func changes(since token: String, _ wish: ReadingWish) throws -> Reading? {
        let (listing, outcome) = try list(since: token, wish)
        if listing.count == 0 { return nil }
        guard let next = outcome.syncToken else {
            throw ReadingFailure(
                .transient, "no_sync_token", "Google did not say where the next reading begins. It may pass.")
        }
        return reading(listing, .changes, next, outcome.pages)
    }

    private func whole(_ wish: ReadingWish, because reason: FullReason?) throws -> Reading? {
        let (listing, outcome): (GoogleListing, GooglePages.Outcome)
        do {
            (listing, outcome) = try fullList(wish)
        } catch let refusal as GoogleRefusal where refusal.isForbidden && calendar.access == .busyOnly {
            return try busyTimes(since: nil, wish)
        }
        if listing.count == 0, calendar.access == .busyOnly {
            do {
                return try busyTimes(since: nil, wish)
            } catch let refusal as GoogleRefusal where refusal.isForbidden || refusal.isMissingScope {
                // Then the empty list is all that is known.
            }
        }
        var reading = reading(listing, .whole, outcome.syncToken, outcome.pages)
        reading.reason = reason
        return reading
    }

    /// Calendars that show only busy times do not always list them as events.
    private func busyTimes(since mark: String?, _ wish: ReadingWish) throws -> Reading? {
        try GoogleBusyTimes(means, service, calendar).read(since: mark, wish) { mark in
            GoogleCursor(question: question, token: Self.busyPrefix + mark).text
        }
    }

    private static let busyPrefix = "busy:"

    /// A list that Google breaks off because something changed under it is begun once more.
    private func fullList(_ wish: ReadingWish) throws -> (GoogleListing, GooglePages.Outcome) {
        do {
            return try list(since: nil, wish)
        } catch let refusal as GoogleRefusal where refusal.isDeadCursor {
            return try list(since: nil, wish)
        }
    }

    private func list(since token: String?, _ wish: ReadingWish) throws -> (GoogleListing, GooglePages.Outcome) {
        let pages = GooglePages(
            service: service, address: address, query: Self.query + (token.map { [("syncToken", $0)] } ?? []),
            task: .readingCalendar)
        var listing = GoogleListing()
        let outcome = try pages.walk { page in
            try listing.add(page, mark: means.mark)
            try wish.report(listing.count, nil)
            return listing.differentCount
        }
        return (listing, outcome)
    }

    private func reading(
        _ listing: GoogleListing, _ scope: Reading.Scope, _ token: String?, _ pages: Int64
    ) -> Reading {
        let isBusyOnly = listing.role.map { $0 == "freeBusyReader" } ?? (calendar.access == .busyOnly)
        let made = GoogleReading(
            listing, scope, means, zone: listing.zone ?? calendar.zone, isBusyOnly: isBusyOnly)
        // Without a token nothing says that this was the last page.
        var reading = made.reading(
            cursor: GoogleCursor(question: question, token: token ?? "").text, isComplete: token != nil)
        reading.pages = pages
        return reading
    }
}
