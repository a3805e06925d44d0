import Application
import WebServer

/// Looks at a visit before anything is done for it: whether it came to us, and whether a page of somebody else sent it.
struct Doorkeeper: Sendable {
    let hosts: Set<String>

    /// A page anywhere can make a name of its own point to this machine, and the browser will believe that it is asking the
    /// page's own server. It cannot change the name that it sends.
    func requireHost(_ visit: Visit) throws(Refusal) {
        guard let host = visit.header("Host").map(Self.name), hosts.contains(host) else {
            throw Refusal(
                .badRequest, "this service is not asked under this name",
                hint: "Name the host in the settings of the service if it should be.", code: "wrong_host")
        }
    }

    /// A browser sends the cookie along, whoever made the page that asks; it also says who did.
    func requireOwnPage(_ visit: Visit) throws(Refusal) {
        if let site = visit.header("Sec-Fetch-Site") {
            guard site == "same-origin" || site == "none" else { throw Self.foreign }
        }
        guard let origin = visit.header("Origin") else {
            // A browser sends one of the two with whatever changes something.
            guard visit.header("Sec-Fetch-Site") != nil else { throw Self.foreign }
            return
        }
        guard let host = visit.header("Host")?.lowercased() else { throw Self.foreign }
        let place = origin.lowercased().split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard place.count == 3, ["http:", "https:"].contains(place[0]), place[1].isEmpty, place[2] == host else {
            throw Self.foreign
        }
    }

    private static let foreign = Refusal(
        .badRequest, "this was sent by a page of somebody else, or nothing says that it was not", code: "cross_site")

    /// Without the port, in small letters.
    static func name(_ host: String) -> String {
        let lowered = host.lowercased()
        if lowered.hasPrefix("["), let end = lowered.firstIndex(of: "]") { return String(lowered[...end]) }
        return String(lowered.prefix { $0 != ":" })
    }
}
