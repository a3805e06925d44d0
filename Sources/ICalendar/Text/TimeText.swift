// Times as calendars write them: `20260321`, `20260321T090000`, `20260321T090000Z`, `PT1H30M`, and periods of both.
//
// What is common outside of RFC 5545 is read as well: dashes and colons as in ISO 8601, seconds left out, an offset in
// the place of the Z, a leap second (the last second of its minute), and 24:00 (the midnight that follows).

extension EventTime {
    /// Reads a date or a date with a time. A zone without a name is no zone, and a Z is stronger than a zone.
    public init?(_ text: some StringProtocol, zone: String? = nil) {
        self.init([UInt8](text.utf8)[...], zone: zone)
    }

    /// The same from bytes, for readers that make no strings.
    public init?(_ bytes: ArraySlice<UInt8>, zone: String? = nil) {
        var reader = TimeReader(bytes)
        guard let time = reader.time(zone: zone), reader.isAtEnd else { return nil }
        self = time
    }

    /// The same time as a whole day.
    public var wholeDay: EventTime { .day(local.day) }
}

extension EventDuration {
    /// More days than anything in a calendar lasts; so far from the edge of Int that sums need no second look.
    public static let mostDays = 1_000_000

    /// Reads `P1D`, `-PT15M`, `P1W2D`. Years and months have no length of their own, and are refused.
    public init?(_ text: some StringProtocol) {
        self.init([UInt8](text.utf8)[...])
    }

    /// The same from bytes, for readers that make no strings.
    public init?(_ bytes: ArraySlice<UInt8>) {
        var reader = TimeReader(bytes)
        guard let duration = reader.duration(), reader.isAtEnd else { return nil }
        self = duration
    }

    public var isNegative: Bool { days < 0 || seconds < 0 }
}

extension Schedule.Addition {
    /// Reads a date, a date with a time, or a period: `20260321T090000Z/PT1H`, or with an end in place of a length.
    public init?(_ text: some StringProtocol, zone: String? = nil) {
        self.init([UInt8](text.utf8)[...], zone: zone)
    }

    /// The same from bytes, for readers that make no strings.
    public init?(_ bytes: ArraySlice<UInt8>, zone: String? = nil) {
        var reader = TimeReader(bytes)
        guard let start = reader.time(zone: zone) else { return nil }
        if reader.skip(UInt8(ascii: "/")) {
            if let duration = reader.duration() {
                self.init(start: start, ending: .after(duration))
            } else if let end = reader.time(zone: zone) {
                self.init(start: start, ending: .at(end))
            } else {
                return nil
            }
        } else {
            self.init(start: start)
        }
        guard reader.isAtEnd else { return nil }
    }
}

/// An offset from UTC, as in `+0100`, `-03:30` or `+013015`.
public struct UTCOffset: Hashable, Sendable {
    /// Positive in the east.
    public let seconds: Int

    /// No place on Earth is further off; old files say a little more than 14 hours.
    public static let mostSeconds = 24 * 3600 - 1

    public init?(_ text: some StringProtocol) {
        self.init([UInt8](text.utf8)[...])
    }

    public init?(_ bytes: ArraySlice<UInt8>) {
        var reader = TimeReader(bytes)
        guard let seconds = reader.offset(), reader.isAtEnd else { return nil }
        self.seconds = seconds
    }
}

