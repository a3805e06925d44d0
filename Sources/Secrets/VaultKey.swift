import CSodium

/// Seals small secrets (XChaCha20-Poly1305). What is sealed is bound to where it belongs: moved elsewhere, it does not open.
public struct VaultKey: Sendable {
    private let key: SecretBytes
    /// Tells keys apart, and nothing about them.
    public let id: String

    init(key: SecretBytes) {
        self.key = key
        let hash = NameMaker(key: key).name(of: "vault", kind: "key-id")
        id = String(hash.prefix(8))
    }

    /// A key of its own, made by chance.
    public init(from randomness: Randomness) { self.init(key: SecretBytes(randomness.bytes(32))) }

    /// One that was kept; nil unless there are 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.init(key: SecretBytes(bytes))
    }

    /// To be sealed with another key.
    public var secret: Secret { Secret(key.withBytes { Array($0) }) }

    private static let nonceCount = Int(crypto_aead_xchacha20poly1305_ietf_npubbytes())
    private static let overhead = Int(crypto_aead_xchacha20poly1305_ietf_abytes())

    /// The nonce, and behind it what was sealed. `place` is not part of it, and must be the same when it is opened.
    public func seal(_ plain: [UInt8], place: [UInt8], _ randomness: Randomness) -> [UInt8] {
        Sodium.require()
        let nonce = randomness.bytes(Self.nonceCount)
        var sealed = [UInt8](repeating: 0, count: plain.count + Self.overhead)
        var count: UInt64 = 0
        _ = key.withBytes { key in
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, &count, plain, UInt64(plain.count), place, UInt64(place.count), nil, nonce, key.baseAddress!)
        }
        return nonce + sealed
    }

    /// Nil unless it was sealed with this key, for this place, and nobody touched it.
    public func open(_ sealed: [UInt8], place: [UInt8]) -> [UInt8]? {
        Sodium.require()
        guard sealed.count >= Self.nonceCount + Self.overhead else { return nil }
        let nonce = Array(sealed.prefix(Self.nonceCount))
        let content = Array(sealed.dropFirst(Self.nonceCount))
        var plain = [UInt8](repeating: 0, count: content.count - Self.overhead)
        var count: UInt64 = 0
        let code = key.withBytes { key in
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plain, &count, nil, content, UInt64(content.count), place, UInt64(place.count), nonce,
                key.baseAddress!)
        }
        return code == 0 ? plain : nil
    }
}
