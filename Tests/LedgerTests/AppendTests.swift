import Entries
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger

@Suite struct AppendTests {
    @Test func `an empty ledger is the empty tree`() throws {
        let writer = try LedgerWriter.given()
        #expect(writer.head.size == 0)
        #expect(writer.head.root == Tree.emptyRoot)
        #expect(try writer.reader.lastPosition() == 0)
        #expect(try writer.reader.entry(1) == nil)
        #expect(try writer.reader.verify().isIntact)
        #expect(try writer.append([]) == [])
    }

    @Test func `an entry comes back as it was appended`() throws {
        let writer = try LedgerWriter.given([.setting("first")])
        let draft = Draft.setting(
            "zone", personal: "Ünïcödé 🗓️ \"quoted\"\u{0}", stream: "user/1", owner: "u1", actor: "match/2", cause: 1,
            key: [0, 255])
        let receipt = try writer.append(draft)
        #expect(receipt.position == 2)
        #expect(receipt.version == 1)
        #expect(!receipt.isRepeated)
        let entry = try #require(try writer.reader.entry(2))
        #expect(entry.stream == "user/1" && entry.version == 1 && entry.type == "setting.changed")
        #expect(entry.owner == "u1" && entry.actor == "match/2" && entry.cause == 1 && entry.key == [0, 255])
        #expect(entry.content == draft.content)
        #expect(!entry.isErased)
        #expect(entry.at == 1_767_600_000_002)
        #expect(try writer.reader.hash(at: 2) == receipt.hash)
        #expect(try (entry.fact() as? SettingChanged)?.personalValue == "Ünïcödé 🗓️ \"quoted\"\u{0}")
        #expect(try writer.reader.effects(of: 1, limit: 10) == [2])
    }

    @Test func `positions follow one another, and versions count within a stream`() throws {
        let writer = try LedgerWriter.given()
        let receipts = try writer.append([
            .setting("a", stream: "x"), .setting("b", stream: "y"), .setting("c", stream: "x"),
        ])
        #expect(receipts.map(\.position) == [1, 2, 3])
        #expect(receipts.map(\.version) == [1, 1, 2])
        #expect(try writer.append(.setting("d", stream: "x")).version == 3)
        #expect(try writer.reader.version(of: "x") == 3)
        #expect(try writer.reader.version(of: "nobody") == 0)
    }

