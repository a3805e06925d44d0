import Children
import Foundation
import Testing

/// Two processes and one home.
@Suite(.enabled(if: FaultProgram.isThere)) struct FaultsOwnerTests {
    /// Lends a process that has the home open, and has answered once, so that it is known to.
    private func withHolder<Answer>(
        _ home: FaultHome, _ body: (_ holder: Child, _ letGo: () throws -> Void) throws -> Answer
    ) throws -> Answer {
        let child = Child()
        let (input, output) = (Pipe(), Pipe())
        child.executableURL = URL(filePath: FaultProgram.path)
        child.arguments = ["append", "--home", home.path]
        child.environment = FaultRun.environment([:])
        (child.standardInput, child.standardOutput) = (input, output)
        let end = DispatchSemaphore(value: 0)
        child.terminationHandler = { _ in end.signal() }
        try child.run()
        try input.fileHandleForWriting.write(contentsOf: Data((FaultLines.following(1)[0] + "\n").utf8))
        _ = output.fileHandleForReading.availableData
        defer {
            kill(child.processIdentifier, SIGKILL)
            end.wait()
            end.signal()
        }
        return try body(child) {
            try input.fileHandleForWriting.close()
            end.wait()
            end.signal()
        }
    }

    @Test func `L18 G24 a second process is refused within a second, and is told who holds the home`() throws {
        try FaultHome.with { home in
            try withHolder(home) { holder, _ in
                var fastest = Duration.seconds(60)
                for _ in 1...3 {
                    fastest = min(
                        fastest,
                        try ContinuousClock().measure {
                            let second = try home.run("log")
                            #expect(second.code == 11 && second.isOneClearMessage && second.output.isEmpty)
                            #expect(second.errors.contains("process \(holder.processIdentifier) (daybook append)"))
                        })
                }
                #expect(fastest < .seconds(1))
                for words in [["init"], ["restore", "/dev/null"]] {
                    #expect(try FaultRun(words + ["--home", home.path]).code == 1, "it never replaces a ledger")
                }
            }
            let flaw = try home.flaw()
            #expect(flaw == nil)
        }
    }

    @Test func `G24 --lock-wait waits for the holder to end`() throws {
        try FaultHome.with { home in
            try withHolder(home) { _, letGo in
                let (second, output) = (Child(), Pipe())
                second.executableURL = URL(filePath: FaultProgram.path)
                second.arguments = ["log", "--lock-wait", "60", "--home", home.path]
                second.environment = FaultRun.environment([:])
                second.standardOutput = output
                let end = DispatchSemaphore(value: 0)
                second.terminationHandler = { _ in end.signal() }
                try second.run()
                #expect(second.isRunning)
                try letGo()
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                end.wait()
                #expect(second.endCode == 0 && text.contains("ledger.opened"))
            }
        }
    }

    @Test func `G24 a kill of the holder frees the home`() throws {
        try FaultHome.with { home in
            try withHolder(home) { holder, letGo in
                kill(holder.processIdentifier, SIGKILL)
                try letGo()
                #expect(try home.run("log").code == 0)
            }
            let flaw = try home.flaw()
            #expect(flaw == nil)
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
    func `F1 sqlite3 can neither write nor copy the log of a ledger that is open`() throws {
        try FaultHome.with { home in
            try withHolder(home) { _, _ in
                for sql in ["DELETE FROM entry", "PRAGMA wal_checkpoint(TRUNCATE)", "CREATE TABLE mine (a)", "VACUUM"] {
                    let other = try FaultRun([home.path + "/ledger.db", sql], by: "/usr/bin/sqlite3")
                    #expect(other.code != 0 || other.output.hasPrefix("1|"), "\(sql): \(other.output)")
                    #expect((other.errors + other.output).contains("locked") || other.output.hasPrefix("1|"), "\(sql)")
                }
            }
            let flaw = try home.flaw(after: [])
            #expect(flaw == nil)
            #expect(try home.entries().count == FaultHome.beginning.get().entries.count + 1)
        }
    }

    /// From fifty thousand entries on, a rebuild reads the ledger through a second connection.
    @Test(
        .enabled(if: FaultProgram.takesShims && FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
    func `F1 sqlite3 cannot write to a ledger either while its views are rebuilt`() throws {
        try FaultHome.with { home in
            let shim = try FaultShim("fault", in: home.folder)
            let lines = (1...50_000).map { number in
                #"{"type":"address.seen","stream":"address/\#(number)","owner":"home","#
                    + #""data":{"address":"\#(number)","kind":"individual","source":"meeting"}}"#
            }
            let appended = try home.run("append", "--batch", "5000", input: lines.joined(separator: "\n"))
            try #require(appended.code == 0, "\(appended.errors)")
            let pipe = home.folder + "/pipe"
            try #require(try FaultRun([pipe], by: "/usr/bin/mkfifo").code == 0)
            let child = Child()
            child.executableURL = URL(filePath: FaultProgram.path)
            child.arguments = ["rebuild", "--home", home.path]
            child.environment = FaultRun.environment([
                "LD_PRELOAD": shim.path, "FAULT_UNDER": home.path + "/views-", "FAULT_CALL": "write",
                "FAULT_NUMBER": "200", "FAULT_KIND": "stop", "FAULT_REPORT": pipe,
            ])
            child.standardOutput = FileHandle.nullDevice
            let end = DispatchSemaphore(value: 0)
            child.terminationHandler = { _ in end.signal() }
            try child.run()
            _ = FileHandle(forReadingAtPath: pipe)?.readDataToEndOfFile()
            let other = try FaultRun([home.path + "/ledger.db", "CREATE TABLE mine (a)"], by: "/usr/bin/sqlite3")
            #expect(other.code != 0 && other.errors.contains("locked"), "\(other.code) \(other.errors)")
            kill(child.processIdentifier, SIGCONT)
            end.wait()
            #expect(child.endCode == 0)
            #expect(try home.run("log", "--limit", "1").code == 0)
        }
    }

    @Test func `two who make a home at once: one makes it, and the other is told so`() throws {
        for _ in 1...4 {
            try FaultHome.with(isEmpty: true) { home in
                let children = try (0..<2).map { _ in
                    let child = Child()
                    child.executableURL = URL(filePath: FaultProgram.path)
                    child.arguments = ["init", "--lock-wait", "60", "--home", home.path]
                    child.environment = FaultRun.environment([:])
                    child.standardOutput = FileHandle.nullDevice
                    child.standardError = FileHandle.nullDevice
                    let end = DispatchSemaphore(value: 0)
                    child.terminationHandler = { _ in end.signal() }
                    try child.run()
                    return (child, end)
                }
                for (_, end) in children { end.wait() }
                #expect(children.map(\.0.endCode).sorted() == [0, 1])
                let flaw = try home.flaw()
                #expect(flaw == nil)
            }
        }
    }
}
