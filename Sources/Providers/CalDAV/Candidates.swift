import HTTP

/// The places where a server may be found, the likeliest first.
struct Candidates {
    private(set) var places: [Address] = []
    private(set) var isMailAddress = false
    /// A server that the domain names, and that is not of the domain.
    private(set) var failure: ReadingFailure?
    /// What is looked for, as services are called: `caldav` or `carddav`.
    private let word: String

    init(
        _ text: String, _ kind: DAVConnect.Kind,
        services: (_ service: String, _ domain: String) -> [DAVConnect.Service]
    ) throws {
        word = kind.rawValue
        if let mark = text.firstRange(of: "://") {
            let scheme = text[..<mark.lowerBound].lowercased()
            let usual =
                ["caldav": "http", "caldavs": "https", "carddav": "http", "carddavs": "https"][scheme] ?? scheme
            try add(given: usual + text[mark.lowerBound...])
        } else if let at = text.lastIndex(of: "@") {
            isMailAddress = true
            let domain = String(text[text.index(after: at)...]).lowercased()
            let own = try Self.address("https://" + domain)
            add(services: services, own.origin)
            add(wellKnown: own)
        } else {
            let address = try Self.address("https://" + text)
            if address.path == "/" {
                add(wellKnown: address)
                add(services: services, address.origin)
            } else {
                try add(given: "https://" + text)
            }
        }
    }

    private static func address(_ text: String) throws -> Address {
        do { return try Address(text) } catch { throw ReadingFailure(error) }
    }

    private mutating func add(given text: String) throws {
        let address = try Self.address(text)
        places.append(address)
        add(wellKnown: address)
    }

    private mutating func add(wellKnown address: Address) {
        for path in ["/.well-known/\(word)", "/"] { add(address.origin.description + path) }
        // Whoever set up a server for both may have thought of calendars only.
        if word != "caldav" { add(address.origin.description + "/.well-known/caldav") }
    }

    private mutating func add(_ text: String) {
        if let address = try? Address(text), !places.contains(address) { places.append(address) }
    }

    /// What a domain says is not signed, so a password is only sent to what lies in the domain itself.
    private mutating func add(services: (_ service: String, _ domain: String) -> [DAVConnect.Service], _ own: Origin) {
        let domain = own.host
        for (service, scheme) in [("_\(word)s._tcp", "https"), ("_\(word)._tcp", "http")] {
            for record in services(service, domain).prefix(4) {
                let origin = Origin(scheme: scheme, host: record.host.lowercased(), port: record.port)
                guard DAVTrust.isIn(domain, origin.host) else {
                    failure = failure ?? .otherServer(domain, origin)
                    continue
                }
                if let path = record.path, path.hasPrefix("/") { add(origin.description + path) }
                add(origin.description + "/.well-known/\(word)")
                add(origin.description + "/")
            }
        }
    }
}
