/// What an owner allowed beyond what everybody may open: a host, with or without a port, or a network.
///
/// `nas.home`, `nas.home:5000`, `192.168.1.10:8080`, `[fd00::1]:8080`, `192.168.1.0/24`.
public struct Allowance: Sendable, Hashable, CustomStringConvertible {
    enum Scope: Hashable {
        case host(String)
        case network(Network)
    }

    let scope: Scope
    /// Nil allows every port.
    let port: Int?

    public init(_ text: String) throws(HTTPError) {
        let text = AddressParser.trimmed(text)
        if let network = Network(text) {
            scope = .network(network)
            port = nil
            return
        }
        // What is no network is a host, written as in an address and read by the same parser.
        let isBare = !text.contains("/") && !text.contains("?") && !text.hasSuffix(":")
        guard isBare, let address = try? Address("http://\(text)/") else {
            throw HTTPError(
                .badAddress, "“\(text)” is neither a host, a host with a port, nor a network such as 192.168.1.0/24.")
        }
        let host = address.origin.host
        scope = InternetAddress(host).map { .network(Network($0, $0.bytes.count * 8)) } ?? .host(host)
        let hasPort = text.drop { $0 != "]" }.contains(":") || (!text.hasPrefix("[") && text.contains(":"))
        port = hasPort ? address.origin.port : nil
    }

    public var description: String {
        let place =
            switch scope {
            case .host(let host): host
            case .network(let network):
                network.bits == network.first.bytes.count * 8 ? "\(network.first)" : "\(network.first)/\(network.bits)"
            }
        guard let port else { return place }
        return place.contains(":") ? "[\(place)]:\(port)" : "\(place):\(port)"
    }

    /// It names one address that is opened for nobody.
    public var isInVain: Bool {
        guard case .network(let network) = scope, network.bits == network.first.bytes.count * 8 else { return false }
        return network.first.place == .never
    }

    func covers(host: String, port: Int) -> Bool {
        guard self.port == nil || self.port == port else { return false }
        switch scope {
        case .host(let name): return name == host
        case .network(let network): return InternetAddress(host).map { network.contains($0.plain) } ?? false
        }
    }

    func covers(_ address: InternetAddress, port: Int) -> Bool {
        guard self.port == nil || self.port == port, case .network(let network) = scope else { return false }
        return network.contains(address.plain)
    }
}
