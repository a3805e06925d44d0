/// All persons, to be found by address and by name.
///
/// It is a value in memory, built from a view in a moment and kept current by single changes; nothing depends on the
/// order of the changes. Each kind of key has its own table of numbers: persons by address, by full name and by first
/// name, and names by their pieces. Keys are short for texts, so every find is compared with the text itself.
public struct PeopleIndex: Sendable {
    struct Card: Sendable {
        let id: String
        let addresses: [MailAddress]
        let names: [UInt32]
        let firstNames: [String]
        let families: [String]
    }

    struct Name: Sendable {
        let letters: [Unicode.Scalar]
        let owner: UInt32
        let hasSeveralWords: Bool
    }

    private(set) var cards: [Card?] = []
    private(set) var names: [Name?] = []
    /// Beside `names`, because looking for near names reads only these of nearly all names.
    private(set) var letters: [UInt64] = []
    private(set) var places: [String: UInt32] = [:]
    private(set) var byAddress = Postings()
    private(set) var byFullName = Postings()
    private(set) var byFirstName = Postings()
    private(set) var byPiece = Postings()
    private var freePlaces: [UInt32] = []
    private var freeNames: [UInt32] = []

    public init() {}

    /// If an id stands twice, the last one counts.
    public init(people: some Collection<Person>) {
        places.reserveCapacity(people.count)
        byAddress.reserve(people.count)
        byFullName.reserve(people.count)
        for person in people { insert(person) }
    }

    public var count: Int { places.count }

    public func contains(_ id: String) -> Bool { places[id] != nil }

    /// Adds a person, or puts him in the place of the one with the same id.
    public mutating func insert(_ person: Person) {
        remove(person.id)
        let facts = PersonFacts(person)
        let place = freePlaces.popLast() ?? UInt32(cards.count)
        let numbers = facts.names.map { file($0, of: place) }
        let card = Card(
            id: person.id, addresses: facts.addresses, names: numbers, firstNames: facts.firstNames,
            families: facts.families)
        if Int(place) == cards.count { cards.append(card) } else { cards[Int(place)] = card }
        places[person.id] = place
        for key in facts.addressKeys { byAddress.insert(place, for: key) }
        for first in card.firstNames { byFirstName.insert(place, for: .first(first)) }
    }

    /// The same as `insert`; says that the person is known.
    public mutating func replace(_ person: Person) { insert(person) }

    /// Does nothing if there is nobody with this id.
    public mutating func remove(_ id: String) {
        guard let place = places.removeValue(forKey: id), let card = cards[Int(place)] else { return }
        for key in Set(card.addresses.map(MatchKey.address)) { byAddress.remove(place, for: key) }
        for first in card.firstNames { byFirstName.remove(place, for: .first(first)) }
        for number in card.names { unfile(number) }
        cards[Int(place)] = nil
        freePlaces.append(place)
    }

    private mutating func file(_ name: PersonFacts.Name, of place: UInt32) -> UInt32 {
        let number = freeNames.popLast() ?? UInt32(names.count)
        let filed = Name(letters: name.letters, owner: place, hasSeveralWords: name.hasSeveralWords)
        if Int(number) == names.count {
            names.append(filed)
            letters.append(Nearness.letters(of: name.letters))
        } else {
            names[Int(number)] = filed
            letters[Int(number)] = Nearness.letters(of: name.letters)
        }
        byFullName.insert(number, for: .full(name.letters))
        if name.hasSeveralWords {
            for key in Nearness.keys(ofName: name.letters) { byPiece.insert(number, for: key) }
        }
        return number
    }

    private mutating func unfile(_ number: UInt32) {
        guard let name = names[Int(number)] else { return }
        byFullName.remove(number, for: .full(name.letters))
        if name.hasSeveralWords {
            for key in Nearness.keys(ofName: name.letters) { byPiece.remove(number, for: key) }
        }
        names[Int(number)] = nil
        freeNames.append(number)
    }
}

extension PeopleIndex {
    /// All that a person can be found by.
    public static func keys(of person: Person) -> Set<MatchKey> {
        let facts = PersonFacts(person)
        return facts.addressKeys.union(facts.nameKeys)
    }

    /// What a change touches: no candidate without one of these keys can get another verdict.
    ///
    /// Nil before is a new person, nil after a deleted one. An address touches only itself; a name touches all names of
    /// the person, because whether a first name fits depends on the family name beside it.
    public static func touchedKeys(from old: Person?, to new: Person?) -> Set<MatchKey> {
        guard let old, let new, old.id == new.id else {
            return (old.map(keys) ?? []).union(new.map(keys) ?? [])
        }
        let (before, after) = (PersonFacts(old), PersonFacts(new))
        var touched: Set<MatchKey> = []
        if before.addresses != after.addresses {
            let kept = Set(before.addresses).intersection(after.addresses)
            touched = Set((before.addresses + after.addresses).filter { !kept.contains($0) }.map(MatchKey.address))
        }
        let isSameByName = before.names == after.names && before.firstNames == after.firstNames
        if !isSameByName || before.families != after.families {
            touched.formUnion(before.nameKeys)
            touched.formUnion(after.nameKeys)
        }
        return touched
    }
}
