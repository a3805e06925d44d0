import Entries
import Machine
import Testing

@testable import Application

/// The people whom a user knows: taken over from address books, added, merged and removed.
@Suite struct PeopleTests {
    private typealias Event = DecidingHome.Event
    private typealias Person = DecidingHome.Person

    private static let meeting = Event(
        uid: "a", title: "Planning", day: "20251210T0900", people: [DecidingHome.jane, DecidingHome.bob])

    private func names(_ it: DecidingHome, _ text: String? = nil, user: String? = nil) throws -> [String] {
        try it.home.ask(PeopleRequest(user: user, text: text)).people.compactMap(\.name)
    }

    // MARK: Import

    @Test func `C08 L35 an import matches and logs at once, and said again doubles nobody`() throws {
        let it = try DecidingHome([Self.meeting])
        #expect(try it.activities() == [])
        let first = try it.importPeople([DecidingHome.jane, DecidingHome.bob])
        #expect([first.created, first.changed, first.unchanged] == [2, 0, 0])
        #expect(!first.wasConnected)
        #expect(try it.activities() == ["Planning: Bob Stone", "Planning: Jane Doe"])
        let second = try it.importPeople([DecidingHome.jane, DecidingHome.bob])
        #expect([second.created, second.changed, second.unchanged] == [0, 0, 2])
        #expect(second.wasConnected)
        #expect(try names(it) == ["Bob Stone", "Jane Doe"])
        #expect(try it.entries(of: "connection.added") == 2)
    }

