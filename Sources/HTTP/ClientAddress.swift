/// Networks whose word is believed about where a request came from: those of one's own proxies.
public struct TrustedProxies: Sendable, Equatable, ExpressibleByArrayLiteral {
    private let networks: [Network]

    /// Texts that are no network trust nobody.
    public init(_ texts: [String]) { networks = texts.compactMap { Network($0) } }

    public init(arrayLiteral texts: String...) { self.init(texts) }

    /// The network that a text names, as it is kept; nil where it names none.
    public static func canonical(_ text: String) -> String? {
        guard let network = Network(text) else { return nil }
        return network.bits == network.first.bytes.count * 8 ? "\(network.first)" : "\(network.first)/\(network.bits)"
    }

    func contains(_ address: InternetAddress) -> Bool { networks.contains { $0.contains(address.plain) } }

    /// Whether an address is that of such a proxy.
    public func contains(_ address: String) -> Bool { InternetAddress(address).map { contains($0) } ?? false }
}

/// Who really asks: the address of the connection, or what one's own proxy says.
public enum ClientAddress {
    /// The last address of the list that is no proxy of one's own. What stands before it anybody may have written.
    ///
    /// - Parameter forwarded: `X-Forwarded-For`; of several such headers, all in their order between commas.
    public static func of(peer: String, forwarded: String?, trusted: TrustedProxies) -> String {
        guard var known = InternetAddress(peer) else { return peer }
        for part in (forwarded ?? "").split(separator: ",", omittingEmptySubsequences: false).reversed() {
            guard trusted.contains(known), let next = address(part) else { break }
            known = next
        }
        return known.plain.description
    }

    /// What counts as one sender: an address of four bytes, and of sixteen the 64 bits that one household is given.
    public static func sender(_ address: String) -> String {
        guard let address = InternetAddress(address)?.plain else { return address }
        if address.bytes.count == 4 { return address.description }
        let network = InternetAddress(bytes: address.bytes.prefix(8) + [UInt8](repeating: 0, count: 8))
        return network.map { "\($0)/64" } ?? address.description
    }

    /// Some proxies write a port behind the address.
    private static func address(_ part: Substring) -> InternetAddress? {
        let text = part.filter { !$0.isWhitespace }
        if let address = InternetAddress(text) { return address }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") { return InternetAddress(String(text[...end])) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? InternetAddress(String(parts[0])) : nil
    }
}
