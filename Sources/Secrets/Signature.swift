import CSodium

/// Signs with Ed25519 under a name, as the keys of signed notes do (c2sp.org/signed-note).
public struct Signer: Sendable {
    private let secret: SecretBytes
    public let verifier: Verifier

    init(name: String, seed: SecretBytes) {
        let secret = SecretBytes(count: Int(crypto_sign_SECRETKEYBYTES))
        var publicKey = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
        secret.withMutableBytes { secret in
            seed.withBytes { _ = crypto_sign_seed_keypair(&publicKey, secret.baseAddress!, $0.baseAddress!) }
        }
        self.secret = secret
        verifier = Verifier(name: name, publicKey: publicKey)
    }

    public func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
        secret.withBytes { secret in
            _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret.baseAddress!)
        }
        return signature
    }
}

/// The public half: a name and a key, written `name+hash+key` as verifier keys of signed notes are.
public struct Verifier: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public let publicKey: [UInt8]

    /// The algorithm's number in signed notes.
    private static let ed25519: UInt8 = 1

    public init(name: String, publicKey: [UInt8]) {
        self.name = name
        self.publicKey = publicKey
    }

    /// Nil unless the text is a whole verifier key whose hash is right.
    public init?(_ text: String) {
        // The name holds no plus, the base64 may.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let bytes = [UInt8](base64: parts[2]), bytes.first == Self.ed25519, bytes.count == 33
        else { return nil }
        self.init(name: parts[0], publicKey: Array(bytes.dropFirst()))
        guard Self.isName(name), keyHash.hexadecimal == parts[1] else { return nil }
    }

    public var description: String { "\(name)+\(keyHash.hexadecimal)+\(([Self.ed25519] + publicKey).base64)" }

    /// Four bytes that tell keys of one name apart: they stand in front of each signature.
    public var keyHash: [UInt8] {
        Array(SHA256.hash(Array(name.utf8) + [0x0a, Self.ed25519] + publicKey).bytes.prefix(4))
    }

    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        Sodium.require()
        guard signature.count == Int(crypto_sign_BYTES), publicKey.count == Int(crypto_sign_PUBLICKEYBYTES) else {
            return false
        }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }

    /// A name without spaces and plus signs, and not empty.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { $0.isWhitespace || $0.isNewline || $0 == "+" }
    }
}
