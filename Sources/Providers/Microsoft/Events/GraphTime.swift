import ICalendar

/// A time as Graph writes it: `2026-01-05T09:00:00.0000000`, the zone beside it or `Z` behind it.
struct GraphTime: Equatable {
    let local: LocalTime
    let milliseconds: Int
    /// It stands in UTC or says how far from UTC it stands; nil where the zone is said elsewhere.
    let offsetSeconds: Int?

    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        var rest = text.utf8[...]
        let separator: (UInt8) -> Bool = { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "t") }
        guard let place = rest.firstIndex(where: separator), let date = String(rest[..<place]),
            let day = CivilDay(date)
        else { return nil }
        rest = rest[rest.index(after: place)...]
        guard let hour = Self.number(&rest, 2), Self.sign(":", &rest), let minute = Self.number(&rest, 2),
            Self.sign(":", &rest), let second = Self.number(&rest, 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        milliseconds = Self.fraction(&rest)
        guard let offset = Self.offset(rest) else { return nil }
        local = LocalTime(day, secondOfDay: hour * 3_600 + minute * 60 + min(second, 59))
        offsetSeconds = offset.seconds
    }

    /// In milliseconds, where the clocks of a zone show it; what it says of itself goes before the zone.
    func instant(in zone: Zone) -> Int64 {
        let seconds = offsetSeconds.map { local.seconds - $0 } ?? zone.utcSeconds(of: local)
        return Int64(seconds) * 1_000 + Int64(milliseconds)
    }

    /// In milliseconds; without a word about its zone it stands in UTC.
    var instant: Int64 { instant(in: .utc) }

    private static let longest = 64

    private static func number(_ rest: inout Substring.UTF8View, _ digits: Int) -> Int? {
        let head = rest.prefix(digits)
        guard head.count == digits, head.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return head.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func sign(_ sign: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Graph writes seven digits; the first three count.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix { (48...57).contains($0) }
        rest = rest.dropFirst(1 + digits.count)
        return (Array(digits.prefix(3)) + [48, 48, 48]).prefix(3).reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// Nothing, `Z` or `+02:00`; nil for anything else.
    private static func offset(_ text: Substring.UTF8View) -> (seconds: Int?, Void)? {
        var rest = text
        guard let first = rest.popFirst() else { return (nil, ()) }
        if first | 0x20 == UInt8(ascii: "z") { return rest.isEmpty ? (0, ()) : nil }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), let hours = number(&rest, 2), sign(":", &rest),
            let minutes = number(&rest, 2), rest.isEmpty, hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return (first == UInt8(ascii: "-") ? -seconds : seconds, ())
    }
}
