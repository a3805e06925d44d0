// A feed is one calendar behind one address, and nothing but a text: it says neither what changed nor what was deleted. So
// what is new is found by comparing, first by asking the server whether anything changed at all, then by a mark of the
// body, then by a mark of each event without what only says when it was written. Some servers write the time of the
// request into every event; that is no change.

import Entries
public import HTTP
import ICalendar
public import Secrets

/// Reads a calendar that is published at an address.
///
/// The address may be all that protects the calendar. It stands in no cursor and no error; those name the host.
public final class FeedSource: CalendarSource {
    /// The one calendar that a feed holds.
    public static let path = "feed"

    /// Where the feed lives from now on. Whoever keeps the address keeps this one instead.
    ///
    /// A feed with a login moves within its own server only: another one would be shown the password the next time.
    public private(set) var movedTo: Secret?
    /// Where the feed lives by the word of its server, and is not followed to for good.
    private var elsewhere: Origin?
    /// How long the feed may be left alone until it is read again; nil where it does not say.
    public private(set) var refreshMilliseconds: Int64?

    private let door: FeedDoor
    private let means: Means
    /// It is not connected yet.
    private let isNew: Bool
    /// What the feed holds now, once it was asked for in this round.
    private var document: FeedDocument?

    /// - Parameter login: for a feed that has a user name and a password besides its address.
    /// - Parameter allowsPlain: it may be read over http, where anybody on the way can read and change it.
    /// - Parameter isNew: it is not connected yet, so that there is nothing to be connected again.
    public init(
        address: Secret, login: String? = nil, password: Secret? = nil, allowsPlain: Bool = false, isNew: Bool = false,
        means: Means
    ) throws {
        door = try FeedDoor(address: address, login: login, password: password, allowsPlain: allowsPlain)
        self.isNew = isNew
        self.means = means
    }

    /// The server that the address names.
    public var origin: Origin { door.origin }

    public func calendars() throws -> FoundCalendars {
        let properties = try whole().text.properties
        var calendar = FoundCalendar(path: Self.path, name: FeedText.short(properties.name) ?? origin.host)
        calendar.description = FeedText.short(properties.description)
        calendar.colour = FeedText.short(properties.colour)
        calendar.zone = FeedText.short(properties.zone)
        calendar.access = .read
        return FoundCalendars([calendar])
    }

    public func look() throws -> FeedLook {
        let document = try whole()
        if let elsewhere { throw FeedFailure(origin, isNew: isNew).moved(to: elsewhere) }
        return FeedLook(document, host: origin.host, movedTo: movedTo)
    }

    // MARK: Reading

    public func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? {
        let cursor = wish.cursor.flatMap(FeedCursor.init).flatMap { $0.source == source ? $0 : nil }
        let reason = reason(cursor, wish)
        // Only where nothing but a change of the feed could bring something new may its being unchanged end the reading.
        let known = reason == nil ? cursor : nil
        guard let document = try document ?? fetch(since: known) else { return nil }
        if let known, known.body == document.mark, elsewhere == nil { return nil }
        try wish.report(0, Int64(document.text.objects.count))
        var survey = CalendarSurvey(now: means.now(), window: wish.window, mark: means.mark)
        if let blemish = document.blemish { survey.setAside("feed:" + Self.path, blemish) }
        if let elsewhere { survey.setAside("feed:moved", FeedFailure(origin, isNew: isNew).moved(to: elsewhere)) }
        var objects: [String: CalendarObject] = [:]
        for object in document.text.objects where survey.add(object) { objects[object.uid] = object }
        survey.add(name: document.text.properties.name)
        if let known, known.content == survey.contentMark { return nil }
        var reading = reading(document, survey, objects, wish.window)
        reading.reason = reason
        return reading
    }

    /// What an address is known by in a cursor, so that nobody takes what one feed said for what another says.
    private var source: String { door.address.reveal { means.mark(Array($0.utf8)) } }

    private func reason(_ cursor: FeedCursor?, _ wish: ReadingWish) -> FullReason? {
        guard let cursor else { return wish.cursor == nil ? nil : .cursorRefused }
        if let next = cursor.next, next <= wish.window.to { return .windowMoved }
        return means.now() - cursor.read > Self.trustMilliseconds ? .reconciliation : nil
    }

    /// A server that wrongly says for ever that nothing changed is not believed for longer than this.
    private static let trustMilliseconds: Int64 = 7 * 86_400_000

