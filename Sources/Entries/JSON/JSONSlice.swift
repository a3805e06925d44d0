/// Where a JSON value stands in the bytes that it was found in, and what it is; the bytes themselves are not copied.
public struct JSONSlice: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case null, boolean, integer, real, text, array, object
    }

    public let kind: Kind
    /// For a text: what stands between the quotes.
    public let range: Range<Int>
    /// Whether a text must be unescaped before it is used.
    public let hasEscapes: Bool
}

extension JSONSlice {
    /// Whether the bytes of a text are these, its escapes not resolved.
    public func equals(_ name: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        if name.count != range.count { return false }
        let start = range.lowerBound
        for offset in name.indices where name[offset] != bytes[start + offset] { return false }
        return true
    }

    /// The value as a whole number; nil when it is none, or does not fit.
    public func integer(in bytes: Span<UInt8>) -> Int64? {
        guard kind == .integer else { return nil }
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? range.lowerBound + 1 : range.lowerBound)..<range.upperBound {
            let digit = Int64(bytes[index] &- UInt8(ascii: "0"))
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    public func boolean(in bytes: Span<UInt8>) -> Bool? {
        kind == .boolean ? bytes[range.lowerBound] == UInt8(ascii: "t") : nil
    }

    public func real(in bytes: Span<UInt8>) -> Double? {
        guard kind == .real || kind == .integer else { return nil }
        return Double(String(copying: bytes.extracting(range)))
    }

    public func text(in bytes: Span<UInt8>) -> String? {
        guard kind == .text else { return nil }
        return hasEscapes
            ? String(decoding: unescaped(in: bytes), as: UTF8.self) : String(copying: bytes.extracting(range))
    }

    /// The UTF-8 of a text with its escapes resolved. A half of a surrogate pair alone becomes U+FFFD.
    public func unescaped(in bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "\\") {
                result.append(contentsOf: unescape(at: &index, in: bytes))
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private func unescape(at index: inout Int, in bytes: Span<UInt8>) -> [UInt8] {
        let letter = bytes[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "u"): return Array(String(Character(unescapeUnit(at: &index, in: bytes))).utf8)
        default: return [letter]
        }
    }

    private func unescapeUnit(at index: inout Int, in bytes: Span<UInt8>) -> UnicodeScalar {
        let first = Self.hexadecimal(at: index, in: bytes)
        index += 4
        guard first & 0xfc00 == 0xd800, index + 6 <= range.upperBound, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return UnicodeScalar(first) ?? "\u{fffd}" }
        let second = Self.hexadecimal(at: index + 2, in: bytes)
        guard second & 0xfc00 == 0xdc00 else { return "\u{fffd}" }
        index += 6
        return UnicodeScalar(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff) ?? "\u{fffd}"
    }

    private static func hexadecimal(at index: Int, in bytes: Span<UInt8>) -> UInt32 {
        (0..<4).reduce(0) { value, offset in
            let byte = bytes[index + offset]
            let digit = byte <= UInt8(ascii: "9") ? byte &- UInt8(ascii: "0") : (byte | 0x20) &- UInt8(ascii: "a") &+ 10
            return value << 4 | UInt32(digit)
        }
    }
}

extension String {
    /// A text of bytes that are UTF-8 as a rule; what is not becomes U+FFFD.
    public init(copying bytes: Span<UInt8>) {
        if let valid = try? UTF8Span(validating: bytes) {
            self.init(copying: valid)
        } else {
            self.init(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
        }
    }
}
