import Entries
import ICalendar

/// When a series takes place: its start and end, which Google gives as those of any event, and its rules, which it gives as
/// lines of iCalendar.
struct GoogleRecurrence {
    let schedule: Schedule

    /// Nil for an event that does not repeat.
    init?(_ fields: JSONObject, _ clock: GoogleClock) throws(GoogleFlaw) {
        let given = fields.texts("recurrence")
        guard !given.isEmpty else { return nil }
        guard given.count <= Self.mostLines, given.reduce(0, { $0 + $1.utf8.count }) <= Self.mostBytes else {
            throw GoogleFlaw(.tooMany, "The rule of a series is longer than any that makes sense; it was set aside.")
        }
        let lines = given.filter(Self.isRuleLine)
        guard !lines.isEmpty else { throw Self.unreadable }
        let (start, end) = try GoogleDetails.times(fields)
        let plain = Schedule(start: clock.stated(start), ending: end.map { .at(clock.stated($0)) })
        schedule = try Self.read(plain, lines)
        guard schedule.isRecurring else {
            // Exclusions alone exclude nothing.
            if lines.contains(where: { Self.name($0).hasPrefix("R") }) { throw Self.unreadable }
            return nil
        }
        try Self.checkRules(schedule)
    }

    /// Google keeps less; a daily meeting of 27 years with each day taken out has fewer.
    private static let mostLines = 10_000
    private static let mostBytes = 1 << 20

    private static let unreadable = GoogleFlaw(
        .unsupportedRule, "The rule of a series cannot be read; the series was set aside.")

    private static func name(_ line: String) -> String {
        String(line.prefix { $0 != ":" && $0 != ";" }).uppercased()
    }

    /// One line of the kind that may stand there, so that nothing else comes in by it.
    private static func isRuleLine(_ line: String) -> Bool {
        ["RRULE", "EXRULE", "RDATE", "EXDATE"].contains(name(line))
            && line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    }

    /// Read as the lines of any calendar are, so that the same series is the same from every source.
    private static func read(_ plain: Schedule, _ lines: [String]) throws(GoogleFlaw) -> Schedule {
        let all = ScheduleText.lines(of: plain) + lines
        let text =
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n" + all.joined(separator: "\r\n")
            + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        guard let reading = CalendarText(Array(text.utf8)).objects.first?.read(), let master = reading.master,
            !reading.flaws.contains(where: { $0.problem == .ruleUnreadable })
        else { throw unreadable }
        return master.schedule
    }

    private static func checkRules(_ schedule: Schedule) throws(GoogleFlaw) {
        for text in schedule.rules + schedule.exclusionRules {
            let rule: RecurrenceRule
            do {
                rule = try RecurrenceRule(text)
            } catch {
                throw GoogleFlaw(.unsupportedRule, "The rule of a series cannot be followed: \(error)")
            }
            // No meeting does: it is a mistake, or meant to do harm.
            guard rule.frequency > .minutely else {
                throw GoogleFlaw(.unsupportedRule, "A series repeats every minute or second; it was set aside.")
            }
        }
    }
}
