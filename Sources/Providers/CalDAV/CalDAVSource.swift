import Entries
public import HTTP

/// The calendars of one account on a CalDAV server, opened for one round.
///
/// One listing of the homes tells which calendars there are and which of them changed; a calendar that did not costs no
/// request of its own. The listing is fetched when it is needed first, and holds for the round.
public final class CalDAVSource: CalendarSource {
    private let account: DAVAccount
    private let means: Means
    private var listing: DAVListing?

    /// - Parameter address: where the account was found. The homes are remembered from there, and are looked for again when
    ///   they are not where they were.
    /// - Parameter credentials: nil where the transport carries them.
    public init(at address: Address, credentials: Credentials? = nil, means: Means) {
        account = DAVAccount(at: address, credentials: credentials, means: means)
        self.means = means
    }

    public func calendars() throws -> FoundCalendars {
        listing = nil
        let listing = try listed()
        let lone = account.lonePath(.calendars)
        let found = listing.collections.map { collection in
            var found = collection.found(means.zones)
            // Whoever gave the address of one calendar meant that one.
            found.isShown = lone == nil || lone == collection.path
            return found
        }
        return FoundCalendars(found, isComplete: listing.failure == nil)
    }

    public func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? {
        let collection = try collection(calendar)
        do {
            return try CalDAVReading(
                collection: collection, client: account.client, means: means, wish: wish,
                zone: collection.zone(means.zones) ?? calendar.zone
            ).read()
        } catch let failure as ReadingFailure {
            throw account.named(failure, .calendars, calendar.name)
        }
    }

    private func listed() throws -> DAVListing {
        if let listing { return listing }
        let fresh = try account.listing(.calendars)
        listing = fresh
        return fresh
    }

    private func collection(_ calendar: CalendarPlace) throws -> DAVCollection {
        let listing = try listed()
        if let collection = listing[calendar.path] { return collection }
        // A home that could not be listed may hold it.
        if let failure = listing.failure { throw failure }
        return try account.collection(.calendars, calendar.path, name: calendar.name)
    }
}
