import Entries
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger

/// What somebody with the file in hand can do, and that it is found.
@Suite struct TamperingTests {
    /// A ledger of twenty entries in one file, one of them erased.
    private func withVictim<Result>(_ body: (_ path: String) throws -> Result) throws -> Result {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            try makeVictim(path)
            return try body(path)
        }
    }

    private func makeVictim(_ path: String) throws {
        let writer = try LedgerWriter.given(at: path, Array(Draft.mixed.dropLast()))
        _ = try writer.erase([4], reason: .request, note: "asked", owner: Draft.home, actor: "test")
        try writer.putIntoOneFile()
    }

    private func whole(at path: String) throws -> Checkpoint {
        let writer = try LedgerWriter.given(at: path, Draft.mixed)
        try writer.putIntoOneFile()
        return Checkpoint(origin: "o", size: writer.head.size, root: writer.head.root)
    }

    private func findings(_ path: String, _ witnesses: [Witness] = []) throws -> [Verification.Finding] {
        try LedgerReader(path: path).verify(against: witnesses).findings
    }

    // MARK: G11

    @Test(arguments: ["data", "personal", "salt", "commitment", "hash", "key"])
    func `G11 every byte of every stored entry, flipped, is found and named`(_ column: String) throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            #expect(try attacker.findings(after: "SELECT 1") == [])
            let sql = "SELECT position, \(column) FROM entry WHERE \(column) NOTNULL"
            let stored = try attacker.connection.compile(sql).map { ($0.integer(0), $0.blob(1)) }
            #expect(!stored.isEmpty)
            let cast = ["data", "personal"].contains(column) ? "CAST(? AS TEXT)" : "?"
            for (position, bytes) in stored {
                for index in bytes.indices {
                    var flipped = bytes
                    flipped[index] ^= 1 << UInt8(index % 8)
                    let found = try attacker.findings(
                        after: "UPDATE entry SET \(column) = \(cast) WHERE position = ?",
                        [.blob(flipped), .integer(position)])
                    #expect(found.contains { $0.position == position }, "\(column) of \(position), byte \(index)")
                }
            }
        }
    }

    @Test(arguments: ["position", "stream", "version", "type", "owner", "at", "cause", "actor"])
    func `G11 every byte of every number of an entry, flipped, is found and named`(_ column: String) throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            for position in 1...20 as ClosedRange<Int64> {
                for shift in 0..<8 {
                    let bit = UInt64(shift * 8 + (Int(position) + shift) % 8)
                    let mask = Int64(bitPattern: 1 << bit)
                    // SQLite has no exclusive or.
                    let sql = """
                        UPDATE OR IGNORE entry SET \(column) = (ifnull(\(column), 0) | ?1) - (ifnull(\(column), 0) & ?1)
                        WHERE position = ?2
                        """
                    let values: [Value] = [.integer(mask), .integer(position)]
                    // A number that is taken already is refused by the table itself.
                    let isTaken = try attacker.isWithoutEffect(sql, values)
                    if isTaken { continue }
                    let found = try attacker.findings(after: sql, values)
                    #expect(found.contains { $0.position == position }, "\(column) of \(position), byte \(shift)")
                }
            }
        }
    }

    @Test(arguments: ["cause = 0", "key = x''", "personal = '{}'", "salt = zeroblob(16)", "commitment = zeroblob(32)"])
    func `G11 what was not there and is now is found`(_ change: String) throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            let column = String(change.prefix { $0 != " " })
            let without = try attacker.connection.compile("SELECT position FROM entry WHERE \(column) IS NULL")
                .map { $0.integer(0) }
            for position in without {
                let found = try attacker.findings(
                    after: "UPDATE entry SET \(change) WHERE position = ?", [.integer(position)])
                #expect(found.contains { $0.position == position }, "entry \(position)")
            }
        }
    }

    @Test(arguments: ["cause", "key", "salt", "personal", "commitment"])
    func `G11 what was there and is no more is found`(_ column: String) throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            let with = try attacker.connection.compile("SELECT position FROM entry WHERE \(column) NOTNULL")
                .map { $0.integer(0) }
            #expect(!with.isEmpty)
            for position in with {
                let found = try attacker.findings(
                    after: "UPDATE entry SET \(column) = NULL WHERE position = ?", [.integer(position)])
                #expect(found.contains { $0.position == position }, "entry \(position)")
            }
        }
    }

    @Test func `G11 bytes that move between the salt and the personal half are found`() throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            // The commitment is over both, one after the other: only the length of the salt keeps them apart.
            let later = "salt = CAST(salt || substr(personal, 1, 1) AS BLOB), personal = substr(personal, 2)"
            let earlier = "personal = CAST(substr(salt, 16) || personal AS TEXT), salt = substr(salt, 1, 15)"
            for change in [later, earlier] {
                let found = try attacker.findings(after: "UPDATE entry SET \(change) WHERE position = 1")
                #expect(found.contains { $0.position == 1 }, "\(change)")
            }
        }
    }

    static let wellMade: [(change: String, problem: String)] = [
        ("version = 77", "its version is 77, and should be 5"),
        ("cause = 20", "its cause, entry 20, does not come before it"),
        ("cause = -1", "its cause, entry -1, does not come before it"),
        ("actor = 99", "its type, owner or actor is not in the file"),
    ]

    @Test(arguments: wellMade)
    func `T29 a new last entry with a good hash must still make sense`(
        _ sample: (change: String, problem: String)
    ) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            _ = try whole(at: path)
            let attacker = try Attacker(path)
            try attacker.alter("UPDATE entry SET \(sample.change) WHERE position = 20")
            var hash: Digest?
            try LedgerReader(connection: attacker.connection).scan(Query(from: 20)) { stored in
                hash = stored.computedHash(Leaf())
                return false
            }
            let bytes = try #require(hash).bytes
            let found = try attacker.findings(after: "UPDATE entry SET hash = ? WHERE position = 20", [.blob(bytes)])
            #expect(found.map(\.position) == [20])
            #expect(found.first?.problem == sample.problem)
        }
    }

    // MARK: T29: entries as a whole

    static let attacks: [(what: String, sql: [String], position: Int64)] = [
        (
            "two entries swapped",
            [
                "UPDATE entry SET position = -1 WHERE position = 5", "UPDATE entry SET position = 5 WHERE position = 6",
                "UPDATE entry SET position = 6 WHERE position = -1",
            ], 5
        ),
        ("an entry renumbered", ["UPDATE entry SET position = 99 WHERE position = 7"], 7),
        ("an entry deleted", ["DELETE FROM entry WHERE position = 8"], 8),
        (
            "an entry deleted, and those behind it moved up",
            ["DELETE FROM entry WHERE position = 8", "UPDATE entry SET position = position - 1 WHERE position > 8"], 8
        ),
        (
            "an entry doubled at the end",
            [
                """
                INSERT INTO entry SELECT 21, stream, version + 50, type, owner, at, cause, actor, NULL, data, personal,
                salt, commitment, hash FROM entry WHERE position = 3
                """
            ], 21
        ),
        (
            "an entry before the first",
            [
                """
                INSERT INTO entry SELECT 0, stream, version + 50, type, owner, at, cause, actor, NULL, data, personal,
                salt, commitment, hash FROM entry WHERE position = 3
                """
            ], 0
        ),
        (
            "an entry at the end of all numbers",
            [
                """
                INSERT INTO entry SELECT 9223372036854775807, stream, version + 50, type, owner, at, cause, actor, NULL,
                data, personal, salt, commitment, hash FROM entry WHERE position = 3
                """
            ], 21
        ),
        ("a version skipped", ["UPDATE entry SET version = 77 WHERE position = 9"], 9),
        ("the first entries gone", ["DELETE FROM entry WHERE position < 4"], 1),
        ("another name for a stream", ["UPDATE stream SET name = 'user/9' WHERE name = 'user/0'"], 1),
        ("another text for a word", ["UPDATE word SET text = 'u9' WHERE text = 'u0'"], 1),
        (
            "two words swapped",
            [
                "UPDATE word SET text = 'tmp' WHERE text = 'u0'", "UPDATE word SET text = 'u0' WHERE text = 'u1'",
                "UPDATE word SET text = 'u1' WHERE text = 'tmp'",
            ], 1
        ),
        ("a stream gone", ["DELETE FROM stream WHERE name = 'user/0'"], 1),
        ("a stream with a number beyond all", ["UPDATE stream SET id = 1073741823 WHERE name = 'user/0'"], 1),
    ]

    @Test(arguments: attacks)
    func `T29 an attack on entries is found, and the first bad one is named`(
        _ attack: (what: String, sql: [String], position: Int64)
    ) throws {
        try withVictim { path in
            do {
                let attacker = try Attacker(path)
                try attacker.connection.transaction {
                    try attacker.withoutTriggers { for sql in attack.sql { try attacker.run(sql) } }
                }
            }
            let found = try findings(path)
            #expect(found.compactMap(\.position).min() == attack.position, "\(attack.what): \(found)")
        }
    }

    @Test func `T29 a word that is missing stops the reading with an error`() throws {
        try withVictim { path in
            do { try Attacker(path).alter("DELETE FROM word WHERE id = 2") }
            #expect(throws: UnusableLedger.damaged(path: path, reason: "word 2 is missing")) { try findings(path) }
        }
    }

    @Test(arguments: [
        "UPDATE node SET hash = zeroblob(32)", "DELETE FROM node", "INSERT INTO node VALUES (9, 9, x'00')",
    ])
    func `T29 a node that was altered is found`(_ sql: String) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            try LedgerWriter.given(at: path, Draft.settings(300)).putIntoOneFile()
            #expect(try findings(path) == [])
            do { try Attacker(path).alter(sql) }
            #expect(try findings(path) != [])
        }
    }

    @Test func `G11 a tail that was cut off is found with a checkpoint that was kept elsewhere, and only so`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let checkpoint = try whole(at: path)
            do { try Attacker(path).alter("DELETE FROM entry WHERE position > 17") }
            #expect(try findings(path) == [])
            let found = try findings(path, [Witness(checkpoint, name: "head.note")])
            #expect(found.map(\.position) == [18])
            #expect(found[0].problem.hasPrefix("head.note has 20 entries, and the ledger ends at 17"))
        }
    }

    @Test func `T29 an older copy put back is found with a checkpoint that was kept elsewhere`() throws {
        try withFolder { folder in
            let (path, old) = ("\(folder)/ledger.db", "\(folder)/old.db")
            let writer = try LedgerWriter.given(at: path, Draft.mixed)
            try writer.copy(to: old)
            try writer.append(.setting("later"))
            let witness = Witness(Checkpoint(origin: "o", size: 21, root: writer.head.root), name: "the note")
            #expect(try writer.reader.verify(against: [witness]).isIntact)
            #expect(try findings(old, [witness]).map(\.position) == [21])
            #expect(try findings(old) == [])
        }
    }

    @Test func `T29 a history that was written anew with good hashes is found with a checkpoint`() throws {
        let (mine, yours) = (try LedgerWriter.given(Draft.mixed), try LedgerWriter.given(Draft.mixed, seed: 2))
        let sizes = [0, 1, 5, 20] as [Int64]
        let witnesses = try sizes.map { size in
            Witness(Checkpoint(origin: "o", size: size, root: try mine.reader.root(size: size)), name: "of \(size)")
        }
        let good = try mine.reader.verify(against: witnesses.reversed())
        #expect(good.isIntact)
        #expect(good.checkpoints == 4)
        let found = try yours.reader.verify(against: witnesses)
        #expect(found.checkpoints == 1)
        #expect(
            found.findings.map(\.problem)
                == [1, 5, 20].map { "the first \($0) entries are not those of of \($0): one was altered" })
    }

    @Test func `an altered end is found before anything is written behind it`() throws {
        try withVictim { path in
            do { try Attacker(path).alter("UPDATE entry SET at = at + 1 WHERE position = 20") }
            let reason = "entry 20 is not what its hash says"
            #expect(throws: UnusableLedger.damaged(path: path, reason: reason)) {
                try LedgerWriter(path: path, .rehearsed())
            }
        }
    }

    @Test(arguments: [Int64.min, -5, 0, 4_611_686_018_427_387_904, .max])
    func `a lone entry at an absurd position is refused when the ledger is opened`(_ position: Int64) throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            try LedgerWriter.given(at: path, [.setting("a")]).putIntoOneFile()
            do { try Attacker(path).alter("UPDATE entry SET position = ?", [.integer(position)]) }
            #expect(throws: UnusableLedger.self) { try LedgerWriter(path: path, .rehearsed()) }
            #expect(try findings(path) != [])
        }
    }

    // MARK: T21: the tables

    static let schemaAttacks = [
        "CREATE TRIGGER leak AFTER INSERT ON entry BEGIN SELECT 1; END", "CREATE TABLE more (a)",
        "CREATE INDEX by_owner ON entry (owner)", "CREATE VIEW all_of_it AS SELECT * FROM entry",
        "DROP TRIGGER entry_is_never_changed", "DROP INDEX entry_key", "DROP TABLE node",
        "ALTER TABLE entry ADD COLUMN more TEXT", "ALTER TABLE entry RENAME COLUMN at TO moment",
    ]

    @Test(arguments: schemaAttacks)
    func `T21 a ledger with other tables is not opened`(_ sql: String) throws {
        try withVictim { path in
            do { try Attacker(path).run(sql) }
            for open in [{ _ = try LedgerReader(path: path) }, { _ = try LedgerWriter(path: path, .rehearsed()) }] {
                let error = #expect(throws: UnusableLedger.self) { try open() }
                guard case .schemaDiffers = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test func `T21 tables that change while the ledger is open are found`() throws {
        try withVictim { path in
            let attacker = try Attacker(path)
            try attacker.run("CREATE TRIGGER leak AFTER INSERT ON entry BEGIN SELECT 1; END")
            let found = try LedgerReader(connection: attacker.connection).verify().findings
            #expect(found.map(\.problem) == ["the tables: trigger leak does not belong there"])
        }
    }
}

extension Attacker {
    fileprivate func isWithoutEffect(_ sql: String, _ values: [Value]) throws -> Bool {
        struct TakeBack: Error {}
        var isWithout = false
        do {
            try connection.transaction {
                try withoutTriggers {
                    try run(sql, values)
                    isWithout = try connection.compile("SELECT changes()").first { $0.integer(0) } == 0
                }
                throw TakeBack()
            }
        } catch is TakeBack {}
        return isWithout
    }
}
