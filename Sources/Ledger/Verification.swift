import Entries
import SQLite
public import Secrets

/// What a look at the whole ledger found.
public struct Verification: Sendable, Equatable {
    public struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// The entry in question; nil when it is the file as a whole.
        public let position: Int64?
        public let problem: String

        public var description: String { position.map { "entry \($0): \(problem)" } ?? problem }
    }

    public fileprivate(set) var entries: Int64 = 0
    public fileprivate(set) var root = Tree.emptyRoot
    /// Entries whose personal half was erased, each by an entry that says so.
    public fileprivate(set) var erased: Int64 = 0
    /// The checkpoints that were compared and agree.
    public fileprivate(set) var checkpoints = 0
    /// The first findings; there may be more than are listed.
    public fileprivate(set) var findings: [Finding] = []
    public fileprivate(set) var findingCount = 0

    public var isIntact: Bool { findingCount == 0 }

    /// More than anybody reads.
    private static let mostFindings = 100

    fileprivate mutating func note(_ position: Int64?, _ problem: String) {
        findingCount += 1
        if findings.count < Self.mostFindings { findings.append(Finding(position: position, problem: problem)) }
    }
}

/// A checkpoint that the ledger is held against, and what to call it in a finding.
public struct Witness: Sendable {
    public let checkpoint: Checkpoint
    public let name: String

    public init(_ checkpoint: Checkpoint, name: String) {
        self.checkpoint = checkpoint
        self.name = name
    }
}

extension LedgerReader {
    /// Makes every leaf and every node anew, and compares: with what is stored, with the checkpoints that the ledger
    /// itself recorded, and with those that were kept elsewhere. Only the last can tell that the end was cut off.
    ///
    /// `progress` hears the position from time to time; if it throws, so does this.
    public func verify(
        against witnesses: [Witness] = [], verifier: Verifier? = nil, progress: (Int64) throws -> Void = { _ in }
    ) throws -> Verification {
        try connection.snapshot {
            var verification = Verification()
            try checkFile(&verification)
            let names = try Names(connection)
            var inspection = Inspection(witnesses: witnesses, names: names, verifier: verifier)
            do {
                try words.refresh(connection)
                try noteEarlier(&verification)
                inspection.learn(words)
                try scan(Query()) { stored in
                    inspection.look(at: stored, &verification)
                    if stored.position % 20_000 == 0 { try progress(stored.position) }
                    return true
                }
            } catch let error as SQLiteError where error.kind == .corrupt || error.kind == .notADatabase {
                verification.note(inspection.expected, "the file is damaged here: \(error.message)")
            }
            inspection.finish(&verification)
            try compareNodes(inspection.nodes, &verification)
            return verification
        }
    }

    private func checkFile(_ verification: inout Verification) throws {
        do {
            if let difference = try Schema.difference(connection) {
                verification.note(nil, "the tables: \(difference)")
            }
            try connection.prepare("PRAGMA integrity_check(20)").eachRow { row in
                if row.text(0) != "ok" { verification.note(nil, "SQLite: \(row.text(0))") }
            }
        } catch let error as SQLiteError where error.kind == .corrupt || error.kind == .notADatabase {
            verification.note(nil, "SQLite: \(error.message)")
        }
    }

    /// Positions begin with 1. What stands before it is read by nobody, and would still count in its stream.
    private func noteEarlier(_ verification: inout Verification) throws {
        let earlier = try connection.prepare("SELECT position FROM entry WHERE position < 1 ORDER BY position LIMIT 20")
            .map { $0.integer(0) }
        for position in earlier { verification.note(position, "an entry cannot have this position") }
    }

