import Children
import Foundation
import Rehearsal
import Testing

/// kill -9, at any moment.
@Suite(.enabled(if: FaultProgram.isThere)) struct FaultsKillTests {
    /// DAYBOOK_TEST_KILLS asks for more; the promise is measured with two hundred.
    private static let kills = FaultProgram.count("DAYBOOK_TEST_KILLS", otherwise: 20)

    @Test func `G1 kills while appending and following lose nothing, double nothing and leave the tree intact`() throws
    {
        var chance = Chance(seed: FaultProgram.seed)
        let lines = FaultLines.following(Self.kills * 40)
        try FaultHome.with { home in
            let shim = FaultProgram.takesShims ? try FaultShim("fault", in: home.folder) : nil
            let start = try FaultHome.beginning.get().entries.count
            var known: [Acknowledged] = []
            for kill in 1...Self.kills {
                // The last ones again, as one does who has not heard whether they were written.
                let first = max(0, known.count - chance.below(4))
                let sent = Array(lines[first..<min(first + 200, lines.count)])
                let output =
                    if let shim, chance.happens(50) {
                        try killedWithin(home, shim, sent, &chance)
                    } else {
                        try killedFromOutside(home, sent, after: 1 + chance.below(30), &chance)
                    }
                for (index, answer) in try Acknowledged.read(output).enumerated() {
                    try #require(answer.position == Int64(start + first + index + 1), "\(place(kill))")
                    if first + index < known.count {
                        try #require(answer.isRepeated && answer.hash == known[first + index].hash, "\(place(kill))")
                    } else {
                        known.append(answer)
                    }
                }
                let flaw = try home.flaw(after: known, withViews: kill % 4 == 0 || kill == Self.kills)
                try #require(flaw == nil, "\(place(kill))")
            }
            let again = try home.appends(Array(lines[..<known.count]))
            #expect(again.allSatisfy(\.isRepeated) && again.map(\.hash) == known.map(\.hash))
        }
    }

    private func place(_ kill: Int) -> String { "kill \(kill) of the run with DAYBOOK_TEST_SEED=\(FaultProgram.seed)" }

    /// The program dies inside one of its calls to the operating system, or right after it.
    private func killedWithin(
        _ home: FaultHome, _ shim: FaultShim, _ lines: [String], _ chance: inout Chance
    ) throws -> String {
        let environment = [
            "LD_PRELOAD": shim.path, "FAULT_UNDER": home.path, "FAULT_CALL": "any",
            "FAULT_NUMBER": "\(1 + chance.below(600))", "FAULT_KIND": chance.pick(["half", "kill"]),
        ]
        return try home.run(
            "append", "--post", "--batch", "\(1 + chance.below(4))", environment: environment,
            input: lines.joined(separator: "\n")
        ).output
    }

    /// The program dies wherever it is when so many answers have been read.
    private func killedFromOutside(
        _ home: FaultHome, _ lines: [String], after count: Int, _ chance: inout Chance
    ) throws -> String {
        let input = home.folder + "/input"
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: input))
        let child = Child()
        let pipe = Pipe()
        child.executableURL = URL(filePath: FaultProgram.path)
        child.arguments = ["append", "--post", "--batch", "\(1 + chance.below(4))", "--home", home.path]
        child.environment = FaultRun.environment([:])
        child.standardInput = FileHandle(forReadingAtPath: input)
        child.standardOutput = pipe
        let end = DispatchSemaphore(value: 0)
        child.terminationHandler = { _ in end.signal() }
        try child.run()
        var output = Data()
        while output.count(where: { $0 == 0x0a }) < count {
            let read = pipe.fileHandleForReading.availableData
            if read.isEmpty { break }
            output += read
        }
        kill(child.processIdentifier, SIGKILL)
        // What it said before it died was said.
        output += pipe.fileHandleForReading.readDataToEndOfFile()
        end.wait()
        return String(decoding: output, as: UTF8.self)
    }
}
