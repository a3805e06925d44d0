import ICalendar

/// The range of time that one round of Graph looks at.
///
/// It is part of every token of the round and cannot be moved. So it reaches further than what was asked for, and begins
/// and ends with a week: a new round is due only when what is wanted has moved past its end, and not each day.
struct DeltaWindow: Equatable {
    let from: Int64
    let to: Int64

    init(for asked: ReadingWindow) {
        let asked = Self.limited(asked)
        from = Self.weekStart(asked.from - Self.margin)
        to = Self.weekStart(asked.to + Self.margin + Self.ahead + Self.week - 1)
    }

    init?(from: Int64, to: Int64) {
        guard from < to, Self.possible.contains(from), Self.possible.contains(to) else { return nil }
        self.from = from
        self.to = to
    }

    /// Whether a round of it still tells all that is asked for.
    func serves(_ asked: ReadingWindow) -> Bool {
        let asked = Self.limited(asked)
        return asked.from >= covered.from && asked.to <= covered.to
    }

    /// The range of which it is certain that whatever lies in it was told. The window itself is one of instants, and a day
    /// lasts elsewhere up to fourteen hours longer; what only touches its ends is told or not.
    var covered: ReadingWindow { ReadingWindow(from: from + Self.margin, to: to - Self.margin) }

    var fromText: String { Self.text(from) }
    var toText: String { Self.text(to) }

    private static let day: Int64 = 86_400_000
    private static let week = 7 * day
    private static let margin = day
    private static let ahead = 28 * day
    /// Graph refuses views of more than 1,825 days. Of what is older nothing is told, and nothing is taken for gone.
    private static let longest = 1_750 * day
    /// From 1900 to 2200: what lies outside is no meeting, and sums within cannot overflow.
    private static let possible = (-25_567 * day)...(84_006 * day)

    private static func limited(_ asked: ReadingWindow) -> ReadingWindow {
        let roomy = (possible.lowerBound + longest + 2 * week)...(possible.upperBound - ahead - 2 * week)
        let to = min(max(asked.to, roomy.lowerBound), roomy.upperBound)
        return ReadingWindow(from: min(max(asked.from, to - longest), to), to: to)
    }

    /// Weeks are counted from 1970-01-01, a Thursday, which is as good as any other day.
    private static func weekStart(_ instant: Int64) -> Int64 {
        let rest = instant % week
        return instant - (rest < 0 ? rest + week : rest)
    }

    private static func text(_ instant: Int64) -> String {
        "\(CivilDay(number: Int(instant / day)))T00:00:00Z"
    }
}
