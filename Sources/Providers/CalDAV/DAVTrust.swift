public import HTTP

/// Which servers an account may be led to by what its server answers.
///
/// Credentials and questions go to the origin that a person typed. A server may name another one, and only where a rule
/// that stands here says that both are one house, it is believed.
public enum DAVTrust {
    /// Services that keep accounts on many hosts of one domain.
    private static let houses = ["icloud.com"]

    /// The further origins that may be shown what is for this one: over https, and of the same listed domain.
    public static func others(for origin: Origin) -> @Sendable (Origin) -> Bool {
        guard origin.isSecure, let house = houses.first(where: { isIn($0, origin.host) }) else { return { _ in false } }
        return { other in other.isSecure && other.port == origin.port && isIn(house, other.host) }
    }

    static func isSame(_ origin: Origin, _ other: Origin) -> Bool { origin == other || others(for: origin)(other) }

    /// Where a name leads that a server gave for a thing of its own, or nil where that is another server.
    ///
    /// Servers behind a proxy often name themselves with http or another port; it is the way they were reached that counts.
    static func place(_ href: String, from address: Address) -> Address? {
        guard let target = address.resolving(href: href) else { return nil }
        if isSame(address.origin, target.origin) { return target }
        guard target.origin.host == address.origin.host else { return nil }
        let query = target.query.map { "?" + $0 } ?? ""
        return try? Address(address.origin.description + target.path + query)
    }

    /// The host is the domain or lies in it.
    static func isIn(_ domain: String, _ host: String) -> Bool { host == domain || host.hasSuffix("." + domain) }
}
