import HTTP

/// Compares the paths of a server, which it may write in many ways: `@` or `%40`, `%c3` or `%C3`, with two slashes or none
/// at the end.
///
/// What is sent back to a server is always what it sent; only what is compared and kept is normalised.
enum DAVPath {
    /// Without escapes, but for those that would mean something else: slash, percent and control characters; without a
    /// slash at the end, and with one where there are more.
    static func normalised(_ path: String) -> String {
        if isNormal(path) { return path }
        let bytes = decoded(Array(path.utf8))
        var plain: [UInt8] = []
        for byte in bytes where !(byte == slash && plain.last == slash) { plain.append(byte) }
        if plain.count > 1, plain.last == slash { plain.removeLast() }
        guard let text = String(validating: plain, as: UTF8.self) else { return escapedOnly(path) }
        return text
    }

    /// What a member is called within its collection, both by their normalised paths. Nil where it does not lie in it, and
    /// empty for the collection itself.
    static func name(of path: String, in collection: String) -> String? {
        let bytes = path.utf8
        guard bytes.starts(with: collection.utf8) else { return nil }
        var rest = bytes.dropFirst(collection.utf8.count)
        if rest.isEmpty || collection == "/" { return String(rest) }
        return rest.popFirst() == slash ? String(rest) : nil
    }

    /// A normalised path as it can stand in an address.
    static func escaped(_ path: String) -> String {
        var plain: [UInt8] = []
        let kept = Set("/%-._~!$&'()*+,;=:@".utf8)
        for byte in path.utf8 {
            let isWord = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            plain += isWord || kept.contains(byte) ? [byte] : [percent, digit(byte >> 4), digit(byte & 15)]
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func isNormal(_ path: String) -> Bool {
        var last: UInt8 = 0
        for byte in path.utf8 {
            if byte == percent || (byte == slash && last == slash) { return false }
            last = byte
        }
        return last != slash
    }

    private static let slash = UInt8(ascii: "/")
    private static let percent = UInt8(ascii: "%")

    private static func decoded(_ path: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var index = 0
        while index < path.count {
            guard path[index] == percent, index + 2 < path.count, let high = hex(path[index + 1]),
                let low = hex(path[index + 2])
            else {
                plain.append(path[index])
                index += 1
                continue
            }
            let byte = high << 4 | low
            if byte == slash || byte == percent || byte < 33 || byte == 127 {
                plain += [percent, digit(high), digit(low)]
            } else {
                plain.append(byte)
            }
            index += 3
        }
        return plain
    }

    /// Of a path that is no UTF-8 the escapes stay, in capitals.
    private static func escapedOnly(_ path: String) -> String {
        var plain: [UInt8] = []
        var afterPercent = 0
        for byte in path.utf8 {
            plain.append(afterPercent > 0 && (97...102).contains(byte) ? byte - 32 : byte)
            afterPercent = byte == percent ? 2 : max(0, afterPercent - 1)
        }
        if plain.count > 1, plain.last == slash { plain.removeLast() }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
}
