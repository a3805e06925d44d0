public import Entries
public import Secrets

/// An entry with all that its leaf is made from: what a proof needs.
public struct Evidence: Sendable, Equatable {
    public let entry: Entry
    /// Nil where there is nothing personal, or it is erased.
    public let salt: [UInt8]?
    /// Nil where there never was anything personal.
    public let commitment: Digest?
    public let hash: Digest

    public static let saltByteCount = Leaf.saltByteCount

    public static func commitment(salt: [UInt8], personal: [UInt8]) -> Digest {
        Leaf().commitment(salt: salt.span, personal: personal.span)
    }

    /// The hash of the leaf of an entry whose `personal` is known by its commitment alone.
    public static func leafHash(_ entry: Entry, commitment: Digest?) -> Digest {
        let numbers = Leaf.Numbers(
            position: entry.position, version: entry.version, at: entry.at, cause: entry.cause)
        return Leaf().hash(
            numbers, stream: entry.stream.utf8Span.span, type: entry.type, owner: entry.owner, actor: entry.actor,
            key: entry.key, data: entry.content.data.span, commitment: commitment)
    }
}

extension LedgerReader {
    /// Nil where there is no such entry.
    public func evidence(_ position: Int64) throws -> Evidence? {
        var evidence: Evidence?
        let leaf = Leaf()
        try scan(Query(from: position, to: position)) { stored in
            guard let hash = stored.hash else { return false }
            evidence = Evidence(
                entry: stored.copy(), salt: stored.salt, commitment: stored.commitment(leaf), hash: hash)
            return false
        }
        return evidence
    }
}
