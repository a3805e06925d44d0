import Entries
import ICalendar
import Testing

@testable import Providers

struct GraphRecurrenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String?
        let make: @Sendable (inout GraphRecurrence) -> Void

        init(_ rule: String?, _ make: @escaping @Sendable (inout GraphRecurrence) -> Void) {
            self.rule = rule
            self.make = make
        }

        var testDescription: String { rule ?? "none" }
    }

    static let cases: [Case] = [
        Case("RRULE:FREQ=DAILY") { $0.type = "daily" },
        Case("RRULE:FREQ=DAILY;INTERVAL=3;COUNT=10") {
            ($0.type, $0.interval, $0.rangeType, $0.numberOfOccurrences) = ("daily", 3, "numbered", 10)
        },
        Case("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU") {
            ($0.type, $0.interval, $0.daysOfWeek) = ("weekly", 2, ["monday", "wednesday"])
        },
        Case("RRULE:FREQ=WEEKLY;BYDAY=SU;WKST=MO") {
            ($0.type, $0.daysOfWeek, $0.firstDayOfWeek) = ("Weekly", ["Sunday"], "Monday")
        },
        Case(nil) { $0.type = "weekly" },
        Case(nil) { ($0.type, $0.daysOfWeek) = ("weekly", ["someday"]) },
        Case("RRULE:FREQ=MONTHLY;BYMONTHDAY=15") { ($0.type, $0.dayOfMonth) = ("absoluteMonthly", 15) },
        Case("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1") { ($0.type, $0.dayOfMonth) = ("absoluteMonthly", 31) },
        Case("RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1") {
            ($0.type, $0.dayOfMonth) = ("absoluteMonthly", 30)
        },
        Case(nil) { ($0.type, $0.dayOfMonth) = ("absoluteMonthly", 32) },
        Case("RRULE:FREQ=MONTHLY;BYDAY=1MO") { ($0.type, $0.daysOfWeek) = ("relativeMonthly", ["monday"]) },
        Case("RRULE:FREQ=MONTHLY;BYDAY=-1FR") {
            ($0.type, $0.daysOfWeek, $0.index) = ("relativeMonthly", ["friday"], "last")
        },
        Case("RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2") {
            $0.daysOfWeek = ["monday", "tuesday", "wednesday", "thursday", "friday"]
            ($0.type, $0.interval, $0.index) = ("relativeMonthly", 2, "second")
        },
        Case(nil) { ($0.type, $0.daysOfWeek, $0.index) = ("relativeMonthly", ["friday"], "fifth") },
        Case("RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8") {
            ($0.type, $0.month, $0.dayOfMonth) = ("absoluteYearly", 3, 8)
        },
        Case("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1") {
            ($0.type, $0.month, $0.dayOfMonth) = ("absoluteYearly", 2, 29)
        },
        Case("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH") {
            ($0.type, $0.month, $0.daysOfWeek, $0.index) = ("relativeYearly", 11, ["thursday"], "fourth")
        },
        Case(nil) { ($0.type, $0.dayOfMonth) = ("absoluteYearly", 8) },
        Case("RRULE:FREQ=DAILY") { ($0.type, $0.rangeType, $0.endDate) = ("daily", "noEnd", "0001-01-01") },
        Case("RRULE:FREQ=DAILY") { ($0.type, $0.rangeType, $0.endDate) = ("daily", "endDate", "0001-01-01") },
        Case("RRULE:FREQ=DAILY;UNTIL=20260331T215959Z") {
            ($0.type, $0.rangeType, $0.endDate) = ("daily", "endDate", "2026-03-31")
            $0.zone = "W. Europe Standard Time"
        },
        Case("RRULE:FREQ=DAILY;UNTIL=20260331T235959Z") {
            ($0.type, $0.rangeType, $0.endDate, $0.zone) = (
                "daily", "endDate", "2026-03-31", "tzone://Microsoft/Custom"
            )
        },
        Case(nil) { ($0.type, $0.rangeType, $0.endDate) = ("daily", "endDate", "endDate-value") },
        Case(nil) { ($0.type, $0.rangeType) = ("daily", "numbered") },
        Case(nil) { ($0.type, $0.rangeType) = ("daily", "until the cows come home") },
        Case(nil) { ($0.type, $0.interval) = ("daily", 0) },
        Case(nil) { $0.type = "hourly" },
    ]

    @Test(arguments: cases) func `G46 a pattern and a range are one rule`(_ given: Case) throws {
        var recurrence = GraphRecurrence()
        given.make(&recurrence)
        let rule = recurrence.rule(isAllDay: false, zones: Moments.zones)
        #expect(rule == given.rule)
        // Whatever is made can be read.
        if let rule { _ = try RecurrenceRule(String(rule.dropFirst("RRULE:".count))) }
    }

    @Test func `G46 of whole days the last one is a date`() {
        var recurrence = GraphRecurrence()
        (recurrence.type, recurrence.rangeType, recurrence.endDate) = ("daily", "endDate", "2026-03-31")
        #expect(recurrence.rule(isAllDay: true, zones: Moments.zones) == "RRULE:FREQ=DAILY;UNTIL=20260331")
    }

    @Test func `G46 pattern and range are read as Graph writes them`() throws {
        let json = #"""
            {"pattern": {"type": "relativeMonthly", "interval": 2, "month": 0, "dayOfMonth": 0, "daysOfWeek": ["tuesday"],
            "firstDayOfWeek": "sunday", "index": "third"}, "range": {"type": "endDate", "startDate": "2026-01-20",
            "endDate": "2026-12-31", "recurrenceTimeZone": "UTC", "numberOfOccurrences": 0}}
            """#
        let recurrence = try #require(GraphRecurrence(try JSONObject(Array(json.utf8))))
        #expect(
            recurrence.rule(isAllDay: false, zones: Moments.zones)
                == "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=3TU;UNTIL=20261231T235959Z")
    }
}
