/// How far from 1970 and from UTC times are looked at.
enum ZoneClock {
    /// No clock is further from UTC, nor was; see the types of a file.
    static let mostOffset = 93_600

    /// Seconds from 1970; the year 9999 is four times nearer.
    static let farthest = 1_000_000_000_000
}
