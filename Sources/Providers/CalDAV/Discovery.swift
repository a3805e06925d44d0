import Entries
import HTTP
import XML

/// Finds what an account holds, from an address that may be the root of a server, whoever asks, a home, or one calendar
/// (RFC 4791, 5397, 6352, 6764).
struct Discovery {
    private let client: DAVClient

    init(_ client: DAVClient) {
        self.client = client
    }

    /// The address led to its own over TLS (`Origin.mayBecome`): it has to be asked there, with credentials for there.
    struct Moved: Error {
        let address: Address
    }

    private static let doing = "looking for calendars"
    private static let homes: [XMLName] = [.caldav("calendar-home-set"), .carddav("addressbook-home-set")]
    private static let first: [XMLName] =
        [.dav("current-user-principal"), .dav("principal-URL"), .dav("resourcetype"), .dav("displayname")] + homes
    private static let ofPrincipal: [XMLName] =
        [.dav("displayname"), .caldav("calendar-user-address-set")] + homes

    func discover(at address: Address) throws -> Discovered {
        let (own, response) = try ask(address, Self.first)
        var found = Discovered(address: response.address)
        found.product = Self.product(response)
        let types = own.types()
        if types.contains(.caldav("calendar")) { found.calendar = response.address }
        if types.contains(.carddav("addressbook")) { found.book = response.address }
        try addHomes(own, from: response.address, to: &found)
        found.principal = try principal(own, response)
        if let principal = found.principal {
            let (person, answer) = try ask(principal, Self.ofPrincipal)
            try addHomes(person, from: answer.address, to: &found)
            found.name = person.text(.dav("displayname"))
            found.addresses = Self.mailAddresses(person)
        }
        if !found.holdsAnything, holdsCalendars(response.address) { found.calendarHomes = [response.address] }
        guard found.holdsAnything else {
            throw ReadingFailure(
                .permanent, "no_calendars",
                "\(response.address.origin.host) speaks WebDAV, but names no calendars of the account at this address. "
                    + "Give the address of the account's calendars, or of one calendar.")
        }
        return found
    }

    // MARK: One question

    private func ask(_ address: Address, _ names: [XMLName]) throws -> (DAVResponse, Response) {
        let response = try client.send(client.propfind(address, depth: 0, names))
        try checkPlace(response, asked: address)
        // Who does not know the question at all is another kind of server.
        if [405, 501].contains(response.status) { throw ReadingFailure.noDAV(response) }
        var responses = try DAVClient.responses(response, doing: Self.doing)
        guard var own = responses.first else { throw ReadingFailure.notDAV(response, doing: Self.doing) }
        responses.removeFirst()
        // A server may spread what it says over several answers.
        for other in responses where other.href == own.href { own.merge(other) }
        return (own, response)
    }

    /// Nobody but the server that was asked may answer, for whoever else does was not shown the password, and must not be
    /// unless a person says so.
    private func checkPlace(_ response: Response, asked address: Address) throws {
        let (here, there) = (address.origin, response.address.origin)
        if DAVTrust.isSame(here, there) { return }
        if here.mayBecome(there) { throw Moved(address: response.address) }
        throw ReadingFailure.otherServer(here.host, there)
    }

    // MARK: What it says

    private func principal(_ own: DAVResponse, _ response: Response) throws -> Address? {
        let element = own.found[.dav("current-user-principal")]
        if element?.first(.dav("unauthenticated")) != nil {
            throw ReadingFailure(
                .auth, "unauthenticated",
                "\(response.address.origin.host) answered as to somebody whom it does not know: it did not take the user "
                    + "name and the password.")
        }
        let named =
            own.hrefs(.dav("current-user-principal")).first
            ?? (own.types().contains(.dav("principal")) ? own.hrefs(.dav("principal-URL")).first ?? own.href : nil)
        return try named.map { try place($0, from: response.address) }
    }

    private func addHomes(_ own: DAVResponse, from address: Address, to found: inout Discovered) throws {
        found.calendarHomes = try homes(own.hrefs(Self.homes[0]), from: address, and: found.calendarHomes)
        found.bookHomes = try homes(own.hrefs(Self.homes[1]), from: address, and: found.bookHomes)
    }

    /// Homes on other servers are passed over where there are some on this one.
    private func homes(_ hrefs: [String], from address: Address, and known: [Address]) throws -> [Address] {
        var homes = known
        var refusal: (any Error)?
        for href in hrefs {
            do {
                let home = try place(href, from: address)
                let isKnown = homes.contains {
                    $0.origin == home.origin && DAVPath.normalised($0.path) == DAVPath.normalised(home.path)
                }
                if !isKnown { homes.append(home) }
            } catch { refusal = error }
        }
        if homes.isEmpty, let refusal { throw refusal }
        return homes
    }

    private func place(_ href: String, from address: Address) throws -> Address {
        let isShort = Longest.isIdentifier(href)
        if isShort, let place = DAVTrust.place(href, from: address) { return place }
        guard isShort, let target = address.resolving(href: href) else {
            throw ReadingFailure(
                .permanent, "bad_href",
                "\(address.origin.host) names an address of the account that is none. Its owner has to mend it.")
        }
        throw ReadingFailure.otherServer(address.origin.host, target.origin)
    }

    /// Old servers name neither principal nor home; then the address may be a home itself.
    private func holdsCalendars(_ address: Address) -> Bool {
        let listing = try? DAVListing(.calendars, homes: [address], principal: nil, client: client)
        return listing?.collections.isEmpty == false
    }

    private static func mailAddresses(_ own: DAVResponse) -> [String] {
        var addresses: [String] = []
        for href in own.hrefs(.caldav("calendar-user-address-set")) {
            guard href.lowercased().hasPrefix("mailto:") else { continue }
            let address = href.dropFirst(7).prefix { $0 != "?" }.lowercased()
            guard address.contains("@"), address.utf8.count <= longestAddress, addresses.count < 50 else { continue }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    /// Of RFC 5321.
    private static let longestAddress = 320

    /// What it calls itself, in plain characters and short.
    private static func product(_ response: Response) -> String? {
        let words =
            response.header("X-Sabre-Version").map { "sabre/dav \($0)" }
            ?? response.header("X-DAViCal-Version").map { $0.hasPrefix("DAViCal") ? $0 : "DAViCal \($0)" }
            ?? response.header("Server")
        let plain = (words ?? "").unicodeScalars.filter { (32..<127).contains($0.value) }.prefix(60)
        return plain.isEmpty ? nil : String(String.UnicodeScalarView(plain))
    }
}

extension ReadingFailure {
    /// A server that leads to another one, which was not asked.
    static func otherServer(_ host: String, _ other: Origin) -> ReadingFailure {
        ReadingFailure(
            .permanent, "other_server",
            "\(host) says that the calendars are on \(other). The password was not sent there. If that is the right "
                + "server, give its address: \(other)/")
    }
}
