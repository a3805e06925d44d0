/// Names and values as a browser writes them, behind a question mark or in the body of a form.
public enum FormText {
    /// Nil where the percent coding is wrong, where a control character or no UTF-8 stands, or where there are more fields
    /// than the limit. Of control characters, tabs and line breaks are let through, for they stand in longer texts.
    public static func fields(_ raw: some Collection<UInt8>, limit: Int) -> [Visit.Field]? {
        var fields: [Visit.Field] = []
        for part in Array(raw).split(separator: UInt8(ascii: "&")) {
            guard fields.count < limit else { return nil }
            let sign = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = text(of: part[..<sign]), let value = text(of: part[sign...].dropFirst()) else {
                return nil
            }
            fields.append(.init(name, value))
        }
        return fields
    }

    private static func text(of raw: ArraySlice<UInt8>) -> String? {
        decode(raw, plusIsSpace: true).flatMap { text($0, allowed: [0x09, 0x0A, 0x0D]) }
    }

    /// Nil where a control character stands that is not allowed, or no UTF-8.
    static func text(_ bytes: some Collection<UInt8>, allowed: [UInt8]) -> String? {
        guard !bytes.contains(where: { ($0 < 0x20 || $0 == 0x7F) && !allowed.contains($0) }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Nil where the percent coding is wrong, or where a byte stands that must be encoded.
    static func decode(_ raw: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
            case ...0x20, 0x7F: return nil
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
