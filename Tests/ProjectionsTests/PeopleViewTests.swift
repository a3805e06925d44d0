import Entries
import Testing

@testable import Projections

/// Whom the users know, which addresses are whose, and what they did together.
@Suite struct PeopleViewTests {
    private func add(_ book: Book, _ person: String, _ addresses: String...) throws {
        try book.write(PersonAdded()) {
            ($0.person, $0.details.name, $0.details.addresses) = (person, "Name of \(person)", addresses)
        }
    }

    private func see(_ book: Book, _ address: String = "a") throws {
        try book.write(AddressSeen()) { ($0.address, $0.email) = (address, address + "@example.org") }
    }

    private func answer(_ book: Book, _ address: String = "a") throws -> [String] {
        try book.row(
            "SELECT answer, person, rule, confidence, reason, is_by_hand FROM address WHERE address = '\(address)'")
    }

    private func due(_ book: Book) throws -> [String] {
        try book.rows("SELECT address FROM address WHERE answered IS NULL OR answered < seen ORDER BY address").map {
            $0[0]
        }
    }

    // MARK: Persons

    @Test func `a person is added, changed and cleared`() throws {
        let book = try Book()
        try add(book, "p", "a1", "a2")
        try book.write(PersonChanged()) {
            ($0.person, $0.details.organization, $0.details.phones) = ("p", "Northwind", ["1", "2"])
        }
        let sql = "SELECT name, organization, phones FROM person"
        #expect(try book.row(sql) == ["Name of p", "Northwind", #"["1","2"]"#])
        try book.write(PersonChanged()) { ($0.person, $0.cleared) = ("p", ["organization", "phones"]) }
        #expect(try book.row(sql) == ["Name of p", "–", "–"])
        #expect(try book.rows("SELECT address FROM person_address ORDER BY number") == [["a1"], ["a2"]])
        try book.write(PersonChanged()) { ($0.person, $0.details.addresses) = ("p", ["a3", "a1"]) }
        #expect(try book.rows("SELECT address FROM person_address ORDER BY number") == [["a3"], ["a1"]])
        try book.write(PersonChanged()) { ($0.person, $0.cleared) = ("p", ["addresses"]) }
        #expect(try book.rows("SELECT address FROM person_address") == [])
    }

