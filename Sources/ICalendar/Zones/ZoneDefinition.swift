/// A zone as a file defines it itself: VTIMEZONE with its parts STANDARD and DAYLIGHT.
public struct ZoneDefinition: Hashable, Sendable {
    /// From when on the clocks have an offset: once, or again every year.
    public struct Observance: Hashable, Sendable {
        /// On the clock that is changed.
        public var start: LocalTime
        public var offsetBefore: Int
        public var offset: Int
        public var rules: [String] = []
        /// More times at which it begins.
        public var additions: [LocalTime] = []

        public init(start: LocalTime, offsetBefore: Int, offset: Int) {
            self.start = start
            self.offsetBefore = offsetBefore
            self.offset = offset
        }
    }

    public var name: String
    public var observances: [Observance] = []

    public init(name: String) {
        self.name = name
    }

    /// Zones that were defined with dates in place of rules have about two hundred.
    public static let mostObservances = 1_000
    /// Two a year from 1900 to 2100, ten times over.
    public static let mostChanges = 4_000
    /// Rules of Windows begin in 1601, when there was no such thing.
    static let firstYear = 1900
    static let lastYear = 2100

    /// The zone, with its changes until the end of 2100.
    public func zone() throws(ZoneFault) -> Zone {
        guard !observances.isEmpty else { throw ZoneFault("It has neither a standard time nor a summer time.") }
        guard observances.count <= ZoneDefinition.mostObservances else { throw ZoneFault("It has too many parts.") }
        var changes: [(second: Int, offset: Int, before: Int)] = []
        for observance in observances {
            guard abs(observance.offset) <= UTCOffset.mostSeconds, abs(observance.offsetBefore) <= UTCOffset.mostSeconds
            else { throw ZoneFault("It is more than a day away from UTC.") }
            for second in try observance.changes(most: ZoneDefinition.mostChanges - changes.count) {
                changes.append((second, observance.offset, observance.offsetBefore))
            }
        }
        changes.sort { ($0.second, $0.offset) < ($1.second, $1.offset) }
        guard let first = changes.first else { throw ZoneFault("None of its changes is before the year 2101.") }
        var seconds: [Int] = []
        var offsets: [Int] = []
        for change in changes where seconds.last != change.second {
            seconds.append(change.second)
            offsets.append(change.offset)
        }
        return Zone(name: name, periods: ZonePeriods(firstOffset: first.before, changes: seconds, offsets: offsets))
    }
}

extension ZoneDefinition.Observance {
    /// When it begins, in seconds of UTC.
    fileprivate func changes(most: Int) throws(ZoneFault) -> [Int] {
        guard let first = CivilDay(year: ZoneDefinition.firstYear, month: 1, day: 1),
            let end = CivilDay(year: ZoneDefinition.lastYear + 1, month: 1, day: 1)
        else { return [] }
        var begins = [start] + additions
        guard begins.count <= most else { throw ZoneFault("It changes too often.") }
        for text in rules {
            let rule: RecurrenceRule
            do throws(RuleFault) { rule = try localised(RecurrenceRule(text)) } catch {
                throw ZoneFault(error.description)
            }
            // A zone changes by the year; what does so more often is no zone, and would take long.
            guard rule.frequency >= .monthly else { throw ZoneFault("It changes more often than by the month.") }
            var times = RuleOccurrences(rule, start: start, from: LocalTime(first), through: LocalTime(end))
            while let time = times.next() {
                guard begins.count < most else { throw ZoneFault("It changes too often.") }
                begins.append(time)
            }
            guard !times.isCut else { throw ZoneFault("Its rule takes too long to be followed.") }
        }
        return begins.filter { $0.day < end }.map { $0.seconds - offsetBefore }
    }

    /// UNTIL is in UTC, and the changes are counted on the clock.
    private func localised(_ rule: RecurrenceRule) -> RecurrenceRule {
        guard case .utc(let until) = rule.until else { return rule }
        var rule = rule
        rule.until = .floating(LocalTime(seconds: until.seconds + offsetBefore))
        return rule
    }
}
