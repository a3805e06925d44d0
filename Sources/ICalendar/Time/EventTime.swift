/// A time as a calendar states it, before any zone was looked up.
public enum EventTime: Hashable, Sendable {
    /// A whole day: a date, and never an instant.
    case day(CivilDay)
    /// The local time of whoever looks at it.
    case floating(LocalTime)
    /// An instant, shown as the clock in UTC shows it.
    case utc(LocalTime)
    /// What the clock shows in a zone, under the name that the file gives the zone.
    case zoned(LocalTime, zone: String)

    /// What the clock shows; midnight for a whole day.
    public var local: LocalTime {
        switch self {
        case .day(let day): LocalTime(day)
        case .floating(let time), .utc(let time), .zoned(let time, _): time
        }
    }

    public var isDay: Bool {
        if case .day = self { true } else { false }
    }
}

/// How long something lasts: days by the calendar, and seconds by the clock.
///
/// `P1D` is a day, however many hours it has; `PT24H` is 24 hours.
public struct EventDuration: Hashable, Sendable {
    public var days: Int
    public var seconds: Int

    public init(days: Int = 0, seconds: Int = 0) {
        self.days = days
        self.seconds = seconds
    }
}