    private func compareNodes(_ nodes: [Inspection.Node: Digest], _ verification: inout Verification) throws {
        var stored = 0
        try connection.prepare("SELECT level, number, hash FROM node").eachRow { row in
            stored += 1
            let node = Inspection.Node(level: row.integer(0), number: row.integer(1))
            if nodes[node] != row.withBytes(2, { Digest($0) }) {
                verification.note(nil, "node \(node.number) of level \(node.level) is not the root over its entries")
            }
        }
        if stored != nodes.count {
            verification.note(nil, "\(nodes.count) nodes should be stored, and \(stored) are")
        }
    }

    /// Whether the last entries are what they say: a quick look before anything is written behind them. A head that
    /// does not fit its entries would make every later proof worthless.
    func verifyTail() throws {
        let last = try lastPosition()
        let first = try connection.prepare("SELECT coalesce(min(position), 1) FROM entry").first { $0.integer(0) } ?? 1
        guard first == 1, last < .max else {
            throw UnusableLedger.damaged(path: connection.path, reason: "the entries do not begin with entry 1")
        }
        let leaf = Leaf()
        var expected = max(1, last - Self.tail + 1)
        do {
            try scan(Query(from: expected, to: last)) { stored in
                guard stored.position == expected, stored.computedHash(leaf) == stored.hash else {
                    throw UnusableLedger.damaged(
                        path: connection.path, reason: "entry \(expected) is not what its hash says")
                }
                expected += 1
                return true
            }
        } catch let error as SQLiteError where error.kind == .corrupt {
            throw UnusableLedger.damaged(path: connection.path, reason: error.message)
        }
        guard expected == last + 1 else {
            throw UnusableLedger.damaged(path: connection.path, reason: "entry \(expected) is missing")
        }
    }

    /// What the largest batch wrote, and a little more.
    private static let tail: Int64 = 64
}

/// The streams that the file knows, as far as a number that should be one can be checked.
private struct Names {
    let streamCount: Int64

    init(_ connection: Connection) throws {
        // Streams are numbered without a gap; a number beyond their count must not make room for itself.
        streamCount = try connection.prepare("SELECT count(*) FROM stream").first { $0.integer(0) } ?? 0
    }
}

/// What is carried from entry to entry.
private struct Inspection {
    struct Node: Hashable {
        let level, number: Int64
    }

    private var witnesses: [Witness]
    private let verifier: Verifier?
    private let leaf = Leaf()
    private var frontier = Frontier()
    private(set) var nodes: [Node: Digest] = [:]
    private(set) var expected: Int64 = 1
    /// The last version of each stream, by its number in this file.
    private var versions: [UInt32]
    /// The numbers of the two types that are read.
    private var erasureType: Int64?
    private var checkpointType: Int64?
    private var erased: Set<Int64> = []
    private var accounted: Set<Int64> = []

    init(witnesses: [Witness], names: Names, verifier: Verifier?) {
        self.witnesses = witnesses.sorted { $0.checkpoint.size < $1.checkpoint.size }
        self.verifier = verifier
        versions = Array(repeating: 0, count: Int(names.streamCount) + 1)
    }

    mutating func learn(_ words: Words) {
        erasureType = words.number(of: PersonalErased.type)
        checkpointType = words.number(of: CheckpointSigned.type)
    }

    mutating func look(at stored: borrowing StoredEntry, _ verification: inout Verification) {
        let position = stored.position
        if position != expected {
            verification.note(expected, "it is missing; the next is entry \(position)")
            expected = position
        }
        compareWitnesses(&verification)
        let hash = stored.computedHash(leaf)
        if hash != stored.hash { verification.note(position, "its content is not what its hash says") }
        checkHeader(stored, &verification)
        checkErasure(stored, &verification)
        checkCheckpoint(stored, &verification)
        frontier.append(hash) { level, number, node in
            if level % LedgerReader.levelsInTile == 0 {
                nodes[Node(level: Int64(level / LedgerReader.levelsInTile), number: number)] = node
            }
        }
        // The last of all numbers has no successor; nothing that follows it can be right.
        expected &+= 1
    }

