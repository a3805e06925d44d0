/// Gathers the times of an event, and makes its schedule when all are there.
struct EventTimes {
    /// The event cannot be used, for the reason that is given.
    struct NoStart: Error {
        let problem: Flaw.Problem
    }

    /// What was passed over.
    private(set) var problems: [Flaw.Problem] = []
    private var start: Property?
    private var end: Property?
    private var duration: Property?
    private var rules: [String] = []
    private var exclusionRules: [String] = []
    private var additions: [Schedule.Addition] = []
    private var exclusions: [EventTime] = []
    private var isSaidToBeWholeDays = false

    mutating func read(_ known: KnownProperty, _ property: Property, limit: Int) {
        switch known {
        case .dtstart: start = start ?? property
        case .dtend: end = end ?? property
        case .duration: duration = duration ?? property
        case .rrule: if let rule = rule(property, among: rules) { rules.append(rule) }
        case .exrule: if let rule = rule(property, among: exclusionRules) { exclusionRules.append(rule) }
        case .rdate: readTimes(property, limit: limit) { times, value, zone in times.add(value, zone) }
        case .exdate: readTimes(property, limit: limit) { times, value, zone in times.exclude(value, zone) }
        case .allDay, .funambolAllDay, .msncAllDay:
            let word = TextDecoding.characters(of: property.rawValue).uppercased()
            if word == "TRUE" || word == "1" { isSaidToBeWholeDays = true }
        default: break
        }
    }

    /// A time with the zone of its property; a whole day where the property says DATE.
    static func time(_ property: Property) -> EventTime? {
        let time = EventTime(property.rawValue, zone: property.parameter("TZID"))
        return saysDate(property) ? time?.wholeDay : time
    }

    private static func saysDate(_ property: Property) -> Bool {
        property.hasParameters && property.parameter("VALUE")?.uppercased() == "DATE"
    }

    /// An override may leave out its start; then it stands where the occurrence stood.
    func schedule(startOfOverride: EventTime?) throws(NoStart) -> Schedule {
        guard let start else {
            guard let startOfOverride else { throw NoStart(problem: .startMissing) }
            return filled(Schedule(start: startOfOverride))
        }
        guard let time = Self.time(start) else { throw NoStart(problem: .startUnreadable) }
        return filled(Schedule(start: time))
    }

    private func filled(_ bare: Schedule) -> Schedule {
        var schedule = bare
        schedule.rules = rules
        schedule.exclusionRules = exclusionRules
        schedule.additions = additions
        schedule.exclusions = exclusions
        return schedule
    }

    // MARK: Recurrence

    private mutating func rule(_ property: Property, among rules: [String]) -> String? {
        let most = 20
        let text = TextDecoding.characters(of: property.rawValue)
        guard !text.isEmpty, rules.count < most else { return nil }
        guard !text.utf8.contains(UInt8(ascii: "=")) else { return text }
        let modern = OldRecurrence.rule(from: text)
        if modern == nil { note(.ruleUnreadable) }
        return modern
    }

    private mutating func readTimes(
        _ property: Property, limit: Int, _ take: (inout EventTimes, ArraySlice<UInt8>, String?) -> Bool
    ) {
        let zone = property.parameter("TZID")
        let isDate = Self.saysDate(property)
        for part in property.rawValues {
            // vCalendar 1.0 parts the times by semicolons.
            for value in parted(part, by: UInt8(ascii: ";")) where !trimmed(value).isEmpty {
                guard additions.count < limit, exclusions.count < limit else { return note(.tooManyTimes) }
                let text = isDate ? value.prefix { $0 != UInt8(ascii: "T") && $0 != UInt8(ascii: "t") } : value
                if !take(&self, text, zone) { note(.timeUnreadable) }
            }
        }
    }

    private mutating func add(_ value: ArraySlice<UInt8>, _ zone: String?) -> Bool {
        guard let addition = Schedule.Addition(value, zone: zone) else { return false }
        additions.append(addition)
        return true
    }

