/// A place in a sequence: by its number, or by when it was reached.
public enum PositionOrMoment: Sendable, Equatable {
    case position(Int64)

    /// In milliseconds since 1970 in UTC.
    case moment(Int64)
}

extension ValueKind where Value == PositionOrMoment {
    /// A bare whole number is a position; anything else must be a moment.
    public static var positionOrMoment: ValueKind {
        ValueKind("POSITION|WHEN", write: spelled) { text, surroundings throws(ArgumentError) in
            if let position = Int64(text), position >= 0 { return .position(position) }
            do throws(ArgumentError) {
                return .moment(try Moment(text, surroundings).milliseconds)
            } catch {
                let wanted = "a position such as 1200, or a moment such as 2026-11-21, 2026-11-21T09:30:00Z or 7d"
                throw .wants(wanted, not: text, hint: error.hint)
            }
        }
    }

    private static func spelled(_ value: PositionOrMoment) -> String {
        switch value {
        case .position(let number): "\(number)"
        case .moment(let milliseconds): "\(milliseconds)ms"
        }
    }
}
