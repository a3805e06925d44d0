import Foundation
import Simulation
import Testing

/// Days of the service in seconds (G7, G14).
@Suite struct SimulationTests {
    private func live(_ change: (inout Simulation.Plan) -> Void) throws -> Simulation.Report {
        var plan = Simulation.Plan()
        (plan.days, plan.users, plan.connections) = (1, 2, 2)
        change(&plan)
        let place = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        return try Simulation(plan, in: place + "/home").run()
    }

    private func expectGood(_ report: Simulation.Report) {
        #expect(report.lost == [])
        #expect(report.doubled == [])
        #expect(report.wrong == [])
        #expect(report.stale == [])
        #expect(report.broken == [])
    }

    /// The days are those before and after the night in which clocks in Europe are changed.
    @Test(arguments: [UInt64(1), 2]) func `G7 nothing is lost or doubled, and everything is fresh`(_ seed: UInt64)
        throws
    {
        let report = try live {
            $0.seed = seed
            $0.start += 3 * 86_400_000
            $0.faultsPerMille = 20
            $0.killsPerDay = 6
        }
        expectGood(report)
        #expect(report.kills >= 2)
        #expect(report.world.faults > 0)
        #expect(report.activities > 20)
        #expect(report.looks > 80)
    }

    @Test func `G14 clocks that jump lose nothing and log nothing twice`() throws {
        let report = try live {
            $0.jumps = true
            $0.seed = 9
        }
        expectGood(report)
        #expect(report.jumps > 0)
    }

    @Test func `G13 a seed repeats a run to the byte`() throws {
        let plan = { (plan: inout Simulation.Plan) in (plan.users, plan.connections, plan.seed) = (1, 1, 5) }
        let (one, other) = (try live(plan), try live(plan))
        #expect(one.root == other.root)
        #expect(one.entries > 100)
    }
}
