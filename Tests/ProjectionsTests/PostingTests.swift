import Entries
import SQLite
import Testing

@testable import Ledger
@testable import Projections

/// What a part is given of an entry, and that posting stops loudly where it must.
@Suite struct PostingTests {
    private static let seen = """
        -- What came in.

        -- schema
        CREATE TABLE seen (
            position INTEGER PRIMARY KEY,
            a ANY, b ANY, c ANY, d ANY, e ANY, f ANY, g ANY, h ANY
        ) STRICT;


        """

    private func book(_ part: String, step: Int64 = 1) throws -> Book {
        try Book(.given(Self.seen + part), step: step)
    }

    @Test func `the header comes as parameters`() throws {
        let book = try book(
            """
            -- on setting.changed
            INSERT INTO seen (position, a, b, c, d, e, f, g, h)
            VALUES (:position, :stream, :version, :type, :owner, :at, :day, :cause, :actor);
            """)
        try book.write(UserAdded(), stream: "user/u")
        try book.write(SettingChanged(), stream: "home")
        try book.write(SettingChanged(), stream: "home", owner: "bea", actor: "match/1", cause: 1) {
            $0.setting = "x"
        }
        #expect(
            try book.rows("SELECT * FROM seen") == [
                ["2", "home", "1", "setting.changed", "ada", "1767600000002", "2026-01-05", "–", "test"],
                ["3", "home", "2", "setting.changed", "bea", "1767600000003", "2026-01-05", "1", "match/1"],
            ])
    }

    /// Days are counted in UTC, also before 1970 and on leap days.
    static let days: [(instant: Int64, day: String)] = [
        (0, "1970-01-01"), (-1, "1969-12-31"), (86_399_999, "1970-01-01"), (86_400_000, "1970-01-02"),
        (951_782_400_000, "2000-02-29"), (951_868_800_000, "2000-03-01"), (4_107_542_400_000, "2100-03-01"),
        (4_107_542_399_999, "2100-02-28"), (1_795_255_590_000, "2026-11-21"), (-62_135_596_800_000, "0001-01-01"),
    ]

    @Test(arguments: days.map(\.instant)) func `a day has its name in UTC`(_ instant: Int64) throws {
        var names = DayNames()
        #expect(names.name(of: instant) == Self.days.first { $0.instant == instant }?.day)
        #expect(names.name(of: 0) == "1970-01-01")
        #expect(names.name(of: instant) == Self.days.first { $0.instant == instant }?.day)
    }

    @Test func `truths are 1 and 0, and what is absent is NULL`() throws {
        let book = try book(
            """
            -- on connection.changed
            INSERT INTO seen (position, a, b, c, d)
            VALUES (:position, :is_sync_enabled, :is_auto_log_enabled, :is_known_people_only, :sync_to_days);
            """)
        try book.write(ConnectionChanged()) {
            $0.isSyncEnabled = true
            $0.isAutoLogEnabled = false
            $0.syncToDays = -9_007_199_254_740_993
        }
        #expect(try book.rows("SELECT a, b, c, d FROM seen") == [["1", "0", "–", "-9007199254740993"]])
    }

    @Test func `a text comes as it was written, whatever is in it`() throws {
        let texts = [
            "plain", "", "a \"quoted\" \\ one", "two\nlines\ttab", "\u{0}\u{1}\u{1f}", "Zoë 日本 👩‍👩‍👧 \u{202e}",
            "'; DROP TABLE seen; --",
            ":value", "null", "\u{2028}",
        ]
        let book = try book("-- on user.changed\nINSERT INTO seen (position, a) VALUES (:position, :name);")
        for text in texts { try book.write(UserChanged()) { $0.name = text } }
        #expect(try book.rows("SELECT a FROM seen ORDER BY position").map { $0[0] } == texts)
    }

    @Test func `escapes of another program are resolved`() throws {
        let book = try book("-- on user.changed\nINSERT INTO seen (position, a) VALUES (:position, :name);")
        try book.write(UserAdded())
        try book.writer.writeRaw(
            type: "user.changed", data: #"{"user":"u"}"#,
            personal: #"{"name":"\u00e9\ud83d\ude00\/\b\f\r\u0022"}"#)
        try book.follow()
        #expect(try book.row("SELECT a FROM seen") == ["é😀/\u{8}\u{c}\r\""])
    }

    @Test func `a list and an object come as their JSON`() throws {
        let book = try book("-- on meeting.seen\nINSERT INTO seen (position, a) VALUES (:position, :attendees);")
        try book.write(MeetingSeen()) { seen in
            var attendee = Attendee()
            attendee.address = "a1"
            seen.details.attendees = [attendee]
        }
        try book.write(MeetingSeen())
        #expect(try book.rows("SELECT a FROM seen") == [[#"[{"address":"a1"}]"#], ["–"]])
    }

    @Test func `for each runs once for an element, with its number and its fields`() throws {
        let book = try book(
            """
            -- on meeting.seen for each attendee
            INSERT INTO seen (position, a, b, c, d, e)
            VALUES (:position * 10 + :attendee_number, :attendee_number, :attendee_address, :attendee_is_self,
                :attendee_response, :meeting);
            """)
        try book.write(MeetingSeen()) { seen in
            seen.meeting = "m"
            seen.details.attendees = ["a1", "a2", "a3"].map { name in
                var attendee = Attendee()
                attendee.address = name
                if name == "a1" { attendee.response = .declined }
                if name != "a3" { attendee.isSelf = name == "a1" }
                return attendee
            }
        }
        try book.write(MeetingSeen())
        #expect(
            try book.rows("SELECT a, b, c, d, e FROM seen ORDER BY position") == [
                ["0", "a1", "1", "declined", "m"], ["1", "a2", "0", "–", "m"], ["2", "a3", "–", "–", "m"],
            ])
    }

    @Test func `for each hands over a plain element as it is`() throws {
        let book = try book(
            """
            -- on person.added for each address
            INSERT INTO seen (position, a, b) VALUES (:position * 10 + :address_number, :address, :person);

            -- on personal.erased for each position
            SELECT 1;

            -- on person.added for each other_name
            INSERT INTO seen (position, a) VALUES (1000 + :other_name_number, :other_name);
            """)
        try book.write(PersonAdded()) { added in
            added.person = "p"
            added.details.addresses = ["a1", "a2"]
            added.details.otherNames = ["\"Zoë\"", ""]
        }
        #expect(
            try book.rows("SELECT a, b FROM seen ORDER BY position") == [
                ["a1", "p"], ["a2", "p"], ["\"Zoë\"", "–"], ["", "–"],
            ])
    }

    @Test func `every entry runs for all types, in the order of the parts`() throws {
        let book = try book(
            """
            -- on every entry
            INSERT INTO seen (position, a) VALUES (:position, :type);

            -- on user.added
            UPDATE seen SET b = :role WHERE position = :position;
            """)
        try book.write(UserAdded())
        try book.write(SettingChanged())
        try book.write(FeedClosed())
        #expect(
            try book.rows("SELECT position, a, b FROM seen") == [
                ["1", "user.added", "member"], ["2", "setting.changed", "–"], ["3", "feed.closed", "–"],
            ])
    }

    @Test func `what is personal is NULL once it is erased, and data stays`() throws {
        let projections = try [Projection].given(
            Self.seen + "-- on user.added\nINSERT INTO seen (position, a, b) VALUES (:position, :name, :user);")
        let book = try Book(projections)
        try book.write(UserAdded()) {
            $0.user = "u"
            $0.name = "Ada"
        }
        #expect(try book.rows("SELECT a, b FROM seen") == [["Ada", "u"]])
        _ = try book.writer.erase([1], reason: .request, note: nil, owner: "ada", actor: "test")
        let anew = try ViewsFile.create(path: ":memory:", as: .memory, projections, readFrom: 2)
        _ = try Follower(anew, projections).follow(book.writer.reader, to: 2)
        #expect(try anew.connection.texts("SELECT a, b FROM seen") == [["–", "u"]])
    }

    @Test func `a follower that meets an erasure posts nothing of it, and says where`() throws {
        let book = try Book(
            [Projection].given(Self.seen + "-- on every entry\nINSERT INTO seen (position) VALUES (:position);"))
        try book.write(UserAdded()) { $0.name = "Ada" }
        let follower = Follower(book.file, book.projections)
        try book.writer.append(Draft(SettingChanged(), stream: "home", owner: "ada", actor: "test"))
        _ = try book.writer.erase([1], reason: .request, note: nil, owner: "ada", actor: "test")
        #expect(try follower.follow(book.writer.reader, to: 3) == .metErasure(3))
        #expect(try book.rows("SELECT position FROM seen") == [["1"]])
        #expect(try book.file.mark()?.position == 1)
    }

    // MARK: Stopping

    struct Broken: CustomTestStringConvertible, Sendable {
        let what: String
        let type: String
        let data: String
        var personal: String?
        let says: String
        var testDescription: String { what }
    }

    static let broken: [Broken] = [
        Broken(
            what: "an unknown type", type: "user.teleported", data: "{}",
            says: "there is no type of entry “user.teleported”"),
        Broken(what: "a missing field", type: "user.added", data: #"{"role":"member"}"#, says: "user is missing"),
        Broken(
            what: "a required field that is null", type: "user.added", data: #"{"user":null,"role":"member"}"#,
            says: "user is missing"),
        Broken(
            what: "a text for a number", type: "retention.applied", data: #"{"before":"5","subject":"jobs"}"#,
            says: "before should be a whole number"),
        Broken(
            what: "a number for a text", type: "user.added", data: #"{"user":5,"role":"member"}"#,
            says: "user should be a text"),
        Broken(
            what: "a fraction", type: "retention.applied", data: #"{"before":5.5,"subject":"jobs"}"#,
            says: "before should be a whole number"),
        Broken(
            what: "a wrong kind in personal", type: "user.added", data: #"{"user":"u","role":"member"}"#,
            personal: #"{"name":["Ada"]}"#, says: "name should be a text"),
        Broken(
            what: "an element of another kind", type: "person.changed", data: #"{"person":"p","addresses":["a",5]}"#,
            says: "element 1 should be a text"),
        Broken(
            what: "an element without its field", type: "meeting.changed",
            data: #"{"meeting":"m","connection":"c","calendar":"k","attendees":[{"address":"a"},{"is_self":true}]}"#,
            says: "address is missing"),
        Broken(
            what: "an element that is no object", type: "meeting.changed",
            data: #"{"meeting":"m","connection":"c","calendar":"k","attendees":[{"address":"a"},7]}"#,
            says: "element 1 should be an object"),
        Broken(what: "no JSON", type: "user.added", data: "{", says: ""),
        Broken(what: "no object", type: "user.added", data: "[]", says: ""),
        Broken(
            what: "a list that is none", type: "person.changed", data: #"{"person":"p","addresses":"a"}"#,
            says: "addresses should be a list of texts"),
    ]

    @Test(arguments: broken)
    func `what cannot be read stops posting at its position, and nothing after it is posted`(_ broken: Broken) throws {
        let book = try Book()
        try book.write(UserAdded()) { $0.user = "first" }
        try book.writer.writeRaw(type: broken.type, data: broken.data, personal: broken.personal)
        try book.writer.writeRaw(type: "user.added", data: #"{"user":"later","role":"member"}"#)
        for _ in 1...2 {
            let error = try #require(throws: PostingError.self) { try book.follow() }
            #expect(error.position == 2)
            #expect(error.type == broken.type)
            #expect(error.problem.contains(broken.says), "\(error)")
            #expect("\(error)".hasPrefix("stopped at entry 2 (\(broken.type)): \(broken.says)"), "\(error)")
            #expect(try book.file.mark()?.position == 1)
            #expect(try book.rows("SELECT account FROM account") == [["first"]])
        }
    }

    @Test func `a row that a table refuses stops posting at its position`() throws {
        let book = try book("-- on user.added\nINSERT INTO seen (position, a) VALUES (1, :user);")
        try book.write(UserAdded())
        let error = try #require(throws: PostingError.self) { try book.write(UserAdded()) { $0.name = "Ada Brandt" } }
        #expect(error.position == 2)
        #expect(!"\(error)".contains("Ada"))
    }

    @Test func `a gap stops posting, also where the type is read by nobody`() throws {
        let book = try book("-- on user.added\nINSERT INTO seen (position) VALUES (:position);")
        try book.write(UserAdded())
        try book.writer.writeRaw(type: "feed.closed", data: #"{"feed":"f"}"#, leavingOut: 1)
        let error = try #require(throws: PostingError.self) { try book.follow() }
        #expect(error.position == 2)
        #expect(error.problem.contains("missing"))
        #expect(error.problem.contains("3"))
        #expect(try book.file.mark()?.position == 1)
    }

    @Test func `the end that should be there and is not stops posting`() throws {
        let book = try book("-- on user.added\nINSERT INTO seen (position) VALUES (:position);")
        try book.write(UserAdded())
        let follower = Follower(book.file, book.projections)
        let error = try #require(throws: PostingError.self) { try follower.follow(book.writer.reader, to: 4) }
        #expect(error.position == 2)
    }

    @Test func `who follows can be stopped between two transactions, and goes on later`() throws {
        struct Enough: Error {}
        let book = try book("-- on every entry\nINSERT INTO seen (position) VALUES (:position);")
        try book.writer.append(
            (0..<30_000).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: "ada", actor: "test") })
        let follower = Follower(book.file, book.projections)
        #expect(throws: Enough.self) {
            _ = try follower.follow(book.writer.reader, to: 30_000) { _ in throw Enough() }
        }
        let reached = try #require(try book.file.mark()).position
        #expect(reached > 0 && reached < 30_000)
        #expect(try book.row("SELECT count(*) FROM seen") == [String(reached)])
        #expect(try Follower(book.file, book.projections).follow(book.writer.reader, to: 30_000) == .caughtUp(30_000))
        #expect(try book.row("SELECT count(*), max(position) FROM seen") == ["30000", "30000"])
    }

    // MARK: Older forms

    /// Types that there never were, and how they would be brought up to date.
    private static let invented = Upcasting([
        "user.came": .init(to: "user.arrived"),
        "user.arrived": .init(to: "user.added") { content in
            let text = String(decoding: content.data, as: UTF8.self)
            return Content(
                data: Array(text.split(separator: "\"who\"").joined(separator: "\"user\"").utf8),
                personal: content.personal)
        },
    ])

    @Test(arguments: ["user.came", "user.arrived"])
    func `an entry of an older form is posted in its newest one`(_ type: String) throws {
        let book = try book(
            "-- on user.added\nINSERT INTO seen (position, a, b, c) VALUES (:position, :user, :name, :type);")
        try book.write(SettingChanged())
        try book.writer.writeRaw(type: type, data: #"{"who":"u","role":"admin"}"#, personal: #"{"name":"Ada"}"#)
        let poster = Poster(book.projections, into: book.file, Self.invented)
        try book.writer.reader.scan(Query()) { entry in
            try poster.post(entry)
            return true
        }
        #expect(try book.rows("SELECT a, b FROM seen") == [["u", "Ada"]])
    }

    @Test func `what upcasting does not know is refused as ever`() throws {
        let book = try book("-- on user.added\nINSERT INTO seen (position) VALUES (:position);")
        try book.write(SettingChanged())
        try book.writer.writeRaw(type: "user.came", data: #"{"who":"u"}"#)
        #expect(throws: PostingError.self) { try book.follow() }
    }
}
