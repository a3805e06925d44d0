/// Tries the rules in their order for one candidate, and writes down what each said.
struct Decision {
    private let index: PeopleIndex
    private let candidate: Candidate
    private let rules: MatchingRules
    private(set) var facts: CandidateFacts
    private(set) var steps: [Explanation.Step] = []
    private var rejected: [UInt32] = []
    private var ambiguity: Reason?
    /// Who has another form of the address, while the alias rule is off.
    private var owners: [UInt32] = []

    init(of candidate: Candidate, by rules: MatchingRules, in index: PeopleIndex) {
        self.index = index
        self.candidate = candidate
        self.rules = rules
        facts = CandidateFacts(candidate)
    }

    mutating func verdict() -> Verdict {
        if let exclusion = rules.exclusion(of: candidate, at: facts.address) { return .excluded(exclusion) }
        if let verdict = byAddress() { return verdict }
        guard !facts.name.isEmpty else {
            for rule in [MatchRule.nameExact, .namePartial, .nameFuzzy] { note(rule, .noName) }
            return .nobody(facts.address == nil ? .noAddressNorName : .noName)
        }
        if let verdict = byFullName() ?? byFirstName() ?? byNearName() { return verdict }
        if let ambiguity { return .nobody(ambiguity) }
        return .nobody(rejected.isEmpty ? .unknown : .rejected(persons: index.listed(Set(rejected))))
    }

    // MARK: Rules; nil lets the next one try

    private mutating func byAddress() -> Verdict? {
        guard let address = facts.address else {
            note(.emailExact, .noAddress)
            note(.emailNormalized, .noAddress)
            return nil
        }
        let (exact, aliased) = index.places(of: address)
        if !exact.isEmpty {
            let accepted = accepted(exact)
            // Whose address it is is known, even if he is not meant: a name does not overrule it.
            guard !accepted.isEmpty else { return onlyRejected(exact, by: .emailExact) }
            let ids = accepted.map(index.id).sorted { Person.isLower($0, than: $1) }
            note(.emailExact, .found(persons: Array(ids.prefix(Reason.mostListed))))
            let rivals = Array(ids.dropFirst().prefix(Reason.mostListed))
            return .matched(Match(person: ids[0], rule: .emailExact, rivals: rivals))
        }
        note(.emailExact, .nobodyHasIt)
        guard rules.isAliasRuleOn else {
            owners = aliased
            note(.emailNormalized, .isOff)
            return nil
        }
        guard !aliased.isEmpty else {
            note(.emailNormalized, .nobodyHasIt)
            return nil
        }
        let accepted = accepted(aliased)
        guard !accepted.isEmpty else { return onlyRejected(aliased, by: .emailNormalized) }
        if accepted.count > 1 { return .nobody(several(accepted, by: .emailNormalized)) }
        note(.emailNormalized, .found(persons: index.listed(accepted)))
        return .matched(Match(person: index.id(accepted[0]), rule: .emailNormalized))
    }

    private mutating func byFullName() -> Verdict? {
        guard facts.name.isFull else {
            note(.nameExact, .oneWordOnly)
            return nil
        }
        let found = index.places(ofFullName: facts.letters)
        guard let accepted = some(found, by: .nameExact) else { return nil }
        return accepted.count > 1 ? .nobody(several(accepted, by: .nameExact)) : named(accepted[0], by: .nameExact)
    }

