import Children
import Foundation
import Testing

/// The clock of the machine jumps.
@Suite(.enabled(if: FaultProgram.takesShims)) struct FaultsClockTests {
    private static let years = 10 * 365 * 86_400

    @Test func `G14 the clock jumps ten years back and ahead while appending, and the order is kept`() throws {
        try FaultHome.with { home in
            let before = try home.entries()
            let lines = FaultLines.following(30)
            let output = try append(lines, to: home, jumps: [0, -Self.years, Self.years])
            let known = try Acknowledged.read(output)
            #expect(known.map(\.position) == (1...30).map { Int64(before.count + $0) })
            let flaw = try home.flaw(after: known)
            #expect(flaw == nil)

            let entries = try home.entries()
            let now = entries[before.count].at
            let parts = stride(from: before.count, to: entries.count, by: 10).map { entries[$0..<($0 + 10)].map(\.at) }
            #expect(parts[1].allSatisfy { $0 < now - 9 * 365 * 86_400_000 })
            #expect(parts[2].allSatisfy { $0 > now + 9 * 365 * 86_400_000 })

            // What was recorded when the clock was ten years behind was not recorded in the last five.
            let recent = try home.entries("--since", "1800d")
            #expect(recent.map(\.position) == (entries.prefix(before.count + 10) + entries.suffix(10)).map(\.position))
            let future = try home.entries("--since", "2030-01-01")
            #expect(future.map(\.position) == entries.suffix(10).map(\.position))
        }
    }

    @Test func `G14 the views as of an instant are those of the last entry that was recorded by then`() throws {
        try FaultHome.with { home in
            let before = try home.entries()
            _ = try append(FaultLines.following(30), to: home, jumps: [0, -Self.years, Self.years])
            let last = Int64(before.count + 30)
            for (moment, position) in [("2015-01-01", 0), ("2022-01-01", last - 10), ("2090-01-01", last)] {
                let file = "\(home.folder)/\(moment).db"
                let ran = try home.succeeds("rebuild", "--as-of", moment, "--to", file)
                #expect(ran.output.contains("as of entry \(position) "), "\(moment): \(ran.output)")
            }
            let doctor = try home.run("doctor")
            #expect(doctor.output.contains("the last entry was recorded in the future"))
            #expect(try home.run("rebuild", "--verify").code == 0)
        }
    }

    /// Appends the lines in as many parts as there are jumps, each part under its own clock.
    private func append(_ lines: [String], to home: FaultHome, jumps: [Int]) throws -> String {
        let clock = home.folder + "/clock"
        let shim = try FaultShim("clock", in: home.folder)
        let child = Child()
        let (input, output) = (Pipe(), Pipe())
        child.executableURL = URL(filePath: FaultProgram.path)
        child.arguments = ["append", "--post", "--home", home.path]
        child.environment = FaultRun.environment(["LD_PRELOAD": shim.path, "CLOCK_SECONDS": clock])
        (child.standardInput, child.standardOutput) = (input, output)
        let end = DispatchSemaphore(value: 0)
        child.terminationHandler = { _ in end.signal() }
        var said = Data()
        let part = lines.count / jumps.count
        for (index, jump) in jumps.enumerated() {
            try Data("\(jump)".utf8).write(to: URL(filePath: clock), options: .atomic)
            if index == 0 { try child.run() }
            let text = lines[(index * part)..<((index + 1) * part)].joined(separator: "\n") + "\n"
            try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
            while said.count(where: { $0 == 0x0a }) < (index + 1) * part {
                let read = output.fileHandleForReading.availableData
                try #require(!read.isEmpty, "it ended early")
                said += read
            }
        }
        try input.fileHandleForWriting.close()
        end.wait()
        #expect(child.endCode == 0)
        return String(decoding: said, as: UTF8.self)
    }
}
