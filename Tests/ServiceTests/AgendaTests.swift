import Application
import Entries
import Foundation
import Ledger
import Machine
import Schedule
import Testing

@testable import Service

@Suite struct AgendaTests {
    private func agenda(
        _ home: ServedHome, begun: [String: Int64] = [:], running: Set<String> = [], most: Int = 100
    ) throws -> Agenda {
        try home.household.read { try Agenda.read(in: $0, begun: begun, running: running, most: most) }
    }

    private func readings(_ agenda: Agenda) -> [String] {
        agenda.due.filter { $0.key.hasPrefix("reading/") }.map { String($0.key.dropFirst(8)) }
    }

    @Test func `F02 a connection is due when its planned time has come, and not before`() throws {
        let home = try ServedHome()
        try home.connect("work")
        #expect(readings(try agenda(home)) == ["work"])
        try home.read("work")
        let after = try agenda(home)
        #expect(readings(after).isEmpty)
        let next = try #require(after.next)
        #expect(next <= ServedHome.start + 15 * 60_000)
        home.pass(minutes: 15)
        #expect(readings(try agenda(home)) == ["work"])
    }

    @Test func `L39 a reading that takes long does not move the next one`() throws {
        let home = try ServedHome()
        try home.connect("work")
        let grid = Grid.of("work", minutes: 15)
        // It begins at its time and ends fourteen minutes later.
        home.clock.with { $0 = grid.next(after: $0) }
        let planned = home.clock.with { $0 }
        try home.read("work")
        home.pass(minutes: 14)
        #expect(readings(try agenda(home)).isEmpty)
        home.pass(minutes: 1)
        #expect(try agenda(home).due.first { $0.key == "reading/work" }?.planned == planned + 15 * 60_000)
    }

    @Test func `F03 L44 the one that has waited longest is first, whoever was added when`() throws {
        let home = try ServedHome()
        for id in ["a", "b", "c"] { try home.connect(id, every: 60) }
        for id in ["a", "b", "c"] { try home.read(id) }
        home.pass(minutes: 60)
        try home.read("b")
        home.pass(minutes: 60)
        let due = try agenda(home).due.filter { $0.key.hasPrefix("reading/") }
        #expect(due.map(\.planned) == due.map(\.planned).sorted())
        #expect(Set(due.map(\.key)).count == 3)
    }

    @Test func `F05 what is being read is not due a second time`() throws {
        let home = try ServedHome()
        try home.connect("work")
        #expect(readings(try agenda(home, running: ["reading/work"])).isEmpty)
    }

    @Test func `what left no entry is not begun again before its next time`() throws {
        let home = try ServedHome()
        try home.connect("work")
        #expect(readings(try agenda(home, begun: ["reading/work": ServedHome.start])).isEmpty)
    }

    @Test func `paused, switched off and refused connections are not due`() throws {
        let home = try ServedHome()
        for id in ["paused", "off", "refused", "fine"] { try home.connect(id) }
        try home.append(ConnectionPaused(), stream: "connection/paused") { $0.connection = "paused" }
        try home.append(ConnectionChanged(), stream: "connection/off") {
            $0.connection = "off"
            $0.isSyncEnabled = false
        }
        try home.append(CredentialRefused(), stream: "connection/refused") { $0.connection = "refused" }
        #expect(readings(try agenda(home)) == ["fine"])
    }

    @Test func `F07 a connection whose breaker is open rests, and is due when that is over`() throws {
        let home = try ServedHome()
        try home.connect("work")
        try home.append(BreakerOpened(), stream: "connection/work") {
            ($0.connection, $0.failures, $0.until) = ("work", 3, ServedHome.start + 2 * 3_600_000)
        }
        let resting = try agenda(home)
        #expect(readings(resting).isEmpty)
        home.pass(minutes: 120)
        #expect(readings(try agenda(home)) == ["work"])
    }

    @Test func `F14 what a person asked for goes before what is due by itself`() throws {
        let home = try ServedHome()
        for id in ["a", "b"] { try home.connect(id) }
        // Both have been due for less than five minutes.
        for id in ["a", "b"] { try home.read(id) }
        home.clock.with {
            $0 = max(Grid.of("a", minutes: 15).next(after: $0), Grid.of("b", minutes: 15).next(after: $0))
        }
        var request = RequestSyncRequest(user: nil)
        request.connection = "b"
        _ = try home.household.ask(request)
        #expect(try agenda(home).due.first?.key == "reading/b")
    }

