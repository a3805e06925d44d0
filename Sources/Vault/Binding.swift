/// What is authenticated with a sealed thing and not written into it: where it belongs, and which key it needs. A row that
/// is put in the place of another is not opened there.
///
/// Each part stands behind its length in four bytes, so that no two lists of parts make the same bytes.
enum Binding {
    static func secret(_ place: Place, key: String) -> [UInt8] {
        bytes(["secret 1", place.owner, place.connection, place.name, key])
    }

    static func key(_ place: Place, key: String) -> [UInt8] {
        bytes(["connection_key 1", place.owner, place.connection, key])
    }

    static func probe(key: String) -> [UInt8] { bytes(["vault 1", key]) }

    static func sealed(by sealer: String) -> [UInt8] { bytes(["sealer 1", sealer]) }

    private static func bytes(_ parts: [String]) -> [UInt8] {
        parts.flatMap { part in
            let length = UInt32(part.utf8.count)
            return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + Array(part.utf8)
        }
    }
}

/// Where a secret stands.
struct Place: CustomStringConvertible {
    let owner, connection, name: String

    init(_ owner: String, _ connection: String, _ name: String) {
        (self.owner, self.connection, self.name) = (owner, connection, name)
    }

    var description: String { "“\(name)” of connection \(connection)" }
}
