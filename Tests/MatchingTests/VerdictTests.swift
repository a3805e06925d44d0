import Matching
import Testing

@Suite struct VerdictTests {
    static let jane = Person(id: "1", name: "Jane Doe", addresses: ["Jane@Example.org"])
    static let jorg = Person(id: "2", name: "Müller, Jörg", addresses: ["j.mueller@gmail.com", "joerg@work.example"])
    static let anna = Person(id: "3", name: "Anna Schmidt")
    static let people = [jane, jorg, anna]

    static func verdict(
        _ address: String?, _ name: String?, among people: [Person] = people, _ rules: MatchingRules = MatchingRules(),
        rejecting rejected: Set<String> = []
    ) -> Verdict {
        let candidate = Candidate(address: address, name: name, rejectedPersons: rejected)
        return PeopleIndex(people: people).verdict(for: candidate, rules: rules)
    }

    // MARK: E-mail

    @Test func `C01 an equal address matches with 100`() {
        let verdict = Self.verdict(" JANE@example.ORG", "Somebody Else")
        #expect(verdict == .matched(Match(person: "1", rule: .emailExact)))
        #expect(MatchRule.emailExact.confidence == 100)
        #expect(Self.verdict("joan@example.org", nil) == .nobody(.noName))
    }

    @Test func `C01 an alias matches with 95, and only if the rule is on`() {
        let on = MatchingRules(isAliasRuleOn: true)
        let match = Match(person: "2", rule: .emailNormalized)
        #expect(MatchRule.emailNormalized.confidence == 95)
        #expect(Self.verdict("J.Mu.eller+x@googlemail.com", nil, on) == .matched(match))
        #expect(Self.verdict("joerg+x@work.example", nil, on) == .matched(match))
        #expect(Self.verdict("jo.erg@work.example", nil, on) == .nobody(.noName))
        #expect(Self.verdict("joerg+x@work.example", nil) == .nobody(.noName))
    }

