/// What Exchange calls a meeting by, in hexadecimal digits: a fixed beginning, the day of the occurrence (zeros for the
/// series and for single meetings), a time, and data of any length.
///
/// Graph gives each occurrence one of its own as `iCalUId`. In invitations and in other calendars all of a series have the
/// one without a day, or the text that a foreign calendar called it by.
struct GlobalObjectID: Equatable {
    /// What other calendars call the series.
    let seriesUID: String
    /// It names one occurrence.
    let isOfOccurrence: Bool

    /// Nil where the text is of no such form; then it is the same everywhere as it is.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest, let bytes = Self.bytes(text), bytes.count >= 40,
            bytes.starts(with: Self.beginning)
        else { return nil }
        isOfOccurrence = bytes[Self.day].contains { $0 != 0 }
        if let foreign = Self.foreign(bytes[40...]) {
            seriesUID = foreign
        } else {
            let start = text.utf8.index(text.startIndex, offsetBy: Self.day.lowerBound * 2)
            let end = text.utf8.index(text.startIndex, offsetBy: Self.day.upperBound * 2)
            seriesUID = text[..<start] + "00000000" + text[end...]
        }
    }

    private static let longest = 8_192
    private static let beginning: [UInt8] = [
        0x04, 0x00, 0x00, 0x00, 0x82, 0x00, 0xE0, 0x00, 0x74, 0xC5, 0xB7, 0x10, 0x1A, 0x82, 0xE0, 0x08,
    ]
    private static let day = 16..<20

    /// The UID that another program gave: `vCal-Uid`, a one in four bytes, the text, a zero.
    private static func foreign(_ data: ArraySlice<UInt8>) -> String? {
        guard data.starts(with: "vCal-Uid".utf8 + [1, 0, 0, 0]) else { return nil }
        let text = data.dropFirst(12).prefix { $0 != 0 }
        guard !text.isEmpty, text.allSatisfy({ $0 > 32 && $0 != 127 }) else { return nil }
        return String(validating: text, as: UTF8.self)
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            guard let value = value(digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70, 97...102: (digit | 0x20) - 87
        default: nil
        }
    }
}
