/// The parts of a rule that a day has to pass, with what the start of the series adds to them.
///
/// A part limits the days; parts that are there limit together. Which of the first, second … day of the week BYDAY counts
/// is one of the month in a monthly rule and in a yearly rule with BYMONTH, and one of the year in any other yearly rule;
/// more frequent rules count nothing, so the number is passed over, as elsewhere.
struct DayFilter {
    private var months: UInt32 = 0
    private var weekdays: UInt32 = 0
    private var counted: [RecurrenceRule.Weekday] = []
    private var countsInMonth = false
    private var monthDays: UInt32 = 0
    private var monthDaysFromEnd: UInt32 = 0
    private var yearDays: [Int] = []
    private var weekNumbers: [Int] = []
    private let weekStart: Int

    init(_ rule: RecurrenceRule, start: CivilDay) {
        weekStart = rule.weekStart - 1
        for month in rule.months { months |= 1 << UInt32(month) }
        for day in rule.monthDays where day > 0 { monthDays |= 1 << UInt32(day) }
        for day in rule.monthDays where day < 0 { monthDaysFromEnd |= 1 << UInt32(-day) }
        yearDays = rule.yearDays
        weekNumbers = rule.weekNumbers
        for weekday in rule.weekdays {
            if weekday.ordinal != nil, rule.frequency >= .monthly {
                counted.append(weekday)
            } else {
                weekdays |= 1 << UInt32(weekday.number)
            }
        }
        countsInMonth = rule.frequency == .monthly || !rule.months.isEmpty
        takeRest(of: rule, from: start)
    }

    /// What the rule leaves open is as it is on the first day.
    private mutating func takeRest(of rule: RecurrenceRule, from start: CivilDay) {
        guard rule.weekdays.isEmpty, rule.monthDays.isEmpty, rule.yearDays.isEmpty else { return }
        let parts = start.parts
        switch rule.frequency {
        case .weekly:
            weekdays = 1 << UInt32(start.weekday)
        case .monthly where rule.weekNumbers.isEmpty:
            monthDays = 1 << UInt32(parts.day)
        case .yearly where rule.weekNumbers.isEmpty:
            monthDays = 1 << UInt32(parts.day)
            if rule.months.isEmpty { months = 1 << UInt32(parts.month) }
        case .monthly, .yearly:
            weekdays = 1 << UInt32(start.weekday)
        default:
            break
        }
    }

    func fill(_ words: inout [UInt64], at base: Int, for year: Year) {
        var offset = 0
        for month in 1...12 {
            let length = CivilDay.length(ofMonth: month, year: year.number)
            if months == 0 || months >> UInt32(month) & 1 == 1 {
                for day in 1...length where passes(offset + day - 1, day: day, of: length, in: year) {
                    let bit = offset + day - 1
                    words[base + bit >> 6] |= 1 << UInt64(bit & 63)
                }
            }
            offset += length
        }
    }

    private func passes(_ offset: Int, day: Int, of length: Int, in year: Year) -> Bool {
        if monthDays != 0 || monthDaysFromEnd != 0 {
            let fromEnd = length - day + 1
            guard monthDays >> UInt32(day) & 1 == 1 || monthDaysFromEnd >> UInt32(fromEnd) & 1 == 1 else {
                return false
            }
        }
        if weekdays != 0 || !counted.isEmpty {
            guard passesWeekday(offset, day: day, of: length, in: year) else { return false }
        }
        if !yearDays.isEmpty {
            guard yearDays.contains(offset + 1) || yearDays.contains(offset - year.length) else { return false }
        }
        return weekNumbers.isEmpty || passesWeekNumber(offset, in: year)
    }

    private func passesWeekday(_ offset: Int, day: Int, of length: Int, in year: Year) -> Bool {
        let weekday = (year.firstWeekday + offset) % 7 + 1
        if weekdays >> UInt32(weekday) & 1 == 1 { return true }
        let place = countsInMonth ? (day - 1, length - day) : (offset, year.length - 1 - offset)
        return counted.contains {
            $0.number == weekday && ($0.ordinal == place.0 / 7 + 1 || $0.ordinal == -(place.1 / 7 + 1))
        }
    }

    /// A week belongs to the year that has most of its days, so the first and the last days of a year can be in a week
    /// of another one. They count as days of that week, in the year in which they are.
    private func passesWeekNumber(_ offset: Int, in year: Year) -> Bool {
        let first = firstWeek(year.firstWeekday)
        let next = year.length + firstWeek(year.firstWeekday + year.length)
        if offset < first {
            let before = -year.lengthBefore + firstWeek(year.firstWeekday - year.lengthBefore)
            return hasWeek((offset - before) / 7 + 1, of: (first - before) / 7)
        }
        if offset >= next {
            let after = year.length + year.lengthAfter
            return hasWeek(1, of: (after + firstWeek(year.firstWeekday + after) - next) / 7)
        }
        return hasWeek((offset - first) / 7 + 1, of: (next - first) / 7)
    }

    private func hasWeek(_ number: Int, of count: Int) -> Bool {
        weekNumbers.contains(number) || weekNumbers.contains(number - count - 1)
    }

    /// Where week 1 begins in a year, from the weekday of its first day; three days before it to three days into it.
    private func firstWeek(_ firstWeekday: Int) -> Int {
        let since = remainder(firstWeekday - weekStart, 7)
        return since <= 3 ? -since : 7 - since
    }
}
