import Testing

@testable import Secrets

@Suite struct VaultKeyTests {
    private func key(_ byte: UInt8 = 1) -> VaultKey {
        VaultKey(from: Randomness { [UInt8](repeating: byte, count: $0) })
    }

    /// The example of the IETF's draft on XChaCha20-Poly1305 (irtf-cfrg-xchacha, A.3.1).
    @Test func `A04 it is the cipher that it is said to be`() throws {
        let example = try #require(VaultKey(Secret(Array(0x80...0x9f))))
        let text =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it."
        let associated: [UInt8] = Array(0x50...0x53) + Array(0xc0...0xc7)
        let nonce: [UInt8] = Array(0x40...0x57)
        let sealed = example.seal(Secret(text), associated: associated, Randomness { Array(nonce.prefix($0)) })
        #expect(
            sealed.hexadecimal == nonce.hexadecimal
                + "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
                + "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                + "21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
        #expect(example.open(sealed, associated: associated)?.reveal { $0 } == text)
    }

    @Test func `A04 what was sealed is opened, with the same key and for the same thing alone`() {
        for text in ["", "a", String(repeating: "ü", count: 50_000)] {
            let sealed = key().seal(Secret(text), associated: [1, 2], .system)
            #expect(sealed.count == text.utf8.count + VaultKey.overhead)
            #expect(key().open(sealed, associated: [1, 2]) == Secret(text))
            #expect(key(2).open(sealed, associated: [1, 2]) == nil)
            for other in [[], [1], [2, 1], [1, 2, 3]] as [[UInt8]] {
                #expect(key().open(sealed, associated: other) == nil)
            }
        }
    }

    @Test func `A04 every altered bit and every cut is refused`() {
        let sealed = key().seal(Secret("token"), associated: [], .system)
        for bit in 0..<(sealed.count * 8) {
            var altered = sealed
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(key().open(altered, associated: []) == nil)
        }
        for count in 0..<sealed.count { #expect(key().open(Array(sealed.prefix(count)), associated: []) == nil) }
        #expect(key().open(sealed + [0], associated: []) == nil)
    }

    @Test func `a key can be sealed with another`() throws {
        let sealed = key(2).seal(key(1).secret, associated: [], .system)
        let again = try #require(key(2).open(sealed, associated: []).flatMap { VaultKey($0) })
        #expect(again.id == key(1).id)
        #expect(VaultKey(Secret([UInt8](repeating: 0, count: 31))) == nil)
        #expect(VaultKey(Secret([UInt8](repeating: 0, count: 33))) == nil)
    }

    @Test func `the id of a key tells keys apart and never changes`() {
        #expect(MasterKey.counting().vaultKey().id == "fe823dce7f3c5257")
        #expect(MasterKey.counting().id == "fe823dce7f3c5257")
        #expect(Set((0..<100).map { key($0).id }).count == 100)
    }
}
