import Schedule
import Testing

@Suite struct DailyGridTests {
    private let day: Int64 = 86_400_000

    @Test func `a daily time lies on each day, also over a night in which clocks are put forward`() {
        let grid = Grid.daily(hour: 3, minute: 0)
        let three = 20_000 * day + 3 * 3_600_000
        #expect(grid.planned(at: three) == three)
        #expect(grid.planned(at: three - 1) == three - day)
        #expect(grid.due(last: three - day, now: three) == three)
        #expect(grid.due(last: three, now: three + 3_600_000) == nil)
    }

    @Test func `a weekly time falls on its day`() {
        // 2025-11-30 was a Sunday.
        let sunday: Int64 = 1_764_460_800_000
        let grid = Grid.weekly(day: 0, hour: 3, minute: 30)
        #expect(grid.planned(at: sunday + day) == sunday + (3 * 60 + 30) * 60_000)
        #expect(Grid.weekly(day: 3, hour: 0, minute: 0).planned(at: sunday + 4 * day) == sunday + 3 * day)
    }
}
