extension PeopleIndex {
    /// Places of all who have this address in any form, and of those who have exactly this one.
    func places(of address: MailAddress) -> (exact: [UInt32], aliased: [UInt32]) {
        var (exact, aliased): ([UInt32], [UInt32]) = ([], [])
        let alias = address.aliased
        byAddress.forEach(.address(address)) { place in
            guard let card = cards[Int(place)] else { return }
            if card.addresses.contains(address) {
                exact.append(place)
            } else if card.addresses.contains(where: { $0.aliased == alias }) {
                aliased.append(place)
            }
        }
        return (exact, aliased)
    }

    func places(ofFullName name: [Unicode.Scalar]) -> [UInt32] {
        var found: [UInt32] = []
        byFullName.forEach(.full(name)) { number in
            if let filed = names[Int(number)], filed.letters == name { found.append(filed.owner) }
        }
        return found
    }

    func countOfFirstName(_ name: String) -> Int { byFirstName.count(of: .first(name)) }

    func places(ofFirstName name: String) -> [UInt32] {
        var found: [UInt32] = []
        byFirstName.forEach(.first(name)) { place in
            if cards[Int(place)]?.firstNames.contains(name) == true { found.append(place) }
        }
        return found
    }

    /// Places of all with a name of two words or more that is one or two letters away.
    func places(near name: [Unicode.Scalar]) -> [UInt32] {
        let wanted = Nearness.letters(of: name)
        var numbers: [UInt32] = []
        for key in Nearness.keys(near: name) {
            byPiece.forEach(key) { if Nearness.mayBeNear(letters[Int($0)], wanted) { numbers.append($0) } }
        }
        guard !numbers.isEmpty else { return [] }
        numbers.sort()
        var (found, last): ([UInt32], UInt32?) = ([], nil)
        for number in numbers where number != last {
            last = number
            guard let filed = names[Int(number)], filed.owner != found.last else { continue }
            if Nearness.distance(filed.letters, name) != nil { found.append(filed.owner) }
        }
        return Array(Set(found))
    }

    func id(_ place: UInt32) -> String { cards[Int(place)]?.id ?? "" }

    /// Ids of these, lowest first, at most so many as are listed.
    func listed(_ places: some Sequence<UInt32>) -> [String] {
        Array(places.map(id).sorted { Person.isLower($0, than: $1) }.prefix(Reason.mostListed))
    }
}
