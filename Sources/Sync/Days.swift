import ICalendar

/// Days as instants, where a range of time is compared with one of days.
public enum Days {
    public static let milliseconds: Int64 = 86_400_000

    /// Midnight in UTC at the start of a day as `2026-11-21`; nil if it is none.
    public static func start(of day: String) -> Int64? {
        CivilDay(day).map { Int64($0.number) * milliseconds }
    }

    /// The day in UTC to which an instant belongs.
    public static func day(of instant: Int64) -> String {
        let number = instant >= 0 ? instant / milliseconds : (instant - milliseconds + 1) / milliseconds
        return CivilDay(number: Int(number)).description
    }
}
