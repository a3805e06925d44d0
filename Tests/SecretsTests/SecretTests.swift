import Testing

@testable import Secrets

/// A secret cannot be shown by accident, and a master key can be replaced.
@Suite struct SecretTests {
    @Test func `G18 a secret prints as nothing, however it is printed`() {
        let secret = Secret("CANARY")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("CANARY"))
        }
        #expect(secret.reveal { $0 } == "CANARY")
    }

    @Test func `secrets are equal when their bytes are`() {
        #expect(Secret("one") == Secret("one"))
        #expect(Secret("one") != Secret("two"))
        #expect(Secret("one") != Secret("one "))
    }

    @Test func `T3 a rotated master key makes the same names and signatures, and another key for the vault`() {
        let old = MasterKey.counting()
        let new = old.rotated(.system)
        #expect(new.nameMaker().name(of: "a", kind: "k") == old.nameMaker().name(of: "a", kind: "k"))
        #expect(new.signer(name: "s").verifier == old.signer(name: "s").verifier)
        #expect(new.vaultKey().id != old.vaultKey().id)
        let again = MasterKey(fileText: new.fileText())
        #expect(again?.fileText() == new.fileText())
        #expect(new.rotated(.system).signer(name: "s").verifier == old.signer(name: "s").verifier)
    }

    @Test(arguments: ["names 00", "other 0000", "signing", "\(String(repeating: "0", count: 64))"])
    func `a key file with a line that is not understood is none`(_ line: String) {
        let key = MasterKey(fileText: MasterKey.counting().fileText() + line + "\n")
        let isNone = key == nil
        #expect(isNone)
    }

    @Test func `what is sealed opens in its place only`() throws {
        let key = VaultKey(from: .system)
        let sealed = key.seal([1, 2, 3], place: [9], .system)
        #expect(key.open(sealed, place: [9]) == [1, 2, 3])
        #expect(key.open(sealed, place: [8]) == nil)
        #expect(VaultKey(from: .system).open(sealed, place: [9]) == nil)
        #expect(key.open(Array(sealed.dropLast()), place: [9]) == nil)
        #expect(key.open([], place: []) == nil)
        #expect(key.seal([1, 2, 3], place: [9], .system) != sealed)
    }
}
