import Entries
import Testing

@testable import Sync

/// Who comes to meetings, and what changes when people do.
struct MatchingStageTests {
    private let practice: Practice

    init() throws { practice = try Practice() }

    @Test func `pain 29 L28 D07 who becomes known later is logged for meetings long decided, and nobody twice`() throws
    {
        try practice.people([Contact("bob")])
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"]), Event("talk", -9, with: ["cleo"])])
        try practice.settle()
        #expect(try practice.skipRules() == ["talk: nobody_known"])
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone", "talk: Cleo Stone"])
        #expect(try practice.entries(ActivityLogged.type).count == 3)
        #expect(try practice.texts("SELECT COUNT(*) FROM activity_participant") == ["2"])
    }

    @Test func `D07 with the setting off who becomes known later is left out`() throws {
        try practice.set(.lateContacts, "false")
        try practice.people([Contact("bob")])
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"]), Event("next", 1, with: ["cleo"])])
        try practice.settle()
        try practice.people([Contact("bob"), Contact("cleo")])
        practice.wait(days: 2)
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "next: Cleo Stone"])
    }

    @Test func `C08 L36 a changed contact touches the meetings of that contact only`() throws {
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.calendar("work", [Event("plan"), Event("talk", -9, with: ["cleo"])])
        try practice.settle()
        try practice.people([Contact("bob", "robert@example.org"), Contact("cleo")])
        let summary = try practice.sync()
        #expect(summary.matched.changes.compactMap(\.email).sorted() == ["bob@example.org", "robert@example.org"])
        #expect(try practice.activities() == ["talk: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: unmatched"])
        try practice.people([Contact("bob", "robert@example.org", "bob@example.org"), Contact("cleo")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "talk: Cleo Stone"])
        #expect(try practice.entries(ActivityLogged.type).count == 2)
    }

    @Test func `C08 L35 a contact who is gone takes the activities along at the second absence`() throws {
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.calendar("work", [Event("plan", with: ["bob", "cleo"])])
        try practice.settle()
        try practice.people([Contact("cleo")])
        try practice.sync()
        #expect(try practice.activities().count == 2)
        try practice.sync()
        #expect(try practice.activities() == ["plan: Cleo Stone"])
        #expect(try practice.retracted() == ["plan: person_removed"])
        #expect(try practice.knownPeople() == ["Cleo Stone"])
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
    }

    @Test func `C08 two contacts who are merged keep one activity for each meeting`() throws {
        try practice.people([Contact("bob"), Contact("bobby")])
        try practice.calendar(
            "work",
            [Event("plan", with: ["bob", "bobby"]), Event("a", -9, with: ["bobby"]), Event("b", -8, with: ["bob"])])
        try practice.settle()
        #expect(try practice.activities().count == 4)
        try practice.merge("bobby", into: "bob")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "a: Bob Stone", "b: Bob Stone"])
        #expect(try practice.retracted() == ["plan: merged"])
        #expect(
            try practice.texts(
                "SELECT COUNT(*) FROM activity_participant AS other JOIN activity USING (activity) WHERE retracted IS NULL"
            ) == ["0"])
        #expect(try practice.entries(ActivityLogged.type).count == 4)
    }

    @Test func `C08 two contacts who are merged are one also where no calendar is read any more`() throws {
        try practice.people([Contact("bob"), Contact("bobby")])
        try practice.calendar("work", [Event("plan", with: ["bob", "bobby"])])
        try practice.settle()
        try practice.disconnect("work")
        try practice.people([Contact("bob", "bob@other.example"), Contact("bobby", "bobby@other.example")])
        try practice.settle()
        #expect(try practice.activities().count == 2)
        try practice.merge("bobby", into: "bob")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
    }

    @Test func `C08 an address book that knows nothing of a merge does not undo it`() throws {
        try practice.people([Contact("bob"), Contact("bobby")])
        try practice.calendar("work", [Event("plan", with: ["bobby"])])
        try practice.settle()
        try practice.merge("bobby", into: "bob")
        try practice.settle()
        try practice.people([Contact("bob", name: "Robert Stone"), Contact("bobby")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Robert Stone"])
    }

    @Test func `pain 27 L27 two addresses of one person are one activity`() throws {
        try practice.people([Contact("bob", "bob@example.org", "bob@home.example")])
        try practice.calendar("work", [Event("plan", with: ["bob@home.example", "BOB@example.org"])])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.texts("SELECT COUNT(*) FROM activity_participant") == ["0"])
    }

    @Test func `A13 L29 L38 an own address is nobody else, also when it is claimed later`() throws {
        try practice.people([Contact("ada"), Contact("bob")])
        try practice.calendar("work", [Event("plan", with: ["ada", "bob"]), Event("alone", -9, with: ["ada"])])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Ada Stone", "plan: Bob Stone", "alone: Ada Stone"])
        try practice.claim("ada@example.org")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.retracted() == ["plan: excluded", "alone: excluded"])
    }

    @Test func `A13 the address of a connection is the user's own, also for meetings that were read before`() throws {
        try practice.people([Contact("ada"), Contact("bob")])
        try practice.calendar(
            "work", [Event("plan", with: ["ada?DECLINED", "bob"]), Event("talk", -9, with: ["ada", "bob"])])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone", "talk: Ada Stone", "talk: Bob Stone"])
        var changed = ConnectionChanged()
        changed.connection = practice.connection("work")
        changed.email = "ada@example.org"
        try practice.append([practice.draft(changed, "connection/\(changed.connection)")])
        try practice.settle()
        #expect(try practice.activities().contains("talk: Bob Stone"))
        #expect(try !practice.activities().contains("talk: Ada Stone"))
    }

    @Test func `pain 22 pain 23 C10 rooms, things and groups are nobody`() throws {
        try practice.people([Contact("bob"), Contact("room"), Contact("beamer"), Contact("team")])
        var plan = Event("plan")
        plan.guests += [
            "ATTENDEE;CUTYPE=ROOM:mailto:room@example.org", "ATTENDEE;CUTYPE=RESOURCE:mailto:beamer@example.org",
            "ATTENDEE;CUTYPE=GROUP:mailto:team@example.org",
        ]
        var empty = Event("empty", -9, with: [])
        empty.guests = ["ATTENDEE;CUTYPE=ROOM:mailto:room@example.org"]
        try practice.calendar("work", [plan, empty])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        #expect(try practice.skipRules() == ["empty: only_resources"])
    }

    @Test func `pain 24 C10 who writes from the user's own house is a colleague`() throws {
        try practice.people([Contact("bob"), Contact("eve", "eve@house.example")])
        try practice.calendar("work", [Event("plan", with: ["bob", "eve@house.example"])])
        try practice.settle()
        #expect(try practice.activities().count == 2)
        try practice.set(.ownDomains, "[\"house.example\"]")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        try practice.set(.ownDomains, "[]")
        try practice.settle()
        #expect(try practice.activities().count == 2)
        #expect(try practice.entries(ActivityLogged.type).count == 2)
    }

    @Test func `pain 25 nobody becomes a contact by being invited`() throws {
        try practice.people([Contact("bob")])
        try practice.calendar("work", [Event("plan", with: ["newsletter@shop.example", "no-reply@shop.example"])])
        try practice.settle()
        #expect(try practice.knownPeople() == ["Bob Stone"])
    }

    @Test func `pain 26 L37 whoever is not logged, a rule says why`() throws {
        try practice.calendar(
            "work",
            [
                Event("declined", -9, with: ["bob"]).with { $0.lines = ["STATUS:CANCELLED"] },
                Event("alone", -8, with: []),
                Event("stranger", -7, with: ["someone@gmx.example"]),
            ])
        try practice.settle()
        #expect(
            try practice.skipRules() == ["declined: cancelled", "alone: without_others", "stranger: nobody_known"])
        #expect(try practice.texts("SELECT reason FROM address WHERE email LIKE '%gmx%'") == ["nobody_known"])
    }

    // MARK: Names

    private func named(_ uid: String, _ name: String, _ email: String? = nil) -> Event {
        var event = Event(uid, with: [])
        event.guests = ["ATTENDEE;CN=\(name):" + (email.map { "mailto:" + $0 } ?? "urn:x")]
        return event
    }

    @Test func `pain 28 L33 decision 1 a name is a suggestion, and one whose address is another's is not even that`()
        throws
    {
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.calendar(
            "work",
            [named("plan", "Bob Stone", "b.stone@elsewhere.example"), named("talk", "Bob Stone", "cleo@example.org")])
        try practice.settle()
        #expect(try practice.activities() == ["talk: Cleo Stone"])
        #expect(
            try practice.texts("SELECT rule, confidence FROM address_suggestion") == ["name_exact 80"])
    }

    @Test func `decision 1 a suggestion that was confirmed stays so, whatever comes up about the address`() throws {
        try practice.people([Contact("bob", name: "Robert Stone"), Contact("cleo")])
        try practice.calendar("work", [named("plan", "Robert Stone", "b.stone@elsewhere.example")])
        try practice.settle()
        var confirmed = AddressConfirmed()
        confirmed.address = practice.address("b.stone@elsewhere.example")
        confirmed.person = practice.person("bob")
        confirmed.rule = .nameExact
        confirmed.confidence = 80
        try practice.append([practice.draft(confirmed, "address/\(confirmed.address)")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Robert Stone"])
        // A longer name makes the address due again, and other names make the suggestion impossible.
        try practice.calendar(
            "work",
            [
                named("plan", "Robert Stone", "b.stone@elsewhere.example"),
                named("talk", "Dr Robert Quincy Stone", "b.stone@elsewhere.example"),
            ])
        try practice.settle()
        try practice.people([Contact("bob", name: "Bo Pebble"), Contact("cleo")])
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bo Pebble", "talk: Bo Pebble"])
    }

    @Test func `decision 1 with the setting on a name logs, and with it off again it does not`() throws {
        try practice.people([Contact("bob"), Contact("cleo")])
        try practice.calendar("work", [named("plan", "Bob Stone", "b.stone@elsewhere.example")])
        try practice.settle()
        try practice.set(.namesLog, "true")
        try practice.settle()
        #expect(try practice.texts("SELECT rule, confidence FROM activity") == ["name_exact 80"])
        try practice.set(.leastConfidence, "90")
        try practice.settle()
        #expect(try practice.activities() == [])
        try practice.set(.leastConfidence, "80")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        try practice.set(.namesLog, "false")
        try practice.settle()
        #expect(try practice.activities() == [])
    }

    @Test func `C10 an attendee who declined is logged where the setting says so`() throws {
        try practice.people([Contact("bob")])
        try practice.calendar("work", [Event("plan", with: ["bob?DECLINED"])])
        try practice.settle()
        #expect(try practice.activities() == [])
        try practice.set(.declinedAttendees, "true")
        try practice.settle()
        #expect(try practice.activities() == ["plan: Bob Stone"])
        try practice.set(.declinedAttendees, "false")
        try practice.settle()
        #expect(try practice.activities() == [])
    }

    @Test func `B09 the organizer takes part, also when not on the list`() throws {
        try practice.people([Contact("bob"), Contact("cleo")])
        var plan = Event("plan", with: ["bob"])
        plan.lines = ["ORGANIZER:MAILTO:Cleo@example.org"]
        try practice.calendar("work", [plan])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob Stone", "plan: Cleo Stone"])
    }

    @Test func `L34 a person whose id begins like another's is not that other`() throws {
        try practice.people([Contact("bob3", "bob3@example.org"), Contact("bob31", "bob31@example.org")])
        try practice.calendar("work", [Event("plan", with: ["bob31"])])
        try practice.sync()
        #expect(try practice.activities() == ["plan: Bob31 Stone"])
    }
}
