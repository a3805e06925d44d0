public import ICalendar

/// A schedule as the lines in which an entry keeps it, and back. What was read from an old or an odd calendar is written
/// as RFC 5545 has it.
public enum ScheduleText {
    public static func lines(of schedule: Schedule) -> [String] {
        var lines = [line("DTSTART", schedule.start)]
        switch schedule.ending {
        case .at(let end): lines.append(line("DTEND", end))
        case .after(let length): lines.append("DURATION:\(text(length))")
        case nil: break
        }
        lines += schedule.rules.map { "RRULE:\($0)" }
        lines += schedule.exclusionRules.map { "EXRULE:\($0)" }
        lines += schedule.additions.map { addition in
            switch addition.ending {
            case nil: line("RDATE", addition.start)
            case .at(let end): line("RDATE", addition.start, value: "PERIOD", after: "/" + text(end))
            case .after(let length): line("RDATE", addition.start, value: "PERIOD", after: "/" + text(length))
            }
        }
        return lines + schedule.exclusions.map { line("EXDATE", $0) }
    }

    /// The schedule that lines tell of, with the zones that come with it; nil where they tell none.
    public static func schedule(_ lines: [String], zoneDefinition: String?) -> (Schedule, [Component])? {
        let text =
            "BEGIN:VCALENDAR\r\n" + (zoneDefinition ?? "") + "BEGIN:VEVENT\r\nUID:x\r\n"
            + lines.joined(separator: "\r\n")
            + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        let calendar = CalendarText(Array(text.utf8))
        guard let master = calendar.objects.first?.read().master else { return nil }
        return (master.schedule, calendar.zoneDefinitions)
    }

    private static func line(_ name: String, _ time: EventTime, value: String? = nil, after: String = "") -> String {
        var line = name
        if let value { line += ";VALUE=\(value)" } else if time.isDay { line += ";VALUE=DATE" }
        if case .zoned(_, let zone) = time { line += ";TZID=\"\(zone.filter { $0 != "\"" && !$0.isNewline })\"" }
        return line + ":" + text(time) + after
    }

    private static func text(_ time: EventTime) -> String {
        switch time {
        case .day(let day): text(day)
        case .utc(let local): text(local) + "Z"
        case .floating(let local), .zoned(let local, _): text(local)
        }
    }

    private static func text(_ local: LocalTime) -> String {
        text(local.day) + "T" + two(local.hour) + two(local.minute) + two(local.second)
    }

    private static func text(_ day: CivilDay) -> String { day.description.filter { $0 != "-" } }

    private static func text(_ length: EventDuration) -> String {
        let time = length.seconds != 0 || length.days == 0 ? "T\(max(0, length.seconds))S" : ""
        return "P" + (length.days > 0 ? "\(length.days)D" : "") + time
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
