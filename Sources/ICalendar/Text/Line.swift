// A content line is what stands between two line breaks, where a break that is followed by a blank or a tab does not
// count (RFC 5545, 3.1). CRLF, LF and CR are breaks, in any mixture, and so is CR CR LF, which broken tools write.
// In vCalendar 1.0 and vCard 2.1 a line of QUOTED-PRINTABLE also goes on after an `=` at its end, but for a BEGIN or an
// END, which no careless `=` may swallow.

/// Where a content line stands in its text. Nothing is copied and nothing decoded.
struct Line {
    let start: Int
    /// Behind the last byte, without the break.
    let end: Int
    /// Where the next line starts.
    let next: Int
    /// How many breaks there are until `next`.
    let breaks: Int
    let isFolded: Bool

    var count: Int { end - start }
}

extension Span<UInt8> {
    /// The content line that starts at an offset and ends before the limit.
    func line(at start: Int, before limit: Int) -> Line {
        var position = start
        var breaks = 0
        var isFolded = false
        var isPrintable: Bool?
        while true {
            position = endOfRow(from: position, before: limit)
            let end = position
            guard position < limit else {
                return Line(start: start, end: end, next: limit, breaks: breaks, isFolded: isFolded)
            }
            position = skippingBreak(at: position, before: limit, counting: &breaks)
            if position < limit, self[position] == .blank || self[position] == .tab {
                isFolded = true
                continue
            }
            if end > start, self[end - 1] == UInt8(ascii: "="), position < limit,
                !hasPrefix("END:", at: position, before: limit), !hasPrefix("BEGIN:", at: position, before: limit)
            {
                let goesOn = isPrintable ?? saysQuotedPrintable(from: start, before: end)
                isPrintable = goesOn
                if goesOn {
                    isFolded = true
                    continue
                }
            }
            return Line(start: start, end: end, next: position, breaks: breaks, isFolded: isFolded)
        }
    }

    @inline(__always)
    private func endOfRow(from start: Int, before limit: Int) -> Int {
        var position = start
        while position < limit {
            let byte = self[position]
            if byte <= .carriageReturn, byte == .lineFeed || byte == .carriageReturn { break }
            position += 1
        }
        return position
    }

    /// A run of CR and the LF behind it are one break; without the LF each CR is one.
    private func skippingBreak(at start: Int, before limit: Int, counting breaks: inout Int) -> Int {
        var position = start
        while position < limit, self[position] == .carriageReturn { position += 1 }
        if position < limit, self[position] == .lineFeed {
            breaks += 1
            return position + 1
        }
        breaks += position - start
        return position
    }

    /// Whether the parameters of a line name the encoding. They are short: a look at the first bytes is enough.
    private func saysQuotedPrintable(from start: Int, before end: Int) -> Bool {
        let most = 1_000
        let last = Swift.min(end, start + most)
        var position = start
        while position < last, self[position] != UInt8(ascii: ":") {
            if self[position] & 0xDF == UInt8(ascii: "Q"),
                hasPrefix("QUOTED-PRINTABLE", at: position, before: last)
            {
                return true
            }
            position += 1
        }
        return false
    }

    /// Whether the bytes at an offset are a text in capitals, in whatever case they are written themselves.
    func hasPrefix(_ capitals: String, at start: Int, before end: Int) -> Bool {
        guard end - start >= capitals.utf8.count else { return false }
        var offset = start
        for byte in capitals.utf8 {
            guard self[offset].capital == byte else { return false }
            offset += 1
        }
        return true
    }
}

extension UInt8 {
    static var tab: UInt8 { 9 }
    static var lineFeed: UInt8 { 10 }
    static var carriageReturn: UInt8 { 13 }
    static var blank: UInt8 { 32 }

    /// Every byte up to the blank stands for nothing that can be seen.
    var isInvisible: Bool { self <= .blank }
    var isDigit: Bool { self >= 48 && self <= 57 }
    var isLetter: Bool { (self | 0x20) >= 97 && (self | 0x20) <= 122 }
    var capital: UInt8 { self >= 97 && self <= 122 ? self - 32 : self }
    var small: UInt8 { self >= 65 && self <= 90 ? self + 32 : self }

    /// The value of a digit of base 16.
    var hexadecimal: UInt8? {
        switch self {
        case 48...57: self - 48
        case 65...70: self - 55
        case 97...102: self - 87
        default: nil
        }
    }
}
