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
        let leaf = try connection.prepare("SELECT hash FROM entry WHERE position = ?")
        let node = try connection.prepare("SELECT hash FROM node WHERE level = ? AND number = ?")
        let path = connection.path
        func lookUp(_ level: Int, _ number: Int64) throws -> Digest {
            if level == 0 {
                let found = try leaf.first(.integer(number + 1)) { row in row.withBytes(0) { Digest($0) } } ?? nil
                guard let found else {
                    throw UnusableLedger.damaged(path: path, reason: "entry \(number + 1) is missing")
                }
                return found
            }
            if level % Self.levelsInTile == 0 {
                let tile = Int64(level / Self.levelsInTile)
                let found =
                    try node.first(.integer(tile), .integer(number)) { row in
                        row.withBytes(0) { Digest($0) }
                    } ?? nil
                guard let found else {
                    throw UnusableLedger.damaged(path: path, reason: "node \(number) of level \(tile) is missing")
                }
                return found
            }
            return Tree.join(try lookUp(level - 1, number * 2), try lookUp(level - 1, number * 2 + 1))
        }
        return Subtrees(lookUp: lookUp)
    }
}
