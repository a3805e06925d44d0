import Children
import Entries
import Foundation
import Rehearsal
import Secrets
import Testing

@testable import Ledger

/// docs/proofs.md is what a stranger writes a verifier from, and tools/verifier is one that was written from it.
@Suite struct ProofTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The JSON blocks of the page, in their order.
    private func blocks() throws -> [NSDictionary] {
        let page = try String(contentsOf: Self.root.appending(path: "docs/proofs.md"), encoding: .utf8)
        return try page.split(separator: "```json\n").dropFirst().map { part in
            let block = String(part[..<(try #require(part.range(of: "\n```")?.lowerBound))])
            return try #require(try JSONSerialization.jsonObject(with: Data(block.utf8)) as? NSDictionary)
        }
    }

    @Test func `the vectors of the page are what the code makes`() throws {
        let vectors = try ProofVectors()
        let made = [
            try vectors.leaves(), try vectors.tree(), vectors.checkpoint(), try vectors.proof(of: 2),
            try vectors.proof(of: 4),
        ]
        let found = try blocks()
        #expect(found.count == made.count)
        for (block, vector) in zip(found, made) {
            // Through text and back, so that numbers are of one kind.
            let text = try JSONSerialization.data(withJSONObject: vector)
            let wanted = try #require(try JSONSerialization.jsonObject(with: text) as? NSDictionary)
            #expect(block == wanted, "\(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func `a leaf is made again from what the page shows of it`() throws {
        let vectors = try ProofVectors()
        let leaves = try #require(try blocks().first?["leaves"] as? [[String: Any]])
        #expect(leaves.count == 3)
        for leaf in leaves {
            let bytes = try #require((leaf["leaf"] as? String).flatMap { [UInt8](hexadecimal: $0) })
            #expect(SHA256.hash([0] + bytes).hexadecimal == leaf["hash"] as? String)
        }
        // Before and after the erasure, the commitment is the same.
        let (salt, personal) = (try #require(vectors.erased.salt), try #require(vectors.erased.entry.content.personal))
        #expect(Evidence.commitment(salt: salt, personal: personal) == vectors.erased.commitment)
        #expect(try vectors.writer.reader.evidence(4)?.commitment == vectors.erased.commitment)
    }

    // MARK: The verifier

    enum Verifying {
        static let python = ["/usr/bin/python3", "/usr/local/bin/python3", "/bin/python3"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        static var isPossible: Bool { python != nil }

        static func run(_ proof: Data, _ arguments: [String] = []) throws -> (code: Int32, said: String) {
            try withFolder { folder in
                try proof.write(to: URL(filePath: "\(folder)/proof.json"))
                let process = Child()
                let pipe = Pipe()
                process.executableURL = URL(filePath: python ?? "")
                process.arguments =
                    ["-I", root.appending(path: "tools/verifier/verify.py").path, "\(folder)/proof.json"] + arguments
                process.standardOutput = pipe
                process.standardError = pipe
                try process.run()
                let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                return (process.terminationStatus, said)
            }
        }

        static func run(_ proof: [String: Any], _ arguments: [String] = []) throws -> (code: Int32, said: String) {
            try run(try JSONSerialization.data(withJSONObject: proof), arguments)
        }
    }

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"), arguments: 1...6 as ClosedRange<Int64>)
    func `a verifier that knows only the page accepts every proof`(_ position: Int64) throws {
        let vectors = try ProofVectors()
        let key = vectors.signer.verifier.description
        let answer = try Verifying.run(try vectors.proof(of: position), ["--key", key])
        #expect(answer.code == 0, "\(answer.said)")
        #expect(answer.said.hasPrefix("ok: entry \(position) of daybook.example/log"))
        #expect(answer.said.split(separator: "\n").count == 1)
        #expect(try Verifying.run(try vectors.proof(of: position)).code == 0)
    }

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"))
    func `T28 a proof that shows what was erased later still holds, and so does one without it`() throws {
        let vectors = try ProofVectors()
        #expect(try Verifying.run(try vectors.proof(of: 4, showing: vectors.erased)).code == 0)
        var hidden = try vectors.proof(of: 2)
        hidden.change("entry.personal") { _ in
            ["commitment": (try? vectors.writer.reader.evidence(2))??.commitment?.hexadecimal ?? ""]
        }
        #expect(try Verifying.run(hidden).code == 0)
        // Absent is as good as null.
        var sparse = try vectors.proof(of: 1)
        for name in ["entry.cause", "entry.key", "entry.personal"] { sparse.change(name) { _ in nil } }
        #expect(try Verifying.run(sparse).code == 0)
    }

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"))
    func `the proof of an entry in a ledger of a thousand holds`() throws {
        let writer = try LedgerWriter.given(seed: 3)
        var invention = Invention(seed: 3)
        for _ in 0..<10 { try writer.append(invention.next(100)) }
        let signer = MasterKey(from: .seeded(3)).signer(name: "another.example")
        let note = Checkpoint(origin: "another.example", size: 1_000, root: writer.head.root).signed(by: signer)
        for position in [1, 17, 512, 513, 999, 1_000] as [Int64] {
            let proof: [String: Any] = [
                "kind": "daybook.proof", "schema_version": 1,
                "entry": ProofVectors.json(try #require(try writer.reader.evidence(position))),
                "path": try writer.reader.inclusionProof(of: position, size: 1_000).map(\.hexadecimal),
                "checkpoint": note.description, "verifier_key": signer.verifier.description,
            ]
            let answer = try Verifying.run(proof, ["--key", signer.verifier.description])
            #expect(answer.code == 0, "\(answer.said)")
        }
    }

    /// Where a proof is tampered with, and how.
    static let tampered: [(place: String, change: @Sendable (Any?) -> Any?)] = [
        ("kind", { _ in "daybook.other" }), ("schema_version", { _ in 2 }),
        ("entry.position", { _ in 3 }), ("entry.position", { _ in 0 }), ("entry.position", { _ in 7 }),
        ("entry.position", { _ in "2" }), ("entry.position", { _ in true }), ("entry.position", { _ in 2.5 }),
        ("entry.stream", { _ in "user/other" }), ("entry.version", { _ in 2 }), ("entry.type", { _ in "user.removed" }),
        ("entry.owner", { _ in "home" }), ("entry.at", { _ in 1_767_600_000_001 }), ("entry.cause", { _ in nil }),
        ("entry.cause", { _ in 0 }), ("entry.actor", { _ in "" }), ("entry.key", { _ in "" }),
        ("entry.data", { "\($0 as? String ?? "") " }), ("entry.data", { _ in nil }),
        ("entry.personal", { _ in nil }), ("entry.personal", { _ in [String: String]() }),
        ("entry.personal.text", { "\($0 as? String ?? "") " }),
        ("entry.personal.salt", { _ in "AAAAAAAAAAAAAAAAAAAAAA==" }),
        ("entry.personal.salt", { _ in "AAECAwQFBgcICQoLDA0ODw==e" }), ("entry.personal.commitment", { _ in hash }),
        ("path", { Array(($0 as? [String] ?? []).dropLast()) }), ("path", { ($0 as? [String] ?? []) + [hash] }),
        ("path", { [hash] + ($0 as? [String] ?? []).dropFirst() }), ("path", { _ in [String]() }),
        ("path", { Array(($0 as? [String] ?? []).reversed()) }), ("path", { _ in ["zz"] }),
        ("checkpoint", { ($0 as? String)?.replacing("log\n6\n", with: "log\n7\n") }), ("checkpoint", { _ in "" }),
        ("checkpoint", { ($0 as? String)?.replacing("daybook.example/log\n6", with: "other.example/log\n6") }),
        ("checkpoint", { ($0 as? String).map { String($0.dropLast()) } }),
        ("checkpoint", { ($0 as? String)?.replacing("\n\n", with: "\nmore\n\n") }),
        ("verifier_key", { _ in "daybook.example/log" }),
        ("verifier_key", { _ in "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW" }),
    ]

    private static let hash = String(repeating: "0f", count: 32)

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"), arguments: tampered.indices)
    func `a verifier that knows only the page refuses every tampered proof`(_ index: Int) throws {
        let (place, change) = Self.tampered[index]
        var proof = try ProofVectors().proof(of: 2)
        proof.change(place, change)
        let answer = try Verifying.run(proof)
        #expect(answer.code == 1, "\(place): \(answer.said)")
        #expect(answer.said.hasPrefix("refused: "), "\(place): \(answer.said)")
        #expect(answer.said.split(separator: "\n").count == 1, "\(place): \(answer.said)")
    }

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"))
    func `bytes that move between the salt and the personal half are refused`() throws {
        let vectors = try ProofVectors()
        var proof = try vectors.proof(of: 2)
        let evidence = try #require(try vectors.writer.reader.evidence(2))
        let (salt, text) = (try #require(evidence.salt), try #require(evidence.entry.content.personal))
        proof.change("entry.personal") { _ in
            [
                "salt": (salt + text.prefix(1)).base64,
                "text": String(decoding: text.dropFirst(), as: UTF8.self),
            ]
        }
        let answer = try Verifying.run(proof)
        #expect(answer.code == 1, "\(answer.said)")
        #expect(answer.said.contains("salt"))
    }

    @Test(.enabled(if: Verifying.isPossible, "python3 is not installed"))
    func `a proof by another key than the trusted one is refused`() throws {
        let other = MasterKey(from: .seeded(9)).signer(name: "daybook.example/log").verifier.description
        let answer = try Verifying.run(try ProofVectors().proof(of: 2), ["--key", other])
        #expect(answer.code == 1)
        #expect(answer.said.hasPrefix("refused: "))
    }

    @Test(
        .enabled(if: Verifying.isPossible, "python3 is not installed"),
        arguments: ["", "{", "[]", "null", "{}", "\u{0}", "{\"kind\":\"daybook.proof\",\"schema_version\":1}"])
    func `what is no proof is refused in one line`(_ text: String) throws {
        let answer = try Verifying.run(Data(text.utf8))
        #expect(answer.code == 1)
        #expect(answer.said.hasPrefix("refused: ") && answer.said.split(separator: "\n").count == 1, "\(answer.said)")
    }
}

extension [String: Any] {
    /// Changes what stands at a place like `entry.personal.text`; nil takes it away.
    fileprivate mutating func change(_ place: String, _ change: (Any?) -> Any?) {
        let parts = place.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 1 {
            self[place] = change(self[place])
            return
        }
        var inner = self[parts[0]] as? [String: Any] ?? [:]
        inner.change(parts[1], change)
        self[parts[0]] = inner
    }
}
