import Secrets
import Testing

@testable import Vault

@Suite struct SealerTests {
    @Test func `A04 a sealed text comes back, and tells nothing before`() throws {
        let given = try GivenVault()
        let sealer = try given.open().sealer(named: "cursors")
        for text in ["", "delta-token-canary", String(repeating: "ü", count: 20_000)] {
            let sealed = sealer.seal(text)
            #expect(sealed != sealer.seal(text))
            #expect(
                sealed.utf8.allSatisfy {
                    "-_".utf8.contains($0) || Character(UnicodeScalar($0)).isLetter
                        || Character(UnicodeScalar($0)).isNumber
                })
            #expect(!sealed.contains("canary"))
            #expect(sealer.open(sealed) == text)
        }
    }

    @Test func `L65 it opens what was sealed before the key of the vault was changed`() throws {
        let given = try GivenVault()
        let sealed = try given.open().sealer(named: "cursors").seal("token")
        try given.open().rotate(to: GivenVault.key(2))
        #expect(try given.open(GivenVault.key(2)).sealer(named: "cursors").open(sealed) == "token")
    }

    @Test func `what it has not sealed is not opened`() throws {
        let given = try GivenVault()
        let vault = try given.open()
        let sealer = try vault.sealer(named: "cursors")
        let sealed = sealer.seal("token")
        for text in ["", "token", "a", sealed + "A", String(sealed.dropLast()), sealed + "=", "*", "\n"] {
            #expect(sealer.open(text) == nil)
        }
        #expect(try vault.sealer(named: "others").open(sealed) == nil)
        #expect(try GivenVault().open().sealer(named: "cursors").open(sealed) == nil)
    }

    @Test(arguments: ["UPDATE secret SET sealed = x'00'", "UPDATE connection_key SET wrapped = x'00'"])
    func `F08 a sealer whose key cannot be opened is made anew, and opens nothing of before`(_ sql: String) throws {
        let given = try GivenVault()
        let sealed = try given.open().sealer(named: "cursors").seal("token")
        try given.tamper(sql)
        let sealer = try given.open().sealer(named: "cursors")
        #expect(sealer.open(sealed) == nil)
        #expect(try given.open().sealer(named: "cursors").open(sealer.seal("next")) == "next")
    }
}
