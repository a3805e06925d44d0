import Testing

@testable import Secrets

@Suite struct SignatureTests {
    /// RFC 8032, section 7.1.
    struct Vector: Sendable {
        let seed, publicKey, message, signature: String
    }

    static let vectors = [
        Vector(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Vector(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
                + "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        Vector(
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
                + "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]

    @Test(arguments: vectors)
    func `Ed25519 is that of the standard`(_ vector: Vector) throws {
        let message = try #require([UInt8](hexadecimal: vector.message))
        let signer = Signer(name: "test", seed: SecretBytes(try #require([UInt8](hexadecimal: vector.seed))))
        #expect(signer.verifier.publicKey.hexadecimal == vector.publicKey)
        #expect(signer.sign(message).hexadecimal == vector.signature)
        #expect(signer.verifier.verifies(signer.sign(message), of: message))
    }

    @Test func `another message, key or signature is refused`() {
        let signer = MasterKey.counting().signer(name: "test")
        let message = Array("the end of the day".utf8)
        let signature = signer.sign(message)
        #expect(signer.verifier.verifies(signature, of: message))
        #expect(!signer.verifier.verifies(signature, of: message + [0]))
        #expect(!signer.verifier.verifies(signature, of: Array(message.dropLast())))
        #expect(!MasterKey.counting(from: 1).signer(name: "test").verifier.verifies(signature, of: message))
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1
            #expect(!signer.verifier.verifies(altered, of: message))
        }
        for wrong in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(!signer.verifier.verifies(wrong, of: message))
        }
        #expect(!Verifier(name: "test", publicKey: []).verifies(signature, of: message))
        // A key that belongs to no secret: with it, anybody could sign.
        #expect(!Verifier(name: "test", publicKey: [UInt8](repeating: 0, count: 32)).verifies(signature, of: message))
    }

    /// The example key of c2sp.org/signed-note.
    static let neumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test func `the verifier key of the specification is read and written`() throws {
        let verifier = try #require(Verifier(Self.neumann))
        #expect(verifier.name == "PeterNeumann")
        #expect(verifier.keyHash.hexadecimal == "c74f20a3")
        #expect(verifier.description == Self.neumann)
    }

    @Test func `a verifier key comes back as it was written`() {
        let verifier = MasterKey.counting().signer(name: "daybook.example/log").verifier
        #expect(Verifier(verifier.description) == verifier)
    }

    @Test(arguments: [
        "", "+", "++", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a3+",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
    ])
    func `a verifier key that is not whole is refused`(_ text: String) {
        #expect(Verifier(text) == nil)
    }

    @Test(arguments: ["a", "daybook.example/log-1", "日記"])
    func `a name may be most things`(_ name: String) { #expect(Verifier.isName(name)) }

    @Test(arguments: ["", " ", "a b", "a+b", "a\nb", "a\tb", "a\u{a0}b", "a\u{2028}b"])
    func `a name with a space or a plus is none`(_ name: String) { #expect(!Verifier.isName(name)) }
}
