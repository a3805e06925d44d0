import Entries
import Testing

@testable import Sync

/// What is read by itself, and when.
@Suite struct DueTests {
    private let practice: Practice

    init() throws {
        practice = try Practice()
        try practice.calendar("work", [Event("plan")])
        try practice.calendar("home", [Event("swim")])
    }

    /// The names of what was read.
    private func due() throws -> [String] {
        try practice.sync { $0.isDueOnly = true }.readings.compactMap(\.connectionName).sorted()
    }

    @Test func `F02 each connection is read as often as it says, however often somebody looks`() throws {
        try practice.frequency("work", minutes: 60)
        var count: [String: Int] = [:]
        for _ in 0..<(24 * 20) {
            for name in try due() { count[name, default: 0] += 1 }
            practice.wait(minutes: 3)
        }
        // The first time at once, then at each planned time of a day.
        #expect((24...25).contains(count["work"] ?? 0))
        #expect((96...97).contains(count["home"] ?? 0))
    }

    @Test func `F01 after a night in which nothing ran each is read once`() throws {
        #expect(try due() == ["home", "work"])
        practice.wait(hours: 10)
        #expect(try due() == ["home", "work"])
        #expect(try due() == [])
    }

    @Test func `F03 what has waited longest is read first`() throws {
        try practice.frequency("work", minutes: 5)
        _ = try due()
        practice.wait(hours: 1)
        let order = try practice.sync { $0.isDueOnly = true }.readings.map(\.connection)
        let planned = try practice.planned(order)
        #expect(order.count == 2)
        #expect(planned == planned.sorted())
    }

    @Test func `F02 what somebody reads by hand counts as read, and what is paused is not due`() throws {
        try practice.sync()
        #expect(try due() == [])
        practice.wait(hours: 1)
        try practice.pause("home")
        #expect(try due() == ["work"])
    }
}

extension Practice {
    fileprivate func frequency(_ name: String, minutes: Int64) throws {
        var changed = ConnectionChanged()
        changed.connection = connection(name)
        changed.syncFrequencyMinutes = minutes
        try append([draft(changed, "connection/\(changed.connection)")])
    }

    fileprivate func pause(_ name: String) throws {
        var paused = ConnectionPaused()
        paused.connection = connection(name)
        try append([draft(paused, "connection/\(paused.connection)")])
    }

    /// When each was to be read last, by now.
    fileprivate func planned(_ connections: [String]) throws -> [Int64] {
        try connections.map { id in
            let row = try desk.read { try ConnectionRow.one(id, $0) }
            var forgotten = row
            forgotten?.lastAttempt = nil
            return forgotten?.planned(at: desk.now()) ?? 0
        }
    }
}
