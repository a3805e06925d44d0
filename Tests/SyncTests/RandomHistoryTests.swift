import Foundation
import Testing

/// Histories that nobody thought of, against a model that anybody can follow.
struct RandomHistoryTests {
    private static let count = ProcessInfo.processInfo.environment["DAYBOOK_TEST_HISTORIES"].flatMap(Int.init) ?? 30
    private static let seeds: [UInt64] = {
        if let seed = ProcessInfo.processInfo.environment["DAYBOOK_TEST_SEED"].flatMap(UInt64.init) { return [seed] }
        return (1...count).map(UInt64.init)
    }()

    @Test(arguments: seeds)
    func `L26 D05 whatever happens and wherever it is killed, in the end what stands is what the files say`(
        seed: UInt64
    ) throws {
        var history = try RandomHistory(seed: seed)
        try history.run(steps: 40)
        #expect(
            history.fault == nil,
            "DAYBOOK_TEST_SEED=\(seed) repeats it:\n\(history.log.joined(separator: "\n"))")
    }
}
