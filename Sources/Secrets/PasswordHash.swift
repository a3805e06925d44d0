import CSodium

/// What is kept of a password: a salted Argon2id hash with its own parameters, as a text (`$argon2id$v=19$m=…`).
public enum PasswordHash {
    /// What one guess costs, in memory and in passes over it.
    public struct Cost: Sendable, Equatable {
        public let passes: UInt64
        public let byteCount: Int

        public init(passes: UInt64, byteCount: Int) {
            self.passes = passes
            self.byteCount = byteCount
        }

        /// libsodium's MODERATE: 256 MiB and three passes, some tenths of a second. Whoever stole the hashes pays it for
        /// every guess.
        public static let moderate = Cost(
            passes: UInt64(crypto_pwhash_OPSLIMIT_MODERATE), byteCount: Int(crypto_pwhash_MEMLIMIT_MODERATE))

        /// The least that there is, for tests alone.
        public static let least = Cost(
            passes: UInt64(crypto_pwhash_OPSLIMIT_MIN), byteCount: Int(crypto_pwhash_MEMLIMIT_MIN))
    }

    /// Nil only where the machine has not the memory for it.
    public static func make(_ password: Secret, _ cost: Cost) -> Secret? {
        Sodium.require()
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let code = password.bytes.withBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                crypto_pwhash_str(
                    &text, characters.baseAddress!, UInt64(characters.count), cost.passes,
                    cost.byteCount)
            }
        }
        guard code == 0 else { return nil }
        return Secret(text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }

    /// Whether it is the password of which the hash was made. It takes what making the hash took.
    public static func verify(_ password: Secret, against hash: Secret) -> Bool {
        Sodium.require()
        guard let text = terminated(hash) else { return false }
        return password.bytes.withBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                crypto_pwhash_str_verify(
                    text, characters.baseAddress!, UInt64(characters.count)) == 0
            }
        }
    }

    /// Whether it was made at another cost than passwords are today, and should be made anew when it is next known.
    public static func needsRenewal(_ hash: Secret, _ cost: Cost) -> Bool {
        Sodium.require()
        guard let text = terminated(hash) else { return true }
        return crypto_pwhash_str_needs_rehash(text, cost.passes, cost.byteCount) != 0
    }

    private static func terminated(_ hash: Secret) -> [CChar]? {
        guard hash.byteCount < Int(crypto_pwhash_STRBYTES) else { return nil }
        return hash.bytes.withBytes { bytes in
            bytes.contains(0) ? nil : bytes.map { CChar(bitPattern: $0) } + [0]
        }
    }
}
