import CSodium

/// The one secret of a home. What needs a key of its own gets one derived for its purpose, so that none stands in for
/// another. It cannot be copied, printed or encoded, and its memory is wiped at the end.
///
/// A key that took the place of an older one keeps what the older one made names with and signed with: the names of
/// meetings and people, and the signature of the ledger, outlive it.
public struct MasterKey: ~Copyable, Sendable {
    private let key: SecretBytes
    /// By purpose, what was derived from the first key of the home.
    private let kept: [Purpose: SecretBytes]

    public static let byteCount = 32

    /// What keys are derived for. A purpose never changes its number: the keys would change with it.
    public enum Purpose: UInt64, Sendable {
        case signing = 1
        case naming = 2
        case backup = 3
        case vault = 4
    }

    /// Nil unless there are 32 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(SecretBytes(bytes))
    }

    public init(from randomness: Randomness) { self.init(SecretBytes(randomness.bytes(Self.byteCount))) }

    private init(_ key: SecretBytes, keeping kept: [Purpose: SecretBytes] = [:]) {
        self.key = key
        self.kept = kept
    }

    /// The text of the key file: 64 hexadecimal digits, and in further lines `names` and `signing` with what was kept.
    public init?(fileText: String) {
        guard let (key, kept) = Self.read(fileText) else { return nil }
        self.init(key, keeping: kept)
    }

    private static func read(_ text: String) -> (SecretBytes, [Purpose: SecretBytes])? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }
            .filter { !$0.isEmpty }
        func bytes(_ text: String) -> SecretBytes? {
            [UInt8](hexadecimal: text).flatMap { $0.count == byteCount ? SecretBytes($0) : nil }
        }
        guard let first = lines.first, let key = bytes(first) else { return nil }
        var kept: [Purpose: SecretBytes] = [:]
        for line in lines.dropFirst() {
            guard let name = keptNames.first(where: { line.hasPrefix($0.value) }),
                let bytes = bytes(String(line.dropFirst(name.value.count)))
            else { return nil }
            kept[name.key] = bytes
        }
        return (key, kept)
    }

    private static let keptNames: [Purpose: String] = [.naming: "names", .signing: "signing"]

    public func fileText() -> String {
        func line(_ bytes: SecretBytes) -> String { bytes.withBytes { Array($0).hexadecimal } + "\n" }
        return line(key)
            + Self.keptNames.sorted { $0.value < $1.value }.compactMap { name in
                kept[name.key].map { name.value + " " + line($0) }
            }.joined()
    }

    /// A new key that makes the same names and the same signatures.
    public func rotated(_ randomness: Randomness) -> MasterKey {
        var kept: [Purpose: SecretBytes] = [:]
        for purpose in Self.keptNames.keys { kept[purpose] = derive(purpose) }
        return MasterKey(SecretBytes(randomness.bytes(Self.byteCount)), keeping: kept)
    }

    func derive(_ purpose: Purpose) -> SecretBytes {
        if let kept = kept[purpose] { return kept }
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

    public func vaultKey() -> VaultKey { VaultKey(key: derive(.vault)) }
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
