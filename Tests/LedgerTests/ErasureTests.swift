import Entries
import Foundation
import Machine
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger

@Suite struct ErasureTests {
    private func erase(_ positions: [Int64], in writer: LedgerWriter) throws -> [Int64] {
        try writer.erase(positions, reason: .request, note: nil, owner: Draft.home, actor: "test").erased
    }

    @Test func `an erasure takes the personal half, and is an entry itself`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        let hashes = try (1...20).map { try writer.reader.hash(at: $0) }
        let (receipt, erased) = try writer.erase(
            [7, 1, 2], reason: .mistake, note: "the note", owner: Draft.home, actor: "test")
        #expect(erased == [1, 7])
        #expect(receipt.position == 21)
        for position in [1, 7] as [Int64] {
            let entry = try #require(try writer.reader.entry(position))
            #expect(entry.isErased)
            #expect(entry.content.personal == nil)
            #expect(entry.content.data == Draft.mixed[Int(position) - 1].content.data)
            #expect(try (entry.fact() as? SettingChanged)?.personalValue == nil)
        }
        let fact = try #require(try writer.reader.entry(21)?.fact() as? PersonalErased)
        #expect(fact.positions == [1, 7])
        #expect(fact.reason == .mistake)
        #expect(fact.note == "the note")
        #expect(try (1...20).map { try writer.reader.hash(at: $0) } == hashes)
        let verification = try writer.reader.verify()
        #expect(verification.isIntact)
        #expect(verification.erased == 2)
    }

    @Test func `what is asked for twice is erased once`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        #expect(try erase([1, 1, 4], in: writer) == [1, 4])
        #expect(try erase([1, 7], in: writer) == [7])
        #expect(try writer.reader.verify().isIntact)
    }

    @Test(arguments: [[], [2], [99], [0], [-1], [.max]] as [[Int64]])
    func `where nothing personal is, nothing is erased`(_ positions: [Int64]) throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        #expect(try erase(positions, in: writer) == [])
        #expect(try writer.reader.verify().isIntact)
        #expect(try writer.reader.verify().erased == 0)
    }

    @Test func `T28 every proof made before and after still holds`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        let before = writer.head
        let paths = try (1...20).map { try writer.reader.inclusionProof(of: $0, size: 20) }
        _ = try erase([1, 4, 7], in: writer)
        let after = writer.head
        let leaf = Leaf()
        for position in 1...20 as ClosedRange<Int64> {
            var hash: Digest?
            try writer.reader.scan(Query(from: position, to: position)) { stored in
                hash = stored.computedHash(leaf)
                return false
            }
            let computed = try #require(hash)
            let later = try writer.reader.inclusionProof(of: position, size: 21)
            let path = paths[Int(position) - 1]
            #expect(Tree.includes(computed, at: position - 1, path: path, in: before.root, size: 20))
            #expect(Tree.includes(computed, at: position - 1, path: later, in: after.root, size: 21))
        }
        let proof = try writer.reader.consistencyProof(from: 20, to: 21)
        #expect(Tree.isConsistent(old: (20, before.root), new: (21, after.root), path: proof))
        #expect(try writer.reader.root(size: 20) == before.root)
    }

    /// Every file of a folder that holds the bytes.
    private func files(in folder: String, with bytes: [UInt8]) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            Data(try Folder.read("\(folder)/\(name)")).range(of: Data(bytes)) != nil
        }.sorted()
    }

    @Test(arguments: [false, true])
    func `G19 no byte of it is in any file afterwards`(_ isSettled: Bool) throws {
        try withFolder { folder in
            let canary = "canary-" + String(repeating: "Müller ", count: 3_000)
            let writer = try LedgerWriter.given(at: "\(folder)/ledger.db", Draft.mixed)
            try writer.append(.setting("long", personal: canary))
            try writer.append(.setting("short", personal: "canary-2"))
            try writer.append(Draft.settings(300))
            if isSettled { try writer.settle() }
            var salts: [[UInt8]] = []
            try writer.reader.scan(Query(from: 21, to: 22)) { stored in
                salts.append(stored.salt ?? [])
                return true
            }
            for bytes in salts + [Array("canary-".utf8)] { #expect(try !files(in: folder, with: bytes).isEmpty) }
            #expect(try erase([21, 22], in: writer) == [21, 22])
            for bytes in salts + [Array("canary-".utf8), Array("Müller Müller".utf8)] {
                #expect(try files(in: folder, with: bytes) == [])
            }
            #expect(try writer.reader.verify().isIntact)
            try writer.reopen()
            #expect(try writer.reader.verify().erased == 2)
        }
    }

    @Test func `an erasure without an entry that says so is found`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            do { try LedgerWriter.given(at: path, Draft.mixed).putIntoOneFile() }
            let attacker = try Attacker(path)
            var commitment: Digest?
            try LedgerReader(connection: attacker.connection).scan(Query(from: 4, to: 4)) { stored in
                commitment = stored.commitment(Leaf())
                return false
            }
            let sql = "UPDATE entry SET personal = NULL, salt = NULL, commitment = ? WHERE position = 4"
            let found = try attacker.findings(after: sql, [.blob(try #require(commitment).bytes)])
            #expect(found.map(\.position) == [4])
            #expect(found.first?.problem == "its personal half is gone, and no entry says that it was erased")
        }
    }

    @Test func `what was erased and is there again is found`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            var kept: (personal: Value, salt: Value) = (.null, .null)
            do {
                let writer = try LedgerWriter.given(at: path, Draft.mixed)
                kept = try #require(
                    try writer.connection.prepare("SELECT personal, salt FROM entry WHERE position = 4")
                        .first { ($0.value(0), $0.value(1)) })
                _ = try erase([4], in: writer)
                try writer.putIntoOneFile()
            }
            let found = try Attacker(path).findings(
                after: "UPDATE entry SET personal = ?, salt = ?, commitment = NULL WHERE position = 4",
                [kept.personal, kept.salt])
            #expect(found.map(\.position) == [4])
            #expect(found.first?.problem == "an entry says that its personal half was erased, and it was not")
        }
    }

    @Test func `a note of an erasure can be erased in its turn`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        let first = try writer.erase([1], reason: .request, note: "Ada asked", owner: Draft.home, actor: "test")
        #expect(try erase([first.receipt.position], in: writer) == [21])
        #expect(try writer.reader.verify().erased == 2)
        #expect(try writer.reader.verify().isIntact)
    }
}