/// Reads from the front of a few bytes. Nothing is consumed by a read that answers nil, so another can be tried.
private struct TimeReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
        while let byte = rest.first, isBlank(byte) { rest.removeFirst() }
        while let byte = rest.last, isBlank(byte) { rest.removeLast() }
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func time(zone: String?) -> EventTime? {
        let before = rest
        guard let day = day() else { return given(up: before) }
        guard skipLetter("T") || (rest.count > 1 && skip(UInt8(ascii: " "))) else { return .day(day) }
        guard let second = secondOfDay() else { return given(up: before) }
        let local = LocalTime(day, secondOfDay: second)
        if skipLetter("Z") { return .utc(local) }
        if let offset = offset() { return .utc(LocalTime(seconds: local.seconds - offset)) }
        guard let zone, !zone.isEmpty else { return .floating(local) }
        return .zoned(local, zone: zone)
    }

    private mutating func day() -> CivilDay? {
        guard let year = number(4) else { return nil }
        let isDashed = skip(UInt8(ascii: "-"))
        guard let month = number(2), !isDashed || skip(UInt8(ascii: "-")), let day = number(2) else { return nil }
        return CivilDay(year: year, month: month, day: day)
    }

    private mutating func secondOfDay() -> Int? {
        guard let hour = number(2) else { return nil }
        let isParted = skip(UInt8(ascii: ":"))
        guard let minute = number(2) else { return nil }
        var second = 0
        if !isParted || skip(UInt8(ascii: ":")) { second = number(2) ?? 0 }
        skipFraction()
        guard minute < 60, second <= 60, hour < 24 || (hour == 24 && minute == 0 && second == 0) else { return nil }
        return hour * 3600 + minute * 60 + min(second, 59)
    }

    private mutating func skipFraction() {
        guard rest.first == UInt8(ascii: "."), rest.dropFirst().first.map(isDigit) == true else { return }
        rest.removeFirst()
        while let byte = rest.first, isDigit(byte) { rest.removeFirst() }
    }

    mutating func offset() -> Int? {
        let before = rest
        let isWest = rest.first == UInt8(ascii: "-")
        guard skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-")), let hours = number(2) else {
            return given(up: before)
        }
        _ = skip(UInt8(ascii: ":"))
        let minutes = number(2) ?? 0
        _ = skip(UInt8(ascii: ":"))
        let seconds = number(2) ?? 0
        guard hours < 24, minutes < 60, seconds < 60 else { return given(up: before) }
        let sum = hours * 3600 + minutes * 60 + seconds
        return isWest ? -sum : sum
    }

    mutating func duration() -> EventDuration? {
        let before = rest
        let sign = skip(UInt8(ascii: "-")) ? -1 : 1
        if sign == 1 { _ = skip(UInt8(ascii: "+")) }
        guard skipLetter("P") else { return given(up: before) }
        var duration = EventDuration()
        var isTime = false
        var countsSomething = false
        while true {
            if !isTime, skipLetter("T") { isTime = true }
            guard let count = wholeNumber() else { break }
            guard add(count, isTime: isTime, to: &duration) else { return given(up: before) }
            countsSomething = true
        }
        guard countsSomething else { return given(up: before) }
        return EventDuration(days: sign * duration.days, seconds: sign * duration.seconds)
    }

    private mutating func add(_ count: Int, isTime: Bool, to duration: inout EventDuration) -> Bool {
        let mostSeconds = EventDuration.mostDays * 86_400
        if !isTime, skipLetter("W") {
            duration.days += count * 7
        } else if !isTime, skipLetter("D") {
            duration.days += count
        } else if isTime, skipLetter("H") {
            duration.seconds += count * 3600
        } else if isTime, skipLetter("M") {
            duration.seconds += count * 60
        } else if isTime, skipLetter("S") {
            duration.seconds += count
        } else {
            return false
        }
        return duration.days <= EventDuration.mostDays && duration.seconds <= mostSeconds
    }

    /// At most 12 digits, which leave room for every factor above.
    private mutating func wholeNumber() -> Int? {
        let digits = rest.prefix { isDigit($0) }
        guard (1...12).contains(digits.count) else { return nil }
        rest.removeFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func number(_ width: Int) -> Int? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ isDigit($0) }) else { return nil }
        rest.removeFirst(width)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func skipLetter(_ letter: Unicode.Scalar) -> Bool {
        guard let first = rest.first, first & 0xDF == UInt8(ascii: letter) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func given<Result>(up before: ArraySlice<UInt8>) -> Result? {
        rest = before
        return nil
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
