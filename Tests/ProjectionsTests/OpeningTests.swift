import Entries
import Machine
import Rehearsal
import SQLite
import Secrets
import Testing

@testable import Ledger
@testable import Projections

/// Which views are taken when a home is opened, and what is said when they are posted anew.
@Suite struct OpeningTests {
    private static func ledger(_ entries: Int = 200, seed: UInt64 = 3) throws -> LedgerWriter {
        let writer = try LedgerWriter.inMemory(.rehearsed(seed: seed))
        var invention = Invention(seed: seed, users: 2)
        try writer.append(invention.next(entries))
        return writer
    }

    private func open(
        _ folder: String, _ writer: LedgerWriter, _ projections: [Projection]? = nil
    ) throws -> (views: Views, notices: [String]) {
        let (views, notices) = try Views.open(
            in: folder, projections ?? shippedProjections(), reader: writer.reader)
        return (views, notices.map(\.text))
    }

    private func viewsFiles(_ folder: String) throws -> [String] {
        try Folder.names(in: folder).filter { $0.hasPrefix("views") && !$0.hasSuffix("-wal") }
    }

    private func alter(_ path: String, _ sql: String) throws {
        let connection = try Connection(path: path, as: .ownerOfDerived)
        try connection.execute(sql)
        try connection.checkpoint(.truncate)
    }

    // MARK: Damage

