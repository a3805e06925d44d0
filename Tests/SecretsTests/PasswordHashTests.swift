import Testing

@testable import Secrets

/// Hashes of passwords, and of tokens.
@Suite struct PasswordHashTests {
    private let password = Secret("correct horse battery staple")

    @Test func `T5 a password is hashed with Argon2id at 256 MiB, and the hash says so`() throws {
        #expect(PasswordHash.Cost.moderate.byteCount >= 64 << 20)
        let hash = try #require(PasswordHash.make(password, .moderate))
        #expect(hash.reveal { $0.hasPrefix("$argon2id$v=19$m=262144,t=3,p=1$") })
        #expect(PasswordHash.verify(password, against: hash))
        #expect(!PasswordHash.needsRenewal(hash, .moderate))
    }

    @Test func `T5 a hash is salted, fits its password alone, and tells when it is of another cost`() throws {
        let first = try #require(PasswordHash.make(password, .least))
        let second = try #require(PasswordHash.make(password, .least))
        #expect(first != second)
        for wrong in ["", "correct horse battery stapl", "correct horse battery staple "] {
            #expect(!PasswordHash.verify(Secret(wrong), against: first))
        }
        #expect(PasswordHash.verify(password, against: second))
        #expect(PasswordHash.needsRenewal(first, .moderate))
        #expect(!PasswordHash.needsRenewal(first, .least))
    }

    @Test(arguments: ["", "rubbish", "$argon2id$", String(repeating: "$", count: 500), "a\u{0}b"])
    func `what is no hash fits nothing`(_ text: String) {
        #expect(!PasswordHash.verify(password, against: Secret(text)))
        #expect(PasswordHash.needsRenewal(Secret(text), .least))
    }

    @Test func `T8 a keyed hash fits its secret, its purpose and its key alone`() {
        let key = HashKey(from: .system)
        let hash = key.hash(Secret("abc"), kind: "token")
        #expect(hash.count == 32)
        #expect(key.matches(Secret("abc"), hash, kind: "token"))
        #expect(!key.matches(Secret("abd"), hash, kind: "token"))
        #expect(!key.matches(Secret("abc"), hash, kind: "session"))
        #expect(!key.matches(Secret("abc"), Array(hash.dropLast()), kind: "token"))
        #expect(!HashKey(from: .system).matches(Secret("abc"), hash, kind: "token"))
        #expect(HashKey(key.secret)?.hash(Secret("abc"), kind: "token") == hash)
        #expect(HashKey(Secret("short")) == nil)
    }
}
