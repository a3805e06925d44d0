import Matching
import Testing

/// Few letters and few words, so that everything that can collide does.
struct Village {
    var chance: Chance

    static let firsts = [
        "Anna", "Ana", "Hanna", "Jörg", "Jean-Luc", "Li", "Wu", "Анна", "O'Neil", "Mar", "Mara", "A", "山田",
    ]
    static let families = [
        "Berg", "Bergs", "Burg", "Li", "Wu", "B.", "Müller", "Muler", "Schmidt-Berg", "Берг", "太郎", "Bo",
    ]
    static let domains = ["gmail.com", "googlemail.com", "x.org", "y.example"]

    mutating func word() -> String {
        guard chance.isLucky(1, of: 6) else { return chance.one(of: Self.firsts) }
        return String(
            (0..<Int.random(in: 1...5, using: &chance)).map { _ in "abé ".randomElement(using: &chance) ?? "a" })
    }

    mutating func name() -> String? {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0: nil
        case 1: word()
        case 2: chance.one(of: Self.families) + ", " + word()
        case 3: "Dr. " + word() + " " + chance.one(of: Self.families)
        case 4: word() + " " + word() + " " + chance.one(of: Self.families)
        default: word() + " " + chance.one(of: Self.families)
        }
    }

    mutating func address() -> String {
        let local = ["a", "b", "ab", "a.b"].randomElement(using: &chance) ?? "a"
        let tag = chance.isLucky(1, of: 4) ? "+" + chance.one(of: ["x", "y"]) : ""
        return local + tag + "@" + chance.one(of: Self.domains)
    }

    mutating func person(_ id: Int) -> Person {
        Person(
            id: String(id), name: name(), givenName: chance.isLucky(1, of: 5) ? word() : nil,
            otherNames: chance.isLucky(1, of: 5) ? [name() ?? word(), word()] : [],
            addresses: (0..<Int.random(in: 0...2, using: &chance)).map { _ in address() })
    }

    mutating func candidate(_ count: Int) -> Candidate {
        Candidate(
            address: chance.isLucky(1, of: 2) ? address() : chance.one(of: ["", "new@z.example"]), name: name(),
            rejectedPersons: chance.isLucky(1, of: 4)
                ? Set(
                    (0..<Int.random(in: 1...3, using: &chance)).map { _ in
                        String(Int.random(in: 0..<count, using: &chance))
                    })
                : [])
    }

    mutating func rules() -> MatchingRules {
        MatchingRules(
            isAliasRuleOn: chance.isLucky(1, of: 2), isNameLoggingOn: chance.isLucky(1, of: 2),
            isFuzzyRuleOn: chance.isLucky(3, of: 4), leastConfidence: Int.random(in: 50...100, using: &chance))
    }
}

