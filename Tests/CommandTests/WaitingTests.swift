import Foundation
import Machine
import Testing

/// Servers that let a person wait, and a person who does not want to.
@Suite struct WaitingTests {
    /// It lets everybody connect, and says nothing.
    private let silent: LoopbackListener
    private let program: RunningProgram

    init() throws {
        silent = try LoopbackListener(path: "/club.ics")
        program = try RunningProgram()
        let allowed = try program.run("settings", "set", "allowed-hosts", "127.0.0.0/8", "--home-wide")
        try #require(allowed.status == 0, "\(allowed.error)")
    }

    private func entries() throws -> Int { try program.run("log", "--json").lines.count }

    @Test func `Ctrl-C ends a wait for a server at once, and nothing is written down`()
        throws
    {
        let before = try entries()
        let began = ContinuousClock.now
        let ended = try program.shell(
            "timeout --preserve-status -s INT 4 daybook connect feed \(silent.address()) --allow-http")
        #expect(ContinuousClock.now - began < .seconds(6))
        #expect(ended.status == 130)
        #expect(try entries() == before)
    }
}
