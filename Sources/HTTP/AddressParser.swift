import CCurl

/// Reads addresses through libcurl, which is what opens them.
enum AddressParser {
    /// Longer than any address that a calendar is under; servers refuse more than this too.
    static let longest = 8_192

    static let unreadable = HTTPError(
        .badAddress, "This is no address that could be opened. Check it for missing parts.")

    static func parse(_ text: String) throws(HTTPError) -> Address {
        Library.require()
        guard text.utf8.count <= longest else {
            throw HTTPError(.badAddress, "The address is longer than \(longest) bytes.")
        }
        guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else { throw unreadable }
        // The parser forgives what is between the scheme and the host, and others would read it otherwise.
        let afterScheme = text.utf8.drop { $0 != 58 }.dropFirst().prefix(3)
        guard afterScheme.starts(with: "//".utf8), afterScheme.last != 47 || afterScheme.count < 3 else {
            throw refusal(CURLUE_NO_HOST)
        }
        guard let url = curl_url() else { throw unreadable }
        defer { curl_url_cleanup(url) }
        let code = curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_URLENCODE | CURLU_DISALLOW_USER))
        if code != CURLUE_OK { throw refusal(code) }
        guard let scheme = part(url, CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme) else {
            throw refusal(CURLUE_UNSUPPORTED_SCHEME)
        }
        if part(url, CURLUPART_ZONEID) != nil {
            throw HTTPError(.badAddress, "The address names a network card (%), which Daybook does not open.")
        }
        let host = try host(url)
        guard let port = part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) }), (1...65_535).contains(port)
        else { throw refusal(CURLUE_BAD_PORT_NUMBER) }
        let origin = Origin(scheme: scheme, host: host, port: port)
        let path = part(url, CURLUPART_PATH) ?? "/"
        let query = part(url, CURLUPART_QUERY)
        let text = origin.description + path + (query.map { "?" + $0 } ?? "")
        return Address(text: text, origin: origin, path: path, query: query)
    }

    /// The scheme with which a text begins, in small letters.
    static func scheme(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon]
        guard let first = scheme.utf8.first, isLetter(first),
            scheme.utf8.allSatisfy({ isLetter($0) || (48...57).contains($0) || [43, 45, 46].contains($0) })
        else { return nil }
        return scheme.lowercased()
    }

    static func withUsualScheme(_ text: String) throws(HTTPError) -> String {
        let text = trimmed(text)
        guard let scheme = scheme(of: text) else {
            throw HTTPError(.badAddress, "An address begins with https:// (or http:// or webcal://).")
        }
        guard ["webcal", "webcals"].contains(scheme) else { return text }
        return "https" + text.dropFirst(scheme.count)
    }

    /// Without blanks at its ends, which come along when an address is copied.
    static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        let rest = text.drop(while: isBlank)
        return String(rest[..<(rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex)])
    }

    /// In small letters, as DNS has it, without the dot of the root.
    private static func host(_ url: OpaquePointer) throws(HTTPError) -> String {
        guard var host = part(url, CURLUPART_HOST, CURLU_PUNYCODE)?.lowercased() else {
            throw refusal(CURLUE_BAD_HOSTNAME)
        }
        if host.hasSuffix(".") { host.removeLast() }
        let isName = host.utf8.allSatisfy { (33...126).contains($0) } && host.utf8.count <= 253
        guard isName, !host.split(separator: ".", omittingEmptySubsequences: false).contains("") else {
            throw refusal(CURLUE_BAD_HOSTNAME)
        }
        return host
    }

    private static func part(_ url: OpaquePointer, _ what: CURLUPart, _ flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        // Names in other letters are read in the encoding of the locale, which is anything.
        let isRead = Library.inUnicode { curl_url_get(url, what, &text, UInt32(flags)) == CURLUE_OK }
        guard isRead, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    private static func refusal(_ code: CURLUcode) -> HTTPError {
        let flaw =
            switch code {
            case CURLUE_UNSUPPORTED_SCHEME, CURLUE_BAD_SCHEME:
                "Daybook opens addresses that begin with https:// (or http:// or webcal://), and no others."
            case CURLUE_USER_NOT_ALLOWED:
                "The address has a user name or password in it. Give them apart from the address, where they are kept "
                    + "encrypted."
            case CURLUE_BAD_PORT_NUMBER: "The port in the address is none: it must be 1 to 65535."
            case CURLUE_NO_HOST, CURLUE_BAD_HOSTNAME, CURLUE_BAD_IPV6, CURLUE_LACKS_IDN:
                "The host in the address is none that could be opened. Check how it is written."
            default: unreadable.message
            }
        return HTTPError(.badAddress, flaw)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
}
