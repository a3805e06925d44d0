/// Times that lie on a grid: work that takes long, or begins late, moves none of them.
///
/// What is due follows from the grid and from when it was done last, so a schedule keeps nothing of its own: after a
/// restart, or a night in which the machine slept, exactly one run is due, and the next falls where it always would have.
public struct Grid: Sendable, Equatable {
    public let intervalMilliseconds: Int64
    /// Where the grid lies; only its remainder counts.
    public let offset: Int64

    /// - Parameter intervalMilliseconds: at least one.
    public init(every intervalMilliseconds: Int64, offset: Int64 = 0) {
        precondition(intervalMilliseconds > 0, "a grid without an interval has no times")
        self.intervalMilliseconds = intervalMilliseconds
        let rest = offset % intervalMilliseconds
        self.offset = rest < 0 ? rest + intervalMilliseconds : rest
    }

    /// The last planned time that is not after this one.
    public func planned(at now: Int64) -> Int64 {
        let rest = (now - offset) % intervalMilliseconds
        return now - (rest < 0 ? rest + intervalMilliseconds : rest)
    }

    /// The first planned time that is after this one.
    public func next(after now: Int64) -> Int64 { planned(at: now) + intervalMilliseconds }

    /// When it is planned, if that is due; nil if it was done since.
    ///
    /// - Parameter last: when it was begun last; nil if never. A time that lies ahead of now comes from a clock that was
    ///   wrong, and says nothing: else one night in the future would silence a calendar for years.
    public func due(last: Int64?, now: Int64) -> Int64? {
        let planned = planned(at: now)
        guard let last, last <= now + Self.patience else { return planned }
        return last < planned ? planned : nil
    }

    /// When it will be due; now if it is.
    public func nextDue(last: Int64?, now: Int64) -> Int64 { due(last: last, now: now) == nil ? next(after: now) : now }

    /// So far clocks of one machine may step.
    private static let patience: Int64 = 5 * 60_000
}

extension Grid {
    public static func seconds(_ seconds: Int64) -> Grid { Grid(every: seconds * 1_000) }

    public static func minutes(_ minutes: Int64, offset: Int64 = 0) -> Grid {
        Grid(every: minutes * 60_000, offset: offset)
    }

    /// At a time of each day, in UTC.
    public static func daily(hour: Int64, minute: Int64) -> Grid {
        Grid(every: 86_400_000, offset: (hour * 60 + minute) * 60_000)
    }

    /// On a day of each week, in UTC.
    ///
    /// - Parameter day: 0 is Sunday.
    public static func weekly(day: Int64, hour: Int64, minute: Int64) -> Grid {
        // 1970 began on a Thursday, three days before the first Sunday.
        Grid(every: 7 * 86_400_000, offset: ((3 + day) * 24 * 60 + hour * 60 + minute) * 60_000)
    }
}

extension Grid {
    /// Of the thing with this id: those of the same interval are spread over it, each always at the same place.
    public static func of(_ id: String, minutes: Int64) -> Grid {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return .minutes(max(1, minutes), offset: Int64(hash >> 1))
    }
}
