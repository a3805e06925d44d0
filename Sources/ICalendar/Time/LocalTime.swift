/// What a clock on a wall shows: a day and a time, in no time zone.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00 on that clock, which knows no summer time.
    public let seconds: Int

    public init(seconds: Int) {
        self.seconds = seconds
    }

    public init(_ day: CivilDay, secondOfDay: Int = 0) {
        seconds = day.number * 86_400 + secondOfDay
    }

    public static func < (left: LocalTime, right: LocalTime) -> Bool { left.seconds < right.seconds }

    public var day: CivilDay {
        CivilDay(number: (seconds - secondOfDay) / 86_400)
    }

    public var secondOfDay: Int {
        let second = seconds % 86_400
        return second < 0 ? second + 86_400 : second
    }

    public var hour: Int { secondOfDay / 3600 }
    public var minute: Int { secondOfDay / 60 % 60 }
    public var second: Int { secondOfDay % 60 }
}
