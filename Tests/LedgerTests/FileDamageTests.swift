import Entries
import Foundation
import Rehearsal
import SQLite
import Testing

@testable import Ledger

/// What a disk, or a hand, does to the bytes of the file.
@Suite struct FileDamageTests {
    private func write(_ bytes: [UInt8], _ path: String) throws {
        for end in ["", "-wal", "-journal"] { try? FileManager.default.removeItem(atPath: path + end) }
        try Data(bytes).write(to: URL(filePath: path))
    }

    private func small(_ path: String) throws -> (bytes: [UInt8], entries: [Entry]) {
        let writer = try LedgerWriter.given(at: path, Draft.mixed)
        _ = try writer.erase([4], reason: .request, note: nil, owner: Draft.home, actor: "test")
        try writer.putIntoOneFile()
        let entries = try writer.reader.entries(Query())
        return ([UInt8](try #require(FileManager.default.contents(atPath: path))), entries)
    }

    /// Whether the damage was told, or changed nothing.
    private func isHonest(_ path: String, _ entries: [Entry]) throws -> Bool {
        do {
            _ = try? LedgerWriter(path: path, .rehearsed())
            let reader = try LedgerReader(path: path)
            if try !reader.verify().isIntact { return true }
            return try reader.entries(Query()) == entries
        } catch is SQLiteError {
            return true
        } catch is UnusableLedger {
            return true
        }
    }

    @Test(arguments: 0..<7)
    func `F13 a flipped byte of the file is told, or changes nothing`(_ first: Int) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let (bytes, entries) = try small(path)
            // Together, the seven take every 7th byte, each with another bit.
            for index in stride(from: first * 7, to: bytes.count, by: 49) {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8((index / 7) % 8)
                try write(damaged, path)
                #expect(try isHonest(path, entries), "byte \(index)")
            }
        }
    }

    @Test func `a file that was cut off is told, at every page and between`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let (bytes, entries) = try small(path)
            for length in stride(from: 0, to: bytes.count, by: 1_000) {
                try write(Array(bytes[..<length]), path)
                #expect(try isHonest(path, entries), "\(length) bytes")
            }
        }
    }

    @Test func `T31 a ledger of a newer format is refused and not touched`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            do { _ = try small(path) }
            do {
                let later = try Connection(path: path, as: .owner)
                try later.execute("PRAGMA user_version = 2; CREATE TABLE later (a)")
                try later.checkpoint(.truncate)
            }
            let before = FileManager.default.contents(atPath: path)
            let refusal = UnusableLedger.newer(path: path, version: 2, known: 1)
            #expect(throws: refusal) { try LedgerWriter(path: path, .rehearsed()) }
            #expect(throws: refusal) { try LedgerReader(path: path) }
            #expect(FileManager.default.contents(atPath: path) == before)
        }
    }

    @Test func `a database of something else is refused and not touched`() throws {
        try withFolder { folder in
            let path = "\(folder)/places.db"
            do { try Connection(path: path, as: .scratch).execute("CREATE TABLE place (name TEXT)") }
            let before = FileManager.default.contents(atPath: path)
            #expect(throws: UnusableLedger.self) { try LedgerWriter(path: path, .rehearsed()) }
            #expect(throws: UnusableLedger.self) { try LedgerReader(path: path) }
            #expect(FileManager.default.contents(atPath: path) == before)
        }
    }

    @Test func `a ledger that is not there is not made by opening it`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            #expect(throws: UnusableLedger.missing(path: path)) { try LedgerWriter(path: path, .rehearsed()) }
            #expect(throws: UnusableLedger.missing(path: path)) { try LedgerReader(path: path) }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == [])
        }
    }

    @Test(arguments: ["", "A letter to nobody in particular.", String(repeating: "no database ", count: 1_000)])
    func `a file that is no database is refused and not touched`(_ text: String) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            try write(Array(text.utf8), path)
            #expect(throws: (any Error).self) { try LedgerWriter(path: path, .rehearsed()) }
            #expect(throws: (any Error).self) { try LedgerReader(path: path) }
            #expect(FileManager.default.contents(atPath: path) == Data(text.utf8))
        }
    }

    @Test func `T30 a copy is a whole ledger, with the same root`() throws {
        try withFolder { folder in
            let writer = try LedgerWriter.given(at: "\(folder)/ledger.db", Draft.mixed)
            try writer.copy(to: "\(folder)/copy.db")
            try writer.append(.setting("later"))
            let copy = try LedgerWriter(path: "\(folder)/copy.db", .rehearsed())
            #expect(copy.head.root == (try writer.reader.root(size: 20)))
            #expect(try copy.reader.verify().isIntact)
            #expect(try copy.append(.setting("a branch")).position == 21)
        }
    }

    @Test func `G1 what was acknowledged is there after a process that never closed its file`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let writer = try LedgerWriter.given(at: path, Draft.mixed)
            // What lies on the disk now is what a crash would leave.
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + end, toPath: "\(folder)/crashed.db\(end)")
            }
            let again = try LedgerWriter(path: "\(folder)/crashed.db", .rehearsed())
            #expect(again.head == writer.head)
            #expect(try again.reader.verify().isIntact)
        }
    }
}