    private func reading(
        _ document: FeedDocument, _ survey: CalendarSurvey, _ objects: [String: CalendarObject], _ window: ReadingWindow
    ) -> Reading {
        let isDoubtful = isDoubtful(document)
        var cursor = FeedCursor(source: source, read: means.now())
        cursor.next = survey.next
        cursor.refresh = refreshMilliseconds
        // What may have been cut off is read again in any case, and so is what came from elsewhere.
        if !isDoubtful, elsewhere == nil {
            cursor.body = document.mark
            cursor.content = survey.contentMark
            cursor.conditions = document.conditions
        }
        let groups = GroupReader(
            clock: EventClock(
                zones: means.zones, definitions: document.text.zoneDefinitions,
                calendarZone: document.text.properties.zone, floatingZone: means.floatingZone),
            definitions: document.text.zoneDefinitions, window: window)
        var reading = Reading(
            items: survey.items, isComplete: survey.isComplete && !isDoubtful, coveredFrom: survey.earliest,
            cursor: cursor.text
        ) { wanted, page in
            try survey.forEachPage(wanted, page) { item in
                objects[item.identifier].map {
                    groups.group($0, identifier: item.identifier, path: nil, mark: item.mark)
                }
            }
        }
        reading.name = FeedText.short(document.text.properties.name)
        return reading
    }

    /// Of several calendars in one body, some may have been cut off where one ends: where the server did not say how long
    /// the body is, nobody can tell. Then the next reading has to say the same first.
    private func isDoubtful(_ document: FeedDocument) -> Bool {
        let before = means.memory["calendars"].flatMap { Int($0) } ?? 1
        if document.calendars != before { means.memory["calendars"] = String(document.calendars) }
        return !document.isLengthKnown && document.calendars < before
    }

    // MARK: Asking

    private func whole() throws -> FeedDocument {
        if let document { return document }
        guard let document = try fetch(since: nil) else { throw FeedFailure(origin, isNew: isNew).unaskedFor() }
        return document
    }

    /// What the feed holds now; nil where it is as it was at the cursor. A body that ends in the middle, or is none, or a page
    /// to log in, is nothing that the transport could have seen, so here it is asked for once more.
    private func fetch(since cursor: FeedCursor?) throws -> FeedDocument? {
        do {
            return try fetched(since: cursor)
        } catch let failure as ReadingFailure where !isNew && Self.passing.contains(failure.code) {
            return try fetched(since: cursor)
        }
    }

    private static let passing: Set = ["cut_off", "empty", "stray_text", "web_page", "other_text"]

    private func fetched(since cursor: FeedCursor?) throws -> FeedDocument? {
        let response = try ask(cursor?.conditions ?? FeedConditions())
        let place = response.movedTo
        elsewhere = place.map(\.origin).flatMap { door.mayMove(to: $0) ? nil : $0 }
        switch response.status {
        // Asked for the whole, it is looked at and told that it moved.
        case 304 where elsewhere != nil && cursor?.conditions.isEmpty == false: return try fetched(since: nil)
        case 401, 403, 404, 410:
            if let elsewhere { throw FeedFailure(origin, isNew: isNew).moved(to: elsewhere) }
            throw failure(response)
        case 200, 203: document = try document(response, since: elsewhere == nil ? cursor : nil)
        case 304 where cursor?.conditions.isEmpty == false: break
        case 304: throw FeedFailure(origin, isNew: isNew).unaskedFor()
        default: throw failure(response)
        }
        refreshMilliseconds = document?.refreshMilliseconds ?? cursor?.refresh
        // Only what turned out to be the calendar may say where it is.
        movedTo = elsewhere == nil ? place.map { Secret($0.text) } : nil
        return document
    }

    private func failure(_ response: Response) -> ReadingFailure {
        FeedFailure(response.address.origin, isNew: isNew)
            .of(response, hadLogin: door.credentials != nil, now: means.now())
    }

    /// A body that is the one at the cursor, byte for byte, needs no second look.
    private func document(_ response: Response, since cursor: FeedCursor?) throws -> FeedDocument? {
        let mark = means.mark(response.body)
        return cursor?.body == mark ? nil : try FeedDocument(response, mark: mark, isNew: isNew)
    }

    private func ask(_ conditions: FeedConditions) throws -> Response {
        let request = try door.request(conditions)
        do {
            return try means.transport.send(request)
        } catch {
            throw ReadingFailure(error)
        }
    }
}
