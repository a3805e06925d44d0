import Entries
public import HTTP
import Machine
public import Secrets

/// Finds out, before anything is stored, what an account on a CalDAV server holds.
public enum DAVConnect {
    /// What an account is looked for.
    public enum Kind: String, Sendable {
        case calendars = "caldav"
        case people = "carddav"
    }

    /// What a domain says about where a service of it is: a record SRV, and the path that the record TXT beside it names.
    public struct Service: Sendable, Equatable {
        public var host: String
        public var port: Int
        public var path: String?

        public init(host: String, port: Int, path: String? = nil) {
            self.host = host
            self.port = port
            self.path = path
        }
    }

    /// What is there to be shown and chosen from.
    public struct Looked: Sendable {
        public var server: Discovered
        /// The user name that worked: the one that was given, or what stands before its `@`.
        public var login: String
        /// What worked, for that server only.
        public var credentials: Credentials
        public var calendars: FoundCalendars
        public var books: [FoundBook]

        func holds(_ kind: Kind) -> Bool {
            switch kind {
            case .calendars: !calendars.calendars.isEmpty
            case .people: !books.isEmpty
            }
        }
    }

    /// - Parameter text: an address (`https://…`), the name of a host, or an address of e-mail.
    /// - Parameter login: nil takes the address of e-mail.
    /// - Parameter kind: where both are on servers of their own, the right one is found.
    /// - Parameter means: its transport carries no credentials; its memory is filled with what the next rounds need.
    /// - Parameter services: the records of a domain for a service such as `_caldavs._tcp`, the preferred one first.
    public static func look(
        _ text: String, _ kind: Kind = .calendars, login: String?, password: Secret, means: Means,
        services: (_ service: String, _ domain: String) -> [Service] = records
    ) throws -> Looked {
        let given = DAVText.trimmed(text)
        let login = DAVText.trimmed(login ?? "")
        let candidates = try Candidates(given, kind, services: services)
        let name = login.isEmpty && candidates.isMailAddress ? given : login
        var logins = [name]
        if let at = name.lastIndex(of: "@"), at != name.startIndex { logins.append(String(name[..<at])) }
        var failure = candidates.failure
        var other: Looked?
        var places = candidates.places[...]
        var count = 0
        while let place = places.popFirst(), count < mostPlaces {
            count += 1
            for login in logins {
                do {
                    let looked = try look(at: place, login, password, means)
                    if looked.holds(kind) { return looked }
                    other = other ?? looked
                    break
                } catch let moved as Discovery.Moved {
                    if !places.contains(moved.address) { places.insert(moved.address, at: places.startIndex) }
                    break
                } catch let refusal as ReadingFailure {
                    if refusal.isInterruption { throw refusal }
                    failure = Self.graver(failure, refusal)
                    // Under another path the same host is as silent.
                    if refusal.isSilence { places.removeAll { $0.origin == place.origin } }
                    // Only a wrong name is worth another name.
                    guard refusal.errorClass == .auth else { break }
                }
            }
            // A server that knows what it is asked for and says no will not say otherwise under another path.
            if failure?.errorClass == .auth { break }
        }
        if let other, failure?.errorClass != .auth { return other }
        throw failure
            ?? ReadingFailure(.permanent, "bad_address", "“\(given)” is no address at which calendars could be.")
    }

    /// A user name and a password for a server, and for the other hosts of its house.
    public static func credentials(login: String, _ password: Secret, for address: Address) -> Credentials {
        Credentials(
            .password(login: login, password), for: address.origin, others: DAVTrust.others(for: address.origin))
    }

    /// As the domain name system of this machine has them.
    public static let records: @Sendable (_ service: String, _ domain: String) -> [Service] = { service, domain in
        ServiceRecords.look(service, of: domain).map { Service(host: $0.host, port: $0.port, path: $0.path) }
    }

    private static let mostPlaces = 8

    private static func look(at place: Address, _ login: String, _ password: Secret, _ means: Means) throws -> Looked {
        let credentials = credentials(login: login, password, for: place)
        let client = DAVClient(transport: means.transport, credentials: credentials)
        let server = try Discovery(client).discover(at: place)
        server.remember(in: means.memory)
        let source = CalDAVSource(at: server.address, credentials: credentials, means: means)
        let calendars =
            server.homes(.calendars).isEmpty && server.calendar == nil ? FoundCalendars([]) : try source.calendars()
        let books = try CardDAVSource.books(at: server.address, credentials: credentials, means: means)
        return Looked(server: server, login: login, credentials: credentials, calendars: calendars, books: books)
    }

    /// Of two failures the one that says more about what to do.
    private static func graver(_ one: ReadingFailure?, _ other: ReadingFailure) -> ReadingFailure {
        guard let one else { return other }
        return weight(other) > weight(one) ? other : one
    }

    private static func weight(_ failure: ReadingFailure) -> Int {
        switch failure.code {
        case "unauthorized", "unauthenticated": 9
        case "other_server", "bad_redirect": 8
        case "forbidden": 7
        case "no_calendars": 6
        case "untrusted": 5
        case "forbidden_address", "too_many_redirects": 4
        case "web_page", "not_caldav": 3
        case "not_found": 2
        case "unresolved", "unreachable": 1
        default: failure.errorClass == .permanent ? 2 : 6
        }
    }
}
