import Machine

/// Instants as the user reads them: in the user's own zone, with its name.
enum Times {
    static func text(_ instant: Int64) -> String {
        let local = Moment.local(instant)
        return "\(day(local)) \(two(local.hour)):\(two(local.minute)):\(two(local.second)) \(local.zone)"
    }

    /// Without the zone, for a column whose heading names it.
    static func cell(_ instant: Int64) -> String {
        let local = Moment.local(instant)
        return "\(day(local)) \(two(local.hour)):\(two(local.minute)):\(two(local.second))"
    }

    /// The zones of some instants, for a heading: there may be two, in summer and in winter.
    static func zones(_ instants: [Int64]) -> String {
        var zones: [String] = []
        for zone in instants.map({ Moment.local($0).zone }) where !zones.contains(zone) { zones.append(zone) }
        return zones.isEmpty ? Moment.local(Moment.now()).zone : zones.joined(separator: "/")
    }

    private static func day(_ local: Moment.Local) -> String {
        let year = String(local.year)
        return String(repeating: "0", count: max(0, 4 - year.count)) + year + "-\(two(local.month))-\(two(local.day))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    static func milliseconds(_ milliseconds: Int64) -> String {
        milliseconds < 1_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
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