    @Test func `C06 a duplicate address matches the lowest id and names the rivals`() {
        let people = ["10", "9", "a", "31", "317"].map { Person(id: $0, addresses: ["x@example.org"]) }
        #expect(
            Self.verdict("x@example.org", nil, among: people)
                == .matched(Match(person: "9", rule: .emailExact, rivals: ["10", "31", "317", "a"])))
    }

    @Test func `C06 several owners of an alias are not guessed`() {
        let people = ["1", "2"].map { Person(id: $0, addresses: ["smith+\($0)@example.org"]) }
        let verdict = Self.verdict("smith+3@example.org", "Carol", among: people, MatchingRules(isAliasRuleOn: true))
        #expect(verdict == .nobody(.ambiguous(rule: .emailNormalized, persons: ["1", "2"], count: 2)))
        let exact = Self.verdict("smith+2@example.org", nil, among: people, MatchingRules(isAliasRuleOn: true))
        #expect(exact == .matched(Match(person: "2", rule: .emailExact)))
    }

    @Test func `L38 an id is the whole id`() {
        let people = [Person(id: "31", addresses: ["a@x.org"]), Person(id: "317", addresses: ["b@x.org"])]
        var index = PeopleIndex(people: people)
        index.remove("31")
        #expect(index.verdict(for: Candidate(address: "b@x.org"), rules: MatchingRules()) != .nobody(.noName))
        #expect(index.verdict(for: Candidate(address: "a@x.org"), rules: MatchingRules()) == .nobody(.noName))
        #expect(!index.contains("31") && index.contains("317") && index.count == 1)
    }

    @Test func `C06 numbers are lower by value and come before words`() {
        let ordered = ["0", "00", "7", "007", "10", "99999999999999999999999", "", "-1", "1a", "a", "b"]
        for (place, id) in ordered.enumerated() {
            for (other, than) in ordered.enumerated() {
                #expect(Person.isLower(id, than: than) == (place < other), "\(id) \(than)")
            }
        }
    }

    // MARK: Full name

    @Test func `C02 an equal full name is suggested with 80`() {
        let suggested = Verdict.suggested(Match(person: "2", rule: .nameExact))
        #expect(MatchRule.nameExact.confidence == 80)
        #expect(Self.verdict("new@example.org", "JORG MULLER") == suggested)
        #expect(Self.verdict(nil, "Dr. Jörg Müller (ACME)") == suggested)
        #expect(Self.verdict(nil, "Jörg-Maria Müller") == .nobody(.unknown))
    }

    @Test func `C02 L33: one word is no full name, unless the script has no spaces`() {
        let people = ["Evans", "김철수", "花子"].enumerated().map { Person(id: String($0.offset), name: $0.element) }
        #expect(Self.verdict(nil, "Evans", among: people) == .suggested(Match(person: "0", rule: .namePartial)))
        #expect(Self.verdict(nil, "김철수", among: people) == .suggested(Match(person: "1", rule: .nameExact)))
        #expect(Self.verdict(nil, "花子", among: people) == .suggested(Match(person: "2", rule: .namePartial)))
    }

    @Test func `C02 a former name is a full name, a nickname is a first name`() {
        let people = [Person(id: "1", name: "William Gates", otherNames: ["Bill", "Will Doors"])]
        #expect(Self.verdict(nil, "Will Doors", among: people) == .suggested(Match(person: "1", rule: .nameExact)))
        #expect(Self.verdict(nil, "Bill", among: people) == .suggested(Match(person: "1", rule: .namePartial)))
    }

    @Test func `C06 two persons of one full name are nobody, and both are listed`() {
        let people = [Person(id: "7", name: "Anna Schmidt"), Self.anna]
        let both = Verdict.nobody(.ambiguous(rule: .nameExact, persons: ["3", "7"], count: 2))
        #expect(Self.verdict(nil, "Anna Schmidt", among: people) == both)
        #expect(Self.verdict(nil, "Anna Schmidt", among: people, MatchingRules(isNameLoggingOn: true)) == both)
        let many = (0..<50).map { Person(id: String($0), name: "Anna Schmidt") }
        let listed = (0..<Reason.mostListed).map(String.init)
        #expect(
            Self.verdict(nil, "Anna Schmidt", among: many)
                == .nobody(.ambiguous(rule: .nameExact, persons: listed, count: 50)))
    }

    // MARK: First name

    @Test func `C03 the only one of a first name is suggested with 60`() {
        #expect(MatchRule.namePartial.confidence == 60)
        let suggested = Verdict.suggested(Match(person: "3", rule: .namePartial))
        for name in ["Anna", "ANNA", "Anna S.", "S., Anna", "Anna Schmidt-Meier"] {
            #expect(Self.verdict("new@example.org", name) == suggested, "\(name)")
        }
    }

    @Test func `C03 a first name that two have is nobody's`() {
        let people = Self.people + [Person(id: "4", name: "Anna Berg")]
        #expect(
            Self.verdict(nil, "Anna", among: people)
                == .nobody(.ambiguous(rule: .namePartial, persons: ["3", "4"], count: 2)))
        #expect(
            Self.verdict(nil, "Anna S.", among: people)
                == .nobody(.ambiguous(rule: .namePartial, persons: ["3"], count: 2)))
    }

    @Test func `L33 a stranger with the first name of somebody is not matched`() {
        #expect(Self.verdict("anna@other.example", "Anna Karlsson") == .nobody(.unknown))
        #expect(Self.verdict(nil, "Anna K.") == .nobody(.unknown))
        #expect(Self.verdict(nil, "Dr. Anna") == .nobody(.unknown))
    }

    @Test func `L33 a name is a suggestion unless the user lets it log`() {
        for (name, rule) in [
            ("Anna Schmidt", MatchRule.nameExact), ("Anna", .namePartial), ("Anna Schmitt", .nameFuzzy),
        ] {
            let match = Match(person: "3", rule: rule)
            #expect(Self.verdict(nil, name) == .suggested(match))
            for least in [50, 60, 61, 80, 81, 100] {
                let rules = MatchingRules(isNameLoggingOn: true, leastConfidence: least)
                let isSure = rule.confidence >= least
                #expect(
                    Self.verdict(nil, name, rules) == (isSure ? .matched(match) : .suggested(match)), "\(rule) \(least)"
                )
            }
        }
        #expect(MatchingRules(leastConfidence: 0).leastConfidence == 50)
        #expect(MatchingRules(leastConfidence: 1000).leastConfidence == 100)
    }

    @Test func `C03 a given name of its own counts, wherever it stands`() {
        let people = [Person(id: "1", name: "Tanaka Taro", givenName: "Taro")]
        #expect(Self.verdict(nil, "Taro", among: people) == .suggested(Match(person: "1", rule: .namePartial)))
        #expect(Self.verdict(nil, "Taro Tanaka", among: people) == .suggested(Match(person: "1", rule: .namePartial)))
        #expect(Self.verdict(nil, "Tanaka", among: people) == .nobody(.unknown))
    }

    // MARK: Nearly the same name

    @Test(arguments: ["Anna Schmitt", "Ana Schmidt", "Ann Schmit", "Hanna Schmidt", "Anna Scmhidt"])
    func `C04 a name one or two letters away is suggested with 50`(_ name: String) {
        #expect(MatchRule.nameFuzzy.confidence == 50)
        #expect(Self.verdict("new@example.org", name) == .suggested(Match(person: "3", rule: .nameFuzzy)))
        #expect(Self.verdict("new@example.org", name, MatchingRules(isFuzzyRuleOn: false)) == .nobody(.unknown))
    }

    @Test(arguments: ["Ana Schmitts", "Anna Schulz", "Annaschmidt", "Hannah Schmitt"])
    func `C04 three letters or one word are not near`(_ name: String) {
        #expect(Self.verdict(nil, name) == .nobody(.unknown))
    }

    @Test func `C04 two near names are nobody's`() {
        let people = [Self.anna, Person(id: "4", name: "Hanna Schmidt")]
        #expect(
            Self.verdict(nil, "Janna Schmidt", among: people)
                == .nobody(.ambiguous(rule: .nameFuzzy, persons: ["3", "4"], count: 2)))
    }

    @Test func `C04 one person with two near names is one`() {
        let people = [Person(id: "3", name: "Anna Schmidt", otherNames: ["Hanna Schmidt"])]
        #expect(Self.verdict(nil, "Janna Schmidt", among: people) == .suggested(Match(person: "3", rule: .nameFuzzy)))
    }

    // MARK: Who is meant by hand

    @Test func `pain 28: an address that belongs to somebody is never overruled by a name`() {
        #expect(Self.verdict("jane@example.org", "Anna Schmidt") == .matched(Match(person: "1", rule: .emailExact)))
        let rejected = Self.verdict("jane@example.org", "Anna Schmidt", rejecting: ["1"])
        #expect(rejected == .nobody(.rejected(persons: ["1"])))
        let byAlias = Self.verdict("joerg+x@work.example", "Anna Schmidt")
        #expect(byAlias == .nobody(.addressOfAnother(persons: ["2"])))
        let same = Self.verdict("joerg+x@work.example", "Jörg Müller")
        #expect(same == .suggested(Match(person: "2", rule: .nameExact)))
    }

    @Test func `pain 28: an unknown address with a known name is only a hint`() {
        #expect(Self.verdict("spy@evil.example", "Jane Doe") == .suggested(Match(person: "1", rule: .nameExact)))
    }

    @Test func `C09 a rejected person is passed over`() {
        #expect(Self.verdict(nil, "Anna Schmidt", rejecting: ["3"]) == .nobody(.rejected(persons: ["3"])))
        let people = [Self.anna, Person(id: "4", name: "Anna Schmidt")]
        let other = Verdict.suggested(Match(person: "4", rule: .nameExact))
        #expect(Self.verdict(nil, "Anna Schmidt", among: people, rejecting: ["3"]) == other)
        let duplicates = ["1", "2"].map { Person(id: $0, addresses: ["x@x.org"]) }
        let second = Verdict.matched(Match(person: "2", rule: .emailExact))
        #expect(Self.verdict("x@x.org", nil, among: duplicates, rejecting: ["1"]) == second)
    }

    @Test func `C05 the strongest rule that finds one person decides`() {
        let people = [
            Person(id: "5", addresses: ["a@x.org"]), Person(id: "4", addresses: ["b+z@x.org"]),
            Person(id: "3", name: "Ann Lee"), Person(id: "2", name: "Ann Le"),
        ]
        let rules = MatchingRules(isAliasRuleOn: true)
        func rule(_ address: String, _ name: String) -> MatchRule? {
            switch Self.verdict(address, name, among: people, rules) {
            case .matched(let match), .suggested(let match): match.rule
            case .nobody, .excluded: nil
            }
        }
        #expect(rule("a@x.org", "Ann Lee") == .emailExact)
        #expect(rule("b@x.org", "Ann Lee") == .emailNormalized)
        #expect(rule("c@x.org", "Ann Lee") == .nameExact)
        #expect(rule("c@x.org", "Ann Leeeee") == nil)
        #expect(rule("c@x.org", "Ann Leexx") == .nameFuzzy)
    }

    @Test func `nothing to look for is nobody`() {
        #expect(Self.verdict(nil, nil) == .nobody(.noAddressNorName))
        #expect(Self.verdict("/O=ACME/CN=JANE", " ") == .nobody(.noAddressNorName))
        #expect(Self.verdict("new@example.org", "new@example.org") == .nobody(.noName))
        #expect(Self.verdict("new@example.org", "New One", among: []) == .nobody(.unknown))
    }
}
