/// The expansion of a series that has a master, step by step.
struct SeriesExpansion {
    private var starts: SeriesStarts
    private let clock: SeriesClock
    private let master: Schedule
    private let window: ExpansionWindow
    private let reading: TimeReading
    /// By the start that they stand in the place of.
    private var overrides: [Int: Series.Override] = [:]
    /// Those that stand in the place of nothing.
    private var orphans: [Series.Override] = []
    /// Overrides for all that follow, by when they begin to.
    private var changes: [FollowingChange] = []
    private(set) var isCut = false

    init(_ master: Schedule, _ overrides: [Series.Override], _ window: ExpansionWindow, _ reading: TimeReading) {
        self.master = master
        self.window = window
        self.reading = reading
        starts = SeriesStarts(master, reading)
        clock = starts.clock
        place(overrides)
    }

    mutating func run() -> [Occurrence] {
        let range = rangeOfStarts
        var seconds = starts.starts(range)
        if !overrides.isEmpty { noteOrphans(among: Set(seconds), range) }
        removeExclusions(from: &seconds, range)
        if !overrides.isEmpty { seconds.removeAll { overrides[$0] != nil } }
        let usualLength = starts.usualLength
        var found = seconds.map { occurrence(at: $0, usualLength) }
        found += overrides.map { overridden(at: $0.key, $0.value) }
        found += orphans.map { orphan($0) }
        isCut = starts.isCut || master.exclusions.count > Expansion.mostTimes
        return found.filter { window.overlaps($0.span) }
    }

    /// Everything that starts in it can overlap the window, however long it is and however far it was moved.
    private var rangeOfStarts: ClosedRange<Int> {
        let seconds =
            clock.isOfDays
            ? window.days.lowerBound.number * 86_400..<(window.days.upperBound.number + 1) * 86_400 : window.seconds
        let lengths = [starts.usualLength] + changes.map(\.length)
        let longest = lengths.map { max(0, $0.days * 86_400 + $0.seconds) }.max() ?? 0
        let farthest = changes.map { abs($0.shift) }.max() ?? 0
        return (seconds.lowerBound - longest - farthest - 86_400)...(seconds.upperBound + farthest + 86_400)
    }

    private mutating func removeExclusions(from seconds: inout [Int], _ range: ClosedRange<Int>) {
        var days: Set<CivilDay> = []
        var instants = starts.exclusions(range)
        for time in master.exclusions.prefix(Expansion.mostTimes) {
            if time.isDay, !clock.isOfDays {
                days.insert(time.local.day)
            } else {
                instants.insert(clock.second(of: time))
            }
        }
        if !instants.isEmpty { seconds.removeAll { instants.contains($0) } }
        if !days.isEmpty { seconds.removeAll { days.contains(clock.local(at: $0).day) } }
    }

    private func occurrence(at second: Int, _ usualLength: EventDuration) -> Occurrence {
        var occurrence = Occurrence(
            original: clock.time(at: second), originalSeconds: clock.isOfDays ? nil : second,
            span: clock.span(from: second, starts.ownLength(at: second) ?? usualLength))
        if let change = changes.last(where: { $0.second <= second }) {
            let moved = LocalTime(seconds: clock.local(at: second).seconds + change.shift)
            occurrence.span = clock.span(from: clock.zone.utcSeconds(of: moved), change.length)
            occurrence.override = change.number
        }
        return occurrence
    }

    private func overridden(at second: Int, _ override: Series.Override) -> Occurrence {
        Occurrence(
            original: clock.time(at: second), originalSeconds: clock.isOfDays ? nil : second,
            span: override.span(reading), override: override.number)
    }

    /// A day on which the series has nothing: that day is all that is known of what it was.
    private func orphan(_ override: Series.Override) -> Occurrence {
        Occurrence(
            original: override.identity.time, originalSeconds: nil, span: override.span(reading),
            override: override.number)
    }
}

/// An override for all that follow: from when on it holds, how far it moves them, and how long they are.
private struct FollowingChange {
    let second: Int
    let shift: Int
    let length: EventDuration
    let number: Int
}

extension SeriesExpansion {
    private mutating func place(_ all: [Series.Override]) {
        for override in all {
            guard let second = start(replacedBy: override) else {
                orphans.append(override)
                reading.note(.orphan(override: override.number))
                continue
            }
            overrides[second] = override
            if override.identity.coversFollowing { follow(override, from: second) }
        }
        changes.sort { $0.second < $1.second }
    }

    /// A day, in a series of times, is the first occurrence on that day.
    private mutating func start(replacedBy override: Series.Override) -> Int? {
        let time = override.identity.time
        guard time.isDay, !clock.isOfDays else { return clock.second(of: time) }
        guard starts.hasStepsToSpare else { return nil }
        let day = clock.second(of: time)..<clock.second(of: (time.local.day + 1).midnight)
        return starts.starts(day.lowerBound...day.upperBound).filter { day.contains($0) }.min()
    }

    /// Those that follow are moved as far as the override is from what it replaces, by the clock of the series.
    private mutating func follow(_ override: Series.Override, from second: Int) {
        let own = SeriesClock(override.schedule.start, reading)
        let moved = clock.local(at: own.second(of: override.schedule.start)).seconds
        let shift = moved - clock.local(at: second).seconds
        guard own.isOfDays == clock.isOfDays, abs(shift) <= Expansion.farthestShift else {
            reading.note(.followersLeft(override: override.number))
            return
        }
        let length = own.length(override.schedule.ending, from: override.schedule.start)
        changes.append(FollowingChange(second: second, shift: shift, length: length, number: override.number))
    }

    /// Overrides that are in the window though the series has no occurrence in their place.
    private mutating func noteOrphans(among seconds: Set<Int>, _ range: ClosedRange<Int>) {
        for (second, override) in overrides.sorted(by: { $0.key < $1.key }) where !seconds.contains(second) {
            guard window.overlaps(override.span(reading)) else { continue }
            if !range.contains(second) {
                guard starts.hasStepsToSpare, !starts.starts(second...second).contains(second) else { continue }
            }
            reading.note(.orphan(override: override.number))
        }
    }
}

extension CivilDay {
    fileprivate var midnight: EventTime { .floating(LocalTime(self)) }
}
