import Entries
import Rehearsal
import Secrets
import Testing

@testable import Ledger

/// RFC 6962 written down once more, as slowly and plainly as it stands there.
enum PlainTree {
    static func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }

    /// 2.1: MTH(D[n]).
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        if leaves.isEmpty { return SHA256.hash([]) }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + split(leaves.count)
        return SHA256.hash([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
    }

    /// 2.1.1: PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        if leaves.count == 1 { return [] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        return index < half
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - half, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// 2.1.2: SUBPROOF(m, D[n], b).
    static func proof(_ old: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool = true) -> [Digest] {
        if old == leaves.count { return isWhole ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        return old <= half
            ? proof(old, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : proof(old - half, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }
}

@Suite struct TreeTests {
    static let leaves = (0..<3_000).map { SHA256.hash([0, UInt8($0 >> 8), UInt8($0 & 255)]) }

    /// What a file would hold: complete subtrees only.
    private static func subtrees(_ size: Int) -> Subtrees {
        Subtrees { level, number in
            let start = Int(number) << level
            let end = start + 1 << level
            precondition(end <= size, "this subtree is not complete")
            return PlainTree.root(leaves[start..<end])
        }
    }

    private static func altered(_ digest: Digest) throws -> Digest {
        var bytes = digest.bytes
        bytes[17] ^= 4
        return try #require(Digest(bytes))
    }

    static let sizes = Array(0...70) + [127, 128, 129, 255, 256, 257, 1_000, 2_047, 2_049, 2_999]

    @Test(arguments: sizes)
    func `a root is that of the standard, grown leaf by leaf or put together from subtrees`(_ size: Int) throws {
        var frontier = Frontier()
        for leaf in Self.leaves[..<size] { frontier.append(leaf) }
        let root = PlainTree.root(Self.leaves[..<size])
        #expect(frontier.size == Int64(size))
        #expect(frontier.root == root)
        #expect(try Self.subtrees(size).root(0..<Int64(size)) == root)
        #expect(try Self.subtrees(size).frontier(size: Int64(size)) == frontier)
    }

    @Test func `a frontier tells of every subtree that a leaf completes, once`() {
        var frontier = Frontier()
        var told: Set<[Int64]> = []
        for (index, leaf) in Self.leaves[..<70].enumerated() {
            frontier.append(leaf) { level, number, node in
                let start = Int(number) << level
                #expect(start + 1 << level == index + 1)
                #expect(node == PlainTree.root(Self.leaves[start..<(start + 1 << level)]))
                #expect(told.insert([Int64(level), number]).inserted)
            }
        }
        #expect(told.count == 35 + 17 + 8 + 4 + 2 + 1)
    }

    @Test(arguments: 1...70)
    func `every entry is proved, and nothing else is`(_ size: Int) throws {
        let tree = Self.leaves[..<size]
        let root = PlainTree.root(tree)
        for index in 0..<size {
            let path = try Self.subtrees(size).inclusion(of: Int64(index), in: 0..<Int64(size))
            #expect(path == PlainTree.path(index, tree))
            func includes(_ leaf: Digest, _ index: Int, _ path: [Digest], _ size: Int, _ root: Digest) -> Bool {
                Tree.includes(leaf, at: Int64(index), path: path, in: root, size: Int64(size))
            }
            #expect(includes(tree[index], index, path, size, root))
            #expect(!includes(try Self.altered(tree[index]), index, path, size, root))
            #expect(!includes(tree[index], index, path, size, try Self.altered(root)))
            #expect(!includes(tree[index], index, path + [root], size, root))
            for place in path.indices {
                var other = path
                other[place] = try Self.altered(path[place])
                #expect(!includes(tree[index], index, other, size, root))
                other.remove(at: place)
                #expect(!includes(tree[index], index, other, size, root))
            }
            // In a tree that is twice as large the path would be longer.
            if index == 0 { #expect(!includes(tree[0], 0, path, size * 2, root)) }
            for other in [-1, index ^ 1, index + 1, size, size + 7] where other != index {
                #expect(!includes(tree[index], other, path, size, root))
            }
        }
    }

    @Test(arguments: 0...70)
    func `every beginning is proved, and nothing else is`(_ new: Int) throws {
        let newRoot = PlainTree.root(Self.leaves[..<new])
        for old in 0...new {
            let oldRoot = PlainTree.root(Self.leaves[..<old])
            let path = old == 0 ? [] : try Self.subtrees(new).consistency(from: Int64(old), in: 0..<Int64(new))
            #expect(old == 0 || path == PlainTree.proof(old, Self.leaves[..<new]))
            func isConsistent(_ old: Int, _ oldRoot: Digest, _ newRoot: Digest, _ path: [Digest]) -> Bool {
                Tree.isConsistent(old: (Int64(old), oldRoot), new: (Int64(new), newRoot), path: path)
            }
            #expect(isConsistent(old, oldRoot, newRoot, path))
            #expect(!isConsistent(old, try Self.altered(oldRoot), newRoot, path))
            // Of an empty beginning nothing can be told.
            if old > 0 { #expect(!isConsistent(old, oldRoot, try Self.altered(newRoot), path)) }
            #expect(!isConsistent(old, oldRoot, newRoot, path + [newRoot]))
            #expect(!isConsistent(new + 1, newRoot, newRoot, path))
            #expect(!isConsistent(-1, oldRoot, newRoot, path))
            for place in path.indices {
                var other = path
                other[place] = try Self.altered(path[place])
                #expect(!isConsistent(old, oldRoot, newRoot, other))
                other.remove(at: place)
                #expect(!isConsistent(old, oldRoot, newRoot, other))
            }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `larger trees are proved too`(_ seed: UInt64) throws {
        var chance = Chance(seed: seed)
        for _ in 0..<6 {
            let new = 71 + chance.below(Self.leaves.count - 71)
            let old = 1 + chance.below(new)
            let index = chance.below(new)
            let tree = Self.leaves[..<new]
            let path = try Self.subtrees(new).inclusion(of: Int64(index), in: 0..<Int64(new))
            #expect(path == PlainTree.path(index, tree))
            let root = PlainTree.root(tree)
            #expect(Tree.includes(tree[index], at: Int64(index), path: path, in: root, size: Int64(new)))
            let proof = try Self.subtrees(new).consistency(from: Int64(old), in: 0..<Int64(new))
            #expect(proof == PlainTree.proof(old, tree))
            let before = (Int64(old), PlainTree.root(Self.leaves[..<old]))
            #expect(Tree.isConsistent(old: before, new: (Int64(new), PlainTree.root(tree)), path: proof))
        }
    }

    @Test func `a ledger has the tree of its hashes, and proves each of its entries`() throws {
        let writer = try LedgerWriter.given()
        for _ in 0..<6 { try writer.append(Draft.settings(100)) }
        let reader = writer.reader
        let hashes = try (1...600).map { try #require(try reader.hash(at: $0)) }
        #expect(writer.head.root == PlainTree.root(hashes[...]))
        for size in [1, 2, 255, 256, 257, 511, 512, 513, 600] as [Int64] {
            #expect(try reader.root(size: size) == PlainTree.root(hashes[..<Int(size)]))
            for position in [1, size / 2, size] where position > 0 {
                #expect(
                    try reader.inclusionProof(of: position, size: size)
                        == PlainTree.path(Int(position) - 1, hashes[..<Int(size)]))
            }
            #expect(try reader.consistencyProof(from: size, to: 600) == PlainTree.proof(Int(size), hashes[...]))
        }
        #expect(try reader.consistencyProof(from: 0, to: 600) == [])
        #expect(try reader.root(size: 0) == Tree.emptyRoot)
    }

    @Test func `a root survives that the ledger is closed, also where a tile is just full`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            var writer = try LedgerWriter.given(at: path)
            for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537] as [Int64] {
                while writer.head.size < size {
                    try writer.append(Draft.settings(min(2_000, Int(size - writer.head.size))))
                }
                let head = writer.head
                let grown = writer.frontier
                writer = try LedgerWriter(path: path, .rehearsed(seed: 2))
                #expect(writer.head.size == size)
                #expect(writer.head.root == head.root)
                #expect(writer.frontier == grown)
            }
            let hashes = try (1...65_537).map { try #require(try writer.reader.hash(at: $0)) }
            #expect(writer.head.root == PlainTree.root(hashes[...]))
            #expect(try writer.reader.verify().isIntact)
        }
    }
}
