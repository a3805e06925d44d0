/// Names of days (UTC), as `2026-11-21`. Entries of one day stand together, so the last name is kept.
struct DayNames {
    private var number = Int64.min
    private var text = ""

    mutating func name(of instant: Int64) -> String {
        let day = Int64((Double(instant) / 86_400_000).rounded(.down))
        if day == number { return text }
        (number, text) = (day, Self.name(ofDay: day))
        return text
    }

    /// From the days since 1970, by the arithmetic of the Gregorian calendar's 400 years of 146,097 days, counted from
    /// a March so that the leap day comes last.
    private static func name(ofDay day: Int64) -> String {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let calendarMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0)
        return padded(year, 4) + "-" + padded(calendarMonth, 2) + "-" + padded(dayOfMonth, 2)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
