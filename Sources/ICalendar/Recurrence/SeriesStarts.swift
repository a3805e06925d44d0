/// When the occurrences of a series start, before any was changed or taken out.
///
/// The start of the series is its first occurrence even if the rule does not let it through, and counts as one for COUNT
/// (RFC 5545, 3.8.5.3 and 3.3.10). Only if UNTIL is before it, there is none.
struct SeriesStarts {
    /// Calendars have one rule; some programs write one for each day of the week.
    static let mostRules = 20
    /// What is looked at for all questions about one series together.
    static let mostSteps = 4 * RuleOccurrences.mostSteps

    let clock: SeriesClock
    private let schedule: Schedule
    private let rules: [RecurrenceRule]
    private let exclusionRules: [RecurrenceRule]
    /// The times that were added by themselves, and how long they are if they say so.
    private let additions: [Int: Schedule.Addition]
    private var stepsLeft = SeriesStarts.mostSteps
    private(set) var isCut = false

    init(_ schedule: Schedule, _ reading: TimeReading) {
        self.schedule = schedule
        clock = SeriesClock(schedule.start, reading)
        rules = readRules(schedule.rules, reading)
        exclusionRules = readRules(schedule.exclusionRules, reading)
        var additions: [Int: Schedule.Addition] = [:]
        let mostTimes = Expansion.mostTimes
        for addition in schedule.additions.prefix(mostTimes) {
            additions[SeriesStarts.second(of: addition.start, clock)] = addition
        }
        self.additions = additions
        isCut = schedule.additions.count > mostTimes || schedule.rules.count > SeriesStarts.mostRules
    }

    /// A day that is added to a series of times is that day at the time of the series.
    private static func second(of time: EventTime, _ clock: SeriesClock) -> Int {
        guard time.isDay, !clock.isOfDays else { return clock.second(of: time) }
        return clock.second(of: .floating(LocalTime(time.local.day, secondOfDay: clock.start.local.secondOfDay)))
    }

    /// Whether a question besides the one for the window can be afforded.
    var hasStepsToSpare: Bool { stepsLeft > 2 * RuleOccurrences.mostSteps }

    var first: Int { clock.second(of: schedule.start) }

    /// The length of what starts at an instant, where it has one of its own.
    func ownLength(at second: Int) -> EventDuration? {
        guard !additions.isEmpty, let addition = additions[second], let ending = addition.ending else { return nil }
        return clock.length(ending, from: addition.start)
    }

    var usualLength: EventDuration { clock.length(schedule.ending, from: schedule.start) }

    /// All starts in a range of instants, and perhaps some around it: in order, each once.
    mutating func starts(_ range: ClosedRange<Int>) -> [Int] {
        var found = additions.keys.filter { range.contains($0) }
        if rules.isEmpty, range.contains(first) { found.append(first) }
        for rule in rules { found += seconds(of: rule, in: range, startsWithStart: true) }
        guard !zip(found, found.dropFirst()).allSatisfy(<) else { return found }
        return Set(found).sorted()
    }

    /// What EXRULE takes out.
    mutating func exclusions(_ range: ClosedRange<Int>) -> Set<Int> {
        var found: Set<Int> = []
        for rule in exclusionRules { found.formUnion(seconds(of: rule, in: range, startsWithStart: false)) }
        return found
    }

    private mutating func seconds(of rule: RecurrenceRule, in range: ClosedRange<Int>, startsWithStart: Bool) -> [Int] {
        var rule = rule
        var last = Int.max
        if clock.isOfDays {
            rule = rule.ofWholeDays
        } else if case .utc(let until) = rule.until {
            // Near a change of the offset the clock can be ahead of the instant: those are compared one by one.
            last = until.seconds
            rule.until = .floating(LocalTime(seconds: clock.local(at: last).seconds + 86_400))
        }
        // A rule is by the clock, and the window by instants, so there is a day more on both sides.
        var times = RuleOccurrences(
            rule, start: schedule.start.local,
            from: LocalTime(seconds: clock.local(at: range.lowerBound).seconds - 86_400),
            through: LocalTime(seconds: clock.local(at: range.upperBound).seconds + 86_400),
            startsWithStart: startsWithStart && last >= first, mostSteps: min(RuleOccurrences.mostSteps, stepsLeft))
        var found: [Int] = []
        while let time = times.next() {
            // A rule can give several times on one of the days; the day is meant.
            let second = clock.isOfDays ? time.day.number * 86_400 : clock.zone.utcSeconds(of: time)
            if second <= last { found.append(second) }
        }
        stepsLeft = max(0, stepsLeft - times.steps)
        if times.isCut { isCut = true }
        return found
    }
}

private func readRules(_ texts: [String], _ reading: TimeReading) -> [RecurrenceRule] {
    texts.prefix(SeriesStarts.mostRules).compactMap { text in
        do throws(RuleFault) { return try RecurrenceRule(text) } catch {
            reading.note(.ruleRefused(text, error))
            return nil
        }
    }
}
