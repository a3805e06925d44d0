import Entries
import ICalendar
import Testing

@testable import Providers

/// Reading the contacts of the emulator.
@Suite(.serialized) final class GooglePeopleTests {
    private let google: GoogleEmulator

    init() throws { google = try GoogleEmulator() }

    private func put(_ id: String, _ person: [String: Any]) throws { try google.control("PUT", "people/\(id)", person) }

    private func whole() throws -> FoundPeople { try #require(try google.people().people(since: nil)) }

    private func changes(since found: FoundPeople) throws -> FoundPeople {
        let changes = try #require(try google.people().people(since: found.cursor))
        #expect(changes.scope == .changes)
        return changes
    }

    @Test func `people of all pages, also behind an empty one`() throws {
        for number in 1...5 { try put("c\(number)", ["name": "Anna \(number)", "email": "anna\(number)@example.org"]) }
        try google.control("PUT", "paging", ["largest": 2, "emptyPages": 1])
        let found = try whole()
        #expect(found.contacts.compactMap(\.uid).sorted() == (1...5).map { "people/c\($0)" })
        #expect(found.isComplete && found.scope == .whole && found.reason == nil)
        #expect(found.pages == 4)
        #expect(try google.people().people(since: found.cursor) == nil)
        let requests = try google.requests("people.connections.list")
        #expect(requests.allSatisfy { $0["pageSize"] == "1000" && $0["requestSyncToken"] == "true" })
        #expect(Set(requests.map { $0["personFields"] }).count == 1)
    }

    @Test func `what a contact holds, the first of each kind first`() throws {
        try put(
            "c1",
            [
                "names": [
                    ["displayName": "Annie", "metadata": ["primary": false]],
                    [
                        "displayName": "Dr. Anna Maria Berg", "givenName": "Anna", "familyName": "Berg",
                        "middleName": "Maria", "metadata": ["primary": true],
                    ],
                ],
                "nicknames": [["value": "Anni"]],
                "emailAddresses": [
                    ["value": "Anna@Home.example", "type": "home", "metadata": ["primary": false]],
                    ["value": " ANNA@work.example ", "formattedType": "Work", "metadata": ["primary": true]],
                    ["value": "no address", "metadata": ["primary": false]],
                ],
                "phoneNumbers": [["value": "+49 30 1", "type": "mobile"]],
                "organizations": [
                    ["name": "Before", "current": false], ["name": "Acme", "title": "Head", "current": true],
                ],
            ])
        let contact = try #require(try whole().contacts.first)
        #expect(contact.uid == "people/c1")
        #expect(contact.name == "Dr. Anna Maria Berg")
        #expect(contact.given == "Anna" && contact.family == "Berg")
        #expect(contact.otherNames == ["Maria", "Anni"])
        #expect(
            contact.addresses == [
                Contact.Labelled("anna@work.example", label: "Work"),
                Contact.Labelled("anna@home.example", label: "home"),
            ])
        #expect(contact.phones == [Contact.Labelled("+49 30 1", label: "mobile")])
        #expect(contact.organization == "Acme" && contact.title == "Head")
        #expect(!contact.isGroup)
    }

    @Test func `made, changed, deleted and made again`() throws {
        let empty = try whole()
        try put("c1", ["name": "Anna Berg", "email": "anna@example.org"])
        let made = try changes(since: empty)
        #expect(made.contacts.map(\.name) == ["Anna Berg"] && made.gone.isEmpty)
        try put("c1", ["name": "Anna Tal", "email": "anna@example.org"])
        let changed = try changes(since: made)
        #expect(changed.contacts.map(\.name) == ["Anna Tal"])
        try google.control("DELETE", "people/c1")
        let deleted = try changes(since: changed)
        #expect(deleted.contacts.isEmpty && deleted.gone == ["people/c1"])
        #expect(try whole().contacts.isEmpty)
        try put("c1", ["name": "Anna Tal"])
        #expect(try changes(since: deleted).gone.isEmpty)
    }

    @Test func `somebody without name and address is nobody`() throws {
        try put("c1", ["name": "Anna", "email": "anna@example.org"])
        let before = try whole()
        try put("c1", ["phoneNumbers": [["value": "1"]]])
        #expect(try whole().contacts.isEmpty)
        #expect(try changes(since: before).gone == ["people/c1"])
    }

    @Test func `a token that is older than seven days leads to everything being read`() throws {
        try put("c1", ["name": "Anna"])
        let before = try whole()
        try google.control("PUT", "clock", ["advance": "8d"])
        try google.logIn()
        let after = try #require(try google.people().people(since: before.cursor))
        #expect(after.scope == .whole && after.reason == .cursorRefused)
        #expect(after.contacts.count == 1)
    }

    @Test(arguments: [400, 410])
    func `an expired token is known by its reason, with either status`(_ status: Int) throws {
        try put("c1", ["name": "Anna"])
        let before = try whole()
        try google.fault("people.connections.list", "status:\(status)|reason:EXPIRED_SYNC_TOKEN")
        let after = try #require(try google.people().people(since: before.cursor))
        #expect(after.scope == .whole && after.reason == .cursorRefused)
        #expect(after.contacts.count == 1)
    }

    @Test func `a cursor of another question leads to everything being read`() throws {
        #expect(try google.people().people(since: "1 x y")?.reason == .cursorLost)
    }

    @Test func `the quota of first pages is a matter of time`() throws {
        try google.fault("people.connections.list", "status:429|reason:RATE_LIMIT_EXCEEDED")
        do {
            _ = try whole()
            Issue.record("nothing failed")
        } catch let failure as ReadingFailure {
            #expect(failure.errorClass == .rate)
        }
    }

    // MARK: As the emulator does not say it

    private func scripted(_ body: String, since cursor: String? = nil) throws -> FoundPeople? {
        try GooglePeople(GoogleMeans.make(GoogleScript([(200, body)]))).people(since: cursor)
    }

    @Test func `two contacts that were joined go by one name`() throws {
        let cursor = try #require(try scripted(#"{"nextSyncToken": "t"}"#)).cursor
        let joined = try #require(
            try scripted(
                #"""
                {"connections": [{"resourceName": "people/c2", "names": [{"displayName": "Anna"}],
                  "metadata": {"previousResourceNames": ["people/c1", "people/c2"]}}], "nextSyncToken": "u"}
                """#, since: cursor))
        #expect(joined.contacts.map(\.uid) == ["people/c2"])
        #expect(joined.gone == ["people/c1"])
    }

    @Test func `L02 somebody without a name at Google is a problem, and nobody counts as missing`() throws {
        let found = try #require(
            try scripted(
                #"""
                {"connections": [{"names": [{"displayName": "Who"}]}, 5,
                  {"resourceName": "people/c1", "names": "x", "emailAddresses": [{"value": "a@b.example"}, 7]}],
                  "nextSyncToken": "t"}
                """#))
        #expect(found.contacts.map(\.uid) == ["people/c1"])
        #expect(found.contacts.map(\.name) == [""])
        #expect(found.problems.count == 1)
        #expect(!found.isComplete)
    }

    @Test func `without a sync token nobody counts as missing`() throws {
        let found = try #require(try scripted(#"{"connections": []}"#))
        #expect(!found.isComplete)
        #expect(try scripted(#"{"nextSyncToken": "t"}"#, since: found.cursor)?.reason == .noCursorOffered)
    }
}
