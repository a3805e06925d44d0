import Application
import WebServer

/// Looks at a visit before anything is done for it: whether it is us who are meant.
struct Doorkeeper: Sendable {
    let isOurs: @Sendable (_ host: String) -> Bool

    /// A page anywhere can make a name of its own point to this machine, and the browser will believe that it is asking the
    /// page's own server. It cannot change the name that it sends.
    func requireHost(_ visit: Visit) throws(Refusal) {
        guard let host = visit.header("Host").map(Self.name), isOurs(host) else {
            throw Refusal(
                .badRequest, "this service is not asked under this name",
                hint: "If it should be, whoever runs the service names it: daybook serve --host NAME",
                code: "wrong_host")
        }
    }

    /// Without the port, in small letters.
    static func name(_ host: String) -> String {
        let lowered = host.lowercased()
        if lowered.hasPrefix("["), let end = lowered.firstIndex(of: "]") { return String(lowered[...end]) }
        return String(lowered.prefix { $0 != ":" })
    }
}
