import Entries
import HTTP
import XML

/// The collections of all homes of an account: one request a home, all of them at once.
struct DAVListing {
    enum Kind { case calendars, books }

    private(set) var collections: [DAVCollection] = []
    /// The failure of a home that could not be listed, where others could.
    private(set) var failure: ReadingFailure?

    /// - Parameter lone: collections outside the homes that somebody gave by their own address.
    init(
        _ kind: Kind, homes: [Address], lone: [Address] = [], principal: Address?, client: DAVClient
    ) throws {
        let names = kind == .calendars ? DAVCollection.calendarProperties : DAVCollection.bookProperties
        let doing = kind == .calendars ? "listing the calendars" : "listing the address books"
        let owner = principal.map { DAVPath.normalised($0.path) }
        var requests =
            homes.map { client.propfind($0, depth: 1, names) } + lone.map { client.propfind($0, depth: 0, names) }
        // For its token a server may look at all that a calendar holds.
        for place in requests.indices { requests[place].limits = .patient }
        var paths: Set<String> = []
        for (place, outcome) in zip(homes + lone, client.transport.send(requests)) {
            do {
                let response: Response
                do { response = try outcome.get() } catch { throw ReadingFailure(error) }
                for found in Self.merged(try DAVClient.responses(response, doing: doing)) {
                    guard let address = DAVTrust.place(found.href, from: response.address),
                        DAVTrust.isSame(address.origin, place.origin)
                    else { continue }
                    guard Longest.isIdentifier(found.href) else {
                        failure = failure ?? Self.overlong(address)
                        continue
                    }
                    var collection = DAVCollection(found, at: Self.asFolder(address), principal: owner)
                    collection.seconds = response.serverSeconds
                    guard Self.isReal(collection, kind, found), paths.insert(collection.path).inserted else { continue }
                    collections.append(collection)
                }
            } catch let failure as ReadingFailure {
                self.failure = self.failure ?? failure
            }
        }
        if let failure, collections.isEmpty || failure.errorClass == .auth { throw failure }
    }

    subscript(path: String) -> DAVCollection? { collections.first { $0.path == DAVPath.normalised(path) } }

    private static func overlong(_ address: Address) -> ReadingFailure {
        ReadingFailure(
            .permanent, "overlong_path",
            "\(address.origin.host) names a collection by a path of more than \(Longest.identifierBytes) bytes, which is "
                + "left out.")
    }

    /// A server may tell of the same resource in several answers.
    private static func merged(_ responses: [DAVResponse]) -> [DAVResponse] {
        var merged: [DAVResponse] = []
        var places: [String: Int] = [:]
        for response in responses {
            if let place = places[response.href] {
                merged[place].merge(response)
            } else {
                places[response.href] = merged.count
                merged.append(response)
            }
        }
        return merged
    }

    /// Inboxes, the calendars of those who are represented, and files that stand for a whole calendar are none. An outbox is
    /// no calendar either; but SOGo calls a person's own calendar both, so that it does not count against it.
    private static func isReal(_ collection: DAVCollection, _ kind: Kind, _ response: DAVResponse) -> Bool {
        let types = response.types()
        let others: [XMLName] = [
            .caldav("schedule-inbox"), .server("calendar-proxy-read"), .server("calendar-proxy-write"),
            .server("notification"), .server("dropbox-home"),
        ]
        guard types.isDisjoint(with: others) else { return false }
        switch kind {
        case .calendars:
            let isFile = [".ics", ".xml"].contains { collection.path.lowercased().hasSuffix($0) }
            return collection.isCalendar && !collection.holdsNoEvents && !isFile
        case .books: return collection.isAddressBook
        }
    }

    /// Servers leave the slash away at times; what is asked of a collection has it.
    private static func asFolder(_ address: Address) -> Address {
        if address.path.hasSuffix("/") || address.query != nil { return address }
        return (try? Address(address.origin.description + address.path + "/")) ?? address
    }
}
