import Entries
import Foundation
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger
@testable import Projections

/// One thread or two: nobody can tell from the views.
@Suite struct BuilderTests {
    private static let count = 2_000

    /// A ledger on disk, and the views that it gives when two threads begin at so many entries.
    private func built(in folder: String, fewestForTwo: Int64, _ name: String) throws -> [String: Digest] {
        let projections = try shippedProjections()
        let reader = try LedgerReader(path: folder + "/ledger.db")
        let builder = Builder(
            folder: folder, projections: projections, reader: reader, fewestEntriesForTwo: fewestForTwo)
        let path = "\(folder)/views-\(name).db"
        try builder.fill(path) { _, _ in }
        let connection = try Connection(path: path, as: .scratch)
        var digests: [String: Digest] = [:]
        for table in projections.flatMap(\.tables) { digests[table.name] = try table.digest(in: connection) }
        return digests
    }

    @Test func `E02 two threads post the same rows as one`() throws {
        try withFolder { folder in
            let writer = try LedgerWriter.create(at: folder + "/ledger.db", .rehearsed())
            var invention = Invention(seed: 11)
            try writer.append(invention.next(Self.count))
            let alone = try built(in: folder, fewestForTwo: .max, "1")
            let together = try built(in: folder, fewestForTwo: 1, "2")
            #expect(alone.count > 20)
            #expect(alone == together)
        }
    }

    @Test(arguments: ["meeting.seen", "address.seen"])
    func `an entry that cannot be posted is named whichever thread meets it`(type: String) throws {
        try withFolder { folder in
            let writer = try LedgerWriter.create(at: folder + "/ledger.db", .rehearsed())
            var invention = Invention(seed: 12)
            try writer.append(invention.next(500))
            try writer.settle()
            let position = try #require(
                try writer.reader.entries(Query(from: 100, types: [type], limit: 1)).first?.position)
            try Self.garble(position, folder)
            let error = #expect(throws: PostingError.self) { _ = try built(in: folder, fewestForTwo: 1, "1") }
            #expect(error?.position == position)
        }
    }

    /// What only somebody with the file in hand can do.
    private static func garble(_ position: Int64, _ folder: String) throws {
        let connection = try Connection(path: folder + "/ledger.db", as: .ownerOfDerived)
        try connection.execute("DROP TRIGGER entry_is_never_changed")
        try connection.prepare("UPDATE entry SET data = '{' WHERE position = ?").run(.integer(position))
        try connection.execute(
            Schema.triggers.components(separatedBy: "CREATE TRIGGER ")
                .first { $0.hasPrefix("entry_is_never_changed") }.map { "CREATE TRIGGER " + $0 } ?? "")
        try connection.checkpoint(.truncate)
    }
}
