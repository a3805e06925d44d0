/// An e-mail address as it is compared: lower case, trimmed, without what calendars put around it.
///
/// Parts are told apart at the last `@`. The domain is written in letters, not in Punycode, so both spellings of
/// "müller.example" are one. Nothing is looked up, and no mailbox is asked whether it exists.
public struct MailAddress: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// What is before the `@`.
    public let local: String
    public let domain: String

    /// RFC 5321 allows 64 + 1 + 255 octets; what is longer is no address.
    public static let longest = 320

    /// Nil for all that is no address, such as the X.500 names of Exchange.
    public init?(_ raw: String) {
        guard raw.utf8.count <= Self.longest * 4, let bare = Self.bare(raw) else { return nil }
        let lower = bare.lowercased()
        guard lower.utf8.count <= Self.longest, let at = lower.utf8.lastIndex(of: 0x40) else { return nil }
        let local = lower[..<at]
        guard !local.isEmpty, !local.utf8.contains(where: Self.isForbidden),
            let domain = Self.domain(of: String(lower[lower.utf8.index(after: at)...]))
        else { return nil }
        self.local = String(local)
        self.domain = domain
    }

    private init(local: String, domain: String) {
        self.local = local
        self.domain = domain
    }

    public var text: String { "\(local)@\(domain)" }

    public var description: String { text }

    /// The address without what its owner may add to it: a tag after `+`, and with Google, any dots.
    public var alias: String { aliased.text }

    var aliased: MailAddress {
        let isGoogle = domain == "gmail.com" || domain == "googlemail.com"
        var bare = local[...]
        if let plus = local.utf8.firstIndex(of: 0x2B), plus != local.startIndex { bare = local[..<plus] }
        if isGoogle, bare.utf8.contains(0x2E) { bare = bare.filter { $0 != "." }[...] }
        guard !bare.isEmpty, isGoogle || bare.utf8.count < local.utf8.count else { return self }
        return MailAddress(local: String(bare), domain: isGoogle ? "gmail.com" : domain)
    }

    /// Whether the domain or one above it is among these.
    func isIn(_ domains: Set<String>) -> Bool {
        guard !domains.isEmpty else { return false }
        var rest = domain[...]
        while true {
            if domains.contains(String(rest)) { return true }
            guard let dot = rest.utf8.firstIndex(of: 0x2E) else { return false }
            rest = rest[rest.utf8.index(after: dot)...]
        }
    }

    /// Whether it belongs to a task and not to a person. Used only to propose nobody, never to refuse a match.
    public var isRole: Bool { RoleWords.areIn(aliased.local) }

    /// Addresses that Google gives to rooms and things.
    var isResource: Bool { isGoogles && isIn(["resource.calendar.google.com"]) }

    /// Addresses that Google gives to calendars and lists of guests.
    var isGroup: Bool { isGoogles && isIn(["group.calendar.google.com", "group.v.calendar.google.com"]) }

    private var isGoogles: Bool { domain.hasSuffix(".calendar.google.com") }

    /// A domain as it is compared; nil if it is none. `@` before it and a dot after it do not matter.
    public static func domain(of raw: String) -> String? {
        var lower = raw
        if !isPlain(raw) || raw.utf8.contains(0x40) {
            let trimmed = raw.unicodeScalars.filter { !isIgnored($0) }
            lower = String(Substring(trimmed.drop { $0 == "@" || $0 == "." }))
        }
        lower = lower.lowercased()
        while lower.utf8.last == 0x2E { lower.removeLast() }
        guard !lower.isEmpty, lower.utf8.allSatisfy(isInDomain) else { return nil }
        let letters = Punycode.inLetters(lower)
        return letters.utf8.count <= 255 ? letters : nil
    }

    /// Letters of all scripts, digits, and what addresses of machines are written with.
    private static func isInDomain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F, 0x80...0xFF: true
        default: isLetterOrDigit(byte)
        }
    }

    /// `"(),:;<>\`: they are allowed only in quotes, which nobody's address has.
    private static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3C, 0x3E, 0x5C: true
        default: false
        }
    }
}

extension MailAddress {
    /// Without white space, `mailto:` and its query, angle brackets with a name before them, quotes and full stops.
    private static func bare(_ raw: String) -> String? {
        if isPlain(raw) { return raw }
        var text = trimmed(raw.unicodeScalars.filter { $0 == " " || !isIgnored($0) }[...])
        if let open = text.lastIndex(of: "<") {
            let inside = text[text.index(after: open)...]
            text = trimmed(inside[..<(inside.firstIndex(of: ">") ?? inside.endIndex)])
        }
        var scheme = ""
        while let colon = text.firstIndex(of: ":"), scheme.utf8.count < longest {
            let word = String(Substring(text[..<colon])).lowercased()
            guard ["mailto", "smtp"].contains(word) else { break }
            scheme += word
            text = trimmed(text[text.index(after: colon)...])
        }
        if scheme.utf8.starts(with: "mailto".utf8) {
            text = text[..<(text.firstIndex(of: "?") ?? text.endIndex)]
            guard let decoded = decoded(text) else { return nil }
            text = trimmed(decoded.unicodeScalars[...])
        }
        return text.isEmpty || text.contains(where: { $0 == " " || isIgnored($0) }) ? nil : String(Substring(text))
    }

    /// Most addresses need nothing of all this.
    private static func isPlain(_ raw: String) -> Bool {
        guard let last = raw.utf8.last, isLetterOrDigit(last), raw.utf8.first != 0x2E else { return false }
        return raw.utf8.allSatisfy { byte in
            switch byte {
            case 0x2B, 0x2D, 0x2E, 0x40, 0x5F: true
            default: isLetterOrDigit(byte)
            }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func trimmed(_ text: String.UnicodeScalarView.SubSequence) -> String.UnicodeScalarView.SubSequence {
        var text = text
        while let last = text.last, isAround(last) || last == "." { text.removeLast() }
        while let first = text.first, isAround(first) { text.removeFirst() }
        return text
    }

    private static func isAround(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\"", "'", ",", ";", "(", ")", "<", ">", "‘", "’", "“", "”", "`": true
        default: false
        }
    }

    /// Control and format characters and white space: no address has them, pasted ones do.
    static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x7F...0xA0, 0xAD, 0x1680, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0xFEFF:
            true
        default: false
        }
    }

    /// RFC 6068 writes addresses in `%41`; nil if the bytes are no text.
    private static func decoded(_ text: String.UnicodeScalarView.SubSequence) -> String? {
        guard text.contains("%") else { return String(Substring(text)) }
        var bytes: [UInt8] = []
        var rest = Array(String(Substring(text)).utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            guard byte == 0x25, digits.count == 2 else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