    /// Nobody is sure by his first name, so it must be the only one, and no family name may speak against it.
    private mutating func byFirstName() -> Verdict? {
        guard let given = facts.name.given else {
            note(.namePartial, .noFirstName)
            return nil
        }
        let family = facts.name.family
        let count = index.countOfFirstName(given)
        // A name that thousands have is only counted, unless the few letters beside it say nothing of the family.
        let isFamilyKnown = family.map { !Family.isInitial($0) } ?? false
        if count > 1 + candidate.rejectedPersons.count, isFamilyKnown {
            note(.namePartial, .several(persons: [], count: count))
            return nil
        }
        guard let accepted = some(index.places(ofFirstName: given), by: .namePartial) else { return nil }
        if accepted.count > 1, isFamilyKnown {
            note(.namePartial, .several(persons: [], count: accepted.count))
            return nil
        }
        let fitting = accepted.filter { Family.fits(family, index.cards[Int($0)]?.families ?? []) }
        if fitting.isEmpty {
            note(.namePartial, .familyNameDiffers(persons: index.listed(accepted)))
            return nil
        }
        if accepted.count > 1 {
            ambiguity = several(fitting, by: .namePartial, count: accepted.count)
            return nil
        }
        return named(accepted[0], by: .namePartial)
    }

    private mutating func byNearName() -> Verdict? {
        guard rules.isFuzzyRuleOn else {
            note(.nameFuzzy, .isOff)
            return nil
        }
        guard facts.isFuzzyPossible else {
            note(.nameFuzzy, .oneWordOnly)
            return nil
        }
        let found = index.places(near: facts.letters)
        guard let accepted = some(found, by: .nameFuzzy) else { return nil }
        if accepted.count > 1 {
            let several = several(accepted, by: .nameFuzzy)
            ambiguity = ambiguity ?? several
            return nil
        }
        return named(accepted[0], by: .nameFuzzy)
    }

    // MARK: Outcomes

    private mutating func note(_ rule: MatchRule, _ outcome: Explanation.Outcome) {
        steps.append(Explanation.Step(rule: rule, outcome: outcome))
    }

    private func accepted(_ places: [UInt32]) -> [UInt32] {
        guard !candidate.rejectedPersons.isEmpty else { return places }
        return places.filter { !candidate.rejectedPersons.contains(index.id($0)) }
    }

    /// Those who were found and not rejected; nil if there are none, which is written down.
    private mutating func some(_ found: [UInt32], by rule: MatchRule) -> [UInt32]? {
        guard !found.isEmpty else {
            note(rule, .nobodyHasIt)
            return nil
        }
        let accepted = accepted(found)
        guard accepted.isEmpty else { return accepted }
        rejected += found
        note(rule, .onlyRejected(persons: index.listed(found)))
        return nil
    }

    private mutating func onlyRejected(_ found: [UInt32], by rule: MatchRule) -> Verdict {
        let persons = index.listed(found)
        note(rule, .onlyRejected(persons: persons))
        return .nobody(.rejected(persons: persons))
    }

    private mutating func several(_ places: [UInt32], by rule: MatchRule, count: Int? = nil) -> Reason {
        let persons = index.listed(places)
        note(rule, .several(persons: persons, count: count ?? places.count))
        return .ambiguous(rule: rule, persons: persons, count: count ?? places.count)
    }

    private mutating func named(_ place: UInt32, by rule: MatchRule) -> Verdict {
        let person = index.id(place)
        guard owners.isEmpty || owners.contains(place) else {
            let persons = index.listed(owners)
            note(rule, .addressOfAnother(person: person, owners: persons))
            return .nobody(.addressOfAnother(persons: persons))
        }
        note(rule, .found(persons: [person]))
        let match = Match(person: person, rule: rule)
        return rules.isNameLoggingOn && rule.confidence >= rules.leastConfidence ? .matched(match) : .suggested(match)
    }
}

/// Whether two family names can be one person's.
enum Family {
    /// Nothing speaks against a name that is not known, an initial, or a part of a double name.
    static func fits(_ family: String?, _ families: [String]) -> Bool {
        guard let family, !families.isEmpty else { return true }
        return families.contains { other in
            if isInitial(family) || isInitial(other) {
                return family.unicodeScalars.first == other.unicodeScalars.first
            }
            let parts = family.split(separator: " ")
            return other.split(separator: " ").contains { parts.contains($0) }
        }
    }

    static func isInitial(_ family: String) -> Bool { family.unicodeScalars.count == 1 }
}