    private mutating func exclude(_ value: ArraySlice<UInt8>, _ zone: String?) -> Bool {
        guard let time = EventTime(value, zone: zone) else { return false }
        exclusions.append(time)
        return true
    }

    private mutating func note(_ problem: Flaw.Problem) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}

// MARK: Start and end

extension EventTimes {
    /// The schedule, with an end that is never before the start.
    mutating func schedule(allowingUnstarted override: EventTime?) throws(NoStart) -> Schedule {
        var schedule = try schedule(startOfOverride: override)
        schedule.ending = ending(of: schedule.start)
        if isSaidToBeWholeDays { makeWholeDays(&schedule) }
        return schedule
    }

    private mutating func ending(of start: EventTime) -> Schedule.Ending? {
        if let end {
            if let time = Self.time(end) { return ending(of: start, at: time) }
            note(.endUnreadable)
        }
        if let duration {
            if let length = EventDuration(duration.rawValue) { return ending(of: start, after: length) }
            note(.endUnreadable)
        }
        return nil
    }

    private mutating func ending(of start: EventTime, at end: EventTime) -> Schedule.Ending? {
        switch (start, end) {
        case (.day(let first), .day(let last)):
            if last < first { note(.endBeforeStart) }
            // A date that ends on itself is that day, as one without an end is.
            return last > first ? .at(end) : nil
        case (.day(let first), _):
            let last = end.local.secondOfDay > 0 ? end.local.day + 1 : end.local.day
            return last > first ? .at(.day(last)) : nil
        case (_, .day(let last)): return ending(of: start, at: start.sameClock(LocalTime(last)))
        default:
            guard start.sharesClock(with: end), end.local < start.local else { return .at(end) }
            note(.endBeforeStart)
            return .at(start)
        }
    }

    private mutating func ending(of start: EventTime, after length: EventDuration) -> Schedule.Ending? {
        if length.isNegative {
            note(.endBeforeStart)
            return start.isDay ? nil : .after(EventDuration())
        }
        guard start.isDay else { return .after(length) }
        let days = length.days + (length.seconds + 86_399) / 86_400
        return days > 0 ? .after(EventDuration(days: days)) : nil
    }

    /// Outlook writes whole days from midnight to midnight, and says beside that they are whole.
    private func makeWholeDays(_ schedule: inout Schedule) {
        guard !schedule.start.isDay, schedule.start.local.secondOfDay == 0 else { return }
        let first = schedule.start.local.day
        switch schedule.ending {
        case .at(let end):
            let local = end.local
            // 23:59 and 23:59:59 are the midnight that somebody did not dare to write.
            guard local.secondOfDay == 0 || local.secondOfDay >= 86_340 else { return }
            let last = local.secondOfDay == 0 ? local.day : local.day + 1
            schedule.ending = last > first + 1 ? .at(.day(last)) : nil
        case .after(let length):
            guard length.seconds % 86_400 == 0 else { return }
            let days = length.days + length.seconds / 86_400
            schedule.ending = days > 1 ? .after(EventDuration(days: days)) : nil
        case nil: break
        }
        schedule.start = .day(first)
        schedule.exclusions = schedule.exclusions.map { $0.local.secondOfDay == 0 ? $0.wholeDay : $0 }
    }
}

extension EventTime {
    /// Whether both are read from the same clock, so that they can be compared without knowing its zone.
    fileprivate func sharesClock(with other: EventTime) -> Bool {
        switch (self, other) {
        case (.day, .day), (.floating, .floating), (.utc, .utc): true
        case (.zoned(_, let zone), .zoned(_, let otherZone)): zone == otherZone
        default: false
        }
    }

    /// Another time of the clock that this one is read from.
    fileprivate func sameClock(_ time: LocalTime) -> EventTime {
        switch self {
        case .day, .floating: .floating(time)
        case .utc: .utc(time)
        case .zoned(_, let zone): .zoned(time, zone: zone)
        }
    }
}