    @Test func `B05 who is missing in an address book is gone at the second absence`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane, DecidingHome.bob])
        let once = try it.importPeople([DecidingHome.jane])
        #expect([once.absent, once.gone] == [1, 0])
        #expect(try names(it) == ["Bob Stone", "Jane Doe"])
        let twice = try it.importPeople([DecidingHome.jane])
        #expect([twice.absent, twice.gone] == [0, 1])
        #expect(try names(it) == ["Jane Doe"])
    }

    @Test func `L03 an address book that suddenly holds far too few is not believed at once`() throws {
        let many = (1...12).map { Person(name: "Person \($0)", emails: ["p\($0)@many.example"]) }
        let it = try DecidingHome(people: many)
        let answer = try it.importPeople(Array(many.prefix(2)))
        #expect(answer.outcome == "suspected")
        #expect([answer.known, answer.found] == [12, 2])
        #expect(try names(it).count == 12)
    }

    @Test func `C08 groups are counted, and are nobody`() throws {
        let it = try DecidingHome()
        let group = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:g\r\nFN:Team\r\nKIND:group\r\nEND:VCARD\r\n"
        try it.writeBook([DecidingHome.jane], extra: group)
        let answer = try it.home.ask(ImportPeopleRequest(user: nil, path: it.home.path("people.vcf")))
        #expect(answer.groups == 1)
        #expect(try names(it) == ["Jane Doe"])
    }

    @Test func `C08 what is no address book is refused, and nothing is stored`() throws {
        let it = try DecidingHome()
        try write("a page of text\nwith two lines\n", to: it.home.path("letter.txt"))
        try it.writeCalendar([Self.meeting])
        let before = try it.entryCount()
        for name in ["letter.txt", "work.ics", "missing.vcf"] {
            let refusal = try #require(
                it.home.refusal(ImportPeopleRequest(user: nil, path: it.home.path(name))), "\(name)")
            #expect(refusal.hint?.contains(".vcf") == true)
        }
        #expect(try it.entryCount() == before)
    }

    @Test func `C08 a dry run of an import writes nothing`() throws {
        let it = try DecidingHome()
        try it.writeBook([DecidingHome.jane])
        let before = try it.entryCount()
        var request = ImportPeopleRequest(user: nil, path: it.home.path("people.vcf"))
        request.isDryRun = true
        #expect(try it.home.ask(request).created == 1)
        #expect(try it.entryCount() == before)
    }

    // MARK: Adding

    @Test func `C11 L28 a person added from an attendee has a guessed name, and is logged at once`() throws {
        let unnamed = Person(name: "", emails: ["grace.hopper@navy.example"])
        let it = try DecidingHome([Event(uid: "a", title: "Ships", day: "20251210T0900", people: [unnamed])])
        var request = AddPersonRequest(user: nil)
        request.attendee = "grace.hopper@navy.example"
        let added = try it.home.ask(request)
        #expect(added.person.name == "Grace Hopper")
        #expect(added.isNameGuessed)
        #expect(added.person.source == "attendee")
        #expect(try it.activities() == ["Ships: Grace Hopper"])
    }

    @Test func `C11 an attendee's address is added to somebody who is known`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane])
        var request = AddPersonRequest(user: nil)
        request.attendee = "bob@stone.example"
        request.known = "Jane"
        let added = try it.home.ask(request)
        #expect(added.wasKnown)
        #expect(added.person.emails == ["jane@doe.example", "bob@stone.example"])
        // L27: two addresses of one person in one meeting are one activity.
        #expect(try it.activities() == ["Planning: Jane Doe"])
    }

    @Test func `C11 an address that somebody has is refused, with the name of who has it`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane])
        var request = AddPersonRequest(user: nil)
        request.newName = "Another"
        request.emails = ["JANE@doe.example"]
        let refusal = try #require(it.home.refusal(request))
        #expect(refusal.kind == .conflict)
        #expect(refusal.message.contains("Jane Doe"))
        #expect(try names(it) == ["Jane Doe"])
    }

    @Test func `C11 adding somebody is a newer word than a rejection`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane])
        _ = try it.home.ask(UnmatchRequest(user: nil, address: "bob@stone.example", person: "Jane"))
        var request = AddPersonRequest(user: nil)
        (request.attendee, request.known) = ("bob@stone.example", "Jane")
        _ = try it.home.ask(request)
        let matched = try it.home.ask(UnmatchRequest(user: nil, address: "bob@stone.example", person: nil))
        #expect(matched.before == "Jane Doe")
    }

    // MARK: Merging and removing

    @Test func `C08 a merge leaves one activity for one meeting, with the one who is kept`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane, DecidingHome.bob])
        #expect(try it.activities().count == 2)
        let merged = try it.home.ask(MergePeopleRequest(user: nil, person: "Bob", into: "Jane"))
        #expect(merged.survivor.emails == ["jane@doe.example", "bob@stone.example"])
        #expect(try it.activities() == ["Planning: Jane Doe", "Planning: Jane Doe (merged)"])
        // The address book still holds both, and does not bring the first back.
        try it.sync(isFull: true)
        #expect(try names(it) == ["Jane Doe"])
        #expect(try it.activities() == ["Planning: Jane Doe", "Planning: Jane Doe (merged)"])
    }

    @Test func `C08 a merge moves what was logged with the first only`() throws {
        let alone = Event(uid: "b", title: "Alone", day: "20251211T0900", people: [DecidingHome.bob])
        let it = try DecidingHome([alone], people: [DecidingHome.jane, DecidingHome.bob])
        _ = try it.home.ask(MergePeopleRequest(user: nil, person: "Bob", into: "Jane"))
        #expect(try it.activities() == ["Alone: Jane Doe"])
        #expect(it.home.refusal(MergePeopleRequest(user: nil, person: "Jane", into: "Jane"))?.kind == .badRequest)
    }

    @Test func `C08 who is removed is matched no more, and the activities are retracted`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane])
        let removed = try it.home.ask(RemovePersonRequest(user: nil, person: "Jane"))
        #expect(removed.followed.retracted == 1)
        #expect(try it.activities() == ["Planning: nobody (person_removed)"])
    }

    // MARK: Looking and export

    @Test func `L34 people are found by name, organization and address, and by nothing else`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane, DecidingHome.bob])
        #expect(try names(it, "doe") == ["Jane Doe"])
        #expect(try names(it, "STONE.example") == ["Bob Stone"])
        #expect(try names(it, "nobody") == [])
        let limited = try it.home.ask(PeopleRequest(user: nil, limit: 1))
        #expect(limited.people.count == 1)
        #expect(limited.total == 2)
    }

    @Test func `T23 an export guards what a spreadsheet would calculate, unless it is raw`() throws {
        let it = try DecidingHome()
        var request = AddPersonRequest(user: nil)
        (request.newName, request.emails) = ("=1+1", ["sum@bad.example"])
        _ = try it.home.ask(request)
        var export = ExportPeopleRequest(user: nil, format: .csv)
        #expect(try it.home.ask(export).text.contains("\"'=1+1\""))
        export.isRaw = true
        #expect(try it.home.ask(export).text.contains("\"=1+1\""))
        #expect(try it.home.ask(ExportPeopleRequest(user: nil, format: .vcard)).text.contains("FN:=1+1"))
    }

    @Test func `C08 who was removed by hand does not come back with the address book`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane, DecidingHome.bob])
        _ = try it.home.ask(RemovePersonRequest(user: nil, person: "Jane Doe"))
        try it.importPeople([DecidingHome.jane, DecidingHome.bob])
        var jane = DecidingHome.jane
        jane.emails.append("jane@home.example")
        try it.importPeople([jane, DecidingHome.bob])
        #expect(try it.home.ask(PeopleRequest(user: nil)).people.map(\.name) == ["Bob Stone"])
    }
}
