/// A moment as it is typed, in milliseconds since 1970 in UTC.
///
/// Three spellings: RFC 3339 with its offset (`2026-11-21T09:30:00+01:00`), a day (`2026-11-21`, its midnight), and a
/// length of time that is counted back from now (`7d`). A time of day without an offset is refused: it would mean
/// something else on another machine.
struct Moment {
    let milliseconds: Int64

    init(_ text: String, _ surroundings: Surroundings) throws(ArgumentError) {
        if let length = Length(text) {
            milliseconds = surroundings.now - length.seconds * 1_000
        } else if let day = Moment.day(text) {
            milliseconds = surroundings.midnight(day.year, day.month, day.day)
        } else if let moment = Moment.rfc3339(text) {
            milliseconds = moment
        } else {
            throw Moment.refusal(of: text)
        }
    }

    private static func day(_ text: some StringProtocol) -> CivilDay? {
        guard let match = String(text).wholeMatch(of: /([0-9]{4})-([0-9]{2})-([0-9]{2})/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
        else { return nil }
        let civil = CivilDay(year: year, month: month, day: day)
        return civil.exists ? civil : nil
    }

    private static func rfc3339(_ text: String) -> Int64? {
        guard let match = text.wholeMatch(of: /([0-9-]{10})[Tt ]([0-9:]{8})(?:\.([0-9]+))?([Zz]|[+-][0-9:]{5})/),
            let day = day(match.1), let time = timeOfDay(match.2), let offset = offset(match.4)
        else { return nil }
        let fraction = match.3.map { String($0.prefix(3)) } ?? ""
        let thousandths = Int64(fraction + String(repeating: "0", count: 3 - fraction.count)) ?? 0
        return day.daysSince1970 * CivilDay.milliseconds + (time - offset) * 1_000 + thousandths
    }

    /// The seconds since midnight. 60 is allowed as a second, since RFC 3339 writes leap seconds so.
    private static func timeOfDay(_ text: Substring) -> Int64? {
        guard let match = String(text).wholeMatch(of: /([0-9]{2}):([0-9]{2}):([0-9]{2})/),
            let hour = Int64(match.1), let minute = Int64(match.2), let second = Int64(match.3),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    private static func offset(_ text: Substring) -> Int64? {
        if text.lowercased() == "z" { return 0 }
        guard let match = String(text).wholeMatch(of: /([+-])([0-9]{2}):([0-9]{2})/),
            let hours = Int64(match.2), let minutes = Int64(match.3), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (match.1 == "-" ? -1 : 1)
    }

    private static func refusal(of text: String) -> ArgumentError {
        let lacksOffset = rfc3339(text + "Z") != nil
        return .wants(
            "a moment such as 2026-11-21, 2026-11-21T09:30:00Z, 7d or 12h", not: text,
            hint: lacksOffset ? "Say which zone is meant: add Z for UTC, or an offset such as +01:00." : "")
    }
}

extension ValueKind where Value == Int64 {
    /// A moment, in milliseconds since 1970 in UTC: RFC 3339, a day, or a length of time ago.
    public static var moment: ValueKind {
        ValueKind("WHEN") { text, surroundings throws(ArgumentError) in
            try Moment(text, surroundings).milliseconds
        }
    }
}
