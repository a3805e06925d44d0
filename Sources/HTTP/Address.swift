import CCurl

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

    /// Reads what a person typed or a server sent. `webcal` means https.
    public init(_ text: String) throws(HTTPError) {
        guard text.utf8.count <= Self.mostBytes else { throw HTTPError(.badAddress, "That address is too long.") }
        guard text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw HTTPError(.badAddress, "An address has no spaces in it.")
        }
        let parts = URLParts(Self.plain(text))
        try self.init(parts)
    }

    private static let mostBytes = 8 << 10

    /// The address that a reference in a document of this one means (RFC 3986); nil if it is none that can be opened.
    public func resolving(_ reference: String) -> Address? {
        guard reference.utf8.count <= Self.mostBytes else { return nil }
        return try? Address(URLParts(Self.plain(Self.escaped(reference)), relativeTo: text))
    }

    /// The address of an `href` of WebDAV. A name with a colon in it is a name, and not a scheme.
    public func resolving(href: String) -> Address? {
        let lowered = href.lowercased()
        if lowered.hasPrefix("http://") || lowered.hasPrefix("https://") || href.hasPrefix("/") {
            // Two slashes at the beginning name no host here: servers write them where a prefix is empty.
            let rest = href.hasPrefix("//") ? "/" + href.drop { $0 == "/" } : href
            return resolving(rest)
        }
        return resolving("./" + href)
    }

    private init(_ parts: URLParts?) throws(HTTPError) {
        guard let parts else { throw HTTPError(.badAddress, "That is no address that can be opened.") }
        guard parts.scheme == "https" || parts.scheme == "http" else {
            throw HTTPError(.badAddress, "Only http and https addresses are opened, not “\(parts.scheme)”.")
        }
        guard !parts.hasUser else {
            throw HTTPError(
                .badAddress,
                "The address holds a user name or a password. Give them apart from it, so that it can be shown.")
        }
        guard let host = Self.host(parts.host), (1...65_535).contains(parts.port) else {
            throw HTTPError(.badAddress, "There is no host in that address that can be asked.")
        }
        origin = Origin(scheme: parts.scheme, host: host, port: parts.port)
        path = parts.path.isEmpty ? "/" : parts.path
        query = parts.query
        text = origin.description + path + (parts.query.map { "?" + $0 } ?? "")
    }

    /// In small letters, without a dot at its end. A name that is not plain ASCII is refused: two that look alike are not
    /// the same, and who means it gives the form with xn--.
    private static func host(_ host: String) -> String? {
        var host = host.lowercased()
        while host.hasSuffix(".") { host.removeLast() }
        guard !host.isEmpty, host.utf8.count <= 253 else { return nil }
        let isLiteral = host.hasPrefix("[")
        let isPlain = host.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
                || isLiteral && (byte == 58 || byte == 91 || byte == 93)
        }
        return isPlain ? host : nil
    }

    private static func plain(_ text: String) -> String {
        for (scheme, meant) in [("webcals:", "https:"), ("webcal:", "https:")]
        where text.lowercased().hasPrefix(scheme) { return meant + text.dropFirst(scheme.utf8.count) }
        return text
    }

    /// What servers forget to escape.
    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte <= 32 || byte >= 127 {
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { origin.description }
}

/// The parts of a URL, as curl reads them.
private struct URLParts {
    var scheme = ""
    var host = ""
    var port = 0
    var path = ""
    var query: String?
    var hasUser = false

    init?(_ text: String, relativeTo base: String? = nil) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
        if let base, curl_url_set(handle, CURLUPART_URL, base, flags) != CURLUE_OK { return nil }
        guard curl_url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME), let host = Self.part(handle, CURLUPART_HOST)
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host
        port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap { Int($0) } ?? 0
        path = Self.part(handle, CURLUPART_PATH) ?? "/"
        query = Self.part(handle, CURLUPART_QUERY)
        hasUser = Self.part(handle, CURLUPART_USER) != nil || Self.part(handle, CURLUPART_PASSWORD) != nil
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
