import Matching
import Testing

@Suite struct ExclusionTests {
    static let index = PeopleIndex(people: [
        Person(id: "1", name: "Me Myself", addresses: ["me@home.example"]),
        Person(id: "2", name: "Room One", addresses: ["room@acme.example"]),
        Person(id: "3", name: "Jane Doe", addresses: ["jane@acme.example", "jane@gmail.com"]),
    ])
    static let rules = MatchingRules(
        isAliasRuleOn: true, ownAddresses: ["Me@Home.example", "my.name@gmail.com"],
        ownDomains: ["ACME.example", "@xn--mller-kva.example."], blockedAddresses: ["spam@x.example"],
        blockedDomains: ["news.example"])

    static let excluded: [(Candidate, Exclusion)] = [
        (Candidate(address: "new@x.example", isSelf: true), .isSelf),
        (Candidate(address: "me@home.example"), .ownAddress),
        (Candidate(address: "ME+talks@home.example"), .ownAddress),
        (Candidate(address: "myname+x@googlemail.com"), .ownAddress),
        (Candidate(address: "room@acme.example", isResource: true), .resource),
        (Candidate(address: "jane@gmail.com", isResource: true), .resource),
        (Candidate(address: "c_12@resource.calendar.google.com"), .resource),
        (Candidate(address: "team@x.example", name: "Jane Doe", isGroup: true), .group),
        (Candidate(address: "c_12@group.calendar.google.com"), .group),
        (Candidate(address: "SPAM@x.example"), .blockedAddress),
        (Candidate(address: "a@mail.news.example"), .blockedDomain),
        (Candidate(address: "jane@acme.example"), .ownDomain),
        (Candidate(address: "jane@eu.acme.example", name: "Jane Doe"), .ownDomain),
        (Candidate(address: "jane@müller.example"), .ownDomain),
    ]

    @Test(arguments: excluded)
    func `C10 L29 pains 22, 23, 24 and 27: who is no contact is excluded by a named rule`(
        _ candidate: Candidate, _ exclusion: Exclusion
    ) {
        #expect(Self.index.verdict(for: candidate, rules: Self.rules) == .excluded(exclusion))
        #expect(Self.index.explain(candidate, rules: Self.rules).steps.isEmpty)
    }

    @Test(arguments: [
        "jane@notacme.example", "jane@acme.example.evil", "jane@example", "me@home.example.x", "men@home.example",
    ])
    func `pain 26: a domain that only looks alike is not excluded`(_ address: String) {
        let verdict = Self.index.verdict(for: Candidate(address: address, name: "Jane Doe"), rules: Self.rules)
        #expect(verdict == .suggested(Match(person: "3", rule: .nameExact)))
    }

    @Test func `pain 26: a mail provider's domain excludes nobody by itself`() {
        let verdict = Self.index.verdict(for: Candidate(address: "jane@gmail.com"), rules: Self.rules)
        #expect(verdict == .matched(Match(person: "3", rule: .emailExact)))
    }

    @Test func `pain 25: a task's address is matched if it is somebody's`() {
        let index = PeopleIndex(people: [Person(id: "1", addresses: ["info@smith.example"])])
        let verdict = index.verdict(for: Candidate(address: "info@smith.example"), rules: Self.rules)
        #expect(verdict == .matched(Match(person: "1", rule: .emailExact)))
    }

    @Test func `L37 nobody known is an answer like any other`() {
        let explained = PeopleIndex().explain(
            Candidate(address: "a@x.example", name: "Jane Doe"), rules: MatchingRules())
        #expect(explained.verdict == .nobody(.unknown))
        #expect(explained.steps.map(\.rule) == MatchRule.allCases)
    }

    @Test func `pain 26: an explanation says what each rule said`() {
        let explained = Self.index.explain(
            Candidate(address: " New@X.example", name: "Jane Roe (ACME)"), rules: MatchingRules(isFuzzyRuleOn: false))
        #expect(explained.address == "new@x.example")
        #expect(explained.name == "jane roe")
        #expect(explained.version == MatchingRules.version)
        #expect(
            explained.steps.map { "\($0.rule.rawValue): \($0.sentence)" } == [
                "email_exact: Nobody has this address.",
                "email_normalized: This rule is off.",
                "name_exact: Nobody has this full name.",
                "name_partial: Who has this first name has another family name.",
                "name_fuzzy: This rule is off.",
            ])
        #expect(explained.verdict.sentence == "Nobody has this address or a name like this.")
    }
}
