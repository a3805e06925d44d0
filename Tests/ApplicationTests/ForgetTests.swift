import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Testing
import Vault

@testable import Application

/// Somebody is forgotten: nothing of them is left, nothing comes back, and every proof still holds.
@Suite struct ForgetTests {
    private typealias Event = DecidingHome.Event
    private typealias Person = DecidingHome.Person

    private static let canary = Person(name: "Zoë Quagmire", emails: ["zoe@quagmire.example", "zq@home.example"])
    private static let planning = Event(
        uid: "a", title: "Planning", day: "20251210T0900", people: [canary, DecidingHome.bob])

    private func home(_ more: [Event] = []) throws -> DecidingHome {
        try DecidingHome([Self.planning] + more, people: [Self.canary, DecidingHome.bob])
    }

    private func forget(
        _ it: DecidingHome, titles: Bool = false, isDryRun: Bool = false
    ) throws -> ForgetPersonRequest.Forgotten {
        var request = ForgetPersonRequest(user: nil, person: "zoe@quagmire.example")
        (request.erasesTitles, request.isDryRun) = (titles, isDryRun)
        return try it.home.ask(request)
    }

    private func traces(_ it: DecidingHome) throws -> [String] {
        try ["Quagmire", "quagmire", "zq@home"].flatMap { try it.home.holds($0) }
    }

    private func requireSound(_ it: DecidingHome) throws {
        #expect(try it.home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
        #expect(try it.home.ask(RebuildRequest(only: [], verifies: true)).isEqual)
    }

