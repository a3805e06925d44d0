// Rules as calendars write them. What is common outside of RFC 5545 is read as well: lower case, blanks anywhere, empty
// parts, a semicolon at the end, the name of the property before the rule, COUNT beside UNTIL, parts that begin with X-,
// numbers that are too large to mean anything, and a part that is there twice (the last one is meant). What cannot be
// followed is refused with a reason, because a rule that is followed halfway shows meetings that do not exist.

extension RecurrenceRule {
    /// Longer than each part with every value that it can have, three times over.
    public static let longestText = 32_768
    /// A larger interval reaches no second occurrence before the year 9999, even in seconds.
    public static let largestInterval = 1_000_000_000_000

    public init(_ text: some StringProtocol) throws(RuleFault) {
        guard text.utf8.count <= RecurrenceRule.longestText else { throw RuleFault("", "is too long to be read") }
        let parts = try RuleParts(text)
        guard let name = parts["FREQ"] else { throw RuleFault("FREQ", "is missing") }
        guard let frequency = frequencies[name] else { throw RuleFault("FREQ", "is none that exists") }
        self.init(frequency)
        try readExtent(parts)
        seconds = try parts.numbers("BYSECOND", 0...60)
        minutes = try parts.numbers("BYMINUTE", 0...59)
        hours = try parts.numbers("BYHOUR", 0...23)
        monthDays = try parts.numbers("BYMONTHDAY", -31...31, hasZero: false)
        yearDays = try parts.numbers("BYYEARDAY", -366...366, hasZero: false)
        weekNumbers = try parts.numbers("BYWEEKNO", -53...53, hasZero: false)
        months = try parts.numbers("BYMONTH", 1...12)
        positions = try parts.numbers("BYSETPOS", -366...366, hasZero: false)
        weekdays = try parts.list("BYDAY").map { text throws(RuleFault) in try Weekday(text) }
        if let name = parts["WKST"] {
            guard let day = weekdayNumbers[name] else { throw RuleFault("WKST", "is no day of the week") }
            weekStart = day
        }
    }

    private mutating func readExtent(_ parts: RuleParts) throws(RuleFault) {
        if let scale = parts["RSCALE"], scale != "GREGORIAN" {
            throw RuleFault("RSCALE", "wants another calendar than the Gregorian")
        }
        if let skip = parts["SKIP"], skip != "OMIT" {
            throw RuleFault("SKIP", "wants days that do not exist to be moved")
        }
        // No interval can be less than one; those who write 0 mean that they have nothing to say.
        if let text = parts["INTERVAL"] { interval = max(1, try parts.size(text, of: "INTERVAL")) }
        if let text = parts["COUNT"] {
            let count = try parts.size(text, of: "COUNT")
            guard count > 0 else { throw RuleFault("COUNT", "is nothing at all") }
            self.count = count
        }
        if let text = parts["UNTIL"] {
            guard let until = EventTime(text) else { throw RuleFault("UNTIL", "cannot be read as a time") }
            self.until = until
        }
    }
}

extension RecurrenceRule.Weekday {
    /// Reads `MO`, `1MO`, `+1MO` and `-1MO`.
    fileprivate init(_ text: String) throws(RuleFault) {
        guard let number = weekdayNumbers[String(text.suffix(2))] else {
            throw RuleFault("BYDAY", "has something that is no day of the week")
        }
        self.init(number)
        guard text.utf8.count > 2 else { return }
        guard let ordinal = Int(text.dropLast(2)), ordinal != 0, (-53...53).contains(ordinal) else {
            throw RuleFault("BYDAY", "counts days of the week that do not exist")
        }
        self.ordinal = ordinal
    }
}

/// The parts of a rule by name: upper case, without blanks, none of them empty.
private struct RuleParts {
    private var values: [String: String] = [:]

    init(_ text: some StringProtocol) throws(RuleFault) {
        var bytes = text.utf8.filter { $0 > 32 }.map { (97...122).contains($0) ? $0 - 32 : $0 }
        for property in ["RRULE:", "EXRULE:"] where bytes.starts(with: property.utf8) {
            bytes.removeFirst(property.utf8.count)
        }
        for part in bytes.split(separator: UInt8(ascii: ";")) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                throw RuleFault(String(decoding: part, as: UTF8.self), "has no value")
            }
            let name = String(decoding: part[..<equals], as: UTF8.self)
            guard !name.hasPrefix("X-") else { continue }
            guard partNames.contains(name) else { throw RuleFault(name, "is not known") }
            let value = String(decoding: part[(equals + 1)...], as: UTF8.self)
            if !value.isEmpty { values[name] = value }
        }
    }

    subscript(name: String) -> String? { values[name] }

    func list(_ name: String) -> [String] {
        (values[name] ?? "").split(separator: ",").map(String.init)
    }

    func numbers(_ name: String, _ range: ClosedRange<Int>, hasZero: Bool = true) throws(RuleFault) -> [Int] {
        try list(name).map { text throws(RuleFault) in
            guard let number = Int(text), range.contains(number), hasZero || number != 0 else {
                throw RuleFault(name, "has a number that does not exist")
            }
            return number
        }
    }

    /// A number with as many digits as one likes; what is too large stays too large.
    func size(_ text: String, of name: String) throws(RuleFault) -> Int {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw RuleFault(name, "is no whole number")
        }
        return min(Int(digits) ?? .max, RecurrenceRule.largestInterval)
    }
}

private let frequencies: [String: RecurrenceRule.Frequency] = [
    "SECONDLY": .secondly, "MINUTELY": .minutely, "HOURLY": .hourly, "DAILY": .daily, "WEEKLY": .weekly,
    "MONTHLY": .monthly, "YEARLY": .yearly,
]

private let weekdayNumbers = ["MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6, "SU": 7]

private let partNames: Set = [
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST", "RSCALE", "SKIP",
]
