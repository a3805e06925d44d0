import SQLite
public import Secrets

/// The tree over the log, as it is read for roots and proofs.
extension LedgerReader {
    /// How many levels of the tree lie between two levels of `node`: a tile has 256 hashes.
    static let levelsInTile = 8

    /// The root over the first `size` entries.
    public func root(size: Int64) throws -> Digest {
        try connection.snapshot { try subtrees().root(0..<size) }
    }

    public func frontier() throws -> Frontier {
        try connection.snapshot { try subtrees().frontier(size: lastPosition()) }
    }

    /// What proves that an entry is in the tree of the first `size` entries.
    public func inclusionProof(of position: Int64, size: Int64) throws -> [Digest] {
        precondition(position >= 1 && position <= size)
        return try connection.snapshot { try subtrees().inclusion(of: position - 1, in: 0..<size) }
    }

    /// What proves that the first `old` entries are still the first of the first `new`.
    public func consistencyProof(from old: Int64, to new: Int64) throws -> [Digest] {
        precondition(old >= 0 && old <= new)
        if old == 0 { return [] }
        return try connection.snapshot { try subtrees().consistency(from: old, in: 0..<new) }
    }

    func subtrees() throws -> Subtrees {
        let leaves = try connection.prepare("SELECT position - 1, hash FROM entry WHERE position BETWEEN ? AND ?")
        let nodes = try connection.prepare("SELECT number, hash FROM node WHERE level = ? AND number BETWEEN ? AND ?")
        return Subtrees { level, number in
            // The hashes in question stand side by side in the level of `node` below, or among the entries.
            let (tile, rise) = level.quotientAndRemainder(dividingBy: Self.levelsInTile)
            let first = number << Int64(rise)
            let range = first..<(first + (1 << Int64(rise)))
            if tile == 0 {
                leaves.bind(range.lowerBound + 1, at: 1)
                leaves.bind(range.upperBound, at: 2)
                return try self.root(of: leaves, range) { "entry \($0 + 1) is missing" }
            }
            nodes.bind(Int64(tile), at: 1)
            nodes.bind(range.lowerBound, at: 2)
            nodes.bind(range.upperBound - 1, at: 3)
            return try self.root(of: nodes, range) { "node \($0) of level \(tile) is missing" }
        }
    }

    /// The root over the hashes that a statement finds under the numbers of the range, of which none may be missing.
    private func root(of rows: Statement, _ range: Range<Int64>, missing: (Int64) -> String) throws -> Digest {
        var hashes: [Digest] = []
        hashes.reserveCapacity(range.count)
        var expected = range.lowerBound
        try rows.eachRow { row in
            guard row.integer(0) == expected, let hash = row.withBytes(1, { Digest($0) }) else { return }
            hashes.append(hash)
            expected += 1
        }
        guard expected == range.upperBound else {
            throw UnusableLedger.damaged(path: connection.path, reason: missing(expected))
        }
        return Tree.root(ofComplete: hashes)
    }
}
