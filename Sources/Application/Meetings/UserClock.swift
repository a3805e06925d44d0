import ICalendar
import Machine

/// Instants and days as a user reads and types them: in the user's own zone, or that of the machine where there is none.
public struct UserClock: Sendable {
    private let zone: Zone?

    /// - Parameter zone: an IANA name, as `Europe/Berlin`; one that is not known counts as none.
    public init(zone: String?) {
        self.zone = zone.flatMap(Zones.ofUser)
    }

    /// What the zone is called at an instant, for a heading.
    public func zoneName(at instant: Int64) -> String { zone?.name ?? Moment.local(instant).zone }

    /// `2026-03-01`
    public func day(of instant: Int64) -> String { civilDay(of: instant).description }

    /// `09:30`
    public func time(of instant: Int64) -> String {
        guard let zone else {
            let local = Moment.local(instant)
            return Self.two(local.hour) + ":" + Self.two(local.minute)
        }
        let local = zone.local(at: Self.seconds(instant))
        return Self.two(local.hour) + ":" + Self.two(local.minute)
    }

    /// `07`, of a minute: no zone that is in use today shifts them.
    public func seconds(of instant: Int64) -> String {
        guard let zone else { return Self.two(Moment.local(instant).second) }
        return Self.two(zone.local(at: Self.seconds(instant)).secondOfDay % 60)
    }

    /// `2026-03-01 09:30`
    public func text(_ instant: Int64) -> String { day(of: instant) + " " + time(of: instant) }

    private func civilDay(of instant: Int64) -> CivilDay {
        if let zone { return zone.local(at: Self.seconds(instant)).day }
        let local = Moment.local(instant)
        return CivilDay(year: local.year, month: local.month, day: local.day) ?? CivilDay(number: 0)
    }

    /// The first instant of a day, so many days after another.
    private func start(_ day: CivilDay, secondOfDay: Int = 0) -> Int64 {
        if let zone { return Int64(zone.utcSeconds(of: LocalTime(day, secondOfDay: secondOfDay))) * 1_000 }
        let parts = day.parts
        return Moment.startOfDay(year: parts.year, month: parts.month, day: parts.day) + Int64(secondOfDay) * 1_000
    }

    /// The first instant of the day to which an instant belongs, or of one so many days later.
    public func startOfDay(of instant: Int64, later days: Int = 0) -> Int64 { start(civilDay(of: instant) + days) }

    private static func seconds(_ instant: Int64) -> Int { Int((Double(instant) / 1_000).rounded(.down)) }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

// MARK: What is typed

extension UserClock {
    /// Whether a text is the start of a range or its end: a day as an end is meant with all its hours.
    enum Side { case start, end }

    /// `today`, `2026-03-01`, `2026-03-01 09:30` in the user's zone, `2026-03-01T09:30:00Z`, `7d` ago or `+7d` from now.
    func instant(_ text: String, _ side: Side = .start, now: Int64) throws -> Int64 {
        let word = text.lowercased()
        if let days = ["yesterday": -1, "today": 0, "tomorrow": 1][word] {
            return startOfDay(of: now, later: days + (side == .end ? 1 : 0))
        }
        if let day = CivilDay(text) { return start(side == .end ? day + 1 : day) }
        if let length = Self.length(word) { return now + length }
        if let instant = local(text) ?? Self.exact(text) { return instant }
        throw Refusal(
            .badRequest, "“\(text)” is no moment",
            hint: "As in: 2026-11-21, “2026-11-21 09:30”, 2026-11-21T09:30:00+01:00, today, 7d (ago) or +7d (from now)."
        )
    }

    private func local(_ text: String) -> Int64? {
        guard let match = text.wholeMatch(of: /([0-9-]{10})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?/),
            let day = CivilDay(String(match.1)),
            let second = Self.secondOfDay(match.2, match.3, match.4)
        else { return nil }
        return start(day, secondOfDay: second)
    }

    private static func exact(_ text: String) -> Int64? {
        guard
            let match = text.wholeMatch(
                of:
                    /([0-9-]{10})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))/
            ),
            let day = CivilDay(String(match.1)), let second = secondOfDay(match.2, match.3, match.4)
        else { return nil }
        var offset = 0
        if let sign = match.5, let hours = match.6.flatMap({ Int($0) }), let minutes = match.7.flatMap({ Int($0) }) {
            offset = (hours * 3_600 + minutes * 60) * (sign == "-" ? -1 : 1)
        }
        return Int64(LocalTime(day, secondOfDay: second).seconds - offset) * 1_000
    }

    private static func secondOfDay(_ hour: Substring, _ minute: Substring, _ second: Substring?) -> Int? {
        guard let hour = Int(hour), let minute = Int(minute), let second = Int(second ?? "0"), hour < 24, minute < 60,
            second < 60
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// A length of time from now: back, unless a plus stands before it.
    private static func length(_ text: String) -> Int64? {
        let unit: Int64
        switch text.last {
        case "m": unit = 60_000
        case "h": unit = 3_600_000
        case "d": unit = 86_400_000
        case "w": unit = 604_800_000
        default: return nil
        }
        let isAhead = text.hasPrefix("+")
        let digits = text.dropFirst(isAhead ? 1 : 0).dropLast().utf8
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(Substring(digits))
        else { return nil }
        return isAhead ? count * unit : -count * unit
    }
}
