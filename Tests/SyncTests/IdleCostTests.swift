import Projections
import SQLite
import Testing

@testable import Sync

/// What it costs to find that there is nothing to do does not grow with what there is: a calendar is read every few minutes for
/// years, and nearly always nothing has changed in it.
struct IdleCostTests {
    /// The steps of each statement in a round in which nothing changed.
    private func cost(of size: Int) throws -> [String: Int] {
        let practice = try Practice()
        try practice.people((0..<size).map { Contact("guest\($0)") } + [Contact("bob")])
        let events = (0..<size).map {
            Event(
                "talk \($0)", Int64($0 % 80) - 60, at: Int64($0 / 80) + 8, with: ["guest\($0)", "stranger\($0)", "bob"])
        }
        try practice.calendar("work", events)
        try practice.settle()
        let before = try practice.views.read(\.stepsTaken)
        try practice.sync()
        return try practice.views.read(\.stepsTaken).reduce(into: [:]) {
            $0[$1.key] = $1.value - before[$1.key, default: 0]
        }
    }

    @Test func `a round in which nothing changed costs the same however much there is`() throws {
        let (small, large) = (try cost(of: 60), try cost(of: 480))
        let grown = large.filter { $0.value > small[$0.key, default: 0] + 100 }
        #expect(
            grown.isEmpty,
            "\(grown.map { "\(small[$0.key, default: 0]) to \($0.value) steps: \($0.key)" }.joined(separator: "\n"))")
    }
}
