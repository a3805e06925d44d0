/// The rule of a series as RFC 5545 has it in 3.3.10: how often, until when, and on which days and times.
///
/// A rule says nothing by itself about what it leaves open; `RuleOccurrences` takes that from the start of the series.
public struct RecurrenceRule: Hashable, Sendable {
    public enum Frequency: Int, Comparable, Sendable, CaseIterable {
        case secondly, minutely, hourly, daily, weekly, monthly, yearly

        public static func < (left: Frequency, right: Frequency) -> Bool { left.rawValue < right.rawValue }
    }

    /// A day of the week: each one, the first (1), the last (-1) and so on.
    public struct Weekday: Hashable, Sendable {
        /// Monday is 1, Sunday is 7.
        public var number: Int
        /// Which one of the month or the year; nil is each.
        public var ordinal: Int?

        public init(_ number: Int, ordinal: Int? = nil) {
            self.number = number
            self.ordinal = ordinal
        }
    }

    public var frequency: Frequency
    public var interval = 1
    public var count: Int?
    public var until: EventTime?
    /// BYSECOND and the others, each in the order of the text. An empty list is a part that the rule does not have.
    public var seconds: [Int] = []
    public var minutes: [Int] = []
    public var hours: [Int] = []
    public var weekdays: [Weekday] = []
    public var monthDays: [Int] = []
    public var yearDays: [Int] = []
    public var weekNumbers: [Int] = []
    public var months: [Int] = []
    /// BYSETPOS: which ones of all that are in a period.
    public var positions: [Int] = []
    /// WKST, the day that weeks begin with.
    public var weekStart = 1

    public init(_ frequency: Frequency) {
        self.frequency = frequency
    }

    /// The rule for a series of whole days, in which BYHOUR, BYMINUTE and BYSECOND mean nothing (RFC 5545, 3.3.10).
    public var ofWholeDays: RecurrenceRule {
        var rule = self
        (rule.hours, rule.minutes, rule.seconds) = ([], [], [])
        rule.until = until?.wholeDay
        return rule
    }
}
