import Entries
import Foundation
import Rehearsal
import SQLite
import Secrets

@testable import Ledger
@testable import Projections

/// Lends a folder of its own, which is gone afterwards.
func withFolder<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "views-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// The folder of the package, from the place of this file in it.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The projections of the program, looked through once.
func shippedProjections() throws -> [Projection] { try Shipped.projections.get() }

private enum Shipped {
    static let projections = Result { try [Projection](checking: .embedded()) }
}

extension [Projection] {
    /// Projections from texts, named `first`, `second` …
    static func given(_ texts: String...) throws -> [Projection] {
        let names = ["first", "second", "third", "fourth"]
        return try [Projection](checking: zip(names, texts).map { try ProjectionFile(name: $0, text: $1) })
    }
}

/// A ledger and the views that are posted from it, both without a file. Given entries, expect rows.
final class Book {
    let writer: LedgerWriter
    let projections: [Projection]
    let file: ViewsFile
    private let follower: Follower

    init(_ projections: [Projection], seed: UInt64 = 1, step: Int64 = 1) throws {
        self.projections = projections
        writer = try LedgerWriter.inMemory(.rehearsed(seed: seed, step: step))
        file = try ViewsFile.create(path: ":memory:", as: .memory, projections, readFrom: 0)
        follower = Follower(file, projections)
    }

    /// The projections of the program.
    convenience init(step: Int64 = 1) throws { try self.init(shippedProjections(), step: step) }

    func follow() throws { _ = try follower.follow(writer.reader, to: writer.reader.lastPosition()) }

    /// Appends a fact and posts it; answers its position.
    @discardableResult
    func write<SomeFact: Fact>(
        _ fact: SomeFact, stream: String = "home", owner: String = "ada", actor: String = "test", cause: Int64? = nil,
        _ change: (inout SomeFact) -> Void = { _ in }
    ) throws -> Int64 {
        var fact = fact
        change(&fact)
        let receipt = try writer.append(Draft(fact, stream: stream, owner: owner, actor: actor, cause: cause))
        try follow()
        return receipt.position
    }

    /// Every row of a question, the values as texts: NULL is `–`, and nothing stands around a text.
    func rows(_ sql: String) throws -> [[String]] { try file.connection.texts(sql) }

    func row(_ sql: String) throws -> [String] { try rows(sql).first ?? [] }

    func at(_ position: Int64) throws -> Int64 { try writer.reader.entry(position)?.at ?? 0 }
}

extension Connection {
    func texts(_ sql: String) throws -> [[String]] {
        try compile(sql).map { row in
            (0..<row.count).map { column in
                switch row.value(column) {
                case .null: "–"
                case .integer(let integer): String(integer)
                case .real(let real): String(real)
                case .text(let text): text
                case .blob(let blob): blob.hexadecimal
                }
            }
        }
    }
}

extension LedgerWriter {
    /// Writes a row past the vocabulary, as a newer Daybook or a fault would.
    func writeRaw(type: String, data: String, personal: String? = nil, leavingOut gap: Int64 = 0) throws {
        connection.authorize(nil)
        if gap > 0 { try connection.execute("DROP TRIGGER entry_has_no_gap") }
        for text in [type, "ada", "test"] {
            try connection.compile("INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING").run(.text(text))
        }
        try connection.execute("INSERT INTO stream (name) VALUES ('raw') ON CONFLICT DO NOTHING")
        let statement = try connection.compile(
            """
            INSERT INTO entry (position, stream, version, type, owner, at, actor, data, personal, salt, hash)
            SELECT (SELECT coalesce(max(position), 0) FROM entry) + 1 + ?, stream.id,
                (SELECT coalesce(max(version), 0) FROM entry WHERE entry.stream = stream.id) + 1,
                (SELECT id FROM word WHERE text = ?), (SELECT id FROM word WHERE text = 'ada'), 5,
                (SELECT id FROM word WHERE text = 'test'), ?, ?, iif(? IS NULL, NULL, x'00'), zeroblob(32)
            FROM stream WHERE name = 'raw'
            """)
        try statement.run(.integer(gap), .text(type), .text(data), Value(personal), Value(personal))
    }
}

extension Views {
    func texts(_ sql: String) throws -> [[String]] { try read { try $0.texts(sql) } }
}
