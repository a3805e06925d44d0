/// A length of time as it is typed: a whole number and a unit, `30s`, `5m`, `2h`, `7d` or `1w`.
struct Length {
    let seconds: Int64

    /// Nil if the text is no length. A bare number has the unit `bareUnit`, or is refused where there is none.
    init?(_ text: String, bareUnit: Character? = nil) {
        // Nine digits of weeks still fit in milliseconds; thirty million years are enough for a command line.
        guard let match = text.wholeMatch(of: /([0-9]{1,9})([smhdw]?)/), let count = Int64(match.1) else { return nil }
        guard let unit = match.2.first ?? bareUnit, let size = Length.sizes[unit] else { return nil }
        seconds = count * size
    }

    private static let sizes: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
}

extension ValueKind where Value == Duration {
    /// A length of time: `30` or `30s` are seconds, then `5m`, `2h`, `7d`, `1w`.
    public static var duration: ValueKind {
        ValueKind("DURATION", write: shortest) { text, _ throws(ArgumentError) in
            guard let length = Length(text, bareUnit: "s") else {
                throw .wants("a length of time such as 30s, 5m or 2h", not: text)
            }
            return .seconds(length.seconds)
        }
    }

    private static func shortest(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let units: [(String, Int64)] = [("d", 86_400), ("h", 3_600), ("m", 60)]
        let unit = units.first { seconds != 0 && seconds % $0.1 == 0 } ?? ("s", 1)
        return "\(seconds / unit.1)\(unit.0)"
    }
}
