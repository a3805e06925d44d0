public import ICalendar

/// How often a series takes place, as Graph says it. The occurrences are taken as Graph gives them; this is for showing
/// what the rule is.
public struct GraphRecurrence: Sendable, Equatable {
    /// `daily`, `weekly`, `absoluteMonthly`, `relativeMonthly`, `absoluteYearly`, `relativeYearly`.
    public var type = ""
    public var interval = 1
    public var month = 0
    public var dayOfMonth = 0
    /// `monday` and so on.
    public var daysOfWeek: [String] = []
    public var firstDayOfWeek: String?
    /// `first` to `fourth`, `last`; first where nothing is said.
    public var index: String?
    /// `endDate`, `noEnd`, `numbered`.
    public var rangeType: String?
    public var endDate: String?
    public var numberOfOccurrences: Int?
    /// The zone in which the last day is meant.
    public var zone: String?

    public init() {}

    /// From the `recurrence` of a series; nil where it has no pattern.
    public init?(_ json: JSONObject) {
        guard let pattern = json.object("pattern"), let type = pattern.text("type") else { return nil }
        func number(_ name: String, _ object: JSONObject?) -> Int? {
            object?.integer(name).flatMap { Int(exactly: $0) }
        }
        self.type = type
        interval = number("interval", pattern) ?? 1
        month = number("month", pattern) ?? 0
        dayOfMonth = number("dayOfMonth", pattern) ?? 0
        daysOfWeek = pattern.texts("daysOfWeek")
        firstDayOfWeek = pattern.text("firstDayOfWeek")
        index = pattern.text("index")
        let range = json.object("range")
        rangeType = range?.text("type")
        endDate = range?.text("endDate")
        numberOfOccurrences = number("numberOfOccurrences", range)
        zone = range?.text("recurrenceTimeZone")
    }

    /// The rule as RFC 5545 has it; nil where no such rule could be made of it.
    ///
    /// - Parameter isAllDay: the last day is a date then, and no instant.
    public func rule(isAllDay: Bool, zones: ZoneBook) -> String? {
        guard (1...Self.most).contains(interval), var parts = pattern() else { return nil }
        if interval > 1 { parts.insert("INTERVAL=\(interval)", at: 1) }
        guard let end = end(isAllDay: isAllDay, zones) else { return nil }
        return "RRULE:" + (parts + end).joined(separator: ";")
    }

    private static let most = 10_000

    // MARK: Pattern

    private func pattern() -> [String]? {
        switch type.lowercased() {
        case "daily": ["FREQ=DAILY"]
        case "weekly": weekly()
        case "absolutemonthly": daysOfMonth().map { ["FREQ=MONTHLY"] + $0 }
        case "relativemonthly": relative().map { ["FREQ=MONTHLY"] + $0 }
        case "absoluteyearly": yearly(daysOfMonth())
        case "relativeyearly": yearly(relative())
        default: nil
        }
    }

    /// Where nothing else is said, weeks begin with Sunday; RFC 5545 would have them begin with Monday.
    private func weekly() -> [String]? {
        guard let days = days(), !days.isEmpty, let first = Self.day(firstDayOfWeek ?? "sunday") else { return nil }
        return ["FREQ=WEEKLY", "BYDAY=" + days.joined(separator: ","), "WKST=" + first]
    }

    private func yearly(_ parts: [String]?) -> [String]? {
        guard let parts, (1...12).contains(month) else { return nil }
        return ["FREQ=YEARLY", "BYMONTH=\(month)"] + parts
    }

    /// In a month that has no such day Outlook means the last one, where RFC 5545 would leave the month out.
    private func daysOfMonth() -> [String]? {
        switch dayOfMonth {
        case 1...28: ["BYMONTHDAY=\(dayOfMonth)"]
        case 29, 30: ["BYMONTHDAY=" + (28...dayOfMonth).map(String.init).joined(separator: ","), "BYSETPOS=-1"]
        case 31: ["BYMONTHDAY=-1"]
        default: nil
        }
    }

    /// Of several days the first, second … that comes.
    private func relative() -> [String]? {
        guard let days = days(), let first = days.first, let place = place() else { return nil }
        return days.count == 1
            ? ["BYDAY=\(place)\(first)"] : ["BYDAY=" + days.joined(separator: ","), "BYSETPOS=\(place)"]
    }

    private func place() -> Int? {
        switch index?.lowercased() {
        case nil, "first": 1
        case "second": 2
        case "third": 3
        case "fourth": 4
        case "last": -1
        default: nil
        }
    }

    private func days() -> [String]? {
        let days = daysOfWeek.map(Self.day)
        return days.contains(nil) ? nil : days.compactMap { $0 }
    }

    private static func day(_ name: String) -> String? {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        return names.contains(name.lowercased()) ? name.prefix(2).uppercased() : nil
    }

    // MARK: Range

    private func end(isAllDay: Bool, _ zones: ZoneBook) -> [String]? {
        switch rangeType?.lowercased() {
        case nil, "noend": return []
        case "numbered":
            guard let count = numberOfOccurrences, count > 0 else { return nil }
            return ["COUNT=\(count)"]
        case "enddate":
            // The first day of all is how Graph writes that there is none.
            guard let text = endDate, let last = CivilDay(text) else { return nil }
            if last.parts.year == 1 { return [] }
            return ["UNTIL=" + until(last, isAllDay: isAllDay, zones)]
        default: return nil
        }
    }

    /// The last day belongs to it, up to its last second.
    private func until(_ last: CivilDay, isAllDay: Bool, _ zones: ZoneBook) -> String {
        if isAllDay { return Self.digits(last) }
        let zone = zone.flatMap { zones.find($0)?.zone } ?? .utc
        let end = LocalTime(seconds: zone.utcSeconds(of: LocalTime(last, secondOfDay: 86_399)))
        let time = [end.hour, end.minute, end.second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
        return "\(Self.digits(end.day))T\(time)Z"
    }

    private static func digits(_ day: CivilDay) -> String { day.description.filter { $0 != "-" } }
}
