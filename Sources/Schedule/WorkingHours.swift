/// When somebody works: ranges of the day on days of the week, in their own zone, also over midnight.
///
/// Written as `mon-fri 08:00-18:00`, several between commas; `22:00-06:00` without days is every night. A range that ends where it
/// begins, or before, ends on the day after.
public struct WorkingHours: Sendable, Equatable {
    public struct Range: Sendable, Equatable {
        /// The days on which it begins; 0 is Monday.
        public let days: Set<Int>
        /// Minutes of the day.
        public let from: Int
        /// 1 to 1440.
        public let to: Int

        public init?(days: Set<Int>, from: Int, to: Int) {
            guard !days.isEmpty, days.allSatisfy((0...6).contains), (0..<1_440).contains(from), (1...1_440).contains(to)
            else { return nil }
            (self.days, self.from, self.to) = (days, from, to)
        }

        func contains(day: Int, minute: Int) -> Bool {
            if from < to { return days.contains(day) && (from..<to).contains(minute) }
            return days.contains(day) && minute >= from || days.contains((day + 6) % 7) && minute < to
        }
    }

    public let ranges: [Range]

    public init(_ ranges: [Range]) { self.ranges = ranges }

    /// - Parameters:
    ///   - day: 0 is Monday.
    ///   - minute: of the day.
    public func contains(day: Int, minute: Int) -> Bool { ranges.contains { $0.contains(day: day, minute: minute) } }
}

extension WorkingHours {
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Nil where the text is no such thing.
    public init?(_ text: String) {
        var ranges: [Range] = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            guard let range = Self.range(part.split(whereSeparator: \.isWhitespace)) else { return nil }
            ranges.append(range)
        }
        guard !ranges.isEmpty, ranges.count <= 20 else { return nil }
        self.init(ranges)
    }

    private static func range(_ words: [Substring]) -> Range? {
        guard let hours = words.last, words.count <= 2 else { return nil }
        let days = words.count == 2 ? self.days(words[0]) : Set(0...6)
        let ends = hours.split(separator: "-", omittingEmptySubsequences: false)
        guard let days, ends.count == 2, let from = minute(ends[0]), let to = minute(ends[1]), from < 1_440 else {
            return nil
        }
        return Range(days: days, from: from, to: to == 0 ? 1_440 : to)
    }

    private static func days(_ text: Substring) -> Set<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(day)
        guard let first = ends.first ?? nil else { return nil }
        if ends.count == 1 { return [first] }
        guard ends.count == 2, let last = ends[1] else { return nil }
        return Set((0...(last - first + 7) % 7).map { (first + $0) % 7 })
    }

    private static func day(_ text: Substring) -> Int? {
        text.count >= 3 ? names.firstIndex { text.hasPrefix($0) } : nil
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }
}

extension WorkingHours: CustomStringConvertible {
    public var description: String { ranges.map(Self.text).joined(separator: ", ") }

    private static func text(_ range: Range) -> String {
        let hours = "\(clock(range.from))-\(clock(range.to))"
        return range.days.count == 7 ? hours : "\(text(range.days)) \(hours)"
    }

    /// Days that can be written are one after the other, perhaps over the end of the week.
    private static func text(_ days: Set<Int>) -> String {
        guard let first = (0...6).first(where: { days.contains($0) && !days.contains(($0 + 6) % 7) }) else { return "" }
        let last = (first + days.count - 1) % 7
        return first == last ? names[first] : "\(names[first])-\(names[last])"
    }

    private static func clock(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60, minute % 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
