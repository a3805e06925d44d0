/// What the index files a person by, read from him once.
struct PersonFacts: Equatable {
    struct Name: Hashable {
        let letters: [Unicode.Scalar]
        let hasSeveralWords: Bool
    }

    let addresses: [MailAddress]
    let names: [Name]
    let firstNames: [String]
    let families: [String]

    init(_ person: Person) {
        addresses = unique(person.addresses.prefix(Person.mostAddresses).compactMap { MailAddress($0) })
        var (names, firstNames, families): ([Name], [String], [String]) = ([], [], [])
        let givenName = person.givenName.map { NameParts($0) }.flatMap { $0.isEmpty ? nil : $0 }
        if let givenName { firstNames += [givenName.full, givenName.words[0]] }
        if let name = person.name.map({ NameParts($0) }), !name.isEmpty {
            if name.isFull {
                names.append(Name(letters: Array(name.full.unicodeScalars), hasSeveralWords: name.words.count > 1))
            }
            if givenName == nil, let given = name.given { firstNames.append(given) }
            if let family = PersonFacts.family(of: name, given: givenName) { families.append(family) }
        }
        for other in person.otherNames.prefix(Person.mostNames).map({ NameParts($0) }) where !other.isEmpty {
            guard other.words.count > 1 else {
                firstNames.append(other.full)
                continue
            }
            names.append(Name(letters: Array(other.full.unicodeScalars), hasSeveralWords: true))
            if let family = PersonFacts.family(of: other, given: givenName) { families.append(family) }
        }
        self.names = unique(names)
        self.firstNames = unique(firstNames)
        self.families = unique(families)
    }

    var addressKeys: Set<MatchKey> { Set(addresses.map(MatchKey.address)) }

    var nameKeys: Set<MatchKey> {
        var keys = Set(firstNames.map(MatchKey.first))
        for name in names {
            keys.insert(.full(name.letters))
            if name.hasSeveralWords { keys.formUnion(Nearness.keys(ofName: name.letters)) }
        }
        return keys
    }

    /// The last word, unless that is the given name, as where family names come first.
    private static func family(of name: NameParts, given: NameParts?) -> String? {
        guard let family = name.family else { return nil }
        return given?.words.contains(family) == true ? name.words.first { given?.words.contains($0) == false } : family
    }
}

/// What a candidate is looked for by, read from him once.
struct CandidateFacts {
    let address: MailAddress?
    let name: NameParts
    let letters: [Unicode.Scalar]

    init(_ candidate: Candidate) {
        address = candidate.address.flatMap { MailAddress($0) }
        name = NameParts(candidate.name ?? "")
        letters = Array(name.full.unicodeScalars)
    }

    var isFuzzyPossible: Bool { name.words.count > 1 && letters.count >= Nearness.shortest }
}

extension Candidate {
    /// All that this candidate is looked for by, whichever rules are on.
    public var keys: Set<MatchKey> {
        let facts = CandidateFacts(self)
        var keys: Set<MatchKey> = []
        if let address = facts.address { keys.insert(.address(address)) }
        guard !facts.name.isEmpty else { return keys }
        if facts.name.isFull { keys.insert(.full(facts.letters)) }
        if let given = facts.name.given { keys.insert(.first(given)) }
        if facts.isFuzzyPossible { keys.formUnion(Nearness.keys(near: facts.letters)) }
        return keys
    }
}

/// Each once, in the order of the first.
private func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
    guard elements.count > 1 else { return elements }
    var seen: Set<Element> = []
    return elements.filter { seen.insert($0).inserted }
}
