public import Secrets

/// The arithmetic of a Merkle tree as RFC 6962 defines it. `docs/proofs.md` tells it in words.
public enum Tree {
    static let leafPrefix: UInt8 = 0
    static let nodePrefix: UInt8 = 1

    public static let emptyRoot = SHA256.hash([])

    static func join(_ left: Digest, _ right: Digest) -> Digest { SHA256.hash(nodePrefix, left, right) }

    /// The root over hashes whose count is a power of two.
    static func root(ofComplete hashes: [Digest]) -> Digest {
        var level = hashes
        while level.count > 1 {
            for index in 0..<(level.count / 2) { level[index] = join(level[2 * index], level[2 * index + 1]) }
            level.removeLast(level.count / 2)
        }
        return level[0]
    }

    /// The largest power of two that is smaller than the size.
    static func split(_ size: Int64) -> Int64 { 1 << (Int64.bitWidth - 1 - (size - 1).leadingZeroBitCount) }
}

/// The hashes along the right edge of a tree: all that is needed to let it grow and to know its root. There is one for
/// each bit of the size, the largest subtree first.
public struct Frontier: Sendable, Equatable {
    public private(set) var size: Int64
    private var peaks: [Digest]

    public init() {
        size = 0
        peaks = []
    }

    init(size: Int64, peaks: [Digest]) {
        precondition(peaks.count == size.nonzeroBitCount)
        self.size = size
        self.peaks = peaks
    }

    public var root: Digest {
        guard var root = peaks.last else { return Tree.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = Tree.join(peak, root) }
        return root
    }

    /// Adds a leaf; `completed` hears of each subtree that it completes, as level (2^level leaves) and number.
    public mutating func append(_ leaf: Digest, completed: (Int, Int64, Digest) throws -> Void) rethrows {
        var node = leaf
        var level = 0
        var rest = size
        while rest & 1 == 1 {
            node = Tree.join(peaks.removeLast(), node)
            level += 1
            rest >>= 1
            try completed(level, rest, node)
        }
        peaks.append(node)
        size += 1
    }

    public mutating func append(_ leaf: Digest) { append(leaf) { _, _, _ in } }
}

/// Where the hashes of complete subtrees come from: level 0 are the leaves.
struct Subtrees {
    let lookUp: (_ level: Int, _ number: Int64) throws -> Digest

    /// The root over the leaves in the range, which need not be complete.
    func root(_ range: Range<Int64>) throws -> Digest {
        let size = range.upperBound - range.lowerBound
        if size == 0 { return Tree.emptyRoot }
        if size.nonzeroBitCount == 1, range.lowerBound % size == 0 {
            let level = size.trailingZeroBitCount
            return try lookUp(level, range.lowerBound >> Int64(level))
        }
        let middle = range.lowerBound + Tree.split(size)
        return Tree.join(try root(range.lowerBound..<middle), try root(middle..<range.upperBound))
    }

    func frontier(size: Int64) throws -> Frontier {
        var peaks: [Digest] = []
        var start: Int64 = 0
        for level in stride(from: 62, through: 0, by: -1) where size & (1 << Int64(level)) != 0 {
            peaks.append(try lookUp(level, start >> Int64(level)))
            start += 1 << Int64(level)
        }
        return Frontier(size: size, peaks: peaks)
    }

    /// RFC 6962, 2.1.1: the siblings on the way from a leaf up to the root of the first `size` leaves.
    func inclusion(of leaf: Int64, in range: Range<Int64>) throws -> [Digest] {
        let size = range.upperBound - range.lowerBound
        if size <= 1 { return [] }
        let middle = range.lowerBound + Tree.split(size)
        return leaf < middle
            ? try inclusion(of: leaf, in: range.lowerBound..<middle) + [try root(middle..<range.upperBound)]
            : try inclusion(of: leaf, in: middle..<range.upperBound) + [try root(range.lowerBound..<middle)]
    }

    /// RFC 6962, 2.1.2: what shows that the first `old` leaves are still the first of those in the range.
    func consistency(from old: Int64, in range: Range<Int64>, isWhole: Bool = true) throws -> [Digest] {
        let size = range.upperBound - range.lowerBound
        if old == size { return isWhole ? [] : [try root(range)] }
        let half = Tree.split(size)
        let middle = range.lowerBound + half
        return old <= half
            ? try consistency(from: old, in: range.lowerBound..<middle, isWhole: isWhole)
                + [try root(middle..<range.upperBound)]
            : try consistency(from: old - half, in: middle..<range.upperBound, isWhole: false)
                + [try root(range.lowerBound..<middle)]
    }
}

extension Tree {
    /// RFC 9162, 2.1.3.2: whether the path leads from the leaf to the root.
    public static func includes(
        _ leaf: Digest, at index: Int64, path: [Digest], in root: Digest, size: Int64
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var (node, last, hash) = (index, size - 1, leaf)
        for sibling in path {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                hash = join(sibling, hash)
                while node & 1 == 0 && node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = join(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// RFC 9162, 2.1.4.2: whether the tree with the old root is the beginning of the tree with the new one.
    public static func isConsistent(
        old: (size: Int64, root: Digest), new: (size: Int64, root: Digest), path: [Digest]
    ) -> Bool {
        if old.size == new.size { return path.isEmpty && old.root == new.root }
        // Every tree begins with the empty one.
        if old.size == 0 { return path.isEmpty && old.root == emptyRoot }
        guard old.size > 0, old.size < new.size else { return false }
        var path = path[...]
        if old.size.nonzeroBitCount == 1 { path = [old.root] + path }
        guard let first = path.popFirst() else { return false }
        var (node, last) = (old.size - 1, new.size - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        var (oldHash, newHash) = (first, first)
        for sibling in path {
            if last == 0 { return false }
            if node & 1 == 1 || node == last {
                oldHash = join(sibling, oldHash)
                newHash = join(sibling, newHash)
                while node & 1 == 0 && node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                newHash = join(newHash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && oldHash == old.root && newHash == new.root
    }
}
