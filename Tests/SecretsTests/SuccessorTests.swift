import Testing

@testable import Secrets

/// A master key that takes the place of another.
@Suite struct SuccessorTests {
    private let counting = Randomness { count in (0..<count).map { 100 &+ UInt8(truncatingIfNeeded: $0) } }

    @Test func `T3 a new master key names and signs as the one before, and encrypts with other keys`() {
        let old = MasterKey.counting()
        let new = old.successor(from: counting)
        #expect(new.nameMaker().name(of: "text", kind: "kind") == old.nameMaker().name(of: "text", kind: "kind"))
        #expect(new.signer(name: "a").verifier == old.signer(name: "a").verifier)
        #expect(new.signers().verifier(name: "b") == old.signers().verifier(name: "b"))
        #expect(new.backupKey().id != old.backupKey().id)
        #expect(new.vaultKey().id != old.vaultKey().id)
        #expect(new.id != old.id)
        let third = new.successor(from: .system)
        #expect(third.nameMaker().name(of: "text", kind: "kind") == old.nameMaker().name(of: "text", kind: "kind"))
        #expect(third.signer(name: "a").verifier == old.signer(name: "a").verifier)
        #expect(third.vaultKey().id != new.vaultKey().id)
    }

    @Test func `the file of a key holds what it brought from the one before`() throws {
        let text = MasterKey.counting().successor(from: counting).fileText()
        let lines = text.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                (0..<32).map { 100 + UInt8($0) }.hexadecimal,
                "names 4307682181d2f4cfe5911917a02c97ba20467975bfb9e2ddf388cf567832d053",
                "signing 263b5c49ac84a3a36b0d1b747557a7440b0672d55290a624b4014948138c6694",
            ])
        for written in [
            text, lines.joined(separator: " "), lines.joined(separator: "\r\n\r\n"),
            lines[0] + "\n" + lines[2] + "\n" + lines[1],
        ] {
            let again = MasterKey(fileText: written)?.fileText()
            #expect(again == text)
        }
        let onlyOne = MasterKey(fileText: lines[0] + "\n" + lines[2])?.fileText()
        #expect(onlyOne == lines[0] + "\n" + lines[2] + "\n")
    }

    @Test(arguments: [
        "names 00", "KEY names", "KEY names 00", "KEY names KEY names KEY", "KEY KEY", "KEY other KEY", "names KEY",
        "KEY signing KEY0", "KEY naming KEY",
    ])
    func `a key file with a line that is not whole is refused`(_ text: String) {
        let key = String(repeating: "ab", count: 32)
        let isThere =
            MasterKey(fileText: text.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key))
            != nil
        #expect(!isThere)
    }
}
