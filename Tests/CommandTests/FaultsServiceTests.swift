import Foundation
import Testing

/// The service is killed, and loses its power, while it reads calendars that change and four programs write over HTTP. The
/// tools that do it take as much as they are asked for; here they do a little each time.
@Suite(.enabled(if: FaultProgram.takesShims && FaultProgram.hasPython)) struct FaultsServiceTests {
    private func run(_ tool: String, _ words: String...) throws -> FaultRun {
        try FaultRun(
            ["python3", RunningProgram.package + "/tools/faults/\(tool)", "--program", FaultProgram.path] + words
                + ["--seed", String(FaultProgram.seed % 1_000_000)], by: "/usr/bin/env")
    }

    @Test func `G1 a service that is killed again and again loses nothing that it answered, and logs nothing twice`()
        throws
    {
        let kills = FaultProgram.count("DAYBOOK_TEST_SERVICE_KILLS", otherwise: 15)
        let ran = try run("kills", "--count", String(kills), "--entries", "3000", "--verify-every", "10")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
    }

    @Test func `G2 a service whose power is cut loses nothing that it answered`() throws {
        let images = FaultProgram.count("DAYBOOK_TEST_SERVICE_IMAGES", otherwise: 40)
        let ran = try run("power", "--images", String(images), "--seconds", "4")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
    }

    @Test func `G2 the simulator sees what is lost on a disk that only says that it has synced the log`() throws {
        let ran = try run("power", "--images", "12", "--seconds", "3", "--lies", "ledger.db-wal")
        #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
    }
}
