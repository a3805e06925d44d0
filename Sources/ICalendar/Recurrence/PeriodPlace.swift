/// Where one is within a period: on which of its days, at which of its times, or at which of those that were picked.
struct PeriodPlace {
    private var day: Int?
    private var endDay = 0
    /// What the times count from, in seconds of the day.
    private var timeBase = 0
    private var time = 0
    private var picked: [Int] = []
    private var nextPicked = 0

    /// Enters a period whose first day passes the rule.
    mutating func enter(_ days: Range<Int>, time: Int) {
        day = days.lowerBound
        endDay = days.upperBound
        timeBase = time
        self.time = 0
    }

    mutating func next(in pattern: RulePattern, days: inout YearDays, looks: inout Int) -> Int? {
        guard pattern.positions.isEmpty else { return nextOfPicked() }
        guard let today = day else { return nil }
        if time == pattern.timesInPeriod {
            time = 0
            day = days.first(from: today + 1, through: endDay - 1, looks: &looks)
        }
        guard let day else { return nil }
        time += 1
        return day * 86_400 + timeBase + pattern.time(time - 1)
    }

    /// BYSETPOS: of all that the period has, those at some places, from its beginning or from its end. False if the
    /// period has none there. Each day of the period is counted as a look.
    mutating func pick(in pattern: RulePattern, days: inout YearDays, looks: inout Int) -> Bool {
        var passing: [Int] = []
        var next = day
        while let day = next {
            looks += 1
            passing.append(day)
            next = days.first(from: day + 1, through: endDay - 1, looks: &looks)
        }
        let count = passing.count * pattern.timesInPeriod
        let places = Set(pattern.positions.map { $0 > 0 ? $0 - 1 : count + $0 }).filter { (0..<count).contains($0) }
        picked = places.sorted().map {
            passing[$0 / pattern.timesInPeriod] * 86_400 + timeBase + pattern.time($0 % pattern.timesInPeriod)
        }
        nextPicked = 0
        return !picked.isEmpty
    }

    private mutating func nextOfPicked() -> Int? {
        guard nextPicked < picked.count else { return nil }
        nextPicked += 1
        return picked[nextPicked - 1]
    }
}
