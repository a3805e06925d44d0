import Children
import Entries
import Foundation
import Rehearsal
import Secrets
import Testing

@testable import Ledger

@Suite struct DeterminismTests {
    /// Two thousand invented entries from seed 7. Every machine, zone, language and run must come to this root; if it
    /// changes, either the invention was changed or, which must never happen, the form of a leaf.
    static let root = "ca5e41a50a191a91765b9d3eb7d1f7e110991a6047407ba967656e0095c14e8c"

    @Test func `G13 the same seed gives the same root everywhere`() throws {
        let writer = try LedgerWriter.given(seed: 7)
        var invention = Invention(seed: 7)
        for _ in 0..<20 { try writer.append(invention.next(100)) }
        #expect(writer.head.root.hexadecimal == Self.root)
    }

    @Test(arguments: [
        ["TZ": "Pacific/Kiritimati"], ["LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"],
        ["SWIFT_DETERMINISTIC_HASHING": "1"], ["TZ": "UTC", "LANG": "C", "LC_ALL": "C"],
    ])
    func `G13 the root does not know the zone, the language or the order of hashes`(
        _ variables: [String: String]
    ) throws {
        // The same test, in a process of its own.
        let process = Child()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["--testing-library", "swift-testing", "--filter", "same seed gives"]
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains("1 test"), "\(said)")
        #expect(process.terminationStatus == 0)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `G11 a good ledger is never suspected`(_ tens: UInt64) throws {
        for seed in (tens * 10)..<(tens * 10 + 10) {
            var chance = Chance(seed: seed)
            var invention = Invention(seed: seed, users: 1 + chance.below(4))
            let writer = try LedgerWriter.given(seed: seed)
            var witnesses: [Witness] = []
            for _ in 0..<(1 + chance.below(6)) {
                try writer.append(invention.next(1 + chance.below(60)))
                if chance.happens(30) {
                    let position = 1 + Int64(chance.below(Int(writer.head.size)))
                    _ = try writer.erase([position], reason: .request, note: nil, owner: Draft.home, actor: "test")
                    invention = Invention(seed: chance.next(), after: writer.head.size)
                }
                let checkpoint = Checkpoint(origin: "o", size: writer.head.size, root: writer.head.root)
                witnesses.append(Witness(checkpoint, name: "one of them"))
            }
            let verification = try writer.reader.verify(against: witnesses)
            #expect(verification.findings == [], "seed \(seed)")
            #expect(verification.entries == writer.head.size)
            #expect(verification.root == writer.head.root)
            #expect(verification.checkpoints == witnesses.count)
        }
    }
}
