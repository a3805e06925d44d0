public import Entries
import SQLite
public import Secrets

/// An entry as it stands in the file, on the row on which the scan stands: what is not asked for is not decoded. It
/// cannot be kept.
public struct StoredEntry: ~Copyable {
    let row: Row
    let words: Words

    init(row: consuming Row, words: Words) {
        self.row = row
        self.words = words
    }

    /// The columns that `StoredEntry` reads, in its order; a scan adds its own FROM and WHERE.
    static let columns = """
        SELECT entry.position, stream.name, entry.version, entry.type, entry.owner, entry.at, entry.cause, entry.actor,
            entry.key, entry.data, entry.personal, entry.salt, entry.commitment, entry.hash, entry.stream
        FROM entry LEFT JOIN stream ON stream.id = entry.stream
        """

    public var position: Int64 { row.integer(0) }
    public var stream: String { row.text(1) }
    public var version: Int64 { row.integer(2) }
    /// The number that stands for the type in this file.
    public var typeNumber: Int64 { row.integer(3) }
    public var type: String { words[row.integer(3)] }
    public var ownerNumber: Int64 { row.integer(4) }
    public var owner: String { words[row.integer(4)] }
    public var at: Int64 { row.integer(5) }
    public var cause: Int64? { row.integerIfPresent(6) }
    public var actor: String { words[row.integer(7)] }
    public var key: [UInt8]? { row.blobIfPresent(8) }
    public var isErased: Bool { !row.isNull(12) }
    public var hasPersonal: Bool { !row.isNull(10) }
    public var hash: Digest? { row.withBytes(13) { Digest($0) } }

    var streamNumber: Int64 { row.integer(14) }
    var hasStream: Bool { !row.isNull(1) }

    public func withStream<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try row.withBytes(1, body) }

    public func withData<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try row.withBytes(9, body) }

    /// Lends `personal`; nothing where there is none or it is erased.
    public func withPersonal<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try row.withBytes(10, body) }

    /// The same entry as a value of its own.
    public func copy() -> Entry {
        Entry(
            position: position, stream: stream, version: version, type: type, owner: owner, at: at, cause: cause,
            actor: actor, key: key, content: Content(data: row.blob(9), personal: row.blobIfPresent(10)),
            isErased: isErased)
    }

    /// The leaf's hash, made anew from what the row says.
    func computedHash(_ leaf: Leaf) -> Digest {
        let commitment = self.commitment(leaf)
        return withStream { stream in
            withData { data in
                leaf.hash(
                    Leaf.Numbers(position: position, version: version, at: at, cause: cause), stream: stream,
                    type: type, owner: owner, actor: actor, key: key, data: data, commitment: commitment)
            }
        }
    }

    /// What stands for `personal` in the leaf: the stored commitment if it is erased, else made anew.
    func commitment(_ leaf: Leaf) -> Digest? {
        if isErased { return row.withBytes(12) { Digest($0) } }
        guard hasPersonal else { return nil }
        return row.withBytes(11) { salt in
            row.withBytes(10) { personal in leaf.commitment(salt: salt, personal: personal) }
        }
    }

    var salt: [UInt8]? { row.blobIfPresent(11) }

    /// Nil where there is no salt.
    var saltByteCount: Int? { row.isNull(11) ? nil : row.withBytes(11) { $0.count } }

    /// Whether the file says which type, owner and actor the numbers stand for.
    var hasWords: Bool {
        words.isKnown(row.integer(3)) && words.isKnown(row.integer(4)) && words.isKnown(row.integer(7))
    }
}

/// The texts behind the numbers of types, owners and actors, as a file counts them. They are few, and all are held.
final class Words {
    private var texts: [String] = []
    private var numbers: [ExactText: Int64] = [:]

    subscript(number: Int64) -> String {
        number > 0 && number <= texts.count ? texts[Int(number) - 1] : ""
    }

    var count: Int64 { Int64(texts.count) }

    func isKnown(_ number: Int64) -> Bool {
        number > 0 && number <= texts.count && !texts[Int(number) - 1].isEmpty
    }

    func number(of text: String) -> Int64? { numbers[ExactText(text)] }

    /// Reads what has been added since.
    func refresh(_ connection: Connection) throws {
        let added = try connection.prepare("SELECT id, text FROM word WHERE id > ? ORDER BY id")
            .map(.integer(count)) { ($0.integer(0), $0.text(1)) }
        for (number, text) in added {
            guard number == count + 1 else {
                throw UnusableLedger.damaged(path: connection.path, reason: "word \(count + 1) is missing")
            }
            learn(text)
        }
    }

    func learn(_ text: String) {
        texts.append(text)
        numbers[ExactText(text)] = count
    }

    func forget() {
        texts = []
        numbers = [:]
    }
}
