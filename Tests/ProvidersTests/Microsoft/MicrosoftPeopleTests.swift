import Entries
import HTTP
import ICalendar
import Testing

@testable import Providers

struct MicrosoftPeopleTests {
    private let script = GraphScript()

    private static let first = "/me/contacts/delta"
    private static let next = "/me/contacts/delta?$deltatoken=next"

    private func people(_ cursor: String? = nil) throws -> FoundPeople? {
        try MicrosoftPeople(.forTests(script), base: GraphScript.base).people(since: cursor)
    }

    private static let max = #"""
        {"id": "1", "displayName": "Max Mustermann", "givenName": "Max", "surname": "Mustermann", "nickName": "Maxl",
        "middleName": "Moritz", "companyName": "Mustermann AG", "jobTitle": "Boss", "mobilePhone": "0150 12123121211",
        "businessPhones": ["+49 1"], "homePhones": [], "personalNotes": "", "initials": null,
        "emailAddresses": [{"name": "x", "address": "Max@Mustermann.test"}, {"address": "max@mustermann.test"}, {"address": "no address"}, null],
        "lastModifiedDateTime": "2024-11-19T07:18:20Z"}
        """#

    @Test func `C08 contacts of all pages, and the last of what is told twice`() throws {
        let second = "/me/contacts/delta?$skiptoken=2"
        try script.page(Self.first, [Self.max, #"{"id": "2", "displayName": "Old"}"#], next: second)
        try script.page(
            second, [#"{"id": "2", "displayName": "", "givenName": "Ann", "surname": "New"}"#], delta: Self.next)
        let found = try #require(try people())
        #expect(found.scope == .whole && found.isComplete && found.pages == 2 && found.reason == nil)
        #expect(found.contacts.map(\.name) == ["Max Mustermann", "Ann New"])
        let max = try #require(found.contacts.first)
        #expect(max.uid == "1" && max.given == "Max" && max.family == "Mustermann")
        #expect(max.otherNames == ["Maxl", "Moritz"] && max.organization == "Mustermann AG" && max.title == "Boss")
        #expect(max.addresses == [Contact.Labelled("max@mustermann.test")])
        #expect(max.phones.map(\.text) == ["0150 12123121211", "+49 1"])
        #expect(max.note == nil && max.revision == "2024-11-19T07:18:20Z")
    }

    @Test func `C08 what changed and who is gone`() throws {
        try script.page(Self.first, [Self.max], delta: Self.next)
        try script.page(
            Self.next, [#"{"id": "1", "@removed": {"reason": "deleted"}}"#, #"{"id": "3", "displayName": "Ben"}"#],
            delta: "/me/contacts/delta?$deltatoken=later")
        let first = try #require(try people())
        let second = try #require(try people(first.cursor))
        #expect(second.scope == .changes && second.gone == ["1"] && second.contacts.map(\.name) == ["Ben"])
        try script.page("/me/contacts/delta?$deltatoken=later", [], delta: "/me/contacts/delta?$deltatoken=later2")
        #expect(try people(second.cursor) == nil)
    }

    @Test func `G38 a dead cursor leads to a reading of everybody`() throws {
        try script.refuse(Self.next, 410, "SyncStateNotFound")
        try script.page(Self.first, [Self.max], delta: Self.next)
        let found = try people("microsoft-people-1 " + GraphScript.base + Self.next)
        #expect(found?.scope == .whole && found?.reason == .cursorRefused)
        #expect(try people("none of ours")?.reason == .cursorLost)
        #expect(try people("microsoft-people-1 https://evil.test/v1.0/x")?.reason == .cursorLost)
    }

    @Test func `C08 nobody is made of a contact without name and address`() throws {
        try script.page(
            Self.first, [#"{"id": "9", "displayName": " ", "emailAddresses": []}"#, Self.max], delta: Self.next)
        let found = try #require(try people())
        #expect(found.contacts.count == 1 && found.problems.map(\.problem) == [.missingPart])
    }

    @Test func `C08 a consent that does not cover contacts is said in words`() throws {
        try script.refuse(Self.first, 403, "ErrorAccessDenied")
        let failure = #expect(throws: ReadingFailure.self) { try people() }
        #expect(failure?.errorClass == .permanent && failure?.code == "forbidden")
    }
}
