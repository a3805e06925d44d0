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

    @Test(arguments: ["feed http://127.0.0.1:9/x --allow-http", "caldav http://127.0.0.1:9/ --login a --password-fd 0"])
    func `a port that refuses is not tried again while somebody waits`(_ words: String) throws {
        let began = ContinuousClock.now
        let ended = try program.shell("echo secret | daybook connect \(words)")
        #expect(ended.status == 1)
        #expect(ended.error.contains("does not answer at port 9"))
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    @Test func `who waits for longer than two seconds is told for whom, and Ctrl-C ends it at once, writing nothing`()
        throws
    {
        let before = try entries()
        let began = ContinuousClock.now
        let ended = try program.shell(
            "timeout --preserve-status -s INT 4 daybook connect feed \(silent.address) --allow-http")
        #expect(ContinuousClock.now - began < .seconds(6))
        #expect(ended.status == 130)
        #expect(ended.error.contains("127.0.0.1 has not answered yet; Ctrl-C ends it"))
        #expect(try entries() == before)
    }
}
