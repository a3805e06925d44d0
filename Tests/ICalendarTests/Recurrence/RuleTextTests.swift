import ICalendar
import Testing

struct RuleTextTests {
    @Test(arguments: [
        "freq=weekly;byday=mo,we;count=3", " FREQ = WEEKLY ; BYDAY = MO , WE ; COUNT = 3 ",
        "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3;",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3;X-NOTE=hello;BYMONTH=",
        "BYDAY=MO,WE;;COUNT=3;INTERVAL=0;FREQ=WEEKLY;SKIP=OMIT;RSCALE=GREGORIAN",
        "FREQ=DAILY;FREQ=WEEKLY;BYDAY=MO,WE;COUNT=+3",
    ])
    func `87 a rule is read as programs write it`(text: String) throws {
        var rule = RecurrenceRule(.weekly)
        rule.weekdays = [.init(1), .init(3)]
        rule.count = 3
        #expect(try RecurrenceRule(text) == rule)
    }

    @Test func `every part of a rule is read`() throws {
        let rule = try RecurrenceRule(
            "FREQ=YEARLY;INTERVAL=2;UNTIL=20301231T235959Z;BYSECOND=60;BYMINUTE=59;BYHOUR=23;BYDAY=+1MO,-53SU,TU;BYMONTHDAY=-31;"
                + "BYYEARDAY=366;BYWEEKNO=-53;BYMONTH=12;BYSETPOS=-366;WKST=SU")
        #expect(rule.interval == 2 && rule.until == EventTime("20301231T235959Z") && rule.weekStart == 7)
        #expect(rule.weekdays == [.init(1, ordinal: 1), .init(7, ordinal: -53), .init(2)])
        #expect(rule.seconds + rule.minutes + rule.hours + rule.monthDays == [60, 59, 23, -31])
        #expect(rule.yearDays + rule.weekNumbers + rule.months + rule.positions == [366, -53, 12, -366])
    }

    @Test(arguments: [
        "", "FREQ=", "FREQ=FORTNIGHTLY", "INTERVAL=2", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYDAY=0MO", "FREQ=DAILY;BYDAY=MONDAY", "FREQ=DAILY;BYDAY=1.5MO", "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;BYNOON=1",
        "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=YEARLY;SKIP=FORWARD", "FREQ=DAILY;BYMONTH=99999999999999999999", "gibberish",
    ])
    func `what cannot be followed is refused with a reason`(text: String) throws {
        let fault = #expect(throws: RuleFault.self) { try RecurrenceRule(text) }
        #expect(fault?.description.hasSuffix(".") == true)
    }

    @Test func `87 an interval without end has a first occurrence and no other`() throws {
        let start = try #require(EventTime("20260101T000000")).local
        for frequency in RecurrenceRule.Frequency.allCases {
            let rule = try RecurrenceRule("FREQ=\(frequency);INTERVAL=99999999999999999999999")
            #expect(Array(RuleOccurrences(rule, start: start)) == [start])
        }
    }
}
