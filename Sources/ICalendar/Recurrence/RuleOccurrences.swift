// Follows a rule, period by period. A period is one step of FREQ: a year, a month, … a second. It holds the days that the
// rule lets through, times the hours, minutes and seconds at which it takes place, and BYSETPOS picks among those.
//
// Nothing is stepped through that can be jumped over: from a period without a day the way leads straight to the one that
// has the next day of the rule, and from an hour, minute or second that the rule does not let through to the next that
// it does. Each look at a period or a year is counted, so that a rule for which this does not help ends all the same.

/// The times of a rule on a clock on the wall, in order, each once.
///
/// Days that do not exist, as a 30th of February, are passed over and not counted.
public struct RuleOccurrences: Sequence, IteratorProtocol {
    /// What is looked at before the rule is given up: some milliseconds, or 270 years of days.
    public static let mostSteps = 100_000

    /// The steps ran out before the rule did: what was answered is right, and something may be missing behind it.
    public private(set) var isCut = false
    /// How much was looked at so far.
    public private(set) var steps = 0

    private let pattern: RulePattern
    private let limit: Int
    /// Days before it are passed over, where neither COUNT nor BYSETPOS counts what is on them.
    private let earliestDay: Int
    private let startsWithStart: Bool
    private let earliest: Int
    private let latest: Int
    private var remaining: Int
    private var days: YearDays
    /// The period to be looked at next, as a number of steps of FREQ from the period of the start.
    private var index = 0
    private var hasEnded: Bool
    /// The first occurrence, where it is the start whatever the rule says.
    private var first: Int?
    private var place = PeriodPlace()

    /// Follows a rule from the start of its series.
    ///
    /// - Parameters:
    ///   - from: Nothing before it is wanted. A rule without COUNT jumps there.
    ///   - through: Nothing after it is wanted.
    ///   - startsWithStart: The start is the first occurrence, and counted, even if the rule does not let it through.
    public init(
        _ rule: RecurrenceRule, start: LocalTime, from: LocalTime? = nil, through: LocalTime? = nil,
        startsWithStart: Bool = false, mostSteps: Int = RuleOccurrences.mostSteps
    ) {
        let until = rule.until.map { $0.isDay ? ($0.local.seconds + 86_399) : $0.local.seconds } ?? .max
        latest = Swift.min(until, through?.seconds ?? .max, RulePattern.lastSecond)
        earliest = Swift.max(start.seconds, from?.seconds ?? .min)
        limit = mostSteps
        remaining = rule.count ?? .max
        let isInTime = (RulePattern.firstSecond...RulePattern.lastSecond).contains(start.seconds)
        pattern = RulePattern(rule, start: isInTime ? start : LocalTime(seconds: 0))
        days = YearDays(DayFilter(rule, start: pattern.start.day))
        hasEnded = !isInTime || start.seconds > latest
        self.startsWithStart = startsWithStart
        if startsWithStart, !hasEnded { first = start.seconds }
        if !pattern.isPossible, first == nil { hasEnded = true }
        let isCounted = rule.count != nil
        earliestDay = rule.positions.isEmpty ? quotient(isCounted ? start.seconds : earliest, 86_400) : .min
        if !isCounted, !hasEnded { index = pattern.index(atOrAfter: earliest) }
    }

    public mutating func next() -> LocalTime? {
        while !hasEnded, remaining > 0 {
            guard let second = nextOfRule() else { break }
            remaining -= 1
            if second > latest { break }
            if second >= earliest { return LocalTime(seconds: second) }
        }
        hasEnded = true
        return nil
    }

    /// The next of the rule that is not before the start. What is before the window is answered as well, if it counts.
    private mutating func nextOfRule() -> Int? {
        if let first {
            self.first = nil
            hasEnded = !pattern.isPossible
            return first
        }
        let earliest = startsWithStart ? pattern.start.seconds + 1 : pattern.start.seconds
        repeat {
            while let second = place.next(in: pattern, days: &days, looks: &steps) {
                guard spend() else { return nil }
                if second >= earliest { return second }
            }
        } while enterNextPeriod()
        return nil
    }

    private mutating func enterNextPeriod() -> Bool {
        pattern.frequency >= .daily ? enterNextDays() : enterNextTime()
    }

    private mutating func enterNextDays() -> Bool {
        let lastDay = quotient(latest, 86_400)
        while spend() {
            guard let range = pattern.days(of: index) else { return false }
            let from = Swift.max(range.lowerBound, earliestDay)
            guard let day = days.first(from: from, through: lastDay, looks: &steps) else { return false }
            guard day < range.upperBound else {
                index = Swift.max(index + 1, pattern.index(atOrAfter: day * 86_400))
                continue
            }
            index += 1
            place.enter(day..<range.upperBound, time: 0)
            if pattern.positions.isEmpty || place.pick(in: pattern, days: &days, looks: &steps) { return true }
        }
        return false
    }

    private mutating func enterNextTime() -> Bool {
        let lastDay = quotient(latest, 86_400)
        while spend() {
            let second = pattern.second(of: index)
            guard second <= latest else { return false }
            let today = quotient(second, 86_400)
            guard let day = days.first(from: today, through: lastDay, looks: &steps) else { return false }
            let time = day == today ? second - day * 86_400 : 0
            guard let passing = pattern.passingTime(from: time) else {
                index = pattern.index(atOrAfter: (day + 1) * 86_400)
                continue
            }
            guard day == today, passing == time else {
                index = pattern.index(atOrAfter: day * 86_400 + passing)
                continue
            }
            index += 1
            place.enter(day..<(day + 1), time: time)
            if pattern.positions.isEmpty || place.pick(in: pattern, days: &days, looks: &steps) { return true }
        }
        return false
    }

    private mutating func spend() -> Bool {
        steps += 1
        if steps > limit { isCut = true }
        return !isCut
    }
}
