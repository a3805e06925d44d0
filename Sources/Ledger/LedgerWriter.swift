public import Entries
import Machine
public import SQLite
public import Secrets

/// Writes the log, and is the only one who does: it owns the one connection that writes and checkpoints the file.
///
/// A batch is one transaction: its entries are on the disk when `append` returns, or none of them is. After an error of
/// the disk nothing more is written before `reopen` has looked at what the disk really holds.
public final class LedgerWriter {
    /// What is handed in and never taken: the time and chance.
    public struct Surroundings: Sendable {
        let now: @Sendable () -> Int64
        let randomness: Randomness

        public init(now: @escaping @Sendable () -> Int64, randomness: Randomness) {
            self.now = now
            self.randomness = randomness
        }
    }

    let path: String
    let opening: Opening
    let surroundings: Surroundings
    // A file is closed only when its statements are gone.
    private(set) var connection: Connection { willSet { held = nil } }
    /// Reads through the writer's own connection, so it sees what the writer sees.
    public private(set) var reader: LedgerReader
    var streams = StreamCache()
    public private(set) var frontier: Frontier
    let leaf = Leaf()
    private var held: HeldStatements?
    /// Why nothing may be written until the ledger was opened anew.
    private(set) var failure: SQLiteError?

    /// Pages in the write-ahead log at which it is copied into the file.
    private static let pagesBeforeCheckpoint = 20_000

    /// Makes a new ledger; there must be no file yet.
    public static func create(at path: String, _ surroundings: Surroundings) throws -> LedgerWriter {
        let connection = try Connection(path: path, as: .owner)
        try Schema.create(connection)
        return try LedgerWriter(connection, path, .owner, surroundings)
    }

    /// A ledger without a file, for tests and for what is thrown away.
    public static func inMemory(_ surroundings: Surroundings) throws -> LedgerWriter {
        let connection = try Connection(path: ":memory:", as: .memory)
        try Schema.create(connection)
        return try LedgerWriter(connection, ":memory:", .memory, surroundings)
    }

    public convenience init(path: String, _ surroundings: Surroundings) throws {
        try Schema.checkHead(path)
        try Self.secureLog(path)
        try self.init(Connection(path: path, as: .owner), path, .owner, surroundings)
    }

    private init(
        _ connection: Connection, _ path: String, _ opening: Opening, _ surroundings: Surroundings
    ) throws {
        self.path = path
        self.opening = opening
        self.surroundings = surroundings
        self.connection = connection
        (reader, frontier) = try Self.inspect(connection)
        connection.authorize { Schema.allows($0, whileErasing: false) }
    }

    /// Looks at what is there before anything is written: the tables, and whether the last entries are what they say.
    private static func inspect(_ connection: Connection) throws -> (LedgerReader, Frontier) {
        try Schema.check(connection)
        let reader = try LedgerReader(connection: connection)
        try reader.verifyTail()
        return (reader, try reader.frontier())
    }

    deinit { held = nil }

    /// The number of entries and the root over them.
    public var head: (size: Int64, root: Digest) { (frontier.size, frontier.root) }

    public var isUsable: Bool { failure == nil }

    var isOnDisk: Bool { opening.isOnDisk }
}

// MARK: Appending

/// Where an entry came to stand.
public struct Receipt: Sendable, Equatable {
    public let position: Int64
    public let version: Int64
    public let hash: Digest
    /// It stood there before: the same append was made earlier.
    public let isRepeated: Bool
}

/// Why an append was refused. Nothing of it was written.
public enum AppendError: Error, Equatable, Sendable, CustomStringConvertible {
    case unexpectedVersion(stream: String, expected: Int64, found: Int64)
    case keyIsTaken(position: Int64)
    case causeIsMissing(cause: Int64, last: Int64)
    case unknownType(String)
    case stopped(SQLiteError)

    public var description: String {
        switch self {
        case .unexpectedVersion(let stream, let expected, let found):
            "\(stream) is at version \(found); the entry expected to become version \(expected)"
        case .keyIsTaken(let position): "entry \(position) has the same key and another content"
        case .causeIsMissing(let cause, let last): "the cause, entry \(cause), does not exist: the last is \(last)"
        case .unknownType(let type): "there is no type of entry “\(type)”"
        case .stopped(let error): "nothing can be written before the ledger is opened again, after: \(error)"
        }
    }
}

