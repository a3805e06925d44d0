import Foundation
import Rehearsal
import Testing

/// The N-th call to the operating system goes wrong, for every N.
@Suite(.enabled(if: FaultProgram.takesShims)) struct FaultsDiskTests {
    /// What is run while the disk fails.
    struct Work: CustomTestStringConvertible, Sendable {
        let words: [String]
        var input: [String] = []
        /// The file that it writes beside the home.
        var file: String?
        var testDescription: String { words.joined(separator: " ") }
    }

    static let works = [
        Work(words: ["append", "--batch", "3"], input: FaultLines.following(7)),
        Work(words: ["append", "--batch", "4", "--post"], input: FaultLines.following(8)),
        Work(words: ["init", "--name", "Ada"]),
        Work(words: ["checkpoint"]),
        Work(words: ["backup", "FILE"], file: "kept.backup"),
        Work(words: ["rebuild"]),
        Work(words: ["metrics", "export", "--to", "FILE", "--format", "csv"], file: "metrics.csv"),
    ]

    /// All of them at every N where DAYBOOK_TEST_SWEEP is set; by turns otherwise.
    private static let kinds = ["EIO", "ENOSPC", "half", "EIO-on"]
    private static let calls = ["write", "sync", "truncate", "open", "rename"]

    @Test(arguments: works)
    func `G3 whichever call fails, the error is clean, nothing acknowledged is lost, and the next run goes on`(
        _ work: Work
    ) throws {
        try FaultHome.with { home in
            let shim = try FaultShim("fault", in: home.folder)
            for (turn, call) in Self.calls.enumerated() {
                for kind in FaultProgram.sweepsAll ? Self.kinds : [] {
                    var number = 1
                    while try isMet(work, call, number, kind, home, shim) { number += 1 }
                }
                if FaultProgram.sweepsAll { continue }
                var number = 1
                while try isMet(work, call, number, Self.kinds[(number + turn) % Self.kinds.count], home, shim) {
                    // The pages of a file that is being built are all alike.
                    number += number > 12 ? 17 : number > 4 ? 3 : 1
                }
            }
        }
    }

    /// Answers false when there is no such call any more: the program was not affected.
    private func isMet(
        _ work: Work, _ call: String, _ number: Int, _ kind: String, _ home: FaultHome, _ shim: FaultShim
    ) throws -> Bool {
        let place: Comment = "\(work.testDescription): \(kind) at \(call) \(number)"
        if work.words[0] == "init" { FaultFolder.remove(home.path) } else { try home.reset() }
        let file = work.file.map { home.folder + "/" + $0 }
        if let file { FaultFolder.remove(file) }
        let isReplaced = work.words[0] == "metrics"
        if let file, isReplaced { try Data("old".utf8).write(to: URL(filePath: file)) }
        let met = home.folder + "/met"
        FaultFolder.remove(met)
        let words = work.words.map { $0 == "FILE" ? file ?? $0 : $0 } + ["--home", home.path]
        let input = work.input.joined(separator: "\n")
        let ran = try FaultRun(
            words,
            environment: [
                "LD_PRELOAD": shim.path, "FAULT_UNDER": work.file == nil ? home.path : home.folder,
                "FAULT_CALL": call, "FAULT_NUMBER": "\(number)", "FAULT_KIND": kind, "FAULT_REPORT": met,
            ], input: input)
        let isMet = FileManager.default.fileExists(atPath: met)
        if kind == "half" && isMet {
            #expect(ran.code == -9, place)
        } else if isMet && ran.code != 0 {
            #expect([1, 13, 14].contains(ran.code), "\(place): \(ran.code) \(ran.errors)")
            #expect(ran.isOneClearMessage, "\(place): \(ran.errors)")
        } else {
            #expect(ran.code == 0, "\(place): \(ran.code) \(ran.errors)")
        }
        if let file, isReplaced {
            let bytes = FileManager.default.contents(atPath: file) ?? Data()
            #expect(bytes == Data("old".utf8) || bytes.last == 0x0a, place)
        }
        try isWhole(work, ran, words, home, place)
        return isMet
    }

    private func isWhole(
        _ work: Work, _ ran: FaultRun, _ words: [String], _ home: FaultHome, _ place: Comment
    ) throws {
        let acknowledged = work.words[0] == "append" ? try Acknowledged.read(ran.output) : []
        if work.words[0] != "init" {
            let flaw = try home.flaw(after: acknowledged, withViews: work.words.contains("rebuild"))
            #expect(flaw == nil, place)
        }
        if ran.code != 0 {
            // It is in the way, and refused: half a backup is none.
            if let file = work.file, work.words[0] == "backup" { try refuseHalf(home.folder + "/" + file, home, place) }
            let again = try FaultRun(words, input: work.input.joined(separator: "\n"))
            let isMade = work.words[0] == "init" && again.code == 1 && again.errors.contains("already")
            #expect(again.code == 0 || isMade, "\(place), again: \(again.code) \(again.errors)")
            let flaw = try home.flaw(withViews: false)
            #expect(flaw == nil, place)
        }
    }

    private func refuseHalf(_ file: String, _ home: FaultHome, _ place: Comment) throws {
        guard FileManager.default.fileExists(atPath: file) else { return }
        let target = home.folder + "/restored"
        FaultFolder.remove(target)
        let restored = try FaultRun(["restore", file, "--home", target, "--key", home.path + "/master.key"])
        if restored.code == 0 {
            // It was whole when the fault came.
            #expect(try FaultRun(["verify", "--home", target]).code == 0, place)
        } else {
            #expect(restored.isOneClearMessage, "\(place): \(restored.errors)")
            #expect(!FileManager.default.fileExists(atPath: target + "/ledger.db"), place)
        }
        FaultFolder.remove(file)
    }
}
