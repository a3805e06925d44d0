/// Where name, parameters and value of a property stand in its line.
struct PropertyParts: Sendable {
    /// Without the dot; empty where there is none.
    let group: Range<Int>
    let name: Range<Int>
    /// From the first semicolon to the colon; empty where there are none.
    let parameters: Range<Int>
    let value: Range<Int>

    init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        var position = line.lowerBound
        var dot: Int?
        while position < line.upperBound, bytes[position] != UInt8(ascii: ":"), bytes[position] != UInt8(ascii: ";") {
            if bytes[position] == UInt8(ascii: "."), dot == nil { dot = position }
            position += 1
        }
        guard position < line.upperBound else { return nil }
        let start = dot.map { $0 + 1 } ?? line.lowerBound
        group = line.lowerBound..<(dot ?? line.lowerBound)
        name = trimmed(bytes, start..<position)
        guard !name.isEmpty else { return nil }
        guard bytes[position] == UInt8(ascii: ";") else {
            parameters = position..<position
            value = position + 1..<line.upperBound
            return
        }
        let rest = position..<line.upperBound
        guard let colon = Self.colon(bytes, rest, isAddress: Self.isAddress(bytes, name)) else { return nil }
        parameters = position..<colon
        value = colon + 1..<line.upperBound
    }

    /// The colon between parameters and value. A colon in quotes does not count, unless the quotes never end. Names of
    /// people hold colons without quotes, so where an address follows it is the colon before `mailto:`.
    private static func colon(_ bytes: Span<UInt8>, _ range: Range<Int>, isAddress: Bool) -> Int? {
        var quoted: Int?
        var plain: Int?
        var mail: Int?
        var isQuoted = false
        var position = range.lowerBound
        while position < range.upperBound {
            switch bytes[position] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ":"):
                if isQuoted {
                    quoted = quoted ?? position
                } else {
                    if !isAddress { return position }
                    plain = plain ?? position
                    if bytes.hasPrefix("MAILTO:", at: position + 1, before: range.upperBound) { mail = position }
                }
            default: break
            }
            position += 1
        }
        return mail ?? plain ?? quoted
    }

    private static func isAddress(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 8: bytes.hasPrefix("ATTENDEE", at: name.lowerBound, before: name.upperBound)
        case 9: bytes.hasPrefix("ORGANIZER", at: name.lowerBound, before: name.upperBound)
        default: false
        }
    }
}

/// A range of bytes without the blanks around it.
func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start].isInvisible { start += 1 }
    while end > start, bytes[end - 1].isInvisible { end -= 1 }
    return start..<end
}

func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var start = bytes.startIndex
    var end = bytes.endIndex
    while start < end, bytes[start].isInvisible { start += 1 }
    while end > start, bytes[end - 1].isInvisible { end -= 1 }
    return bytes[start..<end]
}

/// The pieces between separators that stand in no quotes and behind no backslash; at least one.
func parted(_ bytes: ArraySlice<UInt8>, by separator: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    var isEscaped = false
    var isQuoted = false
    for index in bytes.indices {
        let byte = bytes[index]
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isQuoted.toggle()
        } else if byte == separator, !isQuoted {
            pieces.append(bytes[start..<index])
            start = index + 1
        }
    }
    pieces.append(bytes[start..<bytes.endIndex])
    return pieces
}

/// A folded line without its folds; in QUOTED-PRINTABLE the `=` before a break goes with it.
///
/// Bytes are put together before they are read as characters, because folds stand in the middle of characters.
func unfolded(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(line.count)
    var index = line.startIndex
    while index < line.endIndex {
        let byte = line[index]
        guard byte == .lineFeed || byte == .carriageReturn else {
            plain.append(byte)
            index += 1
            continue
        }
        while index < line.endIndex, line[index] == .carriageReturn { index += 1 }
        if index < line.endIndex, line[index] == .lineFeed { index += 1 }
        if index < line.endIndex, line[index] == .blank || line[index] == .tab {
            index += 1
        }
        // Without a blank behind the break, what joined the rows is the `=` before it.
        else if plain.last == UInt8(ascii: "=") {
            plain.removeLast()
        }
    }
    return plain
}
