import Glibc

/// Clocks and the local calendar. Instants are milliseconds since 1970, UTC.
public enum Moment {
    public static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// Only differences of it mean something; it never goes back.
    public static func monotonicMilliseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// An instant in the zone of the user (`TZ`, else that of the machine), and what that zone is called then.
    public struct Local: Sendable, Equatable {
        public let year, month, day, hour, minute, second: Int
        public let zone: String
    }

    public static func local(_ instant: Int64) -> Local {
        var seconds = time_t(Int((Double(instant) / 1_000).rounded(.down)))
        var parts = tm()
        localtime_r(&seconds, &parts)
        return Local(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec),
            zone: parts.tm_zone.map { String(cString: $0) } ?? "UTC")
    }

    /// An instant as ISO 8601 has it, in UTC, with milliseconds.
    public static func utc(_ instant: Int64) -> String {
        var seconds = time_t(instant / 1_000 - (instant % 1_000 < 0 ? 1 : 0))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(max(0, number))
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let day = [
            digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2), digits(Int(parts.tm_mday), 2),
        ]
        let time = [digits(Int(parts.tm_hour), 2), digits(Int(parts.tm_min), 2), digits(Int(parts.tm_sec), 2)]
        let fraction = digits(Int(instant - Int64(seconds) * 1_000), 3)
        return "\(day.joined(separator: "-"))T\(time.joined(separator: ":")).\(fraction)Z"
    }

    /// The instant at which a day begins in the zone of the user.
    public static func startOfDay(year: Int, month: Int, day: Int) -> Int64 {
        var parts = tm()
        parts.tm_year = Int32(clamping: year - 1900)
        parts.tm_mon = Int32(clamping: month - 1)
        parts.tm_mday = Int32(clamping: day)
        parts.tm_isdst = -1
        return Int64(mktime(&parts)) * 1_000
    }
}

/// Waiting, for those who look again from time to time. A signal ends it early.
public enum Pause {
    public static func milliseconds(_ count: Int) { usleep(UInt32(count) * 1_000) }

    private static let slice: Int64 = 50

    /// Waits for longer, and throws when the program is asked to stop meanwhile, or whoever wanted it wants it no more.
    public static func wait(milliseconds: Int64, goesOn: () -> Bool = { true }) throws(MachineError) {
        var left = max(0, milliseconds)
        while left > 0 {
            if Interruption.signalNumber != nil || !goesOn() { throw MachineError("wait", "for it", code: EINTR) }
            Self.milliseconds(Int(min(left, slice)))
            left -= slice
        }
    }
}
