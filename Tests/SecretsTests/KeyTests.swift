import Testing

@testable import Secrets

/// What is made from the master key must be made from it again in ten years: these bytes never change. They were
/// computed with Python's `hashlib.blake2b`, independent of libsodium.
@Suite struct KeyTests {
    private func secret(_ hexadecimal: String) throws -> SecretBytes {
        SecretBytes(try #require([UInt8](hexadecimal: hexadecimal)))
    }

    @Test func `the key that signs never changes`() throws {
        let seed = try secret("263b5c49ac84a3a36b0d1b747557a7440b0672d55290a624b4014948138c6694")
        #expect(MasterKey.counting().signer(name: "a").verifier == Signer(name: "a", seed: seed).verifier)
        #expect(MasterKey.counting(from: 1).signer(name: "a").verifier != Signer(name: "a", seed: seed).verifier)
    }

    @Test func `the key that makes names never changes`() throws {
        let key = try secret("4307682181d2f4cfe5911917a02c97ba20467975bfb9e2ddf388cf567832d053")
        let name = NameMaker(key: key).name(of: "text", kind: "kind")
        #expect(MasterKey.counting().nameMaker().name(of: "text", kind: "kind") == name)
    }

    @Test func `the key of a backup never changes`() throws {
        let key = BackupKey(key: try secret("45c862a6c6d15700eba4945845919f28e24bf8b31ae57e7583ee9e729e05a819"))
        let sealer = MasterKey.counting().backupKey().sealer()
        let sealed = sealer.seal([1, 2, 3], associated: [], isLast: true)
        #expect(try #require(key.opener(header: sealer.header)).open(sealed, associated: [])?.block == [1, 2, 3])
    }

    @Test func `a name never changes`() {
        let maker = MasterKey.counting().nameMaker()
        #expect(maker.name(of: "ada@example.org", kind: "address") == "584f2644396d81a98cd2")
        #expect(maker.name(of: "ada@example.org", kind: "event") == "292f3e7fd4e32525b7c9")
    }

    @Test func `a name tells nothing without the key`() {
        let (one, other) = (MasterKey.counting().nameMaker(), MasterKey.counting(from: 1).nameMaker())
        let texts = (0..<500).map { "person-\($0)@example.org" }
        let names = texts.flatMap { [one.name(of: $0, kind: "address"), other.name(of: $0, kind: "address")] }
        #expect(Set(names).count == 1_000)
        #expect(names.allSatisfy { $0.count == 20 && $0.allSatisfy(\.isHexDigit) })
        #expect(one.name(of: "bc", kind: "a") != one.name(of: "c", kind: "ab"))
        _ = one.name(of: "", kind: "")
    }

    @Test func `a master key is 32 bytes`() {
        for count in [0, 16, 31, 33, 64] {
            let isThere = MasterKey([UInt8](repeating: 1, count: count)) != nil
            #expect(!isThere)
        }
    }

    @Test func `the text of the key file comes back`() {
        let text = MasterKey.counting().fileText()
        #expect(text == Array(UInt8(0)..<32).hexadecimal + "\n")
        for written in [text, String(text.dropLast()), "  \(text)\r\n", text.uppercased()] {
            let again = MasterKey(fileText: written)?.fileText()
            #expect(again == text)
        }
    }

    @Test(arguments: ["", "00", "not a key", String(repeating: "0", count: 63), String(repeating: "0", count: 66)])
    func `a key file that holds no key is refused`(_ text: String) {
        let isThere = MasterKey(fileText: text) != nil
        #expect(!isThere)
    }

    @Test func `chance is handed in`() {
        let counting = Randomness { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
        #expect(MasterKey(from: counting).fileText() == Array(UInt8(0)..<32).hexadecimal + "\n")
        #expect(counting.identifier() == "0123456789abcdef")
        let identifiers = (0..<100).map { _ in Randomness.system.identifier() }
        #expect(Set(identifiers).count == 100)
        #expect(Randomness.system.bytes(0) == [])
    }
}
