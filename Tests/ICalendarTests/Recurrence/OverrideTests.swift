import ICalendar
import Testing

@Suite(.enabled(if: Tzdata.isHere, "there is no time zone database here"))
struct OverrideTests {
    private func daily() throws -> GivenSeries {
        try GivenSeries("20260105T090000", zone: "Europe/Berlin", end: "PT1H", "FREQ=DAILY;COUNT=4")
    }

    @Test(
        arguments: [
            ("20260106T090000", "Europe/Berlin"), ("20260106T080000Z", nil), ("20260106T090000", nil),
            ("20260106T030000", "America/New_York"), ("20260106", nil),
        ] as [(String, String?)])
    func `93 an override stands in the place of the occurrence that it names, in whatever form`(
        original: String, zone: String?
    ) throws {
        var given = try daily()
        given = try given.overriding(original, with: "20260106T150000Z", end: "PT2H", zone: zone)
        let expansion = try given.expanded()
        #expect(
            expansion.occurrences.map(\.short) == [
                "2026-01-05T08:00/2026-01-05T09:00", "2026-01-06T15:00/2026-01-06T17:00#0",
                "2026-01-07T08:00/2026-01-07T09:00", "2026-01-08T08:00/2026-01-08T09:00",
            ])
        #expect(expansion.occurrences[1].original == EventTime("20260106T090000", zone: "Europe/Berlin"))
        #expect(expansion.notes.isEmpty)
    }

    @Test func `93 L08 an override does not end the series, and one that stays in its place keeps it`() throws {
        let given = try daily().overriding("20260105T080000Z", with: "20260105T080000Z", end: "PT1H")
        #expect(try given.occurrences().count == 4)
        #expect(try given.occurrences().first == "2026-01-05T08:00/2026-01-05T09:00#0")
    }

    @Test func `93 B13 what was moved out of the window is not in it, and what was moved into it is`() throws {
        let given = try daily().overriding("20260106T080000Z", with: "20270201T080000Z", end: "PT1H")
        #expect(try given.occurrences(from: "20260106", to: "20260106").isEmpty)
        #expect(try given.occurrences(from: "20270201", to: "20270201") == ["2027-02-01T08:00/2027-02-01T09:00#0"])
        #expect(try given.expanded(from: "20270201", to: "20270201").notes.isEmpty)
    }

    @Test func `93 an override of nothing is kept as one more, and noted`() throws {
        let given = try daily().overriding("20260106T081500Z", with: "20260106T150000Z").overriding(
            "20260301", with: "20260106T160000Z")
        let expansion = try given.expanded()
        #expect(expansion.occurrences.count == 6)
        #expect(Set(expansion.notes) == [.orphan(override: 0), .orphan(override: 1)])
    }

    @Test func `93 overrides without a series are all that there is`() throws {
        let given = try daily().overriding("20260106T080000Z", with: "20260106T150000Z", end: "PT1H").withoutMaster()
        #expect(try given.occurrences() == ["2026-01-06T15:00/2026-01-06T16:00#0"])
        #expect(try given.expanded().occurrences.first?.original == EventTime("20260106T080000Z"))
    }

    @Test func `93 an override of a whole day can be a meeting, and of a meeting a whole day`() throws {
        let days = try GivenSeries("20260105", "FREQ=DAILY;COUNT=2").overriding(
            "20260106", with: "20260106T100000Z", end: "PT1H")
        #expect(try days.occurrences() == ["2026-01-05/2026-01-05", "2026-01-06T10:00/2026-01-06T11:00#0"])
        let meeting = try daily().overriding("20260106T080000Z", with: "20260106")
        #expect(try meeting.occurrences().contains("2026-01-06/2026-01-06#0"))
    }

    @Test func `93 an override for all that follow moves them as far, and makes them as long`() throws {
        let given = try daily().overriding(
            "20260106T090000", with: "20260106T113000", end: "PT30M", zone: "Europe/Berlin", following: true)
        let following = try given.overriding("20260108T090000", with: "20260108T200000", zone: "Europe/Berlin")
        #expect(
            try following.occurrences() == [
                "2026-01-05T08:00/2026-01-05T09:00", "2026-01-06T10:30/2026-01-06T11:00#0",
                "2026-01-07T10:30/2026-01-07T11:00#0", "2026-01-08T19:00/2026-01-08T19:00#1",
            ])
        #expect(try following.occurrences(from: "20260107T103000Z", to: "20260107T104500Z").count == 1)
    }

    @Test func `93 an override for all that follow, of which there is no telling, stands for itself`() throws {
        let expansion = try daily().overriding("20260106T080000Z", with: "20260106", following: true).expanded()
        #expect(expansion.notes == [.followersLeft(override: 0)])
        #expect(expansion.occurrences.count { $0.override != nil } == 1)
    }

    @Test func `an occurrence that was taken out and changed was changed`() throws {
        let given = try daily().excluding("20260106T080000Z").overriding("20260106T080000Z", with: "20260106T150000Z")
        #expect(try given.occurrences().contains("2026-01-06T15:00/2026-01-06T15:00#0"))
        #expect(try given.occurrences().count == 4)
    }

    @Test func `T14 overrides by the thousand cost no more than the steps of a series, and leave it whole`() throws {
        var given = try GivenSeries("20000103T090000Z", end: "PT1H", "FREQ=DAILY;COUNT=9999")
        let first = try #require(CivilDay("2026-01-01"))
        for number in 0..<2_000 {
            let day = first + number % 300
            let identity = RecurrenceIdentity(time: .day(day))
            let start = EventTime.utc(LocalTime(day, secondOfDay: 12 * 3600))
            given.series.overrides.append(.init(identity, Schedule(start: start), number: number))
        }
        let clock = ContinuousClock()
        let length = try clock.measure {
            let expansion = try given.expanded(from: "20270101", to: "20270110")
            #expect(expansion.occurrences.map(\.short).first == "2027-01-01T09:00/2027-01-01T10:00")
            #expect(expansion.occurrences.count == 10)
        }
        #expect(length < .seconds(2))
    }
}
