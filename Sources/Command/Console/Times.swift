import Application
import Machine

/// Instants where no home says whose they are: in the zone of the machine, with its name.
enum Times {
    static func text(_ instant: Int64) -> String { UserTimes(nil).exactWithZone(instant) }

    static func milliseconds(_ milliseconds: Int64) -> String {
        milliseconds < 1_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}

extension Table.Column {
    /// Times, whose zone stands in the heading. Where there is little room they are without their year, if it is this
    /// one, and without seconds; the zone is the user's own.
    static func times(
        _ heading: String, _ zone: String, spare: Int = 0, style: @escaping @Sendable (Style, String) -> String = { $1 }
    ) -> Table.Column {
        let year = UserTimes(nil).text(Moment.now()).prefix(5)
        return Table.Column(
            heading: zone.isEmpty ? heading : "\(heading) (\(zone))", isFixed: true, spare: spare, style: style,
            short: { shortened($0, heading, year) })
    }

    private static func shortened(_ text: String, _ heading: String, _ year: Substring) -> String {
        if text.hasPrefix(heading) { return heading }
        // A time may be followed by another, as its end, or by its age.
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            if word.hasPrefix(year) { return word.dropFirst(year.count) }
            let isExact = word.count == 8 && word.utf8.filter { $0 == UInt8(ascii: ":") }.count == 2
            return isExact ? word.dropLast(3) : word
        }.joined(separator: " ")
    }
}

/// Numbers and sizes as people read them.
enum Amounts {
    static func count(_ number: Int64, _ one: String, _ many: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
    }

    /// 1 234 567, with narrow gaps.
    static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "\u{202f}" }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    static func bytes(_ count: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1_024, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        if unit == 0 { return "\(count) bytes" }
        return "\(Double(Int(value * 10)) / 10) \(units[unit])"
    }
}
