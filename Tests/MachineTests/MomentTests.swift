import Machine
import Testing

@Suite struct MomentTests {
    @Test(arguments: [0, 1, 1_767_600_000_000, -1, -1_000, 951_782_400_000, 4_102_444_800_000])
    func `a day begins at or before each of its instants, and within 25 hours`(_ instant: Int64) {
        let local = Moment.local(instant)
        let start = Moment.startOfDay(year: local.year, month: local.month, day: local.day)
        #expect(start <= instant)
        #expect(instant - start < 25 * 3_600_000)
        #expect((1...12).contains(local.month) && (1...31).contains(local.day) && (0...23).contains(local.hour))
        #expect(!local.zone.isEmpty)
    }

    @Test func `the monotonic clock never goes back`() {
        let times = (0..<1_000).map { _ in Moment.monotonicMilliseconds() }
        #expect(times == times.sorted())
    }

    @Test func `the process knows itself`() {
        #expect(ThisProcess.identifier > 0)
        #expect(ThisProcess.variable("DAYBOOK_A_VARIABLE_THAT_NOBODY_SETS") == nil)
        #expect((ThisProcess.peakMemory ?? 0) > 1 << 20)
        #expect((ThisProcess.memory ?? 0) > 1 << 20)
    }
}
