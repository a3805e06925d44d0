import ICalendar

/// Numbers that look like chance and are the same for the same seed (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func happens(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// A rule made up by chance, with a start and an end for it.
struct RandomRule {
    var text: String
    var start: LocalTime
    /// Nothing after it is looked at.
    var end: LocalTime

    /// How many occurrences are looked at.
    static let mostOccurrences = 40

    static let frequencies = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
    static let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// With `forDateutil`, nothing that dateutil is known to take differently; see docs/recurrence.md.
    init(_ chance: inout Chance, forDateutil: Bool) {
        let level = Int.random(in: 0..<7, using: &chance)
        var parts = ["FREQ=\(RandomRule.frequencies[level])"]
        var day = Int.random(in: 7_000...24_000, using: &chance)
        let weekStart = Int.random(in: 0..<7, using: &chance)
        if !chance.happens(oneIn: 3) { parts.append("INTERVAL=\(RandomRule.interval(level, &chance))") }
        var hasDayPart = false
        if chance.happens(oneIn: 3) { parts.append(RandomRule.list("BYMONTH", 1...12, 3, &chance)) }
        if chance.happens(oneIn: 4) {
            let text = RandomRule.list("BYMONTHDAY", chance.happens(oneIn: 2) ? 1...31 : -31...(-1), 3, &chance)
            parts.append(text)
            hasDayPart = true
        }
        if chance.happens(oneIn: 8) {
            parts.append(RandomRule.list("BYYEARDAY", chance.happens(oneIn: 2) ? 1...366 : -366...(-1), 12, &chance))
            hasDayPart = true
        }
        let hasWeekNumber = chance.happens(oneIn: level == 6 ? 4 : 12)
        if hasWeekNumber {
            let edge = forDateutil ? 51 : 53
            parts.append(
                RandomRule.list("BYWEEKNO", chance.happens(oneIn: 2) ? 1...edge : (-edge)...(-1), 4, &chance))
        }
        if chance.happens(oneIn: 2) || (hasWeekNumber && !hasDayPart && forDateutil) {
            let isCounted = level >= 5 && chance.happens(oneIn: 2)
            // A sixth one in a month never is; dateutil does not know that, and fails.
            let most = level == 5 || (forDateutil && parts.contains { $0.hasPrefix("BYMONTH=") }) ? 5 : 53
            parts.append(RandomRule.days(isCounted, upTo: most, mixes: !forDateutil, &chance))
        }
        if chance.happens(oneIn: 4) { parts.append(RandomRule.list("BYHOUR", 0...23, 4, &chance)) }
        if chance.happens(oneIn: 4) { parts.append(RandomRule.list("BYMINUTE", 0...59, 4, &chance)) }
        if chance.happens(oneIn: 6) {
            parts.append(RandomRule.list("BYSECOND", 0...(forDateutil ? 59 : 60), 3, &chance))
        }
        if chance.happens(oneIn: 4) {
            let far = level == 0 ? 1 : [1, 2, 3, 5, 31].randomElement(using: &chance) ?? 1
            parts.append(RandomRule.list("BYSETPOS", chance.happens(oneIn: 2) ? 1...far : (-far)...(-1), 2, &chance))
            // Dateutil's first week has no days before the start, so it picks from what is left of it.
            if forDateutil, level == 4 { day += (weekStart - (day + 3) % 7 + 7) % 7 }
        }
        if chance.happens(oneIn: 2) || level == 4 { parts.append("WKST=\(RandomRule.weekdays[weekStart])") }
        let start = LocalTime(CivilDay(number: day), secondOfDay: Int.random(in: 0..<86_400, using: &chance))
        let reach = [1, 3, 20, 500, 800, 1500, 4000][level] * 86_400
        if chance.happens(oneIn: 4) { parts.append("COUNT=\(Int.random(in: 1...30, using: &chance))") }
        if chance.happens(oneIn: 5), !parts[parts.count - 1].hasPrefix("COUNT") {
            let until = LocalTime(seconds: start.seconds + Int.random(in: 0...reach, using: &chance))
            parts.append("UNTIL=\(until.compact)")
        }
        self.start = start
        end = LocalTime(seconds: start.seconds + reach)
        text = parts.joined(separator: ";")
    }

    private static func interval(_ level: Int, _ chance: inout Chance) -> Int {
        let most = [200, 200, 60, 40, 12, 14, 4][level]
        return Int.random(in: 1...(chance.happens(oneIn: 2) ? 3 : most), using: &chance)
    }

    private static func list(_ name: String, _ range: ClosedRange<Int>, _ most: Int, _ chance: inout Chance) -> String {
        let numbers = (0..<Int.random(in: 1...most, using: &chance)).map { _ in Int.random(in: range, using: &chance) }
        return "\(name)=\(numbers.map { String($0) }.joined(separator: ","))"
    }

    private static func days(_ isCounted: Bool, upTo most: Int, mixes: Bool, _ chance: inout Chance) -> String {
        let days = (0..<Int.random(in: 1...4, using: &chance)).map { _ in
            let day = weekdays.randomElement(using: &chance) ?? "MO"
            guard isCounted, !(mixes && chance.happens(oneIn: 3)) else { return day }
            let ordinal = Int.random(in: 1...(chance.happens(oneIn: 2) ? 5 : most), using: &chance)
            return chance.happens(oneIn: 2) ? "\(ordinal)\(day)" : "-\(ordinal)\(day)"
        }
        return "BYDAY=\(days.joined(separator: ","))"
    }

    /// What the program makes of it.
    func occurrences() throws -> [LocalTime] {
        let rule = try RecurrenceRule(text)
        return Array(RuleOccurrences(rule, start: start, through: end).prefix(RandomRule.mostOccurrences))
    }
}

extension LocalTime {
    /// As in `20260321T090000`.
    var compact: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return day.description.filter { $0 != "-" } + "T" + two(hour) + two(minute) + two(second)
    }
}
