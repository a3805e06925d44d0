import ICalendar
import Testing

/// A series as a test writes it, and what becomes of it.
struct GivenSeries {
    var series: Series
    var floatingZone = "Europe/Berlin"

    /// - Parameter zone: Of the start, the end, and of times that end with `@`.
    init(_ start: String, zone: String? = nil, end: String? = nil, _ rules: String...) throws {
        var schedule = Schedule(start: try #require(EventTime(start, zone: zone)))
        if let end { schedule.ending = try GivenSeries.ending(end, zone) }
        schedule.rules = rules
        series = Series(schedule)
    }

    private static func ending(_ text: String, _ zone: String?) throws -> Schedule.Ending {
        if let duration = EventDuration(text) { return .after(duration) }
        return .at(try #require(EventTime(text, zone: zone)))
    }

    func excluding(_ times: String..., zone: String? = nil) throws -> GivenSeries {
        var given = self
        given.series.master?.exclusions += try times.map { try #require(EventTime($0, zone: zone)) }
        return given
    }

    func excludingRule(_ rule: String) -> GivenSeries {
        var given = self
        given.series.master?.exclusionRules.append(rule)
        return given
    }

    func adding(_ times: String..., zone: String? = nil) throws -> GivenSeries {
        var given = self
        given.series.master?.additions += try times.map { try #require(Schedule.Addition($0, zone: zone)) }
        return given
    }

    /// The number of the override is its place, from 0.
    func overriding(
        _ original: String, with start: String, end: String? = nil, zone: String? = nil, following: Bool = false
    ) throws -> GivenSeries {
        var given = self
        let time = try #require(EventTime(original, zone: zone))
        var schedule = Schedule(start: try #require(EventTime(start, zone: zone)))
        if let end { schedule.ending = try GivenSeries.ending(end, zone) }
        let identity = RecurrenceIdentity(time: time, coversFollowing: following)
        given.series.overrides.append(.init(identity, schedule, number: series.overrides.count))
        return given
    }

    func withoutMaster() -> GivenSeries {
        var given = self
        given.series.master = nil
        return given
    }

    func expanded(from: String = "20200101", to: String = "20301231") throws -> Expansion {
        let (first, last) = (try #require(EventTime(from)).local, try #require(EventTime(to)).local)
        let days = first.day...(last.secondOfDay == 0 && last > first ? last.day : last.day)
        let seconds = first.seconds..<(EventTime(to)?.isDay == true ? last.seconds + 86_400 : last.seconds)
        return Expansion(
            of: series, in: ExpansionWindow(seconds: seconds, days: days), zones: Tzdata.book,
            floatingZone: Tzdata.book.named(floatingZone))
    }

    /// Each occurrence as `start/end` in UTC or as `first/last` for days, with `#n` behind it for an override.
    func occurrences(from: String = "20200101", to: String = "20301231") throws -> [String] {
        try expanded(from: from, to: to).occurrences.map(\.short)
    }
}

extension Occurrence {
    var short: String {
        let mark = override.map { "#\($0)" } ?? ""
        switch span {
        case .timed(let start, let end):
            return "\(LocalTime(seconds: start).short)/\(LocalTime(seconds: end).short)\(mark)"
        case .days(let first, let last): return "\(first)/\(last)\(mark)"
        }
    }
}

extension LocalTime {
    /// As in `2026-03-21T09:00`, with seconds if there are any.
    var short: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)T\(two(hour)):\(two(minute))" + (second == 0 ? "" : ":\(two(second))")
    }
}
