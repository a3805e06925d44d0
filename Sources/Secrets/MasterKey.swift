import CSodium

/// The one secret of a home. What needs a key of its own gets one derived for its purpose, so that none stands in for
/// another. It cannot be copied, printed or encoded, and its memory is wiped at the end.
public struct MasterKey: ~Copyable, Sendable {
    private let key: SecretBytes

    public static let byteCount = 32

    /// What keys are derived for. A purpose never changes its number: the keys would change with it.
    public enum Purpose: UInt64, Sendable {
        case signing = 1
        case naming = 2
        case backup = 3
    }

    /// Nil unless there are 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        key = SecretBytes(bytes)
    }

    public init(from randomness: Randomness) { key = SecretBytes(randomness.bytes(Self.byteCount)) }

    /// The text that stands in the key file: 64 hexadecimal digits.
    public init?(fileText: String) {
        let trimmed = fileText.filter { !$0.isWhitespace }
        guard let bytes = [UInt8](hexadecimal: trimmed) else { return nil }
        self.init(bytes)
    }

    public func fileText() -> String { key.withBytes { Array($0).hexadecimal + "\n" } }

    func derive(_ purpose: Purpose) -> SecretBytes {
        Sodium.require()
        let derived = SecretBytes(count: 32)
        derived.withMutableBytes { target in
            key.withBytes { key in
                _ = crypto_kdf_derive_from_key(
                    target.baseAddress!, target.count, purpose.rawValue, "daybook1", key.baseAddress!)
            }
        }
        return derived
    }

    /// Names made from what is private (an address, a provider's id) that tell nothing without the key.
    public func nameMaker() -> NameMaker { NameMaker(key: derive(.naming)) }

    public func signer(name: String) -> Signer { Signer(name: name, seed: derive(.signing)) }

    /// What tells whether a note of any name was signed with this key.
    public func signers() -> Signers { Signers(seed: derive(.signing)) }

    public func backupKey() -> BackupKey { BackupKey(key: derive(.backup)) }
}

/// The signing key under whatever name.
public struct Signers: Sendable {
    let seed: SecretBytes

    public func verifier(name: String) -> Verifier { Signer(name: name, seed: seed).verifier }
}

/// Bytes that are wiped when their last owner lets go.
final class SecretBytes: @unchecked Sendable {
    // Unchecked: written only while it is made, before anyone else can see it.
    private let memory: UnsafeMutableBufferPointer<UInt8>

    init(count: Int) {
        Sodium.require()
        memory = .allocate(capacity: count)
        memory.initialize(repeating: 0)
    }

    convenience init(_ bytes: [UInt8]) {
        self.init(count: bytes.count)
        _ = memory.update(fromContentsOf: bytes)
    }

    deinit {
        sodium_memzero(memory.baseAddress!, memory.count)
        memory.deallocate()
    }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        body(UnsafeBufferPointer(memory))
    }

    func withMutableBytes(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) { body(memory) }
}

/// Turns what is private into a name that the same key turns it into again, and nobody else.
public struct NameMaker: Sendable {
    let key: SecretBytes

    /// 20 hexadecimal digits. The kind keeps an address and an id of the same letters apart.
    public func name(of text: String, kind: String) -> String { name(of: Array(text.utf8), kind: kind) }

    public func name(of content: [UInt8], kind: String) -> String {
        let message = Array(kind.utf8) + [0] + content
        var hash = [UInt8](repeating: 0, count: 16)
        key.withBytes { key in
            _ = crypto_generichash(&hash, hash.count, message, UInt64(message.count), key.baseAddress, key.count)
        }
        return Array(hash.prefix(10)).hexadecimal
    }
}
