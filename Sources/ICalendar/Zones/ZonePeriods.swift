/// The offsets from UTC that the clocks of a zone had and will have, in their order.
///
/// Times are seconds since 1970-01-01T00:00:00Z. Before the first change `firstOffset` holds, after a change its offset
/// does until the next, and after the last one the rule for the future, where there is one.
struct ZonePeriods: Hashable, Sendable {
    let firstOffset: Int
    /// When the offset changes; ascending, none twice.
    private(set) var changes: [Int]
    /// What it changes to, for each.
    private(set) var offsets: [Int]
    let future: YearlyChange?

    init(firstOffset: Int, changes: [Int] = [], offsets: [Int] = [], future: YearlyChange? = nil) {
        self.firstOffset = firstOffset
        self.changes = changes
        self.offsets = offsets
        self.future = future
        writeOutFuture()
    }

    /// Changes that people will live to see are looked up, not worked out again each time.
    private static let lastWrittenYear = 2100

    private mutating func writeOutFuture() {
        guard let future else { return }
        let last = changes.last ?? 0
        let firstYear = CivilDay(number: quotient(last, 86_400)).parts.year
        guard firstYear <= ZonePeriods.lastWrittenYear else { return }
        for year in firstYear...ZonePeriods.lastWrittenYear {
            for change in future.changes(in: year) where change.second > (changes.last ?? .min) && change.second > last
            {
                if change.offset != (offsets.last ?? firstOffset) {
                    changes.append(change.second)
                    offsets.append(change.offset)
                }
            }
        }
    }

    /// The period that has a second in it: what holds, and from when until when.
    func period(at second: Int) -> ZonePeriod {
        let number = changes.partitioningIndex { $0 > second } - 1
        if number == changes.count - 1, let future {
            return future.period(at: min(second, ZonePeriods.farthest), after: lastWritten)
        }
        return period(number)
    }

    private func period(_ number: Int) -> ZonePeriod {
        ZonePeriod(
            start: number < 0 ? .min : changes[number],
            end: number + 1 < changes.count ? changes[number + 1] : .max,
            offset: number < 0 ? firstOffset : offsets[number])
    }

    private var lastWritten: ZonePeriod { period(changes.count - 1) }

    /// Twice as far as anyone asks, so that sums do not overflow.
    private static let farthest = 2 * ZoneClock.farthest
}

/// A time during which the clocks of a zone have one offset.
struct ZonePeriod: Hashable, Sendable {
    /// Its first second, or `Int.min`.
    let start: Int
    /// The first second behind it, or `Int.max`.
    let end: Int
    let offset: Int

    func contains(_ second: Int) -> Bool { second >= start && second < end }
}

extension Array {
    /// The first place whose element belongs to the second part, in an array of two parts.
    func partitioningIndex(_ belongsToSecond: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
