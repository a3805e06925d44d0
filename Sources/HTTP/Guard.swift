/// Which servers may be opened: what everybody can reach, on the ports where calendars are, and what the owner allowed.
///
/// A name proves nothing about where it leads, and may lead elsewhere the next time. So the guard is asked about the
/// address that a socket is about to be connected to, each time.
struct Guard: Sendable {
    var allowed: Set<Allowance>

    /// The web's, its usual alternative, and that of Radicale. 8080 and others are where machines keep their back doors, and
    /// need to be allowed.
    static let ports: Set<Int> = [80, 443, 8443, 5232]

    /// Asked before anything is looked up.
    func checkPort(of origin: Origin) throws(HTTPError) {
        if Self.ports.contains(origin.port) { return }
        // The name may turn out to be in an allowed network, which the check of the address decides.
        let mayBe = allowed.contains { allowance in
            if allowance.covers(host: origin.host, port: origin.port) { return true }
            guard InternetAddress(origin.host) == nil, case .network = allowance.scope else { return false }
            return allowance.port == nil || allowance.port == origin.port
        }
        if !mayBe { throw Self.refusal(ofPortOf: origin) }
    }

    /// Asked before somebody types a password: what an address shows already, without its name being looked up.
    func checkText(of origin: Origin) throws(HTTPError) {
        try checkPort(of: origin)
        guard let address = InternetAddress(origin.host), !allows(address, for: origin) else { return }
        throw Self.refusal(of: address, for: origin)
    }

    /// Whether a socket for an origin may be connected to an address.
    func allows(_ address: InternetAddress, for origin: Origin) -> Bool {
        switch address.place {
        case .never: false
        case .anywhere: Self.ports.contains(origin.port) || isAllowed(address, for: origin)
        case .inside: isAllowed(address, for: origin)
        }
    }

    /// Whether the owner named it, so that a password may go there in the clear.
    func isAllowed(_ origin: Origin) -> Bool {
        allowed.contains { $0.covers(host: origin.host, port: origin.port) }
    }

    func isAllowed(_ address: InternetAddress, for origin: Origin) -> Bool {
        isAllowed(origin) || allowed.contains { $0.covers(address, port: origin.port) }
    }

    /// Why an address that an origin led to was not opened.
    static func refusal(of address: InternetAddress, for origin: Origin) -> HTTPError {
        switch address.place {
        case .anywhere: return refusal(ofPortOf: origin)
        case .inside:
            return HTTPError(
                .forbiddenAddress,
                "\(origin.host) is in a private network or is this machine itself, which is not opened. If it is a "
                    + "calendar server of your own, the owner of this Daybook can allow “\(origin.host)”.",
                .allow(ports.contains(origin.port) ? origin.host : "\(origin.host):\(origin.port)"))
        case .never:
            return HTTPError(
                .forbiddenAddress,
                "\(origin.host) leads to an address where machines keep their keys or where no single machine is. Such an "
                    + "address is never opened.")
        }
    }

    private static func refusal(ofPortOf origin: Origin) -> HTTPError {
        HTTPError(
            .forbiddenAddress,
            "Port \(origin.port) of \(origin.host) is not opened: only 80, 443, 5232 and 8443 are. If it is a calendar "
                + "server, the owner of this Daybook can allow “\(origin.host):\(origin.port)”.",
            .allow("\(origin.host):\(origin.port)"))
    }
}