    private mutating func checkHeader(_ stored: borrowing StoredEntry, _ verification: inout Verification) {
        let position = stored.position
        if !stored.hasStream { verification.note(position, "its stream is not in the file") }
        if !stored.hasWords {
            verification.note(position, "its type, owner or actor is not in the file")
        }
        if let cause = stored.cause, cause < 1 || cause >= position {
            verification.note(position, "its cause, entry \(cause), does not come before it")
        }
        let stream = stored.streamNumber
        guard stream > 0, stream < versions.count else {
            return verification.note(position, "its stream has a number that the file does not know")
        }
        let wanted = Int64(versions[Int(stream)]) + 1
        if stored.version != wanted {
            verification.note(position, "its version is \(stored.version), and should be \(wanted)")
        }
        versions[Int(stream)] = UInt32(clamping: stored.version)
    }

    private mutating func checkErasure(_ stored: borrowing StoredEntry, _ verification: inout Verification) {
        if stored.isErased {
            erased.insert(stored.position)
            if stored.hasPersonal || stored.saltByteCount != nil {
                verification.note(stored.position, "it is erased and still has its personal half, or the salt of it")
            }
        } else if stored.saltByteCount != (stored.hasPersonal ? Leaf.saltByteCount : nil) {
            // A salt of another length would let bytes of the one pass for bytes of the other.
            verification.note(stored.position, "its salt and its personal half do not go together")
        }
        if stored.typeNumber == erasureType, let fact = try? PersonalErased(stored.copy().content) {
            accounted.formUnion(fact.positions)
        }
    }

    /// A checkpoint that the ledger recorded about itself speaks of all that came before it.
    private func checkCheckpoint(_ stored: borrowing StoredEntry, _ verification: inout Verification) {
        guard stored.typeNumber == checkpointType else { return }
        let position = stored.position
        guard let fact = try? CheckpointSigned(stored.copy().content), let note = SignedNote(fact.note),
            let checkpoint = note.checkpoint
        else { return verification.note(position, "it holds no checkpoint that can be read") }
        if let verifier, !note.isSigned(by: verifier) {
            return verification.note(position, "its checkpoint is not signed with the key of this ledger")
        }
        guard checkpoint.size == position - 1 else {
            return verification.note(position, "its checkpoint speaks of \(checkpoint.size) entries")
        }
        compare(Witness(checkpoint, name: "the checkpoint in entry \(position)"), &verification)
    }

    private mutating func compareWitnesses(_ verification: inout Verification) {
        while let witness = witnesses.first, witness.checkpoint.size <= frontier.size {
            witnesses.removeFirst()
            compare(witness, &verification)
        }
    }

    private func compare(_ witness: Witness, _ verification: inout Verification) {
        if frontier.root == witness.checkpoint.root {
            verification.checkpoints += 1
        } else {
            verification.note(
                nil, "the first \(witness.checkpoint.size) entries are not those of \(witness.name): one was altered")
        }
    }

    mutating func finish(_ verification: inout Verification) {
        compareWitnesses(&verification)
        for witness in witnesses {
            verification.note(
                frontier.size + 1,
                "\(witness.name) has \(witness.checkpoint.size) entries, and the ledger ends at \(frontier.size): "
                    + "the end was cut off, or this is an older copy")
        }
        for position in erased.subtracting(accounted).sorted() {
            verification.note(position, "its personal half is gone, and no entry says that it was erased")
        }
        for position in accounted.subtracting(erased).sorted() {
            verification.note(position, "an entry says that its personal half was erased, and it was not")
        }
        verification.entries = frontier.size
        verification.root = frontier.root
        verification.erased = Int64(erased.count)
    }
}

extension LedgerReader {
    /// What SQLite itself finds wrong with the file, without reading every index; empty if nothing.
    public func quickCheck() throws -> [String] {
        try connection.prepare("PRAGMA quick_check(5)").map { $0.text(0) }.filter { $0 != "ok" }
    }
}