    @Test func `M05 G19 no byte of a forgotten person is left, and the next sync brings none back`() throws {
        let it = try home()
        let logged = try #require(
            try it.home.ask(LogRequest()).entries.first { $0.type == PersonAdded.type })
        let before = try it.home.ask(ProveRequest(position: logged.position, withPersonal: false))
        #expect(try !traces(it).isEmpty)
        #expect(try it.activities() == ["Planning: Bob Stone", "Planning: Zoë Quagmire"])
        let forgotten = try forget(it)
        #expect(forgotten.mentions.isEmpty)
        #expect([forgotten.addresses, forgotten.activities] == [2, 1])
        #expect(try traces(it) == [])
        try requireSound(it)
        #expect(try it.activities() == ["-: nobody (erased)", "Planning: Bob Stone"])
        // The same calendar and the same book again, each with something new.
        try it.writeCalendar([
            Self.planning, Event(uid: "b", title: "Review", day: "20251211T0900", people: [Self.canary]),
        ])
        try it.sync(isFull: true)
        try it.importPeople([Self.canary, DecidingHome.bob, DecidingHome.jane])
        try it.sync(isFull: true)
        #expect(try traces(it) == [])
        #expect(try it.activities() == ["-: nobody (erased)", "Planning: Bob Stone"])
        try requireSound(it)
        // The leaf is made of the same as before, commitment included.
        let after = try it.home.ask(ProveRequest(position: logged.position, withPersonal: false))
        #expect(after.entry == before.entry)
    }

    @Test func `M05 another spelling of a forgotten mailbox is not written down either`() throws {
        let it = try home()
        _ = try forget(it)
        var other = Self.canary
        other.emails = ["zoe+work@quagmire.example"]
        try it.writeCalendar([Self.planning, Event(uid: "b", title: "Review", day: "20251211T0900", people: [other])])
        try it.sync(isFull: true)
        #expect(try traces(it) == [])
        #expect(try it.home.ask(everything).meetings.count == 2)
    }

    private var everything: MeetingsRequest {
        var request = MeetingsRequest()
        (request.since, request.isAll) = ("2025-12-01", true)
        return request
    }

    @Test func `M05 pain 40 titles that name the person are listed, and go when that is said`() throws {
        let lunch = Event(
            uid: "b", title: "Lunch with Zoe", day: "20251211T0900", people: [Self.canary, DecidingHome.bob],
            extra: ["DESCRIPTION:Bring the papers\\nZoë Quagmire will sign them"])
        let talk = Event(uid: "c", title: "About QUAGMIRE\\, Zoë", day: "20251212T0900", people: [DecidingHome.bob])
        let it = try home([lunch, talk])
        let preview = try forget(it, isDryRun: true)
        #expect(Set(preview.mentions.compactMap(\.shown)) == ["Lunch with Zoe", "About QUAGMIRE, Zoë"])
        #expect(preview.certificate == nil)
        #expect(try !traces(it).isEmpty)
        let forgotten = try forget(it, titles: true)
        #expect(forgotten.mentions.isEmpty)
        #expect(try traces(it) == [])
        #expect(try it.home.holds("Lunch with Zoe") == [])
        #expect(try it.home.holds("Planning") != [])
        try it.writeCalendar([
            Self.planning, lunch, talk, Event(uid: "d", title: "New", day: "20251213T0900", people: [DecidingHome.bob]),
        ])
        try it.sync(isFull: true)
        #expect(try traces(it) == [])
        try requireSound(it)
    }

    @Test func `M05 the certificate says what was erased, and nothing about whom`() throws {
        let it = try home()
        _ = try it.home.ask(BackupRequest(path: it.home.path("before.backup")))
        let size = try it.entryCount()
        let forgotten = try forget(it)
        #expect(forgotten.backups == [it.home.path("before.backup")])
        let certificate = try #require(forgotten.certificate)
        #expect(certificate.entries == Int64(certificate.positions.count))
        #expect(certificate.entriesByType.values.reduce(0, +) == certificate.entries)
        #expect(SignedNote(certificate.checkpointBefore)?.checkpoint?.size == size)
        let after = try #require(SignedNote(certificate.checkpointAfter)?.checkpoint)
        #expect(after.size == (try it.entryCount()))
        // Two letters alone may stand in a signature.
        for text in ["Zoë", "Zoe Q", "uagmire", "zq@"] { #expect(try !json(certificate).contains(text)) }
        let entry = try it.home.ask(ShowRequest(position: certificate.recordedAt[0])).entry
        #expect(entry.type == PersonalErased.type)
    }

    @Test func `M05 explain says of an address that it was forgotten`() throws {
        let it = try home()
        _ = try forget(it)
        let explained = try it.home.ask(ExplainRequest(user: nil, subject: "zoe@quagmire.example"))
        #expect(explained.title == "(forgotten)")
        #expect(explained.verdict.contains("forgotten on request"))
        #expect(try #require(it.home.refusal(matching(it))).kind == .conflict)
    }

    private func matching(_ it: DecidingHome) -> MatchRequest {
        MatchRequest(user: nil, address: "zoe@quagmire.example", person: "Bob Stone")
    }

    @Test func `M05 an address that somebody else has as well stays`() throws {
        let it = try DecidingHome(people: [Self.canary, Person(name: "Bob Stone", emails: ["zq@home.example"])])
        let forgotten = try forget(it)
        #expect(forgotten.shared == ["zq@home.example"])
        #expect(forgotten.addresses == 1)
        #expect(try it.home.ask(PeopleRequest(user: nil)).people.map(\.emails) == [["zq@home.example"]])
    }

    @Test func `M05 what was blocked by its address is let go with it`() throws {
        let it = try home()
        let blocked = "zq@home.example,spam.example"
        _ = try it.home.ask(ChangeSettingRequest(user: nil, setting: "blocked", value: blocked))
        _ = try forget(it)
        #expect(try traces(it) == [])
        let settings = try it.home.ask(SettingsRequest(user: nil)).settings
        #expect(settings.first { $0.setting == "match.blocked" }?.value == "[\"spam.example\"]")
    }

    // MARK: Accounts

    @Test func `M05 G19 a forgotten account leaves nothing personal, and no secret`() throws {
        let it = try home()
        let added = try it.home.ask(AddUserRequest(user: nil, newName: "Xaver Quillfeather"))
        let meeting = Event(uid: "x", title: "Quokka", day: "20251210T0900", people: [DecidingHome.jane])
        try it.connect([meeting], user: "Xaver Quillfeather", named: "private.ics")
        _ = try it.home.door.open { home in
            try home.vault().put(
                Secret("canary"), owner: added.user, connection: "somewhere", name: "password")
        }
        #expect(try !it.home.holds("Quokka").isEmpty)
        let request = ForgetAccountRequest(user: nil, account: "Xaver Quillfeather")
        let forgotten = try it.home.ask(request)
        #expect([forgotten.connections, forgotten.secrets] == [1, 1])
        for text in ["Quokka", "Quillfeather", "private.ics"] { #expect(try it.home.holds(text) == []) }
        #expect(try it.home.door.open { try $0.vault().places().count }.answer == 0)
        try requireSound(it)
        #expect(try it.activities() == ["Planning: Bob Stone", "Planning: Zoë Quagmire"])
        // After a kill it is asked again, by the id.
        let again = try it.home.ask(ForgetAccountRequest(user: nil, account: added.user))
        #expect(again.entries.isEmpty)
        try requireSound(it)
    }

    @Test func `M05 the only administrator is not forgotten`() throws {
        let it = try home()
        let refusal = try #require(it.home.refusal(ForgetAccountRequest(user: nil, account: "Ada")))
        #expect(refusal.kind == .conflict)
    }
}
