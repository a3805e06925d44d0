import FoundationEssentials

/// Looks for a name that an object of a JSON text has twice: of those the decoder takes one in silence, and whoever stands in
/// between may take the other.
enum NameScan {
    private static let (quote, escape) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))

    /// - Parameter bytes: a text that is known to be JSON.
    static func repeated(in bytes: [UInt8]) -> String? {
        // The names of each object that is open; nil for a list.
        var open: [Set<String>?] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "{"): open.append([])
            case UInt8(ascii: "["): open.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open.removeLast()
            case quote:
                let end = endOfText(bytes, from: index)
                if isName(bytes, behind: end), let name = text(bytes[index...end]), let last = open.indices.last {
                    if open[last]?.insert(name).inserted == false { return name }
                }
                index = end
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while bytes[index] != quote { index += bytes[index] == escape ? 2 : 1 }
        return index
    }

    private static func isName(_ bytes: [UInt8], behind end: Int) -> Bool {
        bytes[(end + 1)...].first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: ":")
    }

    /// A name may be written with escapes.
    private static func text(_ quoted: ArraySlice<UInt8>) -> String? {
        guard quoted.contains(escape) else { return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self) }
        return try? JSONDecoder().decode(String.self, from: Data(quoted))
    }
}
