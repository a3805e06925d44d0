/// Turns the times of a file into instants: finds their zones, once each, and notes those that nobody knows.
final class TimeReading {
    private let book: ZoneBook
    private let definitions: ZoneDefinitions
    /// The zone of those who look; floating times are theirs.
    let floatingZone: Zone
    private var found: [String: Zone] = [:]
    private(set) var notes: [ExpansionNote] = []

    init(_ book: ZoneBook, _ definitions: ZoneDefinitions, floatingZone: Zone?) {
        self.book = book
        self.definitions = definitions
        self.floatingZone = floatingZone ?? .utc
    }

    func zone(of time: EventTime) -> Zone {
        switch time {
        case .day, .utc: .utc
        case .floating: floatingZone
        case .zoned(_, let name): zone(named: name)
        }
    }

    private func zone(named name: String) -> Zone {
        if let known = found[name] { return known }
        let zone = book.find(name, definitions: definitions)?.zone
        if zone == nil { notes.append(.unknownZone(name, readAs: floatingZone.name)) }
        found[name] = zone ?? floatingZone
        return zone ?? floatingZone
    }

    func note(_ note: ExpansionNote) {
        notes.append(note)
    }
}

/// The clock by which a series goes: the form and the zone of its start.
///
/// Whole days are midnights in UTC here, so that one way of counting serves both.
struct SeriesClock {
    let start: EventTime
    let zone: Zone
    private let reading: TimeReading

    init(_ start: EventTime, _ reading: TimeReading) {
        self.start = start
        self.reading = reading
        zone = reading.zone(of: start)
    }

    var isOfDays: Bool { start.isDay }

    /// The instant of a time, whatever its form. Floating times are on this clock; a day is its first second on it.
    func second(of time: EventTime) -> Int {
        if isOfDays { return time.local.day.number * 86_400 }
        switch time {
        case .utc(let local): return local.seconds
        case .day, .floating: return zone.utcSeconds(of: time.local)
        case .zoned(let local, _): return reading.zone(of: time).utcSeconds(of: local)
        }
    }

    func local(at second: Int) -> LocalTime { zone.local(at: second) }

    /// An instant as the series writes its start.
    func time(at second: Int) -> EventTime {
        let local = local(at: second)
        switch start {
        case .day: return .day(local.day)
        case .floating: return .floating(local)
        case .utc: return .utc(local)
        case .zoned(_, let name): return .zoned(local, zone: name)
        }
    }

    /// How long something is that starts as this clock says.
    ///
    /// A stated end is a number of seconds (RFC 5545, 3.8.5.3) or of days; a stated duration has days by the calendar
    /// and seconds by the clock. What ends before it starts has no length, and whole days are at least one.
    func length(_ ending: Schedule.Ending?, from start: EventTime) -> EventDuration {
        switch ending {
        case nil: return EventDuration(days: isOfDays ? 1 : 0)
        case .at(let end) where isOfDays:
            let isBehindMidnight = end.local.secondOfDay > 0
            let days = end.local.day.number - start.local.day.number + (isBehindMidnight ? 1 : 0)
            return EventDuration(days: max(1, days))
        case .at(let end):
            return EventDuration(seconds: max(0, second(of: end) - second(of: start)))
        case .after(let duration):
            let most = EventDuration.mostDays
            let days = min(max(duration.days, -most), most)
            let seconds = min(max(duration.seconds, -most * 86_400), most * 86_400)
            guard isOfDays else { return EventDuration(days: days, seconds: seconds) }
            return EventDuration(days: max(1, days + quotient(seconds + 86_399, 86_400)))
        }
    }

    func span(from second: Int, _ length: EventDuration) -> Occurrence.Span {
        if isOfDays {
            let first = CivilDay(number: quotient(second, 86_400))
            return .days(first: first, last: first + (length.days - 1))
        }
        let sameTime = LocalTime(seconds: local(at: second).seconds + length.days * 86_400)
        let end = (length.days == 0 ? second : zone.utcSeconds(of: sameTime)) + length.seconds
        return .timed(start: second, end: max(second, end))
    }
}
