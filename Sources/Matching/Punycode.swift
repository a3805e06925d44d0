/// Domains that are written in ASCII although they are not, as RFC 3492 has it.
enum Punycode {
    /// Each label that begins with `xn--` in letters; a label that cannot be read stays as it is.
    static func inLetters(_ domain: String) -> String {
        guard hasCode(domain) else { return domain }
        return domain.split(separator: ".", omittingEmptySubsequences: false)
            .map { label in
                guard label.utf8.starts(with: "xn--".utf8) else { return String(label) }
                return decoded(label.utf8.dropFirst(4))?.lowercased() ?? String(label)
            }
            .joined(separator: ".")
    }

    /// Nearly no domain has a label that begins with two letters and two dashes.
    private static func hasCode(_ domain: String) -> Bool {
        var dashes = 0
        for byte in domain.utf8 {
            dashes = byte == 0x2D ? dashes + 1 : 0
            if dashes == 2 { return true }
        }
        return false
    }

    /// RFC 1034 allows a label 63 octets; more is not read, and so the work is bounded.
    private static let longestLabel = 63

    private static func decoded(_ code: Substring.UTF8View) -> String? {
        guard code.count <= longestLabel, code.allSatisfy({ $0 < 0x80 }) else { return nil }
        let bytes = Array(code)
        let end = bytes.lastIndex(of: 0x2D) ?? 0
        var out = bytes[..<end].map { UInt32($0) }
        var rest = bytes[(end == 0 && bytes.first != 0x2D ? 0 : end + 1)...]
        var (scalar, place, bias) = (128, 0, 72)
        while !rest.isEmpty {
            guard let step = number(&rest, bias: bias) else { return nil }
            let count = out.count + 1
            bias = adapted(step, count: count, isFirst: out.count == end)
            let (sum, overflow) = place.addingReportingOverflow(step)
            guard !overflow else { return nil }
            scalar += sum / count
            place = sum % count
            guard scalar <= 0x10FFFF, let whole = Unicode.Scalar(UInt32(scalar)), !MailAddress.isIgnored(whole) else {
                return nil
            }
            out.insert(whole.value, at: place)
            place += 1
        }
        guard out.count > end else { return nil }
        var text = String.UnicodeScalarView()
        for value in out { text.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return String(text)
    }

    /// A number of base 36 whose digits say themselves where it ends.
    private static func number(_ rest: inout ArraySlice<UInt8>, bias: Int) -> Int? {
        var (number, weight, base) = (0, 1, 36)
        while let byte = rest.popFirst() {
            guard let digit = digit(byte) else { return nil }
            let (part, overflow) = digit.multipliedReportingOverflow(by: weight)
            // Above 2^40 no sum can be a scalar, and none below it can overflow.
            guard !overflow, part < 1 << 40, weight < 1 << 40 else { return nil }
            number += part
            let threshold = min(max(base - bias, 1), 26)
            if digit < threshold { return number }
            weight *= 36 - threshold
            base += 36
        }
        return nil
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x61...0x7A: Int(byte) - 0x61
        case 0x30...0x39: Int(byte) - 0x30 + 26
        default: nil
        }
    }

    private static func adapted(_ step: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? step / 700 : step / 2
        delta += delta / count
        var steps = 0
        while delta > 455 {
            delta /= 35
            steps += 36
        }
        return steps + 36 * delta / (delta + 38)
    }
}
