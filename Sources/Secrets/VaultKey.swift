import CSodium

/// Encrypts what is short, all at once (libsodium's XChaCha20-Poly1305 with a random nonce). What was altered, or was
/// sealed for something else, is not opened.
///
/// What is sealed is written as 24 bytes of nonce, and then the text with 16 bytes more.
public struct VaultKey: Sendable {
    let key: SecretBytes

    public static let byteCount = Int(crypto_aead_xchacha20poly1305_ietf_keybytes())
    private static let nonceByteCount = Int(crypto_aead_xchacha20poly1305_ietf_npubbytes())
    private static let tagByteCount = Int(crypto_aead_xchacha20poly1305_ietf_abytes())

    /// What a text grows by when it is sealed.
    public static let overhead = nonceByteCount + tagByteCount

    init(key: SecretBytes) { self.key = key }

    /// A new key.
    public init(from randomness: Randomness) { key = SecretBytes(randomness.bytes(Self.byteCount)) }

    /// Nil unless there are 32 bytes.
    public init?(_ secret: Secret) {
        guard secret.byteCount == Self.byteCount else { return nil }
        key = secret.bytes
    }

    /// The key as something that can be sealed with another key.
    public var secret: Secret { Secret(sharing: key) }

    /// What tells keys apart and tells nothing else of them: 16 hexadecimal digits.
    public var id: String { key.identifier }

    /// `associated` is not written, and must be the same when it is opened.
    public func seal(_ secret: Secret, associated: [UInt8], _ randomness: Randomness) -> [UInt8] {
        let nonce = randomness.bytes(Self.nonceByteCount)
        var sealed = [UInt8](repeating: 0, count: secret.byteCount + Self.tagByteCount)
        secret.bytes.withBytes { text in
            key.withBytes { key in
                _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &sealed, nil, text.baseAddress, UInt64(text.count), associated, UInt64(associated.count), nil,
                    nonce, key.baseAddress!)
            }
        }
        return nonce + sealed
    }

    /// Nil if it is not what was sealed with this key for the same thing.
    public func open(_ sealed: [UInt8], associated: [UInt8]) -> Secret? {
        guard sealed.count >= Self.overhead else { return nil }
        let (nonce, body) = (Array(sealed.prefix(Self.nonceByteCount)), Array(sealed.dropFirst(Self.nonceByteCount)))
        let opened = SecretBytes(count: body.count - Self.tagByteCount)
        var code: Int32 = -1
        opened.withMutableBytes { target in
            code = key.withBytes { key in
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    target.baseAddress, nil, nil, body, UInt64(body.count), associated, UInt64(associated.count),
                    nonce, key.baseAddress!)
            }
        }
        return code == 0 ? Secret(sharing: opened) : nil
    }
}

extension SecretBytes {
    /// A hash that tells keys apart and from which no key can be found: 16 hexadecimal digits.
    var identifier: String {
        Sodium.require()
        var hash = [UInt8](repeating: 0, count: Int(crypto_generichash_BYTES))
        let message = Array("daybook key id".utf8)
        withBytes { key in
            _ = crypto_generichash(&hash, hash.count, message, UInt64(message.count), key.baseAddress, key.count)
        }
        return Array(hash.prefix(8)).hexadecimal
    }
}
