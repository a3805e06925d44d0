import ICalendar
import Testing

struct RuleOccurrencesTests {
    @Test func `the times of a rule come in order, from the start on`() throws {
        let rule = try RecurrenceRule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3")
        let start = LocalTime(try #require(CivilDay("2026-01-30")), secondOfDay: 9 * 3600)
        let days = RuleOccurrences(rule, start: start).map { $0.day.description }
        #expect(days == ["2026-01-30", "2026-02-27", "2026-03-27"])
    }
}
