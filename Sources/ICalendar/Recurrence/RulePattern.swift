/// A rule with what it leaves to the start of its series filled in: where its periods are, and the times within one.
struct RulePattern {
    /// The calendar's years have four digits, so its rules end with the year 9999.
    static let firstSecond = Year(1).firstDay * 86_400
    static let lastSecond = (Year(Year.last).firstDay + Year(Year.last).length) * 86_400 - 1

    let start: LocalTime
    let frequency: RecurrenceRule.Frequency
    let interval: Int
    let positions: [Int]
    /// The times of a period count from its day, or from its hour, minute or second in a rule that is that frequent.
    let timesInPeriod: Int
    /// False if no period is ever at an hour, a minute and a second that the rule lets through, or has a time at a place of
    /// BYSETPOS.
    private(set) var isPossible = true

    private let startUnit: Int
    private let weekStart: Int
    private let hours: [Int]
    private let minutes: [Int]
    private let seconds: [Int]
    /// What an hourly, minutely or secondly rule lets through, a bit for each.
    private let passingHours: UInt64
    private let passingMinutes: UInt64
    private let passingSeconds: UInt64

    init(_ rule: RecurrenceRule, start: LocalTime) {
        self.start = start
        frequency = rule.frequency
        interval = min(max(1, rule.interval), RecurrenceRule.largestInterval)
        positions = rule.positions
        weekStart = rule.weekStart - 1
        // Who has no leap seconds takes the 60th for the one before it (RFC 5545, 3.3.12).
        let ruleSeconds = rule.seconds.map { min($0, 59) }
        hours = frequency <= .hourly ? [0] : ordered(rule.hours, else: start.hour)
        minutes = frequency <= .minutely ? [0] : ordered(rule.minutes, else: start.minute)
        seconds = frequency <= .secondly ? [0] : ordered(ruleSeconds, else: start.second)
        timesInPeriod = hours.count * minutes.count * seconds.count
        passingHours = frequency <= .hourly ? bits(rule.hours) : ~0
        passingMinutes = frequency <= .minutely ? bits(rule.minutes) : ~0
        passingSeconds = frequency <= .secondly ? bits(ruleSeconds) : ~0
        startUnit = RulePattern.unit(of: start.seconds, frequency, weekStart)
        if frequency <= .hourly { isPossible = canPass() }
        // Each of these periods has the same number of times, so all of them have the place or none.
        let mostTimes = frequency <= .daily ? timesInPeriod : .max
        if !positions.isEmpty, positions.allSatisfy({ abs($0) > mostTimes }) { isPossible = false }
    }

    /// A time of a period, by its place among them.
    func time(_ place: Int) -> Int {
        guard timesInPeriod > 1 else { return hours[0] * 3600 + minutes[0] * 60 + seconds[0] }
        let (minute, second) = place.quotientAndRemainder(dividingBy: seconds.count)
        let (hour, minuteOfHour) = minute.quotientAndRemainder(dividingBy: minutes.count)
        return hours[hour] * 3600 + minutes[minuteOfHour] * 60 + seconds[second]
    }

    /// The first period at or after the one that has a second in it.
    func index(atOrAfter second: Int) -> Int {
        let units = RulePattern.unit(of: second, frequency, weekStart) - startUnit
        return units <= 0 ? 0 : (units - 1) / interval + 1
    }

    /// The days of a period of a daily, weekly, monthly or yearly rule; nil behind the end of the calendar.
    func days(of index: Int) -> Range<Int>? {
        let unit = startUnit + index * interval
        switch frequency {
        case .yearly:
            guard unit <= Year.last else { return nil }
            let year = Year(unit)
            return year.firstDay..<(year.firstDay + year.length)
        case .monthly:
            let (year, month) = unit.quotientAndRemainder(dividingBy: 12)
            guard let first = CivilDay(year: year, month: month + 1, day: 1) else { return nil }
            return first.number..<(first.number + CivilDay.length(ofMonth: month + 1, year: year))
        case .weekly:
            let first = unit * 7 + weekStart - 3
            return first..<(first + 7)
        default:
            return unit..<(unit + 1)
        }
    }

    /// The second with which a period of an hourly, minutely or secondly rule begins.
    func second(of index: Int) -> Int {
        (startUnit + index * interval) * RulePattern.length(frequency)
    }

    /// The first time of day at or after one, at which the hour, the minute and the second are let through.
    func passingTime(from time: Int) -> Int? {
        let hour = nextBit(passingHours, time / 3600, below: 24)
        guard let hour else { return nil }
        guard hour == time / 3600 else { return passingTime(inHour: hour, from: 0) }
        return passingTime(inHour: hour, from: time % 3600)
            ?? nextBit(passingHours, hour + 1, below: 24).flatMap { passingTime(inHour: $0, from: 0) }
    }

    private func passingTime(inHour hour: Int, from time: Int) -> Int? {
        let minute = nextBit(passingMinutes, time / 60, below: 60)
        guard let minute else { return nil }
        let second = nextBit(passingSeconds, minute == time / 60 ? time % 60 : 0, below: 60)
        if let second { return hour * 3600 + minute * 60 + second }
        guard let minute = nextBit(passingMinutes, minute + 1, below: 60) else { return nil }
        return nextBit(passingSeconds, 0, below: 60).map { hour * 3600 + minute * 60 + $0 }
    }

    /// The times of day that the periods reach are those that leave the same rest as the start when divided by what a
    /// step and a day have in common. If none of them is let through, no day ever has one.
    private func canPass() -> Bool {
        let length = RulePattern.length(frequency)
        let common = greatestCommonDivisor(interval * length, 86_400)
        var time = remainder(startUnit * length, common)
        while time < 86_400 {
            guard let passing = passingTime(from: time) else { return false }
            let missing = remainder(time - passing, common)
            if missing == 0 { return true }
            time = passing + missing
        }
        return false
    }

    /// Years, months, weeks, days, hours, minutes or seconds, counted from some beginning.
    private static func unit(of second: Int, _ frequency: RecurrenceRule.Frequency, _ weekStart: Int) -> Int {
        let day = quotient(second, 86_400)
        switch frequency {
        case .yearly: return CivilDay(number: day).parts.year
        case .monthly:
            let parts = CivilDay(number: day).parts
            return parts.year * 12 + parts.month - 1
        case .weekly: return quotient(day + 3 - weekStart, 7)
        case .daily: return day
        case .hourly, .minutely, .secondly: return quotient(second, length(frequency))
        }
    }

    private static func length(_ frequency: RecurrenceRule.Frequency) -> Int {
        switch frequency {
        case .hourly: 3600
        case .minutely: 60
        default: 1
        }
    }
}

private func ordered(_ numbers: [Int], else only: Int) -> [Int] {
    numbers.isEmpty ? [only] : Set(numbers).sorted()
}

/// An empty list limits nothing.
private func bits(_ numbers: [Int]) -> UInt64 {
    numbers.isEmpty ? ~0 : numbers.reduce(0) { $0 | 1 << UInt64($1) }
}

private func nextBit(_ bits: UInt64, _ start: Int, below end: Int) -> Int? {
    guard start < end else { return nil }
    let rest = bits & (~0 << UInt64(start))
    return rest.trailingZeroBitCount < end ? rest.trailingZeroBitCount : nil
}

private func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    var (larger, smaller) = (left, right)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
}
