/// A time zone: what its clocks show, and when.
///
/// Times in UTC are seconds since 1970-01-01T00:00:00Z.
public struct Zone: Sendable {
    /// The name that it was found under, as `Europe/Berlin`.
    public let name: String
    private let periods: ZonePeriods

    public init(name: String, data: TimeZoneData) {
        self.init(name: name, periods: data.periods)
    }

    init(name: String, periods: ZonePeriods) {
        self.name = name
        self.periods = periods
    }

    /// A zone whose clocks never change.
    public init(name: String, offset: Int) {
        self.init(name: name, periods: ZonePeriods(firstOffset: offset))
    }

    public static let utc = Zone(name: "UTC", offset: 0)

    /// How much its clocks are ahead of UTC, in seconds.
    public func offset(at utcSeconds: Int) -> Int {
        periods.period(at: utcSeconds).offset
    }

    public func local(at utcSeconds: Int) -> LocalTime {
        let second = min(max(utcSeconds, -ZoneClock.farthest), ZoneClock.farthest)
        return LocalTime(seconds: second + offset(at: second))
    }

    /// The instant at which its clocks show a time, as RFC 5545 has it in 3.3.5.
    ///
    /// A time that they show twice is meant the first time. One that they pass over is counted with the offset before
    /// the gap, so that 02:30 in a gap from 02:00 to 03:00 is what they show as 03:30.
    public func utcSeconds(of local: LocalTime) -> Int {
        // Far outside of the calendar, where nothing changes any more and sums must not overflow.
        let shown = min(max(local.seconds, -ZoneClock.farthest), ZoneClock.farthest)
        var period = periods.period(at: shown - ZoneClock.mostOffset)
        while true {
            let second = shown - period.offset
            if second < period.end { return second }
            let next = periods.period(at: period.end)
            // Earlier than the next period begins, on its clock: this is the gap between the two.
            if shown - next.offset < next.start { return second }
            period = next
        }
    }
}

extension Zone: Equatable {
    /// The same name and the same clocks.
    public static func == (left: Zone, right: Zone) -> Bool {
        left.name == right.name && left.periods == right.periods
    }
}
