/// An http or https address that can be opened.
///
/// It is read by the same parser that opens it, so that nobody can be shown one host and led to another. Its description
/// leaves out path and query, for they may be what lets one in.
public struct Address: Sendable, Hashable, CustomStringConvertible {
    /// The whole address, normalised: scheme and host in small letters, no user, no fragment, no default port.
    public let text: String
    public let origin: Origin
    /// As it stands in the text, with its escapes; never empty.
    public let path: String
    public let query: String?

    init(text: String, origin: Origin, path: String, query: String?) {
        self.text = text
        self.origin = origin
        self.path = path
        self.query = query
    }

    /// Reads what somebody typed or a server sent. `webcal://` and `webcals://` mean https.
    public init(_ text: String) throws(HTTPError) {
        let first = try AddressParser.parse(AddressParser.withUsualScheme(text))
        // A host may become a number only after its dot was taken away or its letters were mapped, and the parser knows
        // numbers only where it meets them first. What does not stay what it is, is nothing that one could be shown.
        self = try AddressParser.parse(first.text)
        if try AddressParser.parse(self.text) != self { throw AddressParser.unreadable }
    }

    public var description: String { origin.description }

    /// The same over https.
    public var secured: Address {
        let origin = origin.secured
        return Address(
            text: origin.description + path + (query.map { "?" + $0 } ?? ""), origin: origin, path: path, query: query)
    }

    /// The address that a reference stands for when it is found here (RFC 3986), or nil if it is none that Daybook would
    /// open.
    ///
    /// `a:b.vcf` is an address of the scheme `a`, and `//x` the host `x`, as the rules have it. Whoever means a path says
    /// `./a:b.vcf`, or uses `resolving(href:)`.
    public func resolving(_ reference: String) -> Address? {
        let reference = AddressParser.trimmed(reference)
        if AddressParser.scheme(of: reference) != nil { return try? Address(reference) }
        if reference.hasPrefix("//") { return try? Address(origin.scheme + ":" + reference) }
        if reference.hasPrefix("/") { return try? Address(origin.description + reference) }
        if reference.isEmpty || reference.hasPrefix("#") { return self }
        if reference.hasPrefix("?") { return try? Address(origin.description + path + reference) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return try? Address(origin.description + folder + reference)
    }

    /// The address of a resource that a DAV server names in an answer of this address.
    ///
    /// Such a name is an http address or a path, so nothing else is read as a scheme or a host, and `#` is a letter.
    public func resolving(href: String) -> Address? {
        let href = AddressParser.trimmed(href).replacing("#", with: "%23")
        if let scheme = AddressParser.scheme(of: href), ["http", "https"].contains(scheme) {
            return try? Address(href)
        }
        if href.hasPrefix("/") { return try? Address(origin.description + href) }
        return href.isEmpty ? self : resolving("./" + href)
    }
}
