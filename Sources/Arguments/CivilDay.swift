/// A day of the Gregorian calendar, with no zone.
struct CivilDay {
    static let milliseconds: Int64 = 86_400_000

    let year: Int
    let month: Int
    let day: Int

    /// False for days that no calendar has, such as the 30th of February.
    var exists: Bool { (1...12).contains(month) && day >= 1 && day <= length }

    private var length: Int {
        switch month {
        case 2: isLeapYear ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private var isLeapYear: Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Counts from March, so that the leap day is the last of its year and needs no case of its own.
    ///
    /// The method is Howard Hinnant's `days_from_civil`; 719,468 is the number of days from 0000-03-01 to 1970-01-01.
    var daysSince1970: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