@Suite struct ModelTests {
    @Test(arguments: [UInt64](1...30))
    func `C01 to C06: the index decides as comparing each with each does`(_ seed: UInt64) {
        var village = Village(chance: Chance(seed: seed))
        let count = Int.random(in: 1...40, using: &village.chance)
        let people = (0..<count).map { village.person($0) }
        let index = PeopleIndex(people: people)
        for _ in 0..<40 {
            let (candidate, rules) = (village.candidate(count), village.rules())
            let verdict = index.verdict(for: candidate, rules: rules)
            #expect(
                verdict == Model(people: people, rules: rules).verdict(for: candidate), "seed \(seed): \(candidate)")
            #expect(index.explain(candidate, rules: rules).verdict == verdict, "seed \(seed)")
        }
    }

    @Test(arguments: [UInt64](100...110))
    func `C07 L35: an index that was changed decides as one that was built anew`(_ seed: UInt64) {
        var village = Village(chance: Chance(seed: seed))
        var people: [String: Person] = [:]
        var index = PeopleIndex()
        for _ in 0..<200 {
            let person = village.person(Int.random(in: 0..<30, using: &village.chance))
            if village.chance.isLucky(1, of: 3) {
                people[person.id] = nil
                index.remove(person.id)
            } else {
                people[person.id] = person
                index.replace(person)
            }
        }
        let rebuilt = PeopleIndex(people: people.values)
        #expect(index.count == rebuilt.count)
        for _ in 0..<200 {
            let (candidate, rules) = (village.candidate(30), village.rules())
            #expect(
                index.verdict(for: candidate, rules: rules) == rebuilt.verdict(for: candidate, rules: rules),
                "seed \(seed): \(candidate)")
        }
    }

    /// Counts the decisions that a change makes needless, too: a key set of everything would be right and useless.
    @Test(arguments: [UInt64](200...212))
    func `L36: a change alters only verdicts whose keys it touches`(_ seed: UInt64) {
        var village = Village(chance: Chance(seed: seed))
        let people = (0..<30).map { village.person($0) }
        let before = PeopleIndex(people: people)
        let candidates = (0..<60).map { _ in village.candidate(30) }
        let rules = village.rules()
        var untouched = 0
        for old in people.prefix(15) {
            var new: Person? = village.person(0)
            new?.id = old.id
            switch Int.random(in: 0..<4, using: &village.chance) {
            case 0: new = nil
            case 1: new?.addresses = old.addresses
            case 2:
                let addresses = new?.addresses ?? []
                new = old
                new?.addresses = addresses
            default: break
            }
            var after = before
            if let new { after.replace(new) } else { after.remove(old.id) }
            let touched = PeopleIndex.touchedKeys(from: old, to: new)
            for candidate in candidates where touched.isDisjoint(with: candidate.keys) {
                untouched += 1
                #expect(
                    before.verdict(for: candidate, rules: rules) == after.verdict(for: candidate, rules: rules),
                    "seed \(seed): \(candidate) \(old) \(String(describing: new))")
            }
        }
        #expect(untouched > 300, "seed \(seed): \(untouched) of 900")
    }

    @Test func `L36: a new address touches only those who have it`() {
        let old = Person(id: "1", name: "Jane Doe", addresses: ["jane@x.org"])
        var new = old
        new.addresses.append("jane@y.org")
        let touched = PeopleIndex.touchedKeys(from: old, to: new)
        #expect(touched.count == 1)
        #expect(!touched.isDisjoint(with: Candidate(address: "JANE+news@y.org").keys))
        #expect(touched.isDisjoint(with: Candidate(address: "jane@x.org", name: "Jane Doe").keys))
        #expect(PeopleIndex.touchedKeys(from: old, to: old).isEmpty)
    }

    @Test func `C04 names that are near share a key`() {
        var chance = Chance(seed: 42)
        for _ in 0..<3_000 {
            let name = String(
                (0..<Int.random(in: 3...20, using: &chance)).map { _ in "abcd".randomElement(using: &chance) ?? "a" })
            var near = Array(name)
            for _ in 0..<Int.random(in: 1...2, using: &chance) {
                let place = Int.random(in: 0..<near.count, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: near[place] = "x"
                case 1: near.insert("x", at: place)
                default: if near.count > 3 { near.remove(at: place) }
                }
            }
            let person = Person(id: "1", name: "q " + name)
            let candidate = Candidate(name: "q " + String(near))
            #expect(!PeopleIndex.keys(of: person).isDisjoint(with: candidate.keys), "seed 42: \(name) \(String(near))")
        }
    }

    @Test func `what a person has too much of is not read`() {
        let addresses = (0...Person.mostAddresses).map { "a\($0)@x.org" }
        let index = PeopleIndex(people: [Person(id: "1", addresses: addresses)])
        let last = Candidate(address: addresses[Person.mostAddresses - 1])
        #expect(index.verdict(for: last, rules: MatchingRules()) == .matched(Match(person: "1", rule: .emailExact)))
        let tooMany = Candidate(address: addresses[Person.mostAddresses])
        #expect(index.verdict(for: tooMany, rules: MatchingRules()) == .nobody(.noName))
    }

    @Test func `no name and no address traps`() {
        var chance = Chance(seed: 9)
        var index = PeopleIndex()
        for number in 0..<3_000 {
            let id = String(number % 200)
            index.insert(
                Person(
                    id: id, name: chance.text(), givenName: chance.text(),
                    otherNames: [chance.text() + " " + chance.text()],
                    addresses: [chance.text() + "@" + chance.text()]))
            let candidate = Candidate(address: chance.text() + "@x.org", name: chance.text() + " " + chance.text())
            _ = index.explain(candidate, rules: MatchingRules()).steps.map(\.sentence)
            if chance.isLucky(1, of: 3) { index.remove(String(Int.random(in: 0..<200, using: &chance))) }
        }
    }
}
