import Matching

/// Matching as plainly as it can be said: each candidate is compared with each person.
struct Model {
    let people: [Person]
    let rules: MatchingRules

    func verdict(for candidate: Candidate) -> Verdict {
        let address = candidate.address.flatMap { MailAddress($0) }
        var rejected: Set<String> = []
        func accepted(_ found: [Person]) -> [String] {
            let ids = Set(found.map(\.id)).subtracting(candidate.rejectedPersons)
            if ids.isEmpty { rejected.formUnion(found.map(\.id)) }
            return ids.sorted { Person.isLower($0, than: $1) }
        }
        var owners: Set<String> = []
        if let address {
            let exact = people.filter { addresses($0).contains(address) }
            if !exact.isEmpty {
                let ids = accepted(exact)
                guard let lowest = ids.first else { return .nobody(.rejected(persons: listed(exact.map(\.id)))) }
                return .matched(Match(person: lowest, rule: .emailExact, rivals: listed(Array(ids.dropFirst()))))
            }
            let aliased = people.filter { addresses($0).contains { $0.alias == address.alias } }
            if rules.isAliasRuleOn, !aliased.isEmpty {
                let ids = accepted(aliased)
                guard let lowest = ids.first else { return .nobody(.rejected(persons: listed(aliased.map(\.id)))) }
                if ids.count > 1 { return ambiguous(.emailNormalized, ids) }
                return .matched(Match(person: lowest, rule: .emailNormalized))
            }
            owners = Set(aliased.map(\.id))
        }
        let name = NameParts(candidate.name ?? "")
        if name.isEmpty { return .nobody(address == nil ? .noAddressNorName : .noName) }
        func named(_ id: String, _ rule: MatchRule) -> Verdict {
            if !owners.isEmpty, !owners.contains(id) {
                return .nobody(.addressOfAnother(persons: listed(Array(owners))))
            }
            let match = Match(person: id, rule: rule)
            return rules.isNameLoggingOn && rule.confidence >= rules.leastConfidence
                ? .matched(match) : .suggested(match)
        }
        let full = name.isFull ? accepted(people.filter { fullNames($0).contains { $0.full == name.full } }) : []
        if full.count == 1 { return named(full[0], .nameExact) }
        if full.count > 1 { return ambiguous(.nameExact, full) }

        var ambiguity: Verdict?
        if let given = name.given {
            let holders = accepted(people.filter { firstNames($0).contains(given) })
            let fitting = holders.filter { id in people.contains { $0.id == id && fits(name.family, $0) } }
            if holders.count == 1, fitting.count == 1 { return named(fitting[0], .namePartial) }
            if holders.count > 1, !fitting.isEmpty, name.family.map({ $0.unicodeScalars.count == 1 }) ?? true {
                ambiguity = ambiguous(.namePartial, fitting, count: holders.count)
            }
        }
        if rules.isFuzzyRuleOn, name.words.count > 1 {
            let near = accepted(
                people.filter { person in
                    fullNames(person).contains { other in
                        other.words.count > 1 && (1...2).contains(distance(other.full, name.full))
                    }
                })
            if near.count == 1 { return named(near[0], .nameFuzzy) }
            if near.count > 1 { ambiguity = ambiguity ?? ambiguous(.nameFuzzy, near) }
        }
        return ambiguity ?? .nobody(rejected.isEmpty ? .unknown : .rejected(persons: listed(Array(rejected))))
    }

    private func ambiguous(_ rule: MatchRule, _ ids: [String], count: Int? = nil) -> Verdict {
        .nobody(.ambiguous(rule: rule, persons: listed(ids), count: count ?? ids.count))
    }

    private func listed(_ ids: [String]) -> [String] {
        Array(ids.sorted { Person.isLower($0, than: $1) }.prefix(Reason.mostListed))
    }

    private func addresses(_ person: Person) -> [MailAddress] { person.addresses.compactMap { MailAddress($0) } }

    private func fullNames(_ person: Person) -> [NameParts] {
        let others = person.otherNames.map { NameParts($0) }.filter { $0.words.count > 1 }
        return ([person.name].compactMap { $0 }.map { NameParts($0) } + others).filter { !$0.isEmpty }
    }

    private func firstNames(_ person: Person) -> [String] {
        let nicknames = person.otherNames.map { NameParts($0) }.filter { $0.words.count == 1 }.map(\.full)
        let given = NameParts(person.givenName ?? "")
        guard given.isEmpty else { return nicknames + [given.full, given.words[0]] }
        return nicknames + [NameParts(person.name ?? "").given].compactMap { $0 }
    }

    private func fits(_ family: String?, _ person: Person) -> Bool {
        let given = NameParts(person.givenName ?? "").words
        let families = fullNames(person).compactMap { name -> String? in
            guard let last = name.family else { return nil }
            return given.contains(last) ? name.words.first { !given.contains($0) } : last
        }
        guard let family, !families.isEmpty else { return true }
        return families.contains { other in
            if family.unicodeScalars.count == 1 || other.unicodeScalars.count == 1 {
                return family.unicodeScalars.first == other.unicodeScalars.first
            }
            return !Set(family.split(separator: " ")).isDisjoint(with: other.split(separator: " "))
        }
    }
}

/// Levenshtein's distance by the textbook.
func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
    var row = Array(0...right.count)
    for (here, letter) in left.enumerated() {
        var diagonal = row[0]
        row[0] = here + 1
        for (there, other) in right.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[there + 1]
            row[there + 1] = min(replaced, row[there] + 1, diagonal + 1)
        }
    }
    return row[right.count]
}
