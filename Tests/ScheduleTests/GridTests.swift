import Testing

@testable import Schedule

@Suite struct GridTests {
    private let grid = Grid.minutes(15, offset: 60_000)
    private let minute: Int64 = 60_000

    @Test func `L39 work that takes long or begins late moves no later time`() {
        var begun: [Int64] = []
        var last: Int64?
        var now: Int64 = 0
        // Looked at every 15 minutes and a bit, and each run takes a minute and a half.
        while now < 24 * 60 * minute {
            if grid.due(last: last, now: now) != nil {
                begun.append(now)
                last = now
                now += 90_000
            }
            now += 7_000
        }
        #expect(begun.count == 97)
        #expect(zip(begun.dropFirst(3), begun.dropFirst(2)).allSatisfy { abs($0 - $1 - 15 * minute) < 8_000 })
    }

    @Test func `F01 after a night in which nothing ran, one run is due and not forty`() {
        let night = 10 * 60 * minute
        #expect(grid.due(last: minute, now: minute + night) == minute + night)
        #expect(grid.due(last: minute + night, now: minute + night) == nil)
        #expect(grid.next(after: minute + night) == 16 * minute + night)
    }

    @Test func `F01 what never ran is due, and what ran at its time is not due before the next`() {
        #expect(grid.due(last: nil, now: 20 * minute) == 16 * minute)
        #expect(grid.due(last: 16 * minute, now: 30 * minute) == nil)
        #expect(grid.due(last: 16 * minute, now: 31 * minute) == 31 * minute)
        #expect(grid.nextDue(last: 16 * minute, now: 30 * minute) == 31 * minute)
    }

    @Test func `G14 a run that a wrong clock put into the future silences nothing`() {
        let now: Int64 = 1_800_000_000_000
        #expect(grid.due(last: now + 10 * 365 * 86_400_000, now: now) != nil)
        // A clock that was put back by a moment makes no second run.
        #expect(grid.due(last: now + minute, now: now) == nil)
    }

    @Test func `a grid holds before 1970 as well`() {
        #expect(grid.planned(at: -1) == -14 * minute)
        #expect(Grid(every: 10, offset: -3).offset == 7)
    }

    @Test func `F15 things of one interval are spread over it, each always at the same place`() {
        let places = (0..<600).map { Grid.of("connection\($0)", minutes: 15).offset }
        #expect(places == (0..<600).map { Grid.of("connection\($0)", minutes: 15).offset })
        // In each of the fifteen minutes some, and nowhere a crowd.
        let counts = Dictionary(grouping: places) { $0 / 60_000 }.mapValues(\.count)
        #expect(counts.count == 15)
        #expect(counts.values.allSatisfy { (15...75).contains($0) })
    }
}
