import Entries
import Machine
import Rehearsal
import SQLite
import Testing

@testable import Ledger

@Suite struct QueryTests {
    static let at: Int64 = 1_767_600_000_000

    /// Six entries, each recorded a millisecond after the one before.
    private func given() throws -> LedgerReader {
        let writer = try LedgerWriter.given()
        var erased = PersonalErased()
        erased.reason = .mistake
        for draft in [
            Draft.setting("a", stream: "x", owner: "u1"), .setting("b", stream: "y", owner: "u2"),
            .setting("c", stream: "x", owner: "u2"), Draft(erased, stream: "x", owner: "u1", actor: "test"),
            .setting("d", stream: "y", owner: "u1"), Draft(erased, stream: "ledger", owner: Draft.home, actor: "test"),
        ] { try writer.append(draft) }
        return writer.reader
    }

    static let cases: [(Query, [Int64])] = [
        (Query(), [1, 2, 3, 4, 5, 6]),
        (Query(from: 3), [3, 4, 5, 6]), (Query(to: 2), [1, 2]), (Query(from: 2, to: 4), [2, 3, 4]),
        (Query(from: 5, to: 4), []), (Query(from: 7), []), (Query(from: .min, to: 1), [1]),
        (Query(stream: "x"), [1, 3, 4]), (Query(stream: "nobody"), []), (Query(from: 2, to: 3, stream: "x"), [3]),
        (Query(types: ["setting.changed"]), [1, 2, 3, 5]), (Query(types: ["personal.erased"]), [4, 6]),
        (Query(types: ["setting.changed", "personal.erased"]), [1, 2, 3, 4, 5, 6]),
        (Query(types: ["personal.erased", "never.happened"]), [4, 6]), (Query(types: ["never.happened"]), []),
        (Query(owner: "u1"), [1, 4, 5]), (Query(owner: "nobody"), []), (Query(owner: "' OR 1 = 1 --"), []),
        (Query(since: at + 3), [3, 4, 5, 6]), (Query(until: at + 3), [1, 2]),
        (Query(since: at + 2, until: at + 4), [2, 3]), (Query(since: at + 4, until: at + 2), []),
        (Query(limit: 2), [1, 2]), (Query(limit: 0), []), (Query(limit: 99), [1, 2, 3, 4, 5, 6]),
        (
            Query(
                from: 1, to: 5, stream: "x", types: ["setting.changed"], owner: "u2", since: at + 1, until: at + 9,
                limit: 5), [3]
        ),
    ]

    @Test(arguments: cases)
    func `a query gives what it asks for, forwards and backwards`(_ query: Query, _ positions: [Int64]) throws {
        let reader = try given()
        #expect(try reader.entries(query).map(\.position) == positions)
        var backwards = query
        backwards.isBackwards = true
        backwards.limit = nil
        var all = query
        all.limit = nil
        let everything = try reader.entries(all).map(\.position)
        #expect(try reader.entries(backwards).map(\.position) == everything.reversed())
        backwards.limit = 2
        #expect(try reader.entries(backwards).map(\.position) == Array(everything.reversed().prefix(2)))
    }

    @Test func `a scan ends when its reader has enough`() throws {
        let reader = try given()
        var seen: [Int64] = []
        try reader.scan(Query()) { entry in
            seen.append(entry.position)
            return seen.count < 3
        }
        #expect(seen == [1, 2, 3])
        struct Enough: Error {}
        #expect(throws: Enough.self) { try reader.scan(Query()) { _ in throw Enough() } }
        #expect(try reader.entries(Query()).count == 6)
    }

    @Test func `a stored entry lends what it has without a copy`() throws {
        let writer = try LedgerWriter.given([.setting("a", personal: "Ada", stream: "x"), .setting("b")])
        var lent: [[String]] = []
        try writer.reader.scan(Query()) { entry in
            lent.append([
                entry.withStream { String(copying: $0) }, entry.withData { String(copying: $0) },
                entry.withPersonal { String(copying: $0) }, entry.hasPersonal ? "personal" : "",
            ])
            return true
        }
        #expect(lent.first == ["x", #"{"setting":"a"}"#, #"{"personal_value":"Ada"}"#, "personal"])
        #expect(lent.last == ["home", #"{"setting":"b"}"#, "", ""])
    }

    @Test func `a reader beside the writer sees what is committed, with words that came later`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let writer = try LedgerWriter.given(at: path, [.setting("a")])
            let reader = try LedgerReader(path: path)
            #expect(try reader.lastPosition() == 1)
            try writer.append(.setting("b", stream: "new", owner: "new", actor: "new"))
            #expect(try reader.entry(2)?.owner == "new")
            #expect(try reader.entries(Query(owner: "new")).map(\.stream) == ["new"])
        }
    }

    @Test func `200,000 entries stream through little memory`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            do {
                try LedgerWriter.given(at: path, [.setting("a")]).putIntoOneFile()
                // Written by hand, because only their number and size matter: some 200 MB.
                try Connection(path: path, as: .scratch).execute(
                    """
                    WITH RECURSIVE n (p) AS (SELECT 2 UNION ALL SELECT p + 1 FROM n WHERE p < 200000)
                    INSERT INTO entry (position, stream, version, type, owner, at, actor, data, hash)
                    SELECT p, 1, p, 1, 1, p, 1, '{"setting":"' || hex(zeroblob(480)) || '"}', zeroblob(32) FROM n
                    """)
            }
            let reader = try LedgerReader(path: path)
            let before = try #require(ThisProcess.memory)
            var (count, bytes, most) = (0, 0, before)
            try reader.scan(Query()) { entry in
                count += 1
                bytes += entry.withData { $0.count }
                if count.isMultiple(of: 20_000) { most = max(most, ThisProcess.memory ?? .max) }
                return true
            }
            #expect(count == 200_000)
            #expect(bytes > 180 << 20)
            #expect(most - before < 100 << 20)
        }
    }
}
