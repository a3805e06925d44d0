// The days that a rule lets through, as a bit for each day of a year.
//
// Whether a day passes BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY and BYDAY depends on nothing but the year's first day of
// the week and on which of the years around it are leap years. That makes 28 kinds of years, so however far a rule is
// followed, its days are worked out at most 28 times; a rule that no day passes is found out by 28 looks.

/// Finds the days that a rule lets through.
struct YearDays {
    private let filter: DayFilter
    /// Six words for each kind of year, and whether they were worked out.
    private var words = [UInt64](repeating: 0, count: 28 * 6)
    private var isKnown: UInt32 = 0
    private var year: Year

    init(_ filter: DayFilter) {
        self.filter = filter
        year = Year(1970)
        workOut()
    }

    /// The first day at or after one that passes, if there is one until the last. Years that are looked at are counted.
    mutating func first(from day: Int, through last: Int, looks: inout Int) -> Int? {
        guard day <= last else { return nil }
        enterYear(of: day)
        var offset = day - year.firstDay
        while true {
            if let found = firstOffset(from: offset) {
                let day = year.firstDay + found
                return day <= last ? day : nil
            }
            looks += 1
            guard year.number < Year.last, year.firstDay + year.length <= last else { return nil }
            year = Year(year.number + 1)
            workOut()
            offset = 0
        }
    }

    mutating func contains(_ day: Int) -> Bool {
        enterYear(of: day)
        let offset = day - year.firstDay
        return words[year.kind * 6 + offset >> 6] >> UInt64(offset & 63) & 1 == 1
    }

    private func firstOffset(from start: Int) -> Int? {
        var word = start >> 6
        guard word < 6 else { return nil }
        var bits = words[year.kind * 6 + word] & (~0 << UInt64(start & 63))
        while bits == 0 {
            word += 1
            guard word < 6 else { return nil }
            bits = words[year.kind * 6 + word]
        }
        return word << 6 + bits.trailingZeroBitCount
    }

    private mutating func enterYear(of day: Int) {
        if day >= year.firstDay, day < year.firstDay + year.length { return }
        year = Year(CivilDay(number: day).parts.year)
        workOut()
    }

    private mutating func workOut() {
        guard isKnown >> UInt32(year.kind) & 1 == 0 else { return }
        isKnown |= 1 << UInt32(year.kind)
        filter.fill(&words, at: year.kind * 6, for: year)
    }
}

/// What is to be known of a year before its days can be filtered.
struct Year {
    /// The calendar's numbers have four digits.
    static let last = 9999

    let number: Int
    let firstDay: Int
    let length: Int
    /// The weekday of the first day; Monday is 0.
    let firstWeekday: Int
    let lengthBefore: Int
    let lengthAfter: Int

    init(_ number: Int) {
        self.number = number
        let before = number - 1
        firstDay = before * 365 + quotient(before, 4) - quotient(before, 100) + quotient(before, 400) - 719_162
        length = CivilDay.isLeap(number) ? 366 : 365
        lengthBefore = CivilDay.isLeap(before) ? 366 : 365
        lengthAfter = CivilDay.isLeap(number + 1) ? 366 : 365
        firstWeekday = remainder(firstDay + 3, 7)
    }

    /// No two of three years on end are leap years, so four cases for each weekday.
    var kind: Int {
        let lengths = length == 366 ? 1 : lengthBefore == 366 ? 2 : lengthAfter == 366 ? 3 : 0
        return firstWeekday * 4 + lengths
    }
}

/// Division that goes down, also below zero.
func quotient(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
}

func remainder(_ number: Int, _ divisor: Int) -> Int {
    let rest = number % divisor
    return rest < 0 ? rest + divisor : rest
}
