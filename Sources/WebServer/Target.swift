/// What a request line asks for, decoded once.
///
/// Whatever two readers could read differently is refused: an encoded slash, dot segments, control characters, bad
/// percent coding, bytes that are no UTF-8. The form with a scheme and a host belongs to proxies, and is refused too, for
/// the Host header alone says which name was meant.
struct Target: Equatable {
    let path: String
    let query: [Visit.Field]

    init?(_ raw: [UInt8], fields: Int) {
        let mark = raw.firstIndex(of: UInt8(ascii: "?"))
        guard let path = Self.path(raw[..<(mark ?? raw.endIndex)]) else { return nil }
        guard let query = FormText.fields(mark.map { raw[($0 + 1)...] } ?? [], limit: fields) else { return nil }
        (self.path, self.query) = (path, query)
    }

    private static func path(_ raw: ArraySlice<UInt8>) -> String? {
        guard raw.first == UInt8(ascii: "/"), let bytes = FormText.decode(raw, plusIsSpace: false) else { return nil }
        let slash = UInt8(ascii: "/")
        guard bytes.count(where: { $0 == slash }) == raw.count(where: { $0 == slash }), !bytes.contains(0x5C) else {
            return nil
        }
        let parts = bytes.split(separator: slash, omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E]) }) else { return nil }
        return FormText.text(bytes, allowed: [])
    }
}
