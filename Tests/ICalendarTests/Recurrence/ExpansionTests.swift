import ICalendar
import Testing

@Suite(.enabled(if: Tzdata.isHere, "there is no time zone database here"))
struct ExpansionTests {
    @Test func `L08 a weekly meeting takes place every week, and not only the first time`() throws {
        let given = try GivenSeries("20230102T090000", zone: "Europe/Berlin", end: "PT1H", "FREQ=WEEKLY")
        #expect(
            try given.occurrences(from: "20260323", to: "20260406") == [
                "2026-03-23T08:00/2026-03-23T09:00", "2026-03-30T07:00/2026-03-30T08:00",
                "2026-04-06T07:00/2026-04-06T08:00",
            ])
    }

    @Test func `L07 an occurrence is an instant, and remembers the zone in which it was planned`() throws {
        let given = try GivenSeries("20260630T090000", zone: "America/New_York", "FREQ=DAILY;COUNT=1")
        let occurrence = try #require(try given.expanded().occurrences.first)
        #expect(occurrence.original == EventTime("20260630T090000", zone: "America/New_York"))
        #expect(occurrence.originalSeconds == EventTime("20260630T130000Z")?.local.seconds)
    }

    @Test func `L22 what began before the window and has not ended belongs to it`() throws {
        let given = try GivenSeries("20260320T220000Z", end: "P3D")
        #expect(try given.occurrences(from: "20260322", to: "20260322").count == 1)
        #expect(try given.occurrences(from: "20260324", to: "20260324").isEmpty)
        let days = try GivenSeries("20260320", end: "20260324")
        #expect(try days.occurrences(from: "20260323", to: "20260323") == ["2026-03-20/2026-03-23"])
        #expect(try days.occurrences(from: "20260324", to: "20260324").isEmpty)
    }

    @Test func `a meeting without length belongs to the window that it starts in`() throws {
        let given = try GivenSeries("20260320T000000Z")
        #expect(try given.occurrences(from: "20260320", to: "20260320").count == 1)
        #expect(try given.occurrences(from: "20260319", to: "20260319").isEmpty)
        let ended = try GivenSeries("20260319T230000Z", end: "PT1H")
        #expect(try ended.occurrences(from: "20260320", to: "20260320").isEmpty)
    }

    @Test(
        arguments: [
            (nil, "2026-03-29/2026-03-29"), ("20260329", "2026-03-29/2026-03-29"),
            ("20260330", "2026-03-29/2026-03-29"),
            ("20260401", "2026-03-29/2026-03-31"), ("20260301", "2026-03-29/2026-03-29"),
            ("P1D", "2026-03-29/2026-03-29"),
            ("P2D", "2026-03-29/2026-03-30"), ("PT24H", "2026-03-29/2026-03-29"), ("PT25H", "2026-03-29/2026-03-30"),
            ("-P1D", "2026-03-29/2026-03-29"), ("20260330T120000", "2026-03-29/2026-03-30"),
        ] as [(String?, String)])
    func `91 L23 whole days are dates, and the end does not belong to them`(end: String?, days: String) throws {
        #expect(try GivenSeries("20260329", end: end).occurrences() == [days])
    }

    @Test func `91 B11 whole days are the same dates through the summer, wherever one is`() throws {
        var given = try GivenSeries("20260328", end: "20260329", "FREQ=DAILY;COUNT=3")
        for zone in ["Europe/Berlin", "Pacific/Apia", "America/Los_Angeles"] {
            given.floatingZone = zone
            let days = ["2026-03-28/2026-03-28", "2026-03-29/2026-03-29", "2026-03-30/2026-03-30"]
            #expect(try given.occurrences() == days)
            #expect(try given.expanded().occurrences.allSatisfy { $0.originalSeconds == nil })
        }
    }

    @Test(arguments: [
        ("P1D", "2026-03-28T11:00/2026-03-29T10:00"), ("PT24H", "2026-03-28T11:00/2026-03-29T11:00"),
        ("P1DT2H", "2026-03-28T11:00/2026-03-29T12:00"), ("P1W2D", "2026-03-28T11:00/2026-04-06T10:00"),
        ("-PT1H", "2026-03-28T11:00/2026-03-28T11:00"), ("20260328T110000", "2026-03-28T11:00/2026-03-28T11:00"),
        ("20260329T120000", "2026-03-28T11:00/2026-03-29T10:00"),
    ])
    func `92 a day is a day by the calendar, and 24 hours are by the clock`(end: String, span: String) throws {
        #expect(try GivenSeries("20260328T120000", zone: "Europe/Berlin", end: end).occurrences() == [span])
    }

    @Test func `89 B12 an occurrence in the gap is shown an hour later, and one that is twice is the first`() throws {
        let gap = try GivenSeries("20240330T023000", zone: "Europe/Berlin", "FREQ=DAILY;COUNT=3")
        #expect(try gap.starts() == ["2024-03-30T01:30", "2024-03-31T01:30", "2024-04-01T00:30"])
        let twice = try GivenSeries("20241026T023000", zone: "Europe/Berlin", "FREQ=DAILY;COUNT=3")
        #expect(try twice.starts() == ["2024-10-26T00:30", "2024-10-27T00:30", "2024-10-28T01:30"])
        let hourly = try GivenSeries("20240331T010000", zone: "Europe/Berlin", "FREQ=HOURLY;UNTIL=20240331T030000Z")
        let hours = ["2024-03-31T00:00", "2024-03-31T01:00", "2024-03-31T02:00", "2024-03-31T03:00"]
        #expect(try hourly.starts() == hours)
    }

    @Test(arguments: [
        "20260103T080000Z", "20260103T090000", "20260103", "20260103T235959", "20260104T075959Z", "2026-01-03",
    ])
    func `87 UNTIL is an instant, a time on the clock, or the whole of a day`(until: String) throws {
        let given = try GivenSeries("20260101T090000", zone: "Europe/Berlin", "FREQ=DAILY;UNTIL=\(until)")
        #expect(try given.starts() == ["2026-01-01T08:00", "2026-01-02T08:00", "2026-01-03T08:00"])
    }

    @Test func `87 UNTIL and COUNT both end a rule, and UNTIL before the start leaves nothing`() throws {
        #expect(try GivenSeries("20260101T090000", "FREQ=DAILY;COUNT=2;UNTIL=20260110").starts().count == 2)
        #expect(try GivenSeries("20260101T090000", "FREQ=DAILY;COUNT=20;UNTIL=20260110").starts().count == 10)
        #expect(try GivenSeries("20260101T090000", "FREQ=DAILY;UNTIL=20251231").starts().isEmpty)
        #expect(try GivenSeries("20260101T090000", "FREQ=DAILY;UNTIL=20251231T000000Z").starts().isEmpty)
        #expect(try GivenSeries("20260101", "FREQ=DAILY;UNTIL=20260102T225959Z").occurrences().count == 2)
    }

    @Test func `85 the start is the first occurrence, and counts, even if the rule does not let it through`() throws {
        let given = try GivenSeries("20260331T090000Z", "FREQ=WEEKLY;BYDAY=TH;COUNT=3")
        #expect(try given.starts() == ["2026-03-31T09:00", "2026-04-02T09:00", "2026-04-09T09:00"])
    }

    @Test(arguments: ["20260105T080000Z", "20260105T090000", "20260105", "2026-01-05"])
    func `88 EXDATE takes out an instant, a time on the clock, or all of a day`(time: String) throws {
        let given = try GivenSeries("20260104T090000", zone: "Europe/Berlin", "FREQ=DAILY;COUNT=3").excluding(time)
        #expect(try given.starts() == ["2026-01-04T08:00", "2026-01-06T08:00"])
    }

    @Test func `88 EXDATE can be in a zone of its own`() throws {
        let given = try GivenSeries("20260104T090000", zone: "Europe/Berlin", "FREQ=DAILY;COUNT=3")
        let both = try given.excluding("20260105T030000", zone: "America/New_York").excluding(
            "20260104T030001", zone: "America/New_York")
        #expect(try both.starts() == ["2026-01-04T08:00", "2026-01-06T08:00"])
        #expect(
            try GivenSeries("20260104", "FREQ=DAILY;COUNT=2").excluding("20260105T000000Z").occurrences().count == 1)
    }

    @Test func `88 RDATE adds a day, a time in its own zone, or a time with its own end, each once`() throws {
        let given = try GivenSeries("20260104T090000", zone: "Europe/Berlin", end: "PT1H", "FREQ=DAILY;COUNT=2")
            .adding("20260110T030000", zone: "America/New_York").adding(
                "20260112T090000Z/PT15M", "20260113T090000Z/20260113T120000Z"
            )
            .adding("20260111", "20260105T080000Z")
        #expect(
            try given.occurrences() == [
                "2026-01-04T08:00/2026-01-04T09:00", "2026-01-05T08:00/2026-01-05T09:00",
                "2026-01-10T08:00/2026-01-10T09:00", "2026-01-11T08:00/2026-01-11T09:00",
                "2026-01-12T09:00/2026-01-12T09:15", "2026-01-13T09:00/2026-01-13T12:00",
            ])
        #expect(
            try GivenSeries("20260104").adding("20260107").occurrences() == [
                "2026-01-04/2026-01-04", "2026-01-07/2026-01-07",
            ])
    }

    @Test func `88 EXRULE takes out what it gives`() throws {
        let given = try GivenSeries("20260101T090000Z", "FREQ=DAILY;COUNT=5").excludingRule("FREQ=DAILY;INTERVAL=2")
        #expect(try given.starts() == ["2026-01-02T09:00", "2026-01-04T09:00"])
    }

    @Test func `B13 two rules are one series, and what both give takes place once`() throws {
        let given = try GivenSeries(
            "20260105T090000Z", "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3")
        #expect(try given.starts() == ["2026-01-05T09:00", "2026-01-07T09:00", "2026-01-12T09:00", "2026-01-19T09:00"])
    }

    @Test func `hours mean nothing for whole days, and a day takes place once`() throws {
        let given = try GivenSeries("20260105", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=2")
        #expect(try given.occurrences() == ["2026-01-05/2026-01-05", "2026-01-06/2026-01-06"])
        #expect(try GivenSeries("20260105", "FREQ=HOURLY;COUNT=30").occurrences().count == 2)
    }

    @Test func `floating times are those of whoever looks`() throws {
        var given = try GivenSeries("20260105T090000")
        #expect(try given.starts() == ["2026-01-05T08:00"])
        given.floatingZone = "America/New_York"
        #expect(try given.starts() == ["2026-01-05T14:00"])
        #expect(try given.expanded().occurrences.first?.original == EventTime("20260105T090000"))
    }

    @Test func `90 a zone that nobody knows is read as the one of whoever looks, and that is noted`() throws {
        let given = try GivenSeries("20260105T090000", zone: "Mars/Olympus", "FREQ=DAILY;COUNT=2")
        let expansion = try given.expanded()
        #expect(expansion.occurrences.map(\.short).first == "2026-01-05T08:00/2026-01-05T08:00")
        #expect(expansion.notes == [.unknownZone("Mars/Olympus", readAs: "Europe/Berlin")])
    }

    @Test func `a rule that cannot be followed leaves the first occurrence, and is noted`() throws {
        let expansion = try GivenSeries("20260105T090000Z", "FREQ=FORTNIGHTLY").expanded()
        #expect(expansion.occurrences.count == 1)
        #expect(expansion.notes.count == 1)
    }

    @Test func `T14 a series has no more than ten thousand occurrences, and says that it was cut`() throws {
        let given = try GivenSeries("20260101T000000Z", "FREQ=MINUTELY")
        let expansion = try given.expanded(from: "20260101", to: "20261231")
        #expect(expansion.occurrences.count == Expansion.mostOccurrences)
        #expect(expansion.isCut)
        #expect(try !given.expanded(from: "20260101", to: "20260105").isCut)
    }
}

extension GivenSeries {
    /// When each occurrence starts, in UTC.
    func starts() throws -> [String] {
        try occurrences().map { String($0.prefix { $0 != "/" }) }
    }
}
