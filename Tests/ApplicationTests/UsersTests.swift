import Entries
import Testing

@testable import Application

/// Several users of one home, and what each says about itself.
@Suite struct UsersTests {
    private typealias Event = DecidingHome.Event

    private static let ada = DecidingHome.Person(name: "Ada", emails: ["ada@brandt.example"])
    private static let meeting = Event(
        uid: "a", title: "Planning", day: "20251210T0900", people: [ada, DecidingHome.jane])

    @Test func `A13 C10 L35 L37 L64 two users with the same calendar and contacts see only what is theirs`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane])
        _ = try it.home.ask(AddUserRequest(user: nil, newName: "Grace"))
        #expect(try it.home.ask(PeopleRequest(user: "Grace")).people.isEmpty)
        #expect(try it.home.ask(ConnectionsRequest(user: "Grace")).connections.isEmpty)
        // Nobody is known to Grace yet, and Ada's contacts are not lent to her.
        try it.connect([Self.meeting], user: "Grace")
        #expect(try it.activities(user: "Grace") == [])
        try it.importPeople([DecidingHome.jane], user: "Grace")
        #expect(try it.activities(user: "Grace") == ["Planning: Jane Doe"])
        #expect(try it.activities() == ["Planning: Jane Doe"])

        let hers = try #require(try it.home.ask(PeopleRequest(user: "Grace")).people.first).person
        let adas = try #require(try it.home.ask(PeopleRequest(user: nil)).people.first).person
        #expect(hers != adas)
        #expect(it.home.refusal(KnownPersonRequest(user: nil, person: hers))?.kind == .notFound)
        #expect(it.home.refusal(MergePeopleRequest(user: "Grace", person: adas, into: hers))?.kind == .notFound)
        #expect(
            it.home.refusal(MatchRequest(user: "Grace", address: "jane@doe.example", person: adas))?.kind == .notFound)
        let connection = try #require(try it.home.ask(ConnectionsRequest(user: nil)).connections.first).connection
        #expect(it.home.refusal(RemoveConnectionRequest(user: "Grace", connection: connection))?.kind == .notFound)

        // What Grace decides changes nothing for Ada.
        _ = try it.home.ask(UnmatchRequest(user: "Grace", address: "jane@doe.example", person: nil))
        #expect(try it.activities(user: "Grace") == ["Planning: Jane Doe (unmatched)"])
        #expect(try it.activities() == ["Planning: Jane Doe"])
    }

    @Test func `A13 L29 L38 the contact that is the user is not logged any more`() throws {
        let it = try DecidingHome([Self.meeting], people: [DecidingHome.jane, Self.ada])
        #expect(try it.activities() == ["Planning: Ada", "Planning: Jane Doe"])
        let decision = try it.home.ask(ThisIsMeRequest(user: nil, person: "Ada"))
        #expect(decision.emails == ["ada@brandt.example"])
        let activities = try it.activities()
        #expect(activities.count == 2)
        #expect(activities.contains { $0.hasPrefix("Planning: Ada (") })
        #expect(activities.contains("Planning: Jane Doe"))
        #expect(try it.home.ask(OwnAddressesRequest(user: nil)).personName == "Ada")
        #expect(try it.home.ask(KnownPersonRequest(user: nil, person: "Ada")).person.isYou)
    }

    @Test func `A13 an address is claimed before it ever came up, once, and taken back`() throws {
        let it = try DecidingHome(people: [DecidingHome.jane, Self.ada])
        _ = try it.home.ask(ClaimAddressRequest(user: nil, emails: ["ada@brandt.example", "new@brandt.example"]))
        _ = try it.home.ask(ClaimAddressRequest(user: nil, emails: ["ADA@brandt.example"]))
        let own = try it.home.ask(OwnAddressesRequest(user: nil)).addresses.map(\.email)
        #expect(own == ["ada@brandt.example", "new@brandt.example"])
        #expect(try it.entries(of: "address.claimed") == 2)
        try it.connect([Self.meeting])
        #expect(try it.activities() == ["Planning: Jane Doe"])
        _ = try it.home.ask(DisclaimAddressRequest(user: nil, email: "ada@brandt.example"))
        #expect(try it.activities() == ["Planning: Ada", "Planning: Jane Doe"])
        #expect(it.home.refusal(DisclaimAddressRequest(user: nil, email: "ada@brandt.example"))?.kind == .conflict)
        #expect(it.home.refusal(ClaimAddressRequest(user: nil, emails: ["no address"]))?.kind == .badRequest)
    }

    @Test func `users are added by an admin only, with a zone that there is and a name that is free`() throws {
        let it = try DecidingHome()
        var grace = AddUserRequest(user: nil, newName: "Grace")
        (grace.zone, grace.email) = ("Europe/London", "Grace@Brandt.example")
        #expect(try it.home.ask(grace).zone == "Europe/London")
        let users = try it.home.ask(UsersRequest(user: "Grace")).users
        #expect(users.map(\.name) == ["Ada", "Grace"])
        #expect(users.map(\.role) == ["admin", "member"])
        #expect(users.map(\.isYou) == [false, true])
        let own = try it.home.ask(OwnAddressesRequest(user: "Grace")).addresses
        #expect(own.map(\.email) == ["grace@brandt.example", "grace@brandt.example"])
        #expect(it.home.refusal(AddUserRequest(user: nil, newName: "GRACE"))?.kind == .conflict)
        #expect(it.home.refusal(AddUserRequest(user: "Grace", newName: "Max"))?.kind == .badRequest)
        var nowhere = AddUserRequest(user: nil, newName: "Max")
        nowhere.zone = "Europe/Nowhere"
        #expect(it.home.refusal(nowhere)?.kind == .badRequest)
    }

    @Test func `L64 what is about everybody is for administrators`() throws {
        let it = try DecidingHome()
        _ = try it.home.ask(AddUserRequest(user: nil, newName: "Grace"))
        _ = try it.home.door.open { home in
            #expect(throws: Refusal.self) { try home.requireAdmin("Grace") }
            try home.requireAdmin("Ada")
            try home.requireAdmin(nil)
        }
    }

    @Test func `B12 a home is not made with a zone that there is not`() throws {
        #expect(throws: Refusal.self) { _ = try RunningHome(zone: "Europe/Berln") }
    }
}