    @Test func `new views are posted without a word, and taken as they are the next time`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let first = try open(folder, writer)
            #expect(first.notices == [])
            #expect(try first.views.position() == 200)
            #expect(try viewsFiles(folder) == ["views-1.db", "views.current"])
            #expect(try String(decoding: Folder.read(folder + "/views.current"), as: UTF8.self) == "views-1.db\n")
            let again = try open(folder, writer)
            #expect(again.notices == [])
            #expect(again.views.path == first.views.path)
        }
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        let what: String
        let says: String
        let apply: @Sendable (_ folder: String) throws -> Void
        var testDescription: String { what }
    }

    private static func point(_ text: String) -> @Sendable (String) throws -> Void {
        { try Folder.replace($0 + "/views.current", with: Array(text.utf8)) }
    }

    private static func views(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> @Sendable (String) throws -> Void {
        { folder in
            let path = folder + "/views-1.db"
            try Folder.replace(path, with: change(try Folder.read(path)))
            try Folder.remove(path + "-wal")
        }
    }

    private static func sql(_ sql: String) -> @Sendable (String) throws -> Void {
        { folder in
            let connection = try Connection(path: folder + "/views-1.db", as: .ownerOfDerived)
            try connection.execute(sql)
            try connection.checkpoint(.truncate)
        }
    }

    static let damages: [Damage] = [
        Damage(what: "the pointer is missing", says: "views.current is missing") {
            try Folder.remove($0 + "/views.current")
        },
        Damage(what: "the pointer is empty", says: "names no file", apply: point("")),
        Damage(what: "the pointer is garbled", says: "names no file", apply: point("\u{0}\u{1}rubbish")),
        Damage(what: "the pointer leads elsewhere", says: "names no file", apply: point("../views-1.db\n")),
        Damage(
            what: "the pointer is too long", says: "names no file",
            apply: point(String(repeating: "views-1.db\n", count: 100))),
        Damage(
            what: "the pointer names a file that is gone", says: "views-7.db is missing", apply: point("views-7.db\n")),
        Damage(what: "the file is missing", says: "views-1.db is missing") {
            try Folder.remove($0 + "/views-1.db")
            try Folder.remove($0 + "/views-1.db-wal")
        },
        Damage(what: "the file is empty", says: "cannot be used", apply: views { _ in [] }),
        Damage(
            what: "the file is garbage", says: "cannot be used", apply: views { $0.map { $0 ^ 0x5a } }),
        Damage(what: "the file is cut off", says: "cannot be used", apply: views { Array($0.prefix(9_000)) }),
        Damage(what: "the file is text", says: "cannot be used", apply: views { _ in Array("Dear diary,\n".utf8) }),
        Damage(what: "the file is a database of something else", says: "cannot be used") { folder in
            try Folder.remove(folder + "/views-1.db")
            try Folder.remove(folder + "/views-1.db-wal")
            let other = try Connection(path: folder + "/views-1.db", as: .ownerOfDerived)
            try other.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY) STRICT")
        },
        Damage(
            what: "the file is of another format", says: "another format",
            apply: sql("UPDATE posted_views SET format = 2")),
        Damage(
            what: "the file is ahead of the ledger", says: "ahead of the ledger",
            apply: sql("UPDATE posted_views SET position = position + 1")),
        Damage(
            what: "the file is of another ledger", says: "another ledger",
            apply: sql("UPDATE posted_views SET hash = zeroblob(32)")),
        Damage(
            what: "the file does not know how far it is", says: "another format", apply: sql("DELETE FROM posted_views")
        ),
    ]

    @Test(arguments: damages)
    func `views that cannot be used are posted anew, and that is said`(_ damage: Damage) throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let wanted = try { () throws -> [String: Digest] in
                let views = try open(folder, writer).views
                try views.settle()
                return try views.digests()
            }()
            try damage.apply(folder)
            let (views, notices) = try open(folder, writer)
            #expect(notices.count == 1)
            #expect(notices.first?.contains(damage.says) == true, "\(notices)")
            #expect(notices.first?.hasSuffix("posted anew") == true, "\(notices)")
            #expect(try views.position() == 200)
            #expect(try views.digests() == wanted)
            #expect(try viewsFiles(folder).count == 2, "nothing is left behind")
            #expect(try open(folder, writer).notices == [])
        }
    }

    @Test func `an older copy of the ledger finds views that are ahead of it`() throws {
        try withFolder { folder in
            _ = try open(folder, Self.ledger(200))
            let older = try Self.ledger(120)
            let (views, notices) = try open(folder, older)
            #expect(notices.first?.contains("ahead of the ledger") == true)
            #expect(try views.position() == 120)
            #expect(try views.verify().allSatisfy(\.isEqual))
        }
    }

    @Test func `another ledger of the same length finds views that are not its own`() throws {
        try withFolder { folder in
            _ = try open(folder, Self.ledger(seed: 3))
            let (views, notices) = try open(folder, Self.ledger(seed: 4))
            #expect(notices.first?.contains("another ledger") == true)
            #expect(try views.verify().allSatisfy(\.isEqual))
        }
    }

    @Test func `a log that is garbage costs what was in it, and that is posted again`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let first = try open(folder, writer).views
            let wanted = try first.digests()
            try first.settle()
            let older = try Folder.read(first.path)
            var invention = Invention(seed: 9, users: 1, after: 200)
            try writer.append(invention.next(50))
            try first.follow()
            let after = try first.digests()
            #expect(after != wanted)
            try withFolder { other in
                try Folder.replace(other + "/views-1.db", with: older)
                try Folder.replace(other + "/views-1.db-wal", with: [UInt8](repeating: 7, count: 50_000))
                try Folder.replace(other + "/views.current", with: Array("views-1.db\n".utf8))
                let (views, notices) = try open(other, writer)
                #expect(notices == [])
                #expect(try views.digests() == after)
            }
        }
    }

    // MARK: What a kill leaves

    @Test func `what a killed rebuild left is swept, and its number is not used again`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            _ = try open(folder, writer)
            for name in ["views-2.db", "views-9.db", "views-9.db-wal", "views-9.db-journal", "views-check.db"] {
                try Folder.replace(folder + "/" + name, with: [1, 2, 3])
            }
            try Folder.replace(folder + "/notes.txt", with: [1])
            let views = try open(folder, writer).views
            #expect(try viewsFiles(folder) == ["views-1.db", "views.current"])
            #expect(Folder.exists(folder + "/notes.txt"))
            try views.rebuild()
            #expect(try viewsFiles(folder) == ["views-2.db", "views.current"])
        }
    }

    @Test func `a rebuild that fails leaves the old views in use`() throws {
        struct Stop: Error {}
        try withFolder { folder in
            let writer = try Self.ledger()
            let views = try open(folder, writer).views
            let wanted = try views.digests()
            #expect(throws: Stop.self) { try views.rebuild { _, _ in throw Stop() } }
            #expect(throws: Stop.self) { try views.rebuild(only: ["metrics"]) { _, _ in throw Stop() } }
            #expect(try views.digests() == wanted)
            #expect(try viewsFiles(folder) == ["views-1.db", "views.current"])
            #expect(try views.verify().allSatisfy(\.isEqual))
            try views.rebuild()
            #expect(try views.digests() == wanted)
        }
    }

    @Test func `who reads the old file goes on reading while it is replaced`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let views = try open(folder, writer).views
            let old = views.path
            let reader = try Connection(path: old, as: .reader)
            let before = try reader.texts("SELECT count(*) FROM entry_index")
            var seen = 0
            try reader.compile("SELECT position FROM entry_index ORDER BY position").eachRow { _ in
                if seen == 50 { try views.rebuild() }
                seen += 1
            }
            #expect(seen == 200)
            #expect(views.path != old)
            #expect(!Folder.exists(old))
            #expect(try reader.texts("SELECT count(*) FROM entry_index") == before)
            #expect(try views.texts("SELECT count(*) FROM entry_index") == before)
        }
    }

    // MARK: Other projections

    private static func counting(_ table: String, _ type: String, _ more: String = "") -> String {
        """
        -- How many?\(more)

        -- schema
        CREATE TABLE \(table) (position INTEGER PRIMARY KEY, word TEXT) STRICT;
        CREATE INDEX \(table)_word ON \(table) (word);

        -- on \(type)
        INSERT INTO \(table) (position, word) VALUES (:position, :type);
        """
    }

    private static let first = counting("one", "user.added")
    private static let second = counting("two", "fetch.finished")
    private static let third = counting("three", "meeting.seen")

    @Test func `a projection that was edited is posted anew, and no other is touched`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let views = try open(folder, writer, .given(Self.first, Self.second)).views
            // A row that no posting would write shows whether a table was posted again.
            try alter(views.path, "INSERT INTO one VALUES (-1, 'tampered'); INSERT INTO two VALUES (-1, 'tampered')")
            let edited = try [Projection].given(Self.first, Self.counting("two", "meeting.seen", " And more."))
            let (after, notices) = try open(folder, writer, edited)
            #expect(notices.count == 1)
            #expect(notices.first?.contains("changed: second") == true, "\(notices)")
            #expect(notices.first?.contains("first") == false, "\(notices)")
            #expect(try after.texts("SELECT word FROM one WHERE position = -1") == [["tampered"]])
            #expect(try after.texts("SELECT word FROM two WHERE position = -1") == [])
            #expect(try after.texts("SELECT DISTINCT word FROM two") == [["meeting.seen"]])
            #expect(
                try after.texts("SELECT name FROM sqlite_schema WHERE name LIKE '%_word' ORDER BY name")
                    == [["one_word"], ["two_word"]])
            #expect(try after.position() == 200)
            #expect(try after.verify().filter { !$0.isEqual }.map(\.table) == ["one"])
            #expect(try open(folder, writer, edited).notices == [])
        }
    }

    @Test func `a projection that is new is posted, and no other is touched`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let views = try open(folder, writer, .given(Self.first, Self.second)).views
            try alter(views.path, "INSERT INTO one VALUES (-1, 'tampered')")
            let (after, notices) = try open(folder, writer, .given(Self.first, Self.second, Self.third))
            #expect(notices.first?.contains("new: third") == true, "\(notices)")
            #expect(try after.verify().filter { !$0.isEqual }.map(\.table) == ["one"])
            #expect(try after.texts("SELECT count(*) > 0 FROM three") == [["1"]])
        }
    }

    @Test func `a projection that is gone takes its tables along`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let views = try open(folder, writer, .given(Self.first, Self.second)).views
            try alter(views.path, "INSERT INTO one VALUES (-1, 'tampered')")
            let (after, notices) = try open(folder, writer, .given(Self.first))
            #expect(notices.first?.contains("gone: second") == true, "\(notices)")
            #expect(try after.texts("SELECT name FROM sqlite_schema WHERE name LIKE 'two%'") == [])
            #expect(try after.texts("SELECT word FROM one WHERE position = -1") == [["tampered"]])
            #expect(try after.position() == 200)
        }
    }

    @Test func `a table that moves from one projection to another is no stumbling block`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            _ = try open(folder, writer, .given(Self.first, Self.second))
            let (views, _) = try open(folder, writer, .given(Self.second, Self.first))
            #expect(try views.verify().allSatisfy(\.isEqual))
            #expect(try views.position() == 200)
        }
    }

    @Test func `entries that came in the meantime are posted after an edited projection`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            _ = try open(folder, writer, .given(Self.first, Self.second))
            var invention = Invention(seed: 5, users: 2, after: 200)
            try writer.append(invention.next(100))
            let (views, _) = try open(folder, writer, .given(Self.first, Self.third))
            #expect(try views.position() == 300)
            #expect(try views.verify().allSatisfy(\.isEqual))
        }
    }

    @Test func `an erasure in the meantime posts everything anew, in a file without the bytes`() throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let first = try open(folder, writer).views
            let canary = "Canary of the third kind"
            var added = UserAdded()
            added.user = "canary"
            added.name = canary
            try writer.append(Draft(added, stream: "user/canary", owner: "canary", actor: "test"))
            try first.follow()
            try first.settle()
            #expect(try holds(folder, canary))
            _ = try writer.erase([201], reason: .request, note: nil, owner: "home", actor: "test")
            try first.follow()
            #expect(try !holds(folder, canary))
            #expect(try first.position() == 202)
            #expect(try first.verify().allSatisfy(\.isEqual))
        }
    }

    private func holds(_ folder: String, _ text: String) throws -> Bool {
        try Folder.names(in: folder).contains { name in
            String(decoding: try Folder.read(folder + "/" + name), as: UTF8.self).contains(text)
        }
    }

    // MARK: Verifying and looking back

    @Test(arguments: [
        ("meeting", "UPDATE meeting SET title = 'Another' WHERE meeting = (SELECT min(meeting) FROM meeting)"),
        ("metric", "UPDATE metric SET runs = runs + 1"),
        (
            "activity_participant",
            "DELETE FROM activity_participant WHERE activity = (SELECT min(activity) FROM activity_participant)"
        ),
        ("entry_day", "INSERT INTO entry_day VALUES ('1900-01-01', 1, 1, 1)"),
        ("connection", "UPDATE connection SET last_error_code = ''"),
    ])
    func `E02 verify finds a row that was tampered with, and names its table`(_ table: String, _ sql: String) throws {
        try withFolder { folder in
            let writer = try Self.ledger(600)
            let views = try open(folder, writer).views
            #expect(try views.verify().allSatisfy(\.isEqual))
            try alter(views.path, sql)
            let found = try views.verify()
            #expect(found.filter { !$0.isEqual }.map(\.table) == [table])
            #expect(found.count == (try shippedProjections()).flatMap(\.tables).count)
            #expect(try viewsFiles(folder) == ["views-1.db", "views.current"])
            try views.rebuild()
            #expect(try views.verify().allSatisfy(\.isEqual))
        }
    }

    @Test(arguments: [0, 1, 57, 199, 200] as [Int64])
    func `E03 the views as of a position are those of a ledger that ended there`(_ position: Int64) throws {
        try withFolder { folder in
            let writer = try Self.ledger()
            let path = folder + "/then.db"
            try Views.post(shippedProjections(), writer.reader, asOf: position, to: path)
            let shorter = try Self.ledger(Int(position))
            let wanted = try open(folder, shorter).views.digests()
            let then = try Connection(path: path, as: .foreign)
            for table in try shippedProjections().flatMap(\.tables) {
                #expect(try table.digest(in: then) == wanted[table.name], "\(table.name)")
            }
        }
    }

    @Test func `E03 a look back does not bring to light what was erased since`() throws {
        try withFolder { folder in
            let book = try Book()
            try book.write(UserAdded()) {
                $0.user = "u"
                $0.name = "Ada"
            }
            try book.write(SettingChanged())
            _ = try book.writer.erase([1], reason: .request, note: nil, owner: "ada", actor: "test")
            let path = folder + "/then.db"
            try Views.post(book.projections, book.writer.reader, asOf: 2, to: path)
            #expect(
                try Connection(path: path, as: .foreign).texts("SELECT account, name FROM account") == [["u", "–"]])
        }
    }

    @Test func `a look back that fails leaves no file`() throws {
        try withFolder { folder in
            let writer = try Self.ledger(20)
            try writer.writeRaw(type: "user.teleported", data: "{}")
            let path = folder + "/then.db"
            #expect(throws: PostingError.self) {
                try Views.post(shippedProjections(), writer.reader, asOf: 21, to: path)
            }
            #expect(try Folder.names(in: folder) == [])
            try Views.post(shippedProjections(), writer.reader, asOf: 20, to: path)
            #expect(try Folder.names(in: folder) == ["then.db"])
        }
    }

    @Test func `an entry that cannot be read leaves the views as they were, and says so again each time`() throws {
        try withFolder { folder in
            let writer = try Self.ledger(20)
            let views = try open(folder, writer).views
            let wanted = try views.digests()
            try writer.writeRaw(type: "user.teleported", data: "{}")
            for _ in 1...2 {
                #expect(throws: PostingError.self) { try views.follow() }
                #expect(throws: PostingError.self) { try views.rebuild() }
                #expect(throws: PostingError.self) { try open(folder, writer) }
            }
            #expect(try views.digests() == wanted)
            #expect(try viewsFiles(folder) == ["views-1.db", "views.current"])
        }
    }
}