    @Test func `two persons who are one leave one, and the old id leads to it`() throws {
        let book = try Book()
        try add(book, "p", "a1", "a2")
        try add(book, "q", "a2", "a3")
        try book.write(PersonMerged()) { ($0.person, $0.survivor) = ("p", "q") }
        #expect(try book.rows("SELECT person, merged_into FROM person ORDER BY person") == [["p", "q"], ["q", "–"]])
        #expect(
            try book.rows("SELECT person, address FROM person_address ORDER BY number") == [
                ["q", "a2"], ["q", "a3"], ["q", "a1"],
            ])
    }

    @Test func `a person who is removed is gone, and may come back`() throws {
        let book = try Book()
        try add(book, "p", "a1")
        try book.write(PersonRemoved()) { $0.person = "p" }
        #expect(try book.rows("SELECT * FROM person") == [])
        #expect(try book.rows("SELECT * FROM person_address") == [])
        try add(book, "p", "a2")
        #expect(try book.rows("SELECT person, address FROM person_address") == [["p", "a2"]])
    }

    // MARK: Addresses

    @Test func `an address is due until it is answered, and again when it comes up anew`() throws {
        let book = try Book()
        try see(book)
        try see(book, "b")
        #expect(try due(book) == ["a", "b"])
        try book.write(AddressMatched()) { ($0.address, $0.person, $0.confidence) = ("a", "p", 100) }
        try book.write(AddressUnmatched()) { $0.address = "b" }
        #expect(try due(book) == [])
        #expect(try answer(book) == ["matched", "p", "email_exact", "100", "–", "0"])
        #expect(try answer(book, "b") == ["unmatched", "–", "–", "–", "nobody_known", "0"])
        try see(book, "b")
        #expect(try due(book) == ["b"])
    }

    @Test func `L24 an address that comes up without a name keeps the one it had`() throws {
        let book = try Book()
        try book.write(AddressSeen()) { ($0.address, $0.email, $0.name) = ("a", "a@example.org", "Ada") }
        try book.write(AddressSeen()) { $0.address = "a" }
        #expect(
            try book.rows("SELECT email, name, first_position, seen FROM address") == [
                ["a@example.org", "Ada", "1", "2"]
            ])
    }

    private func suggest(_ book: Book, _ person: String) throws {
        try book.write(AddressSuggested()) { ($0.address, $0.person, $0.confidence) = ("a", person, 80) }
    }

    @Test func `a suggestion waits, a newer one takes its place, and is confirmed`() throws {
        let book = try Book()
        try see(book)
        try suggest(book, "p")
        try suggest(book, "q")
        #expect(try answer(book) == ["suggested", "–", "–", "–", "–", "0"])
        #expect(try book.rows("SELECT person FROM address_suggestion ORDER BY person") == [["q"]])
        try book.write(AddressConfirmed()) {
            ($0.address, $0.person, $0.rule, $0.confidence) = ("a", "q", .nameExact, 80)
        }
        #expect(try answer(book) == ["matched", "q", "name_exact", "80", "–", "1"])
        #expect(try book.rows("SELECT * FROM address_suggestion") == [])
    }

    @Test func `L33 a suggestion that is rejected is remembered, and the other one waits on`() throws {
        let book = try Book()
        try see(book)
        try suggest(book, "p")
        try suggest(book, "q")
        try book.write(AddressRejected()) { ($0.address, $0.person) = ("a", "p") }
        #expect(try book.rows("SELECT person FROM address_rejection") == [["p"]])
        #expect(try book.rows("SELECT person FROM address_suggestion") == [["q"]])
        #expect(try answer(book)[0] == "suggested")
        try book.write(AddressRejected()) { ($0.address, $0.person) = ("a", "q") }
        #expect(try answer(book) == ["unmatched", "–", "–", "–", "by_hand", "0"])
        #expect(try book.rows("SELECT person FROM address_rejection ORDER BY person") == [["p"], ["q"]])
    }

    @Test func `L28 a match that is rejected does not hold any more`() throws {
        let book = try Book()
        try see(book)
        try book.write(AddressMatched()) { ($0.address, $0.person, $0.confidence) = ("a", "p", 100) }
        try book.write(AddressRejected()) { ($0.address, $0.person) = ("a", "q") }
        #expect(try answer(book)[0...1] == ["matched", "p"], "of another person")
        try book.write(AddressRejected()) { ($0.address, $0.person) = ("a", "p") }
        #expect(try answer(book) == ["unmatched", "–", "–", "–", "by_hand", "0"])
        try book.write(AddressMatched()) { ($0.address, $0.person, $0.rule, $0.confidence) = ("a", "p", .manual, 100) }
        #expect(try answer(book) == ["matched", "p", "manual", "100", "–", "1"])
        #expect(try book.rows("SELECT person FROM address_rejection") == [["q"]])
    }

    @Test func `L29 an address that is one's own or excluded is looked at again`() throws {
        let book = try Book()
        try see(book)
        try book.write(AddressUnmatched()) { $0.address = "a" }
        try book.write(AddressClaimed()) { ($0.address, $0.user) = ("a", "u") }
        #expect(try due(book) == ["a"])
        #expect(try book.row("SELECT claimed_by, exclusion FROM address") == ["u", "–"])
        try book.write(AddressDisclaimed()) { ($0.address, $0.user) = ("a", "u") }
        try book.write(AddressExcluded()) { ($0.address, $0.reason) = ("a", .role) }
        #expect(try book.row("SELECT claimed_by, exclusion FROM address") == ["–", "role"])
        try book.write(AddressIncluded()) { $0.address = "a" }
        #expect(try book.row("SELECT claimed_by, exclusion FROM address") == ["–", "–"])
    }

    @Test func `a merge takes matches, suggestions and rejections along`() throws {
        let book = try Book()
        for address in ["a", "b"] { try see(book, address) }
        try book.write(AddressMatched()) { ($0.address, $0.person, $0.confidence) = ("b", "p", 100) }
        try suggest(book, "p")
        try suggest(book, "q")
        try book.write(AddressRejected()) { ($0.address, $0.person) = ("b", "r") }
        try book.write(PersonMerged()) { ($0.person, $0.survivor) = ("p", "q") }
        try book.write(PersonMerged()) { ($0.person, $0.survivor) = ("r", "q") }
        #expect(try answer(book, "b")[1] == "q")
        #expect(try book.rows("SELECT address, person FROM address_suggestion") == [["a", "q"]])
        #expect(try book.rows("SELECT address, person FROM address_rejection") == [["b", "q"]])
    }

    // MARK: Activities

    private func log(_ book: Book, _ activity: String = "x", person: String = "p", cause: Int64? = nil) throws {
        try book.write(ActivityLogged(), cause: cause) {
            ($0.activity, $0.meeting, $0.person, $0.rule, $0.confidence) = (activity, "m", person, .emailExact, 100)
            ($0.details.occurred, $0.details.durationMinutes, $0.details.title) = (500, 30, "Tea")
            $0.details.participants = ["q", "r", "q"]
        }
    }

    @Test func `L29 an activity carries its meeting, when it happened and when it was logged`() throws {
        let book = try Book()
        try see(book)
        try log(book, cause: 1)
        #expect(
            try book.row(
                "SELECT owner, meeting, person, rule, confidence, kind, occurred, logged, title, retracted FROM activity"
            )
                == ["ada", "m", "p", "email_exact", "100", "meeting", "500", String(try book.at(2)), "Tea", "–"])
        #expect(try book.rows("SELECT type, cause, actor FROM activity_history") == [["activity.logged", "1", "test"]])
    }

    @Test func `L27 a participant who is named twice is one`() throws {
        let book = try Book()
        try log(book)
        #expect(try book.rows("SELECT person FROM activity_participant ORDER BY number") == [["q"], ["r"]])
    }

    @Test func `an activity is amended, edited, retracted and restored, and its history tells all of it`() throws {
        let book = try Book()
        try log(book)
        try book.write(ActivityAmended()) {
            ($0.activity, $0.details.occurred, $0.details.participants) = ("x", 600, ["s"])
        }
        #expect(try book.row("SELECT occurred, title FROM activity") == ["600", "Tea"])
        #expect(try book.rows("SELECT person FROM activity_participant") == [["s"]])
        try book.write(ActivityEdited()) {
            ($0.activity, $0.editedFields, $0.details.title, $0.cleared) = (
                "x", ["title", "duration_minutes"], "Long tea", ["duration_minutes"]
            )
        }
        #expect(try book.row("SELECT title, duration_minutes FROM activity") == ["Long tea", "–"])
        #expect(try book.rows("SELECT field FROM activity_edit ORDER BY field") == [["duration_minutes"], ["title"]])
        let retracted = try book.write(ActivityRetracted()) { ($0.activity, $0.reason) = ("x", .cancelled) }
        #expect(
            try book.row("SELECT retracted, retraction_reason, title FROM activity") == [
                String(try book.at(retracted)), "cancelled", "Long tea",
            ])
        try book.write(ActivityRestored()) { $0.activity = "x" }
        #expect(try book.row("SELECT retracted, retraction_reason FROM activity") == ["–", "–"])
        #expect(
            try book.rows("SELECT type, reason FROM activity_history ORDER BY position") == [
                ["activity.logged", "–"], ["activity.amended", "–"], ["activity.edited", "–"],
                ["activity.retracted", "cancelled"],
                ["activity.restored", "–"],
            ])
    }

    @Test func `L30 an activity survives its calendar, its connection and its meeting`() throws {
        let book = try Book()
        try book.write(MeetingSeen()) { ($0.meeting, $0.connection, $0.calendar, $0.providerID) = ("m", "c", "k", "i") }
        try log(book)
        try book.write(CalendarDropped()) { ($0.connection, $0.calendar) = ("c", "k") }
        try book.write(ConnectionRemoved()) { $0.connection = "c" }
        try book.write(RetentionApplied()) { $0.before = 99_999 }
        #expect(try book.rows("SELECT activity, meeting, person FROM activity") == [["x", "m", "p"]])
    }

    @Test func `a merge takes activities and participants along, once each`() throws {
        let book = try Book()
        try log(book)
        try book.write(PersonMerged()) { ($0.person, $0.survivor) = ("p", "s") }
        try book.write(PersonMerged()) { ($0.person, $0.survivor) = ("q", "r") }
        #expect(try book.row("SELECT person FROM activity") == ["s"])
        #expect(try book.rows("SELECT person FROM activity_participant") == [["r"]])
    }

    @Test func `notes stand where they were written`() throws {
        let book = try Book()
        try log(book)
        try add(book, "p")
        try book.write(NoteWritten()) { ($0.activity, $0.note) = ("x", "Asked for the offer.") }
        try book.write(NoteWritten()) { ($0.person, $0.note) = ("p", "Likes tea.") }
        #expect(try book.row("SELECT note FROM activity") == ["Asked for the offer."])
        #expect(try book.row("SELECT note FROM person") == ["Likes tea."])
        try book.write(NoteRemoved()) { $0.activity = "x" }
        #expect(try book.row("SELECT note FROM activity") == ["–"])
    }

    // MARK: Users and the index

    @Test func `a user is added, changed, cleared and removed`() throws {
        let book = try Book()
        try book.write(UserAdded()) { ($0.user, $0.name, $0.email) = ("u", "Ada", "ada@example.org") }
        try book.write(UserChanged()) { ($0.user, $0.role, $0.cleared) = ("u", .admin, ["email"]) }
        #expect(try book.row("SELECT role, name, email, is_removed FROM account") == ["admin", "Ada", "–", "0"])
        try book.write(UserRemoved()) { $0.user = "u" }
        #expect(try book.row("SELECT is_removed FROM account") == ["1"])
    }

    @Test func `the index knows types, effects and days`() throws {
        let book = try Book(step: 40_000_000)
        try book.write(UserAdded())
        try book.write(SettingChanged(), cause: 1)
        try book.write(SettingChanged(), cause: 1)
        #expect(try book.rows("SELECT position FROM entry_index WHERE type = 'setting.changed'") == [["2"], ["3"]])
        #expect(try book.rows("SELECT cause, position FROM entry_effect") == [["1", "2"], ["1", "3"]])
        #expect(
            try book.rows("SELECT day, entries, first_position, last_position FROM entry_day") == [
                ["2026-01-05", "1", "1", "1"], ["2026-01-06", "2", "2", "3"],
            ])
    }
}
