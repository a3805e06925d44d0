import Foundation
import Rehearsal
import Testing

/// kill -9 inside a call of a change of the master key.
@Suite(.enabled(if: FaultProgram.isThere && FaultProgram.takesShims)) struct FaultsKeyTests {
    /// DAYBOOK_TEST_SWEEP kills at each call, from the first to the last.
    private static let kills = FaultProgram.count("DAYBOOK_TEST_KILLS", otherwise: 12)

    @Test func `T3 a change of the master key that is killed anywhere is finished or taken back`() throws {
        var chance = Chance(seed: FaultProgram.seed)
        try FaultHome.with { home in
            let shim = try FaultShim("fault", in: home.folder)
            let last = try calls(home, shim)
            let places = FaultProgram.sweepsAll ? Array(1...last) : (0..<Self.kills).map { _ in 1 + chance.below(last) }
            for number in places {
                try home.reset()
                for kind in ["kill", "half"] {
                    _ = try rotate(home, shim, number, kind)
                    try check(home, "\(kind) at call \(number) of \(last)")
                }
            }
        }
    }

    private func rotate(_ home: FaultHome, _ shim: FaultShim, _ number: Int, _ kind: String) throws -> FaultRun {
        try home.run(
            "key", "rotate", "--yes",
            environment: [
                "LD_PRELOAD": shim.path, "FAULT_UNDER": home.path, "FAULT_CALL": "any", "FAULT_NUMBER": "\(number)",
                "FAULT_KIND": kind,
            ])
    }

    /// How many calls it takes when nothing happens: found by halves, for a killed run says nothing.
    private func calls(_ home: FaultHome, _ shim: FaultShim) throws -> Int {
        var (low, high) = (1, 4_096)
        while low < high {
            let middle = (low + high) / 2
            try home.reset()
            if try rotate(home, shim, middle, "kill").code == 0 { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Nobody is told anything, the ledger is whole and signed as before, and the entries tell one key after the other.
    private func check(_ home: FaultHome, _ place: String) throws {
        let shown = try home.run("key", "--json")
        try #require(shown.code == 0 && shown.errors == "", "\(place): \(shown.errors)")
        let flaw = try home.flaw()
        try #require(flaw == nil, "\(place): \(flaw ?? "")")
        let names = try FaultFolder.contents(home.path).keys.filter { $0.hasPrefix("master.key") }
        try #require(names == ["master.key"], "\(place): \(names)")
        let again = try home.run("key", "rotate", "--yes")
        try #require(again.code == 0, "\(place): \(again.errors)")
        let entries = try home.run("log", "--type", "key.rotated", "--all", "--json").output.split(separator: "\n")
        let chain = try entries.map { line in
            let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return try #require(entry["data"] as? [String: Any])
        }
        for (earlier, later) in zip(chain, chain.dropFirst()) {
            try #require(earlier["key_id"] as? String == later["previous_key_id"] as? String, "\(place)")
        }
        try #require(!chain.isEmpty)
    }
}
