/// Numbers by key. Nearly all keys have one number, so only the others pay for a list.
struct Postings {
    private static let isList: UInt32 = 0x8000_0000

    private var table: [UInt64: UInt32] = [:]
    private var lists: [[UInt32]] = []
    private var free: [UInt32] = []

    mutating func reserve(_ count: Int) { table.reserveCapacity(count) }

    func count(of key: MatchKey) -> Int {
        guard let entry = table[key.value] else { return 0 }
        return entry & Postings.isList == 0 ? 1 : lists[Int(entry & ~Postings.isList)].count
    }

    func forEach(_ key: MatchKey, _ body: (UInt32) -> Void) {
        guard let entry = table[key.value] else { return }
        guard entry & Postings.isList != 0 else { return body(entry) }
        for number in lists[Int(entry & ~Postings.isList)] { body(number) }
    }

    mutating func insert(_ number: UInt32, for key: MatchKey) {
        guard let entry = table[key.value] else {
            table[key.value] = number
            return
        }
        if entry & Postings.isList != 0 {
            lists[Int(entry & ~Postings.isList)].append(number)
        } else if let place = free.popLast() {
            lists[Int(place)] = [entry, number]
            table[key.value] = place | Postings.isList
        } else {
            table[key.value] = UInt32(lists.count) | Postings.isList
            lists.append([entry, number])
        }
    }

    mutating func remove(_ number: UInt32, for key: MatchKey) {
        guard let entry = table[key.value] else { return }
        guard entry & Postings.isList != 0 else {
            if entry == number { table[key.value] = nil }
            return
        }
        let place = Int(entry & ~Postings.isList)
        guard let found = lists[place].firstIndex(of: number) else { return }
        lists[place].swapAt(found, lists[place].count - 1)
        lists[place].removeLast()
        if lists[place].count == 1 {
            table[key.value] = lists[place][0]
            lists[place] = []
            free.append(UInt32(place))
        }
    }
}
