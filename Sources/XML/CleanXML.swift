/// A text as the parser gets it: UTF-8 without a declaration, without the characters that XML forbids, and with no tag that
/// would cost the parser much.
///
/// Servers do write control characters and broken UTF-8 into descriptions, and one such event must not hide a calendar.
struct CleanXML {
    private(set) var bytes: [UInt8]

    init(_ given: [UInt8], limits: XMLLimits) throws(XMLFault) {
        bytes = given
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
            throw XMLFault(.malformed, "The XML is not written in UTF-8.")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let encoding = takeDeclaration()
        if Self.isLatin(encoding) { bytes = Self.utf8(fromLatin: bytes) }
        if (try? UTF8Span(validating: bytes.span)) == nil {
            bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
        }
        if Self.hasForbidden(bytes) { bytes = Self.withoutForbidden(bytes) }
        guard bytes.contains(where: { !Self.isBlank($0) }) else { throw XMLFault(.empty, "The XML is empty.") }
        var scan = TagScan(limits: limits)
        try scan.run(bytes)
    }

    // MARK: The declaration

    /// Takes `<?xml …?>` away and answers the encoding that it names.
    private mutating func takeDeclaration() -> String? {
        guard let start = bytes.firstIndex(where: { !Self.isBlank($0) }), bytes[start...].starts(with: "<?xml".utf8),
            start + 5 < bytes.count, Self.isBlank(bytes[start + 5])
        else { return nil }
        let reach = min(bytes.count, start + 256)
        guard let end = (start..<reach).first(where: { bytes[$0] == UInt8(ascii: ">") }) else { return nil }
        let declaration = String(decoding: bytes[start...end], as: UTF8.self).lowercased()
        bytes.removeSubrange(...end)
        guard let name = declaration.firstRange(of: "encoding") else { return nil }
        return declaration[name.upperBound...].split { " \t\r\n='\"?>".contains($0) }.first.map(String.init)
    }

    private static func isLatin(_ encoding: String?) -> Bool {
        ["iso-8859-1", "latin1", "windows-1252"].contains(encoding)
    }

    private static func utf8(fromLatin bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                plain.append(byte)
            } else {
                plain.append(0xC0 | byte >> 6)
                plain.append(0x80 | byte & 0x3F)
            }
        }
        return plain
    }

    // MARK: Forbidden characters

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private static func isForbidden(_ byte: UInt8) -> Bool { byte < 32 && !isBlank(byte) }

    /// U+FFFE and U+FFFF are written as EF BF BE and EF BF BF.
    private static func isNoCharacter(_ bytes: [UInt8], at index: Int) -> Bool {
        bytes[index] == 0xEF && index + 2 < bytes.count && bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE
    }

    private static func hasForbidden(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { isForbidden(bytes[$0]) || isNoCharacter(bytes, at: $0) }
    }

    private static func withoutForbidden(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if isNoCharacter(bytes, at: index) {
                index += 3
                continue
            }
            if !isForbidden(bytes[index]) { plain.append(bytes[index]) }
            index += 1
        }
        return plain
    }
}
