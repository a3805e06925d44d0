/// How the value of a property becomes a text: out of its transfer encoding, into characters, without escapes.
struct TextDecoding {
    enum Characters {
        /// UTF-8, and Windows-1252 where it is none.
        case modern
        case windows1252
        case latin9
    }

    static let plain = TextDecoding()

    private var characters = Characters.modern
    private var isPrintable = false

    private init() {}

    init(_ property: Property) {
        guard property.hasParameters else { return }
        if let charset = property.parameter("CHARSET") { characters = Self.characters(named: charset) }
        let encoding = property.parameter("ENCODING")?.uppercased()
        isPrintable =
            encoding == "QUOTED-PRINTABLE"
            || (encoding == nil && property.bareParameters.contains("QUOTED-PRINTABLE"))
    }

    private static func characters(named name: String) -> Characters {
        switch name.uppercased() {
        case "ISO-8859-1", "ISO8859-1", "LATIN1", "ISO_8859-1", "WINDOWS-1252", "CP1252": .windows1252
        case "ISO-8859-15", "ISO8859-15", "LATIN9": .latin9
        default: .modern
        }
    }

    func text(_ value: ArraySlice<UInt8>, guessing isGuessed: inout Bool) -> String {
        unescaped(withoutTransferEncoding(value), guessing: &isGuessed)
    }

    func withoutTransferEncoding(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard isPrintable else { return value }
        var plain: [UInt8] = []
        plain.reserveCapacity(value.count)
        var index = value.startIndex
        while index < value.endIndex {
            if value[index] == UInt8(ascii: "="), index + 2 < value.endIndex,
                let high = value[index + 1].hexadecimal, let low = value[index + 2].hexadecimal
            {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(value[index])
                index += 1
            }
        }
        return plain[...]
    }

    /// `\n` is a line break, and a backslash before anything else goes. Characters that cannot be seen go, but for line
    /// breaks and tabs.
    func unescaped(_ value: ArraySlice<UInt8>, guessing isGuessed: inout Bool) -> String {
        guard value.contains(where: { $0 == UInt8(ascii: "\\") || $0 < .blank || $0 == 127 }) else {
            return characters(value, guessing: &isGuessed)
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(value.count)
        var isEscaped = false
        for byte in value {
            if isEscaped {
                plain.append(byte == UInt8(ascii: "n") || byte == UInt8(ascii: "N") ? .lineFeed : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte >= .blank && byte != 127 || byte == .lineFeed || byte == .tab {
                plain.append(byte)
            }
        }
        return characters(plain[...], guessing: &isGuessed)
    }

    /// The characters of a text without escapes, but for those that cannot be seen.
    func visibleCharacters(_ value: ArraySlice<UInt8>, guessing isGuessed: inout Bool) -> String {
        guard value.contains(where: { !Self.isVisible($0) }) else { return characters(value, guessing: &isGuessed) }
        return characters(value.filter(Self.isVisible)[...], guessing: &isGuessed)
    }

    private static func isVisible(_ byte: UInt8) -> Bool {
        byte >= .blank && byte != 127 || byte == .lineFeed || byte == .tab || byte == .carriageReturn
    }

    private func characters(_ value: ArraySlice<UInt8>, guessing isGuessed: inout Bool) -> String {
        switch characters {
        case .modern:
            if let text = Self.utf8(value) { return text }
            isGuessed = true
            return Self.text(value, windows1252Extras)
        // What calls itself Latin-1 and is well-formed UTF-8 beyond ASCII was called that by mistake.
        case .windows1252: return Self.utf8(value) ?? Self.text(value, windows1252Extras)
        case .latin9: return Self.utf8(value) ?? Self.text(value, latin9Extras)
        }
    }

    /// UTF-8 where it is, and Windows-1252 where it is not.
    static func characters(of value: ArraySlice<UInt8>) -> String {
        utf8(value) ?? text(value, windows1252Extras)
    }

    static func utf8(_ value: ArraySlice<UInt8>) -> String? {
        guard let span = try? UTF8Span(validating: value.span) else { return nil }
        return String(copying: span)
    }

    private static func text(_ value: ArraySlice<UInt8>, _ extras: [UInt8: UInt16]) -> String {
        var text = String.UnicodeScalarView()
        for byte in value { text.append(Unicode.Scalar(extras[byte] ?? UInt16(byte)) ?? "\u{FFFD}") }
        return String(text)
    }
}

/// Where Windows-1252 differs from Latin-1, whose bytes are their code points.
private let windows1252Extras: [UInt8: UInt16] = [
    0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x0192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020, 0x87: 0x2021, 0x88: 0x02C6,
    0x89: 0x2030, 0x8A: 0x0160, 0x8B: 0x2039, 0x8C: 0x0152, 0x8E: 0x017D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C,
    0x94: 0x201D, 0x95: 0x2022, 0x96: 0x2013, 0x97: 0x2014, 0x98: 0x02DC, 0x99: 0x2122, 0x9A: 0x0161, 0x9B: 0x203A,
    0x9C: 0x0153, 0x9E: 0x017E, 0x9F: 0x0178,
]

/// Where ISO-8859-15 differs from Latin-1.
private let latin9Extras: [UInt8: UInt16] = [
    0xA4: 0x20AC, 0xA6: 0x0160, 0xA8: 0x0161, 0xB4: 0x017D, 0xB8: 0x017E, 0xBC: 0x0152, 0xBD: 0x0153, 0xBE: 0x0178,
]

/// A text of UTF-16 as UTF-8; nil if it is none. It shows by its mark, or by a zero beside its first letter.
func utf8(fromUTF16 bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count >= 4 else { return nil }
    let isLittle: Bool
    switch (bytes[0], bytes[1]) {
    case (0xFF, 0xFE): isLittle = true
    case (0xFE, 0xFF): isLittle = false
    case (1..., 0) where bytes[2] > 0 && bytes[3] == 0: isLittle = true
    case (0, 1...) where bytes[2] == 0 && bytes[3] > 0: isLittle = false
    default: return nil
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    let units = stride(from: 0, to: bytes.count - 1, by: 2).lazy.map { index -> UInt16 in
        let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
        return isLittle ? second << 8 | first : first << 8 | second
    }
    _ = transcode(units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: false) { plain.append($0) }
    return plain
}