/// The statements that run for each entry, held so that none is looked up by its text.
struct HeldStatements {
    let insertEntry, insertNode, insertStream, findStream: Statement

    init(_ connection: Connection) throws {
        insertEntry = try connection.prepare(
            """
            INSERT INTO entry
                (position, stream, version, type, owner, at, cause, actor, key, data, personal, salt, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertNode = try connection.prepare("INSERT INTO node (level, number, hash) VALUES (?, ?, ?)")
        insertStream = try connection.prepare("INSERT INTO stream (name) VALUES (?)")
        findStream = try connection.prepare(
            """
            SELECT id, (SELECT coalesce(max(version), 0) FROM entry WHERE entry.stream = stream.id)
            FROM stream WHERE name = ?
            """)
    }
}

extension LedgerWriter {
    /// Appends all of the drafts, or none.
    @discardableResult
    public func append(_ drafts: [Draft]) throws -> [Receipt] {
        try append(requests: [drafts])[0].get()
    }

    @discardableResult
    public func append(_ draft: Draft) throws -> Receipt { try append([draft])[0] }

    /// Appends several requests in one transaction. One that is refused is answered so, and the others are written.
    public func append(requests: [[Draft]]) throws -> [Result<[Receipt], AppendError>] {
        try commit { at in try requests.map { try append(request: $0, at: at) } }
    }

    /// One transaction. When it fails, the writer knows what it knew before.
    func commit<Answer>(_ body: (_ at: Int64) throws -> Answer) throws -> Answer {
        if let failure { throw AppendError.stopped(failure) }
        let frontierBefore = frontier
        let wordsBefore = reader.words.count
        do {
            try reader.words.refresh(connection)
            let answer = try connection.transaction { try body(surroundings.now()) }
            if connection.pagesInWAL >= Self.pagesBeforeCheckpoint { try connection.checkpoint(.passive) }
            return answer
        } catch {
            frontier = frontierBefore
            streams.forget()
            if reader.words.count != wordsBefore { reader.words.forget() }
            if let error = error as? SQLiteError, error.endsTheConnection { failure = error }
            throw error
        }
    }

    func append(request: [Draft], at: Int64) throws -> Result<[Receipt], AppendError> {
        let plan: [Planned]
        do {
            plan = try self.plan(request)
        } catch let refusal as AppendError {
            return .failure(refusal)
        }
        let salts = surroundings.randomness.bytes(
            Leaf.saltByteCount * plan.count { $0.repeats == nil && $0.draft.content.personal != nil })
        var salt = salts.startIndex
        var receipts: [Receipt] = []
        receipts.reserveCapacity(plan.count)
        for planned in plan {
            switch planned.repeats {
            case .stored(let receipt): receipts.append(receipt)
            case .inRequest(let index):
                let first = receipts[index]
                receipts.append(
                    Receipt(position: first.position, version: first.version, hash: first.hash, isRepeated: true))
            case nil:
                let next = planned.draft.content.personal == nil ? salt : salt + Leaf.saltByteCount
                receipts.append(try write(planned, at: at, salt: salts[salt..<next]))
                salt = next
            }
        }
        return .success(receipts)
    }

    private func write(_ planned: Planned, at: Int64, salt: ArraySlice<UInt8>) throws -> Receipt {
        let draft = planned.draft
        let numbers = Leaf.Numbers(
            position: frontier.size + 1, version: planned.version, at: at, cause: draft.cause)
        let commitment = draft.content.personal.map { leaf.commitment(salt: salt.span, personal: $0.span) }
        let hash = leaf.hash(
            numbers, stream: draft.stream.utf8Span.span, type: draft.type, owner: draft.owner, actor: draft.actor,
            key: draft.key, data: draft.content.data.span, commitment: commitment)

        let statement = try heldStatements().insertEntry
        statement.bind(numbers.position, at: 1)
        statement.bind(try streamNumber(draft.stream, version: planned.version), at: 2)
        statement.bind(numbers.version, at: 3)
        statement.bind(try wordNumber(draft.type), at: 4)
        statement.bind(try wordNumber(draft.owner), at: 5)
        statement.bind(at, at: 6)
        statement.bind(draft.cause, at: 7)
        statement.bind(try wordNumber(draft.actor), at: 8)
        if let key = draft.key { statement.bind(blob: key.span, at: 9) }
        statement.bind(text: draft.content.data.span, at: 10)
        if let personal = draft.content.personal {
            statement.bind(text: personal.span, at: 11)
            statement.bind(blob: salt.span, at: 12)
        }
        hash.withBytes { statement.bind(blob: $0, at: 13) }
        try statement.run()
        try frontier.append(hash) { level, number, node in try keep(node, level: level, number: number) }
        return Receipt(position: numbers.position, version: numbers.version, hash: hash, isRepeated: false)
    }

    func heldStatements() throws -> HeldStatements {
        if let held { return held }
        let fresh = try HeldStatements(connection)
        held = fresh
        return fresh
    }

    private func keep(_ node: Digest, level: Int, number: Int64) throws {
        guard level % LedgerReader.levelsInTile == 0 else { return }
        let statement = try heldStatements().insertNode
        statement.bind(Int64(level / LedgerReader.levelsInTile), at: 1)
        statement.bind(number, at: 2)
        node.withBytes { statement.bind(blob: $0, at: 3) }
        try statement.run()
    }

    private func streamNumber(_ name: String, version: Int64) throws -> Int64 {
        if version > 1, let number = try knownStream(name) {
            streams[name] = StreamCache.State(number: number, version: version)
            return number
        }
        let statement = try heldStatements().insertStream
        statement.bind(name, at: 1)
        try statement.run()
        let number = connection.lastInsertedRow
        streams[name] = StreamCache.State(number: number, version: version)
        return number
    }

    private func knownStream(_ name: String) throws -> Int64? {
        if let number = streams[name]?.number { return number }
        // A large request may have pushed out of the cache what planning found.
        _ = try self.version(of: name)
        return streams[name]?.number
    }

    private func wordNumber(_ text: String) throws -> Int64 {
        if let number = reader.words.number(of: text) { return number }
        let number = reader.words.count + 1
        try connection.prepare("INSERT INTO word (id, text) VALUES (?, ?)").run(.integer(number), .text(text))
        reader.words.learn(text)
        return number
    }
}

// MARK: Keeping the file in order

extension LedgerWriter {
    /// Copies what waits in the write-ahead log into the file: when there is nothing else to do, and at the end. Where
    /// nothing waits no file is touched, so that whoever watches them is not called in vain.
    public func settle() throws {
        guard failure == nil, isOnDisk, Folder.facts(path + "-wal")?.byteCount != 0 else { return }
        try connection.emptyLog()
    }

    /// A sync that failed is not made good by the next one: the kernel takes the pages for written, and the disk never
    /// sees them. So what is left in the log after a failure, or a crash, is written once more, byte for byte, before
    /// anything is believed that stands in it. After a clean end the log is empty.
    private static func secureLog(_ path: String) throws {
        let log = path + "-wal"
        if let facts = Folder.facts(log), facts.byteCount > 0 { try Folder.writeAgain(log) }
    }

    /// Opens the file again after an error, and looks at what it holds. What was acknowledged is there.
    public func reopen() throws {
        precondition(isOnDisk, "a ledger in memory has nothing to be opened again")
        try letGo()
        try Self.secureLog(path)
        let fresh = try Connection(path: path, as: opening)
        (reader, frontier) = try Self.inspect(fresh)
        fresh.authorize { Schema.allows($0, whileErasing: false) }
        connection = fresh
        failure = nil
    }

    /// Drops the connection, so that nothing that it believes outlives it.
    private func letGo() throws {
        streams.forget()
        connection = try Connection(path: ":memory:", as: .memory)
        reader = try LedgerReader(connection: connection)
    }

    /// A copy of the whole file as it is now, in a new file.
    public func copy(to path: String, progress: ((Int, Int) -> Void)? = nil) throws {
        try connection.copy(to: path, progress: progress)
    }
}
