import Foundation
import Rehearsal
import Testing

/// A kill in the middle of what is more than one step.
@Suite(.enabled(if: FaultProgram.takesShims)) struct FaultsInterruptedTests {
    /// Kills the words at each call of a kind that changes something, and lends the home as it was left.
    ///
    /// Some are passed over by chance, another time others; none where DAYBOOK_TEST_SWEEP is set.
    private func killed(
        _ words: [String], prepare: (FaultHome) throws -> Void = { _ in }, isEmpty: Bool = false,
        _ body: (FaultHome, String) throws -> Void
    ) throws {
        var chance = Chance(seed: FaultProgram.seed)
        try FaultHome.with { home in
            let shim = try FaultShim("fault", in: home.folder)
            var number = 1
            while true {
                if isEmpty { FaultFolder.remove(home.path) } else { try home.reset() }
                try prepare(home)
                let met = home.folder + "/met"
                FaultFolder.remove(met)
                let ran = try FaultRun(
                    words.map { $0.replacing("BESIDE", with: home.folder) } + ["--home", home.path],
                    environment: [
                        "LD_PRELOAD": shim.path, "FAULT_UNDER": home.folder, "FAULT_CALL": "any",
                        "FAULT_NUMBER": "\(number)", "FAULT_KIND": chance.pick(["half", "kill"]), "FAULT_REPORT": met,
                    ])
                guard FileManager.default.fileExists(atPath: met) else {
                    #expect(ran.code == 0, "\(ran.errors)")
                    return
                }
                #expect(ran.code == -9)
                try body(home, "killed at call \(number), DAYBOOK_TEST_SEED=\(FaultProgram.seed)")
                number += FaultProgram.sweepsAll ? 1 : 1 + chance.below(number > 24 ? 16 : 4)
            }
        }
    }

    private func names(_ home: FaultHome) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: home.path))
    }

    @Test func `an init that was killed left a home, or nothing that stands in the way of another init`() throws {
        try killed(["init", "--name", "Ada"], isEmpty: true) { home, place in
            let again = try home.run("init", "--name", "Ada")
            if again.code != 0 { #expect(again.errors.contains("already"), "\(place): \(again.errors)") }
            let flaw = try home.flaw()
            #expect(flaw == nil, "\(place)")
            #expect(try home.entries().count == 2, "\(place)")
            let answer = try home.appends([FaultLines.first[0]])
            #expect(answer.count == 1, "\(place)")
            let left = try names(home).filter { $0.contains("unfinished") || $0.contains(".new-") }
            #expect(left.isEmpty, "\(place)")
        }
    }

    @Test func `a rebuild that was killed left the old views or the new ones, and nothing besides`() throws {
        try killed(["rebuild"]) { home, place in
            let ran = try home.run("metrics")
            #expect(ran.code == 0 && ran.errors.isEmpty, "\(place): \(ran.errors)")
            let views = try names(home).filter { $0.hasPrefix("views-") && $0.hasSuffix(".db") }
            #expect(views.count == 1, "\(place): \(views)")
            let flaw = try home.flaw()
            #expect(flaw == nil, "\(place)")
        }
    }

    @Test func `a backup that was killed is none, or a whole one`() throws {
        let beginning = try FaultHome.beginning.get().entries
        let prepare: (FaultHome) throws -> Void = { FaultFolder.remove($0.folder + "/kept") }
        try killed(["backup", "BESIDE/kept"], prepare: prepare) { home, place in
            let target = home.folder + "/restored"
            FaultFolder.remove(target)
            let restored = try FaultRun(
                ["restore", home.folder + "/kept", "--home", target, "--key", home.path + "/master.key"])
            if restored.code == 0 {
                let entries = try FaultHome(folder: home.folder).entries(at: target)
                #expect(entries.prefix(beginning.count) == beginning[...], "\(place)")
            } else {
                #expect(restored.isOneClearMessage, "\(place): \(restored.errors)")
                #expect(!FileManager.default.fileExists(atPath: target + "/ledger.db"), "\(place)")
            }
            let flaw = try home.flaw(withViews: false)
            #expect(flaw == nil, "\(place)")
            #expect(try !names(home).contains { $0.contains("unfinished") }, "\(place)")
        }
    }

    @Test func `a restore that was killed left no half home, and can be repeated`() throws {
        try FaultHome.with { source in
            _ = try source.succeeds("backup", source.folder + "/kept")
            let words = ["restore", source.folder + "/kept", "--key", source.path + "/master.key"]
            try killed(words, isEmpty: true) { home, place in
                let isThere = FileManager.default.fileExists(atPath: home.path + "/ledger.db")
                if !isThere {
                    let opened = try home.run("log")
                    #expect(opened.code == 10 && opened.isOneClearMessage, "\(place): \(opened.errors)")
                    let again = try FaultRun(words + ["--home", home.path])
                    #expect(again.code == 0, "\(place): \(again.errors)")
                }
                let flaw = try home.flaw()
                #expect(flaw == nil, "\(place)")
                let left = try names(home).filter { $0.contains("unfinished") || $0.contains(".new-") }
                #expect(left.isEmpty, "\(place)")
            }
        }
    }

    private static let canary = "Zanzibar-Quetzal-7719"

    private static let planted =
        #"{"type":"address.seen","stream":"address/canary","owner":"home","#
        + #""data":{"address":"canary","kind":"individual","source":"meeting"},"#
        + #""personal":{"email":"\#(canary)@example.org","name":"\#(canary) Smith"}}"#

    private func filesWithCanary(_ home: FaultHome) throws -> [String] {
        try FaultFolder.contents(home.path).filter { $0.value.range(of: Data(Self.canary.utf8)) != nil }
            .keys.sorted()
    }

    @Test func `T28 an erasure that was killed is done or not done, and done again leaves no byte in any file`() throws
    {
        let position = try FaultHome.beginning.get().entries.count + 1
        let prepare: (FaultHome) throws -> Void = { home in
            _ = try home.succeeds("append", "--post", input: Self.planted)
            let files = try filesWithCanary(home)
            try #require(files.contains { $0.hasPrefix("views-") } && files.contains { $0.hasPrefix("ledger.db") })
        }
        try killed(["erase", "\(position)", "--yes"], prepare: prepare) { home, place in
            let flaw = try home.flaw(withViews: false)
            #expect(flaw == nil, "\(place)")
            let shown = try home.run("show", "\(position)")
            let erasures = try home.run("log", "--type", "personal.erased", "--json").output
            #expect(shown.output.contains(Self.canary) == erasures.isEmpty, "\(place)")
            _ = try home.succeeds("erase", "\(position)", "--yes")
            #expect(try filesWithCanary(home) == [], "\(place)")
            let after = try home.flaw()
            #expect(after == nil, "\(place)")
        }
    }

    @Test func `a kill while head.note is replaced leaves the old note or the new one, and no draft`() throws {
        try killed(["checkpoint"]) { home, place in
            let ran = try home.run("log", "--limit", "1")
            #expect(ran.code == 0 && ran.errors.isEmpty, "\(place): \(ran.errors)")
            #expect(try !names(home).contains { $0.contains(".new-") }, "\(place)")
            let flaw = try home.flaw(withViews: false)
            #expect(flaw == nil, "\(place)")
        }
    }
}

extension FaultHome {
    func entries(at path: String) throws -> [Found] {
        let link = folder + "/elsewhere"
        try FileManager.default.createDirectory(atPath: link, withIntermediateDirectories: true)
        FaultFolder.remove(link + "/home")
        try FileManager.default.moveItem(atPath: path, toPath: link + "/home")
        return try FaultHome(folder: link).entries()
    }
}