    @Test func `of two writers who decided from the same past one wins`() throws {
        let writer = try LedgerWriter.given([.setting("past", stream: "x")])
        #expect(try writer.append(.setting("mine", stream: "x", expecting: 2)).version == 2)
        #expect(throws: AppendError.unexpectedVersion(stream: "x", expected: 2, found: 2)) {
            try writer.append(.setting("yours", stream: "x", expecting: 2))
        }
        for wrong in [0, 1, 4, -1, .max] as [Int64] {
            #expect(throws: AppendError.unexpectedVersion(stream: "x", expected: wrong, found: 2)) {
                try writer.append(.setting("yours", stream: "x", expecting: wrong))
            }
        }
        #expect(writer.head.size == 2)
        #expect(try writer.append(.setting("yours", stream: "x", expecting: 3)).version == 3)
    }

    @Test func `G10 an append with an expected version can be made again`() throws {
        let writer = try LedgerWriter.given([.setting("past", stream: "x")])
        let request = [
            Draft.setting("a", personal: "Ada", stream: "x", expecting: 2), .setting("b", stream: "x", expecting: 3),
        ]
        let first = try writer.append(request)
        let again = try writer.append(request)
        #expect(again.map(\.position) == first.map(\.position))
        #expect(again.map(\.hash) == first.map(\.hash))
        #expect(again.map(\.isRepeated) == [true, true])
        // The second half of a request of which the first is there already.
        let longer = try writer.append(request + [.setting("c", stream: "x", expecting: 4)])
        #expect(longer.map(\.isRepeated) == [true, true, false])
        #expect(writer.head.size == 4)
    }

    @Test func `G10 the same key with the same content has the first answer again`() throws {
        let writer = try LedgerWriter.given()
        let first = try writer.append(.setting("a", personal: "Ada", cause: nil, key: [1]))
        try writer.append(.setting("between"))
        // A second try has its own cause and actor.
        let again = try writer.append(.setting("a", personal: "Ada", actor: "other", cause: 2, key: [1]))
        #expect(again == Receipt(position: 1, version: 1, hash: first.hash, isRepeated: true))
        #expect(writer.head.size == 2)
    }

    static let others: [Draft] = [
        .setting("b", personal: "Ada", key: [1]), .setting("a", personal: "Eve", key: [1]), .setting("a", key: [1]),
        .setting("a", personal: "Ada", stream: "other", key: [1]), .setting("a", personal: "Ada", owner: "u", key: [1]),
    ]

    @Test(arguments: others)
    func `the same key with another content is an error that names the first`(_ other: Draft) throws {
        let writer = try LedgerWriter.given([.setting("before"), .setting("a", personal: "Ada", key: [1])])
        #expect(throws: AppendError.keyIsTaken(position: 2)) { try writer.append(other) }
        #expect(writer.head.size == 2)
    }

    @Test func `a key answers also when the personal half is erased`() throws {
        let writer = try LedgerWriter.given([.setting("a", personal: "Ada", key: [1])])
        _ = try writer.erase([1], reason: .request, note: nil, owner: Draft.home, actor: "test")
        #expect(try writer.append(.setting("a", personal: "Ada", key: [1])).isRepeated)
        #expect(throws: AppendError.keyIsTaken(position: 1)) {
            try writer.append(.setting("b", personal: "Ada", key: [1]))
        }
    }

    @Test func `a key is one within a request too`() throws {
        let writer = try LedgerWriter.given()
        let receipts = try writer.append([.setting("a", key: [1]), .setting("b"), .setting("a", key: [1])])
        #expect(receipts.map(\.position) == [1, 2, 1])
        #expect(receipts.map(\.isRepeated) == [false, false, true])
        #expect(throws: AppendError.self) { try writer.append([.setting("c", key: [2]), .setting("d", key: [2])]) }
        #expect(writer.head.size == 2)
    }

    @Test func `an empty key is a key`() throws {
        let writer = try LedgerWriter.given([.setting("a", key: [])])
        #expect(try writer.append(.setting("a", key: [])).isRepeated)
        #expect(try writer.reader.entry(1)?.key == [])
    }

    @Test func `a cause comes before what it led to`() throws {
        let writer = try LedgerWriter.given([.setting("a")])
        for cause in [0, -1, 2, 3, .max] as [Int64] {
            #expect(throws: AppendError.causeIsMissing(cause: cause, last: 1)) {
                try writer.append(.setting("b", cause: cause))
            }
        }
        // An earlier entry of the same request is there in time.
        try writer.append([.setting("b", cause: 1), .setting("c", cause: 2)])
        #expect(try writer.reader.entry(3)?.cause == 2)
    }

    @Test func `all of a request is written, or nothing`() throws {
        let writer = try LedgerWriter.given([.setting("a", stream: "x")])
        let head = writer.head
        #expect(throws: AppendError.self) {
            try writer.append([
                .setting("b", stream: "new", owner: "new", actor: "new"), .setting("c", stream: "x", expecting: 1),
            ])
        }
        #expect(writer.head == head)
        #expect(try writer.reader.lastPosition() == 1)
        #expect(try writer.reader.version(of: "new") == 0)
        // What was refused left nothing behind that could mislead the next.
        try writer.append(.setting("b", stream: "new", owner: "new", actor: "new"))
        #expect(try writer.reader.verify().isIntact)
    }

    @Test func `requests of one transaction are refused one by one`() throws {
        let writer = try LedgerWriter.given([.setting("a", stream: "x")])
        let answers = try writer.append(requests: [
            [.setting("b", stream: "x", expecting: 2)], [.setting("c", stream: "x", expecting: 2)],
            [.setting("d"), .setting("e", cause: 99)], [.setting("f", key: [1])], [.setting("g", key: [1])], [],
            [.setting("h", cause: 3)],
        ])
        #expect(try answers[0].get().map(\.position) == [2])
        #expect(answers[1] == .failure(.unexpectedVersion(stream: "x", expected: 2, found: 2)))
        #expect(answers[2] == .failure(.causeIsMissing(cause: 99, last: 3)))
        #expect(try answers[3].get().map(\.position) == [3])
        #expect(answers[4] == .failure(.keyIsTaken(position: 3)))
        #expect(try answers[5].get() == [])
        #expect(try answers[6].get().map(\.position) == [4])
        let entries = try writer.reader.entries(Query())
        #expect(entries.map(\.position) == [1, 2, 3, 4])
        #expect(Set(entries.dropFirst().map(\.at)).count == 1)
        #expect(try writer.reader.verify().isIntact)
    }

    @Test func `an error of the file takes the whole batch back, and the writer knows what it knew`() throws {
        let writer = try LedgerWriter.given([.setting("a")])
        let head = writer.head
        let tooLong = Draft.setting(String(repeating: "x", count: 65 << 20))
        #expect(throws: SQLiteError.self) {
            try writer.append(requests: [[.setting("b", stream: "new", owner: "new")], [tooLong]])
        }
        #expect(writer.head == head)
        #expect(writer.isUsable)
        try writer.append(.setting("c", stream: "new", owner: "new"))
        #expect(try writer.reader.entries(Query()).map(\.position) == [1, 2])
        #expect(try writer.reader.verify().isIntact)
    }

    /// Equal to Swift and not to a hash: one letter, or a letter and its accent; two accents in this order, or in that.
    static let lookalikes = [("caf\u{e9}", "cafe\u{301}"), ("e\u{301}\u{323}", "e\u{323}\u{301}")]

    @Test(arguments: lookalikes)
    func `texts that only look equal are two`(_ one: String, _ two: String) throws {
        let writer = try LedgerWriter.given()
        try writer.append(.setting("a", stream: one, owner: one, actor: one))
        try writer.append(.setting("a", stream: two, owner: two, actor: two))
        try writer.append([.setting("b", stream: one, actor: two), .setting("b", stream: two, actor: one)])
        #expect(try writer.reader.verify().findings == [])
        let entries = try writer.reader.entries(Query())
        #expect(entries.map(\.version) == [1, 1, 2, 2])
        #expect(entries.map { Array($0.stream.utf8) } == [one, two, one, two].map { Array($0.utf8) })
        #expect(try writer.reader.entries(Query(owner: two)).map(\.position) == [2])
        let keyed = Draft.setting("c", stream: one, key: [1])
        try writer.append(keyed)
        #expect(throws: AppendError.keyIsTaken(position: 5)) { try writer.append(.setting("c", stream: two, key: [1])) }
    }

    @Test func `what is appended is there when the file is opened again`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            let receipts = try LedgerWriter.given(at: path).append(Draft.mixed)
            let writer = try LedgerWriter(path: path, .rehearsed(seed: 9))
            #expect(writer.head.size == 20)
            #expect(try receipts.allSatisfy { try writer.reader.hash(at: $0.position) == $0.hash })
            // Every key and version is known again.
            #expect(try writer.append(Draft.mixed[0]).isRepeated)
            #expect(try writer.append(.setting("x", stream: "user/0")).version == 6)
            #expect(try writer.reader.verify().isIntact)
        }
    }

    @Test func `an opened writer can be opened anew, and goes on`() throws {
        try withFolder { folder in
            let writer = try LedgerWriter.given(at: "\(folder)/ledger.db", Draft.mixed)
            let head = writer.head
            try writer.reopen()
            #expect(writer.head == head)
            try writer.append(.setting("after"))
            try writer.settle()
            #expect(try writer.reader.verify().entries == 21)
        }
    }

    @Test func `a ledger is not made where a file is already`() throws {
        try withFolder { folder in
            let path = "\(folder)/ledger.db"
            _ = try LedgerWriter.given(at: path, Draft.mixed)
            #expect(throws: (any Error).self) { try LedgerWriter.create(at: path, .rehearsed()) }
            #expect(try LedgerReader(path: path).verify().entries == 20)
        }
    }
}
