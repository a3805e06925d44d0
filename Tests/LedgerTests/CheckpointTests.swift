import Entries
import Rehearsal
import Secrets
import Testing

@testable import Ledger

@Suite struct CheckpointTests {
    private static let signer = MasterKey(from: .seeded(1)).signer(name: "daybook.example/log")

    /// The example of c2sp.org/signed-note, which others wrote and signed.
    static let example = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    private var neumann: Verifier {
        get throws {
            try #require(Verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))
        }
    }

    @Test func `a note that others signed is verified, and written as it was`() throws {
        let note = try #require(SignedNote(Self.example))
        #expect(note.isSigned(by: try neumann))
        #expect(note.description == Self.example)
        #expect(note.checkpoint == nil)
        let altered = try #require(SignedNote(Self.example.split(separator: "don't").joined(separator: "do")))
        #expect(!altered.isSigned(by: try neumann))
        #expect(!note.isSigned(by: Self.signer.verifier))
        // The right key under another name.
        #expect(!note.isSigned(by: Verifier(name: "Peter", publicKey: try neumann.publicKey)))
    }

    @Test(arguments: [0, 1, 20, .max] as [Int64])
    func `a checkpoint comes back from its signed note`(_ size: Int64) throws {
        let checkpoint = Checkpoint(origin: "daybook.example/log", size: size, root: SHA256.hash([1]))
        let written = checkpoint.signed(by: Self.signer).description
        let note = try #require(SignedNote(written))
        #expect(note.checkpoint == checkpoint)
        #expect(note.isSigned(by: Self.signer.verifier))
        let root = SHA256.hash([1]).bytes.base64
        #expect(written.hasPrefix("daybook.example/log\n\(size)\n\(root)\n\n— daybook.example/log "))
    }

    @Test func `a note may be signed by several, and hold more lines`() throws {
        let text = "origin\n7\n\(Tree.emptyRoot.bytes.base64)\nan extension\n"
        let two =
            SignedNote(text: text, signer: Self.signer).description
            + String(Self.example.split(separator: "\n").last ?? "") + "\n"
        let note = try #require(SignedNote(two))
        #expect(note.signatures.count == 2)
        #expect(note.isSigned(by: Self.signer.verifier))
        #expect(!note.isSigned(by: try neumann))
        #expect(note.checkpoint == Checkpoint(origin: "origin", size: 7, root: Tree.emptyRoot))
    }

    @Test func `every altered byte of a signed checkpoint is refused`() throws {
        let written = Checkpoint(origin: "o", size: 20, root: SHA256.hash([1])).signed(by: Self.signer).description
        let bytes = Array(written.utf8)
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1
            guard let text = String(validating: altered, as: UTF8.self), let note = SignedNote(text) else { continue }
            #expect(!note.isSigned(by: Self.signer.verifier), "byte \(index)")
        }
    }

    static let root = Tree.emptyRoot.bytes.base64

    @Test(arguments: [
        "", "\n", "o\n", "o\n1\n", "o\n1\n\(root)", "\n1\n\(root)\n", "o\n-1\n\(root)\n", "o\n+1\n\(root)\n",
        "o\n01\n\(root)\n", "o\n 1\n\(root)\n", "o\n1.0\n\(root)\n", "o\n1e2\n\(root)\n", "o\n\n\(root)\n",
        "o\n9223372036854775808\n\(root)\n", "o\n١\n\(root)\n", "o\n1\nAAAA\n", "o\n1\n\(root) \n", "o\n1\n\n",
        "o\r\n1\r\n\(root)\r\n",
    ])
    func `a text that is no checkpoint is refused`(_ text: String) {
        #expect(Checkpoint(text: text) == nil)
    }

    static let line = "— a AAAAAAAA\n"

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n\(line.dropLast())", "\n\(line)",
        "text\n\(line)", "text\n\n\(line)more\n", "text\n\n- a AAAAAAAA\n", "text\n\n—  a AAAAAAAA\n",
        "text\n\n— a+b AAAAAAAA\n", "text\n\n— a AAAA\n", "text\n\n— a AAAAAAA\n", "text\n\n— a\n",
        "text\n\n— a b AAAAAAAA\n",
        "text\n\n— a AAAAAAAA\r\n", "text\r\n\r\n\(line)", "te\u{0}xt\n\n\(line)", "te\txt\n\n\(line)",
        "te\rxt\n\n\(line)",
        "text\n\n" + String(repeating: line, count: 101), String(repeating: "x", count: 70_000) + "\n\n\(line)",
    ])
    func `a text that is no signed note is refused`(_ text: String) {
        #expect(SignedNote(text) == nil)
    }

    @Test func `a checkpoint that the ledger recorded about itself is compared`() throws {
        let writer = try LedgerWriter.given(Draft.mixed)
        func sign(_ size: Int64, _ root: Digest, by signer: Signer) throws {
            var fact = CheckpointSigned()
            fact.size = size
            fact.root = root.hexadecimal
            fact.note = Checkpoint(origin: "o", size: size, root: root).signed(by: signer).description
            try writer.append(Draft(fact, stream: "ledger", owner: Draft.home, actor: "test"))
        }
        let verifier = Self.signer.verifier
        try sign(20, writer.head.root, by: Self.signer)
        let good = try writer.reader.verify(verifier: verifier)
        #expect(good.isIntact)
        #expect(good.checkpoints == 1)
        try sign(21, writer.head.root, by: MasterKey(from: .seeded(2)).signer(name: "daybook.example/log"))
        try sign(22, Tree.emptyRoot, by: Self.signer)
        try sign(20, try writer.reader.root(size: 20), by: Self.signer)
        let found = try writer.reader.verify(verifier: verifier).findings.map(\.description)
        #expect(
            found == [
                "entry 22: its checkpoint is not signed with the key of this ledger",
                "the first 22 entries are not those of the checkpoint in entry 23: one was altered",
                "entry 24: its checkpoint speaks of 20 entries",
            ])
    }
}