    @Test func `F13 L51 the same reading is asked for once, and can be asked for again when it has ended`() throws {
        let home = try ServedHome()
        try home.connect("work")
        var request = RequestSyncRequest(user: nil)
        request.connection = "work"
        let first = try home.household.ask(request).runs
        let second = try home.household.ask(request).runs
        #expect(first.map(\.run) == second.map(\.run))
        #expect(second.map(\.isRepeated) == [true])
        try home.household.with { try RequestedReading(first[0].run, "work").begin(in: $0) }
        try home.household.with { try RequestedReading(first[0].run, "work").end(nil, in: $0) }
        #expect(try home.household.ask(request).runs.map(\.isRepeated) == [false])
    }

    @Test func `F13 L52 a run that was begun when the process was killed is done again`() throws {
        let home = try ServedHome()
        try home.connect("work")
        var request = RequestSyncRequest(user: nil)
        request.connection = "work"
        let run = try home.household.ask(request).runs[0].run
        try home.household.with { try RequestedReading(run, "work").begin(in: $0) }
        // What the next process finds.
        #expect(try agenda(home).due.first?.work == .requested(run: run, connection: "work", isFull: false))
    }

    @Test func `F12 L50 with the schedule off only what is asked for is done, also after a restart`() throws {
        let home = try ServedHome()
        try home.connect("work")
        var setting = ChangeSettingRequest(user: nil, setting: "schedule", value: "off")
        setting.isHomeWide = true
        _ = try home.household.ask(setting)
        #expect(try agenda(home).due.isEmpty)
        var request = RequestSyncRequest(user: nil)
        request.connection = "work"
        _ = try home.household.ask(request)
        #expect(try agenda(home).due.map(\.key) == ["reading/work"])
    }

    @Test func `G14 no jump of the clock silences a connection, or makes it due twice`() throws {
        let home = try ServedHome()
        try home.connect("work")
        let tenYears: Int64 = 10 * 365 * 1_440
        for jump in [tenYears, -tenYears, 60, -60, 1, -1] as [Int64] {
            home.pass(minutes: jump)
            if abs(jump) > 15 { #expect(readings(try agenda(home)) == ["work"], "after \(jump) minutes") }
            try home.read("work")
            #expect(readings(try agenda(home)).isEmpty, "read after \(jump) minutes")
        }
    }

    @Test func `with ten thousand due at once a bounded number is listed, the oldest first`() throws {
        let home = try ServedHome()
        var drafts: [Draft] = []
        for number in 0..<10_000 {
            var added = ConnectionAdded()
            (added.connection, added.account, added.name) = ("c\(number)", "a\(number)", "c")
            drafts.append(Draft(added, stream: "connection/c\(number)", owner: home.user, actor: "test"))
        }
        let batch = drafts
        try home.household.with { _ = try $0.append(batch) }
        let listed = try agenda(home, most: 64).due
        #expect(listed.count == 64)
        #expect(listed.map(\.planned) == listed.map(\.planned).sorted())
    }
}

@Suite struct UserTurnTests {
    @Test func `F03 L44 with one user at a tick each has a turn, whoever comes and goes meanwhile`() throws {
        let home = try ServedHome()
        for name in ["Ben", "Cleo", "Dora"] {
            _ = try home.household.ask(AddUserRequest(user: home.user, newName: name))
        }
        var turns: [String] = []
        for tick in 0..<20 {
            home.pass(minutes: 15)
            if tick == 5 { _ = try home.household.ask(AddUserRequest(user: home.user, newName: "Emil")) }
            turns.append(try home.household.ask(TakeTurnRequest(user: home.user)).user ?? "")
        }
        let users = try home.household.ask(UsersRequest(user: home.user)).users.map(\.user)
        for user in users { #expect(turns.filter { $0 == user }.count >= 2, "\(user) in \(turns)") }
        #expect(zip(turns, turns.dropFirst()).allSatisfy { $0 != $1 })
    }
}
