import ICalendar

/// The same rules, followed without any cleverness: each day and each hour, minute or second is looked at, one after the
/// other, and asked everything. It shares nothing with the program but the reading of the rule and the calendar.
struct PatientRule {
    let rule: RecurrenceRule
    let start: LocalTime
    let end: LocalTime

    func occurrences(_ most: Int) -> [LocalTime] {
        rule.frequency >= .daily ? ofDays(most) : ofTimes(most)
    }

    private func ofDays(_ most: Int) -> [LocalTime] {
        var found: [LocalTime] = []
        var period: (key: Int, times: [LocalTime])?
        // The first period can begin almost a year before the start.
        for number in (start.day.number - 366)...(end.day.number + 367) {
            let day = CivilDay(number: number)
            let key = periodKey(day)
            if let full = period, full.key != key {
                found += chosen(full.times)
                period = nil
                if limit(&found, most) { return found }
            }
            guard (key - periodKey(start.day)) % rule.interval == 0, passes(day) else { continue }
            var times = period?.times ?? []
            for hour in values(rule.hours, start.hour) {
                for minute in values(rule.minutes, start.minute) {
                    for second in values(rule.seconds, start.second) {
                        times.append(LocalTime(day, secondOfDay: hour * 3600 + minute * 60 + min(second, 59)))
                    }
                }
            }
            period = (key, times)
        }
        if let period { found += chosen(period.times) }
        _ = limit(&found, most)
        return found
    }

    private func ofTimes(_ most: Int) -> [LocalTime] {
        let length = [1, 60, 3600][rule.frequency.rawValue]
        var found: [LocalTime] = []
        var unit = start.seconds / length
        var today: (number: Int, passes: Bool)?
        while unit * length <= end.seconds {
            let time = LocalTime(seconds: unit * length)
            let number = time.seconds / 86_400
            if today?.number != number { today = (number, passes(time.day)) }
            if today?.passes == true, isLetThrough(time) {
                let minutes = rule.frequency == .hourly ? values(rule.minutes, start.minute) : [0]
                let seconds = rule.frequency == .secondly ? [0] : values(rule.seconds, start.second)
                var times: [LocalTime] = []
                for minute in minutes {
                    for second in seconds {
                        times.append(LocalTime(seconds: time.seconds + minute * 60 + min(second, 59)))
                    }
                }
                found += chosen(times)
                if limit(&found, most) { return found }
            }
            unit += rule.interval
        }
        _ = limit(&found, most)
        return found
    }

    private func isLetThrough(_ time: LocalTime) -> Bool {
        if !rule.hours.isEmpty, !rule.hours.contains(time.hour) { return false }
        if rule.frequency <= .minutely, !rule.minutes.isEmpty, !rule.minutes.contains(time.minute) { return false }
        if rule.frequency <= .secondly, !rule.seconds.isEmpty {
            return rule.seconds.contains(time.second) || (time.second == 59 && rule.seconds.contains(60))
        }
        return true
    }

    private func chosen(_ times: [LocalTime]) -> [LocalTime] {
        let ordered = Set(times).sorted()
        guard !rule.positions.isEmpty else { return ordered.filter { $0 >= start } }
        return ordered.enumerated().filter { place, _ in
            rule.positions.contains(place + 1) || rule.positions.contains(place - ordered.count)
        }.map(\.element).filter { $0 >= start }
    }

    /// Whether there is no need to go on.
    private func limit(_ found: inout [LocalTime], _ most: Int) -> Bool {
        if let until = rule.until { found = found.filter { $0 <= until.local } }
        found = Array(found.filter { $0 <= end }.prefix(min(most, rule.count ?? most)))
        return found.count == min(most, rule.count ?? most)
    }

    private func periodKey(_ day: CivilDay) -> Int {
        let parts = day.parts
        switch rule.frequency {
        case .yearly: return parts.year
        case .monthly: return parts.year * 12 + parts.month
        case .weekly: return firstDayOfWeek(day).number / 7
        default: return day.number
        }
    }

    private func firstDayOfWeek(_ day: CivilDay) -> CivilDay {
        day + -((day.weekday - rule.weekStart + 7) % 7)
    }

    private func values(_ list: [Int], _ only: Int) -> [Int] { list.isEmpty ? [only] : list }

    private func passes(_ day: CivilDay) -> Bool {
        let (year, month, dayOfMonth) = day.parts
        let first = start.day.parts
        let isOpen = rule.weekdays.isEmpty && rule.monthDays.isEmpty && rule.yearDays.isEmpty
        if !rule.months.isEmpty, !rule.months.contains(month) { return false }
        if isOpen, rule.frequency >= .weekly {
            if rule.frequency == .weekly || !rule.weekNumbers.isEmpty {
                if day.weekday != start.day.weekday { return false }
            } else {
                if dayOfMonth != first.day { return false }
                if rule.frequency == .yearly, rule.months.isEmpty, month != first.month { return false }
            }
        }
        let length = CivilDay.length(ofMonth: month, year: year)
        let isMonthDay = rule.monthDays.contains(dayOfMonth) || rule.monthDays.contains(dayOfMonth - length - 1)
        if !rule.monthDays.isEmpty, !isMonthDay { return false }
        if !rule.yearDays.isEmpty {
            let days = firstDay(year).number..<firstDay(year + 1).number
            let passes = rule.yearDays.contains(day.number - days.lowerBound + 1)
            if !passes, !rule.yearDays.contains(day.number - days.upperBound) { return false }
        }
        if !rule.weekNumbers.isEmpty, !isInWeek(day) { return false }
        return rule.weekdays.isEmpty || rule.weekdays.contains { isThis($0, day) }
    }

    private func isThis(_ weekday: RecurrenceRule.Weekday, _ day: CivilDay) -> Bool {
        guard weekday.number == day.weekday else { return false }
        guard let ordinal = weekday.ordinal, rule.frequency >= .monthly else { return true }
        let (year, month, _) = day.parts
        let isOfMonth = rule.frequency == .monthly || !rule.months.isEmpty
        return hasPlace(day, among: { isOfMonth ? $0.parts.month == month : $0.parts.year == year }, [ordinal])
    }

    /// A week is one of the year in which its fourth day is.
    private func isInWeek(_ day: CivilDay) -> Bool {
        let middle = firstDayOfWeek(day) + 3
        let year = middle.parts.year
        return hasPlace(middle, among: { $0.parts.year == year }, rule.weekNumbers)
    }

    /// Whether a day is the first, the second, … the last of those a week apart that belong together.
    private func hasPlace(_ day: CivilDay, among belongs: (CivilDay) -> Bool, _ places: [Int]) -> Bool {
        var (before, after) = (1, 1)
        while belongs(day + -7 * before) { before += 1 }
        while belongs(day + 7 * after) { after += 1 }
        return places.contains(before) || places.contains(-after)
    }

    private func firstDay(_ year: Int) -> CivilDay {
        CivilDay(year: year, month: 1, day: 1) ?? CivilDay(number: 0)
    }
}
