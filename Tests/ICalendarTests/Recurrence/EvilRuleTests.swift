import ICalendar
import Testing

struct EvilRuleTests {
    static let rules = [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=1", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=1",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=1",
        "FREQ=SECONDLY;INTERVAL=86401;BYHOUR=5;BYMINUTE=5;BYSECOND=5;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=SECONDLY;BYSETPOS=2",
        "FREQ=MINUTELY;BYSETPOS=60", "FREQ=YEARLY;BYSETPOS=366", "FREQ=DAILY;BYSETPOS=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=28;BYMONTHDAY=29;BYMONTH=2;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYDAY=53MO;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=6MO", "FREQ=WEEKLY;INTERVAL=1000000007;BYDAY=SU", "FREQ=SECONDLY;COUNT=99999999999",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYDAY=MO;BYMONTHDAY=13;BYMONTH=2;BYHOUR=3;BYMINUTE=3",
        "FREQ=YEARLY;INTERVAL=9999;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=YEARLY;BYHOUR=\(all(23));BYMINUTE=\(all(59));BYSECOND=\(all(59))",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=\(all(23));BYMINUTE=\(all(59));BYSECOND=\(all(59));BYSETPOS=-1,1",
        "FREQ=SECONDLY;INTERVAL=7;BYHOUR=\(all(23));BYMINUTE=\(all(59));BYSECOND=3;BYYEARDAY=366;BYDAY=MO;BYSETPOS=1,-1",
        "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=7;BYMINUTE=11;BYSECOND=13;BYMONTHDAY=31;BYDAY=WE",
        "FREQ=DAILY;INTERVAL=146097;BYMONTHDAY=29;BYMONTH=2",
        "FREQ=WEEKLY;BYYEARDAY=366,-366;BYMONTH=12;BYDAY=SU;INTERVAL=52",
    ]

    private static func all(_ last: Int) -> String { (0...last).map { String($0) }.joined(separator: ",") }

    @Test(arguments: rules)
    func `86 a rule that means harm ends all the same`(text: String) throws {
        let rule = try RecurrenceRule(text)
        let start = try #require(EventTime("20260105T100000")).local
        var times = RuleOccurrences(rule, start: start, startsWithStart: true)
        let clock = ContinuousClock()
        var last = start.seconds - 1
        let length = clock.measure {
            while let time = times.next() {
                if time.seconds <= last { Issue.record("\(time) comes after \(last)") }
                last = time.seconds
            }
        }
        #expect(times.steps <= RuleOccurrences.mostSteps + 8_000)
        // A build for tests is ten times slower than the program, of which 50 ms are asked.
        #expect(length < .milliseconds(500), "\(text): \(length)")
        if length > .milliseconds(20) { print("\(length) for \(text.prefix(60))") }
    }

    @Test func `86 a rule that no time passes ends without being cut`() throws {
        let start = try #require(EventTime("20260105T100000")).local
        for text in Self.rules.prefix(12) {
            var times = RuleOccurrences(try RecurrenceRule(text), start: start)
            #expect(times.next() == nil)
            #expect(!times.isCut, "\(text)")
        }
    }

    @Test(arguments: [
        ("FREQ=DAILY", "20260601T030000"), ("FREQ=WEEKLY;BYDAY=MO,FR", "20260601T030000"),
        ("FREQ=MINUTELY", "20260601T000000"), ("FREQ=YEARLY", "20270107T030000"),
        ("FREQ=SECONDLY;BYHOUR=3", "20260601T030000"), ("FREQ=DAILY;INTERVAL=1000", "20261217T030000"),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1", "20260626T030000"),
    ])
    func `a rule without a count is followed from the window on, however long ago it began`(
        text: String, expected: String
    ) throws {
        let start = try #require(EventTime("19010107T030000")).local
        let from = try #require(EventTime("20260601T000000")).local
        var near = RuleOccurrences(try RecurrenceRule(text), start: start, from: from)
        #expect(near.next()?.compact == expected)
        #expect(near.steps < 20)
        guard !text.contains("MINUTELY"), !text.contains("SECONDLY") else { return }
        // The long way, which COUNT asks for, leads to the same.
        let counted = try RecurrenceRule(text + ";COUNT=1000000")
        var long = RuleOccurrences(counted, start: start, from: from)
        #expect(long.next()?.compact == expected)
    }
}
