import Testing

@testable import ICalendar

@Suite struct TimeTextTests {
    static let day = CivilDay(year: 2026, month: 3, day: 21) ?? CivilDay(number: 0)
    static let nine = LocalTime(day, secondOfDay: 9 * 3600)

    static let times: [(String, EventTime)] = [
        ("20260321", .day(day)),
        ("20260321T090000", .floating(nine)),
        ("20260321T090000Z", .utc(nine)),
        ("20260321t090000z", .utc(nine)),
        (" 20260321T090000Z ", .utc(nine)),
        ("20260321T0900", .floating(nine)),
        ("2026-03-21", .day(day)),
        ("2026-03-21T09:00:00Z", .utc(nine)),
        ("2026-03-21 09:00", .floating(nine)),
        ("2026-03-21T09:00:00.250Z", .utc(nine)),
        ("20260321T100000+0100", .utc(nine)),
        ("20260321T053000-03:30", .utc(nine)),
        ("20260321T090060", .floating(LocalTime(seconds: nine.seconds + 59))),
        ("20260320T240000", .floating(LocalTime(day))),
    ]

    @Test(arguments: times)
    func `a time is read as it is commonly written`(_ text: String, _ time: EventTime) {
        #expect(EventTime(text) == time)
    }

    @Test func `a zone belongs to a time without Z, and to no date`() {
        #expect(EventTime("20260321T090000", zone: "Europe/Berlin") == .zoned(Self.nine, zone: "Europe/Berlin"))
        #expect(EventTime("20260321T090000Z", zone: "Europe/Berlin") == .utc(Self.nine))
        #expect(EventTime("20260321", zone: "Europe/Berlin") == .day(Self.day))
        #expect(EventTime("20260321T090000", zone: "") == .floating(Self.nine))
    }

    @Test(arguments: [
        "", "2026", "20260230", "20261321", "20260321T", "20260321T250000", "20260321T096000", "20260321T090000ZZ",
        "20260321T090000X", "2026-0321", "00000101", "TODAY", "20260321T240001", "+20260321",
        "999999999999999999999999", "20260321T09000０",
    ])
    func `what is no time is none`(_ text: String) {
        #expect(EventTime(text) == nil)
    }

    static let durations: [(String, EventDuration)] = [
        ("P1D", EventDuration(days: 1)),
        ("PT24H", EventDuration(seconds: 86_400)),
        ("P1W", EventDuration(days: 7)),
        ("P1W2D", EventDuration(days: 9)),
        ("P1DT2H3M4S", EventDuration(days: 1, seconds: 7_384)),
        ("-PT15M", EventDuration(seconds: -900)),
        ("+PT15M", EventDuration(seconds: 900)),
        ("pt1h30m", EventDuration(seconds: 5_400)),
        ("P0D", EventDuration()),
    ]

    @Test(arguments: durations)
    func `check 92: a day is a day by the calendar, and 24 hours are hours`(_ text: String, _ length: EventDuration) {
        #expect(EventDuration(text) == length)
    }

    @Test(arguments: [
        "", "P", "PT", "1D", "P1", "P1Y", "P1M", "PT1D", "P1H", "PT1.5H", "P99999999999D", "P9999999999999999999W",
        "PT1WD", "P1D ?", "--P1D",
    ])
    func `check 92: what is no duration is none`(_ text: String) {
        #expect(EventDuration(text) == nil)
    }

    @Test func `check 88: a period has an end or a length`() {
        let start = EventTime.utc(Self.nine)
        #expect(
            Schedule.Addition("20260321T090000Z/PT1H")
                == Schedule.Addition(start: start, ending: .after(EventDuration(seconds: 3_600))))
        #expect(
            Schedule.Addition("20260321T090000Z/20260321T100000Z")
                == Schedule.Addition(start: start, ending: .at(.utc(LocalTime(seconds: Self.nine.seconds + 3_600)))))
        #expect(Schedule.Addition("20260321") == Schedule.Addition(start: .day(Self.day)))
        #expect(Schedule.Addition("20260321T090000Z/") == nil)
        #expect(Schedule.Addition("20260321T090000Z/soon") == nil)
    }

    @Test func `an offset is read with and without colons and seconds`() {
        #expect(UTCOffset("+0100")?.seconds == 3_600)
        #expect(UTCOffset("-03:30")?.seconds == -12_600)
        #expect(UTCOffset("+005328")?.seconds == 3_208)
        #expect(UTCOffset("0100") == nil)
        #expect(UTCOffset("+2500") == nil)
    }
}
