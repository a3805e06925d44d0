// The future of a zone, as the last line of its file states it (RFC 9636, 3.3.1; POSIX TZ with hours up to 167):
//
//     CET-1CEST,M3.5.0,M10.5.0/3
//
// Names are letters, or anything between < and >. Offsets count to the west, so -1 is one hour east of UTC. A day is
// M (month, week, weekday; week 5 is the last), J (1…365, never counting the 29th of February), or 0…365. The time of
// the change is on the clock before it, 02:00 if nothing is said, and can be some days off, or before midnight.

/// Two changes in every year, or none.
struct YearlyChange: Hashable, Sendable {
    private let standardOffset: Int
    private let summer: Summer?

    private struct Summer: Hashable, Sendable {
        let offset: Int
        let start: DayRule
        let end: DayRule
    }

    init?(_ text: some Sequence<UInt8>) {
        var reader = ChangeReader(Array(text))
        guard reader.skipName(), let west = reader.offset() else { return nil }
        standardOffset = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.skipName() else { return nil }
        let offset = reader.isAt(UInt8(ascii: ",")) ? standardOffset + 3600 : reader.offset().map { -$0 }
        guard let offset, let start = reader.dayRule(), let end = reader.dayRule(), reader.isAtEnd else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// The changes of a year, in order. A rule whose summer never ends has changes that fall together or change nothing.
    func changes(in year: Int) -> [(second: Int, offset: Int)] {
        guard let summer else { return [(Year(year).firstDay * 86_400 - standardOffset, standardOffset)] }
        let start = summer.start.second(in: year) - standardOffset
        let end = summer.end.second(in: year) - summer.offset
        return start < end
            ? [(start, summer.offset), (end, standardOffset)] : [(end, standardOffset), (start, summer.offset)]
    }

    /// The period around a second that is behind all that is written out.
    func period(at second: Int, after last: ZonePeriod) -> ZonePeriod {
        guard summer != nil else {
            guard last.offset != standardOffset else { return last }
            return ZonePeriod(start: last.start, end: .max, offset: standardOffset)
        }
        let year = CivilDay(number: quotient(second, 86_400)).parts.year
        let around = (year - 1...year + 1).flatMap { changes(in: $0) }.filter { $0.second > last.start }
        let next = around.firstIndex { $0.second > second } ?? around.count
        let end = next < around.count ? around[next].second : Int.max
        guard next > 0 else { return ZonePeriod(start: last.start, end: end, offset: last.offset) }
        return ZonePeriod(start: around[next - 1].second, end: end, offset: around[next - 1].offset)
    }
}

/// A day of each year, with a time on it.
private struct DayRule: Hashable {
    enum Day: Hashable {
        case weekday(month: Int, week: Int, weekday: Int)
        case dayWithoutLeapDay(Int)
        case dayFromZero(Int)
    }

    let day: Day
    let time: Int

    func second(in year: Int) -> Int {
        let first = Year(year).firstDay
        switch day {
        case .dayFromZero(let number): return (first + number) * 86_400 + time
        case .dayWithoutLeapDay(let number):
            let isBehindLeapDay = number >= 60 && CivilDay.isLeap(year)
            return (first + number - (isBehindLeapDay ? 0 : 1)) * 86_400 + time
        case .weekday(let month, let week, let weekday):
            let length = CivilDay.length(ofMonth: month, year: year)
            let firstOfMonth = (1..<month).reduce(first) { $0 + CivilDay.length(ofMonth: $1, year: year) }
            // Sunday is 0 here; the first day of all days, a Thursday, is 4.
            var offset = remainder(weekday - remainder(firstOfMonth + 4, 7), 7) + (week - 1) * 7
            while offset >= length { offset -= 7 }
            return (firstOfMonth + offset) * 86_400 + time
        }
    }
}

private struct ChangeReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    func isAt(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard isAt(byte) else { return false }
        position += 1
        return true
    }

    mutating func skipName() -> Bool {
        let start = position
        if skip(UInt8(ascii: "<")) {
            while position < bytes.count, !isAt(UInt8(ascii: ">")) { position += 1 }
            return skip(UInt8(ascii: ">"))
        }
        while position < bytes.count, (65...90).contains(bytes[position] & 0xDF) { position += 1 }
        return position > start
    }

    /// Hours, with minutes and seconds if there are any; up to 167 hours, as a time may have.
    mutating func offset() -> Int? {
        let isNegative = skip(UInt8(ascii: "-"))
        if !isNegative { _ = skip(UInt8(ascii: "+")) }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where skip(UInt8(ascii: ":")) {
            guard let count = number(), count < 60 else { return nil }
            seconds += count * unit
        }
        return isNegative ? -seconds : seconds
    }

    mutating func dayRule() -> DayRule? {
        guard skip(UInt8(ascii: ",")), let day = day() else { return nil }
        guard skip(UInt8(ascii: "/")) else { return DayRule(day: day, time: 7200) }
        return offset().map { DayRule(day: day, time: $0) }
    }

    private mutating func day() -> DayRule.Day? {
        if skip(UInt8(ascii: "M")) {
            guard let month = number(), (1...12).contains(month), skip(UInt8(ascii: ".")),
                let week = number(), (1...5).contains(week), skip(UInt8(ascii: ".")),
                let weekday = number(), weekday <= 6
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
        if skip(UInt8(ascii: "J")) {
            guard let number = number(), (1...365).contains(number) else { return nil }
            return .dayWithoutLeapDay(number)
        }
        return number().flatMap { $0 <= 365 ? .dayFromZero($0) : nil }
    }

    /// Three digits are enough for all of them.
    private mutating func number() -> Int? {
        var value = 0
        let start = position
        while position < bytes.count, position < start + 3, (48...57).contains(bytes[position]) {
            value = value * 10 + Int(bytes[position] - 48)
            position += 1
        }
        return position > start ? value : nil
    }
}
