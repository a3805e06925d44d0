import Entries
import ICalendar

/// The events of a calendar, or what changed of them, gathered from all pages before anything is handed over.
struct GoogleListing {
    /// More than the busiest calendar has gathered in its life.
    static let mostEvents = 200_000

    private(set) var groups: [String: GoogleGroup] = [:]
    /// In the order in which Google named them.
    private(set) var order: [String] = []
    /// Marks of what says no id, so that nobody knows what it is.
    private(set) var nameless: [String] = []
    private(set) var count: Int64 = 0
    /// Each event once, by its id.
    private var known: Set<String> = []
    private(set) var zone: String?
    private(set) var role: String?

    /// Different ones.
    var differentCount: Int { known.count }

    mutating func add(_ page: JSONObject, mark: ([UInt8]) -> String) throws {
        zone = page.text("timeZone") ?? zone
        role = page.text("accessRole") ?? role
        for value in page.elements("items") {
            count += 1
            guard count <= Self.mostEvents else {
                throw ReadingFailure(
                    .permanent, "too_large",
                    "A calendar holds more than \(Self.mostEvents) events, which is more than Daybook takes in one "
                        + "reading. Nothing was changed here because of that.")
            }
            guard let event = GoogleEvent(value, mark: mark) else {
                let name = mark(Array(value.content))
                nameless.append(name)
                known.insert("nameless:" + name)
                continue
            }
            known.insert(event.id)
            if groups[event.group] == nil { order.append(event.group) }
            groups[event.group, default: GoogleGroup(event.group)].add(event)
        }
    }
}

/// Makes a reading of what was gathered.
struct GoogleReading {
    private let listing: GoogleListing
    private let scope: Reading.Scope
    private let reader: GoogleGroupReader
    private let mark: ([UInt8]) -> String

    init(
        _ listing: GoogleListing, _ scope: Reading.Scope, _ means: Means, zone: String?, isBusyOnly: Bool
    ) {
        self.listing = listing
        self.scope = scope
        mark = means.mark
        let clock = EventClock(
            zones: means.zones, definitions: [], calendarZone: zone, floatingZone: means.floatingZone)
        reader = GoogleGroupReader(clock: GoogleClock(clock: clock), isBusyOnly: isBusyOnly, scope: scope)
    }

    func reading(cursor: String, isComplete: Bool) -> Reading {
        let items = listing.order.filter { listing.groups[$0]?.isPresent(in: scope) == true }.map(item)
        // What has no id may be anything that is known, so that nothing counts as missing.
        let nameless = Set(listing.nameless).sorted().map { Reading.Item(identifier: "nameless:" + $0, mark: $0) }
        var reading = Reading(
            items: items + nameless, isComplete: isComplete && nameless.isEmpty, coveredFrom: nil, cursor: cursor
        ) { wanted, page in try forEachPage(items.filter(wanted), nameless.filter(wanted), page) }
        reading.scope = scope
        reading.gone = listing.order.filter { listing.groups[$0]?.isGone == true }
        return reading
    }

    private func item(_ identifier: String) -> Reading.Item {
        let mark = listing.groups[identifier]?.mark(mark, isBusyOnly: reader.isBusyOnly) ?? ""
        return Reading.Item(identifier: identifier, mark: mark)
    }

    private static let page = 500

    private func forEachPage(
        _ items: [Reading.Item], _ nameless: [Reading.Item], _ page: ([FoundGroup]) throws -> Void
    ) throws {
        var rest = (items + nameless)[...]
        while !rest.isEmpty {
            try page(rest.prefix(Self.page).flatMap(groups))
            rest = rest.dropFirst(Self.page)
        }
    }

    private func groups(_ item: Reading.Item) -> [FoundGroup] {
        if let group = listing.groups[item.identifier] { return reader.groups(group, mark: item.mark) }
        var group = FoundGroup(identifier: item.identifier, mark: item.mark)
        group.problems = [
            FoundProblem(.missingPart, "An event has no id, or one that is far too long; it was set aside.")
        ]
        return [group]
    }
}
