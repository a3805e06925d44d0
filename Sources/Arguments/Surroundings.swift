/// What a value may depend on besides its own text. Handed in, so that reading stays pure.
public struct Surroundings: Sendable {
    /// The present, in milliseconds since 1970 in UTC: what `7d` is counted back from.
    public let now: Int64

    /// The first millisecond of a day, given as year, month and day of the Gregorian calendar: what `2026-11-21` means.
    public let midnight: @Sendable (Int, Int, Int) -> Int64

    /// Days begin at midnight in UTC unless `midnight` says otherwise.
    public init(
        now: Int64,
        midnight: @escaping @Sendable (_ year: Int, _ month: Int, _ day: Int) -> Int64 = Surroundings.midnightInUTC
    ) {
        self.now = now
        self.midnight = midnight
    }

    /// The first millisecond of a day in UTC.
    public static func midnightInUTC(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        CivilDay(year: year, month: month, day: day).daysSince1970 * CivilDay.milliseconds
    }
}
