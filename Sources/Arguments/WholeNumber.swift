extension ValueKind where Value == Int {
    /// Any whole number.
    public static var integer: ValueKind { integer(in: Int.min...Int.max) }

    /// A whole number within limits. A limit that is the largest or smallest `Int` is no limit, and is not spoken of.
    public static func integer(in range: ClosedRange<Int>) -> ValueKind {
        let limits = spoken(range)
        return ValueKind("NUMBER", note: limits.note) { text, _ throws(ArgumentError) in
            guard let number = Int(text), range.contains(number) else { throw .wants(limits.wanted, not: text) }
            return number
        }
    }

    private static func spoken(_ range: ClosedRange<Int>) -> (note: String, wanted: String) {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): ("", "a whole number")
        case (let least, .max): ("at least \(least)", "a whole number of at least \(least)")
        case (.min, let most): ("at most \(most)", "a whole number of at most \(most)")
        case (let least, let most): ("\(least) to \(most)", "a whole number from \(least) to \(most)")
        }
    }
}
