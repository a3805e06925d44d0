import Entries
import HTTP
import ICalendar
import XML

/// A calendar or an address book, as its server describes it in a listing.
struct DAVCollection: Sendable, Equatable {
    /// As the server wrote it, which is how it is asked for.
    var address: Address
    /// The normalised path, by which it is known.
    var path: String
    var name: String
    /// The name is one that somebody gave, and not only the end of the path.
    var isNamed = false
    var description: String?
    var colour: String?
    /// A VTIMEZONE in a calendar of its own.
    var zoneText: String?
    var access: Access?
    var isCalendar = false
    var isAddressBook = false
    /// It only mirrors a feed from elsewhere.
    var isSubscribed = false
    /// Where it says what it may hold, and events are not among that.
    var holdsNoEvents = false
    /// Where changes begin that a report can tell.
    var token: String?
    /// Different whenever something in it changed.
    var tag: String?
    /// What the server's clock showed when it said all this, in seconds since 1970.
    var seconds: Int64?
    /// Nil where the server does not say which reports it knows.
    var reports: Set<XMLName>?

    static let properties: [XMLName] = [
        .dav("resourcetype"), .dav("displayname"), .dav("current-user-privilege-set"), .dav("owner"),
        .dav("sync-token"), .dav("supported-report-set"), .server("getctag"),
    ]
    static let calendarProperties: [XMLName] =
        properties + [
            .caldav("supported-calendar-component-set"), .caldav("calendar-description"),
            .caldav("calendar-timezone"), .apple("calendar-color"),
        ]
    static let bookProperties: [XMLName] = properties + [.carddav("addressbook-description")]

    /// - Parameter principal: the normalised path of whoever asks; what belongs to them is their own.
    init(_ response: DAVResponse, at address: Address, principal: String?) {
        self.address = address
        path = DAVPath.normalised(address.path)
        let types = response.types()
        isCalendar = types.contains(.caldav("calendar"))
        isAddressBook = types.contains(.carddav("addressbook"))
        isSubscribed = types.contains(.server("subscribed"))
        let given = Self.short(response.text(.dav("displayname")))
        name = given ?? Self.title(path)
        isNamed = given != nil
        description = Self.short(
            response.text(.caldav("calendar-description")) ?? response.text(.carddav("addressbook-description")))
        colour = response.text(.apple("calendar-color")).flatMap(Self.colour)
        zoneText = response.text(.caldav("calendar-timezone"))
        token = Longest.mark(response.text(.dav("sync-token")))
        tag = Longest.mark(response.text(.server("getctag")))
        holdsNoEvents = Self.holdsNoEvents(response)
        access = Self.access(response, address, principal)
        reports = response.found[.dav("supported-report-set")].map(Self.reports)
    }

    /// Whether it can tell what changed since a token.
    var canSync: Bool { token != nil && reports?.contains(.dav("sync-collection")) != false }

    func found(_ zones: ZoneBook) -> FoundCalendar {
        var found = FoundCalendar(path: path, name: name)
        found.isNamed = isNamed
        found.description = description
        found.colour = colour
        found.zone = zone(zones)
        found.access = access
        found.isSubscribed = isSubscribed
        return found
    }

    /// The name of its zone, where that is one that is known everywhere.
    func zone(_ zones: ZoneBook) -> String? {
        guard let zoneText, let definition = CalendarText(Array(zoneText.utf8)).zoneDefinitions.first,
            let name = definition.first("TZID")?.text
        else { return nil }
        guard let found = zones.find(name), found.how != .definition else { return nil }
        return found.zone.name
    }

    // MARK: What the properties say

    private static let longest = 1_000

    private static func short(_ text: String?) -> String? { text.map { String($0.prefix(longest)) } }

    private static func title(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// `#RRGGBB`, from that or `#RRGGBBAA`.
    private static func colour(_ text: String) -> String? {
        guard text.hasPrefix("#"), text.utf8.count == 7 || text.utf8.count == 9,
            text.utf8.dropFirst().allSatisfy({ (48...57).contains($0) || (65...70).contains($0 & 0xDF) })
        else { return nil }
        return String(text.prefix(7)).lowercased()
    }

    /// Where the set is missing or empty, a calendar may hold everything.
    private static func holdsNoEvents(_ response: DAVResponse) -> Bool {
        let components = response.found[.caldav("supported-calendar-component-set")]?.all(.caldav("comp")) ?? []
        return !components.isEmpty && !components.contains { $0.attribute("name")?.uppercased() == "VEVENT" }
    }

    private static func access(_ response: DAVResponse, _ address: Address, _ principal: String?) -> Access? {
        let owner = response.hrefs(.dav("owner")).first
            .flatMap { DAVTrust.place($0, from: address) }.map { DAVPath.normalised($0.path) }
        guard let set = response.found[.dav("current-user-privilege-set")] else { return nil }
        let names = Set(set.all(.dav("privilege")).flatMap(\.children).map(\.name))
        if !names.isDisjoint(with: [.dav("all"), .dav("write"), .dav("write-content"), .dav("bind")]) {
            return owner != nil && owner == principal ? .own : .write
        }
        if names.contains(.dav("read")) { return .read }
        return names.contains(.caldav("read-free-busy")) ? .busyOnly : nil
    }

    /// In a `report` each, and with some servers without it.
    private static func reports(_ set: XMLElement) -> Set<XMLName> {
        let reports = set.all(.dav("supported-report")).flatMap(\.children)
        return Set(reports.map(\.name) + reports.flatMap(\.children).map(\.name))
    }
}
