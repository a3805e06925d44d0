import CSodium

/// Makes a hash of what is long and random (a token, the id of a session), so that whoever reads the hash can use it for
/// nothing: BLAKE2b with a key, 32 bytes. What can be guessed needs `PasswordHash`.
public struct HashKey: Sendable {
    private let key: SecretBytes

    public static let byteCount = 32

    /// A new key.
    public init(from randomness: Randomness) { key = SecretBytes(randomness.bytes(Self.byteCount)) }

    /// Nil unless there are 32 bytes.
    public init?(_ secret: Secret) {
        guard secret.byteCount == Self.byteCount else { return nil }
        key = secret.bytes
    }

    /// The key as something that the vault can keep.
    public var secret: Secret { Secret(sharing: key) }

    /// - Parameter kind: keeps hashes of one text for two purposes apart.
    public func hash(_ secret: Secret, kind: String) -> [UInt8] {
        // In memory that is wiped, for the secret is part of it.
        let kind = Array(kind.utf8) + [0]
        let message = SecretBytes(count: kind.count + secret.byteCount)
        message.withMutableBytes { target in
            for (index, byte) in kind.enumerated() { target[index] = byte }
            secret.bytes.withBytes { bytes in
                for index in bytes.indices { target[kind.count + index] = bytes[index] }
            }
        }
        var hash = [UInt8](repeating: 0, count: Self.byteCount)
        message.withBytes { message in
            key.withBytes { key in
                _ = crypto_generichash(
                    &hash, hash.count, message.baseAddress, UInt64(message.count), key.baseAddress, key.count)
            }
        }
        return hash
    }

    /// Whether it is the secret of which the hash was made; how long that takes tells nothing of where they differ.
    public func matches(_ secret: Secret, _ expected: [UInt8], kind: String) -> Bool {
        let hash = hash(secret, kind: kind)
        return expected.count == hash.count && sodium_memcmp(hash, expected, hash.count) == 0
    }
}
