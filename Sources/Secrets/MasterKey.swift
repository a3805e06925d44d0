import CSodium

/// The one secret of a home. What needs a key of its own gets one derived for its purpose, so that none stands in for
/// another. It cannot be copied, printed or encoded, and its memory is wiped at the end.
///
/// The names that it made and the signatures under it must stay what they are when it is replaced by another, so the
/// new one brings with it the two keys that were derived from the first.
public struct MasterKey: ~Copyable, Sendable {
    private let key: SecretBytes
    private let kept: Kept

    public static let byteCount = 32

    /// Derived from an earlier key.
    private struct Kept {
        var naming: SecretBytes?
        var signing: SecretBytes?
    }

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
        self.init(SecretBytes(bytes), Kept())
    }

    public init(from randomness: Randomness) { self.init(SecretBytes(randomness.bytes(Self.byteCount)), Kept()) }

    private init(_ key: SecretBytes, _ kept: Kept) {
        self.key = key
        self.kept = kept
    }

    /// A new key for the same home: what it names and signs is as before, and what is encrypted needs the new one.
    public func successor(from randomness: Randomness) -> MasterKey {
        MasterKey(
            SecretBytes(randomness.bytes(Self.byteCount)), Kept(naming: secret(.naming), signing: secret(.signing)))
    }

    private func secret(_ purpose: Purpose) -> SecretBytes {
        switch purpose {
        case .naming: kept.naming ?? derive(purpose)
        case .signing: kept.signing ?? derive(purpose)
        case .backup, .vault: derive(purpose)
        }
    }

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
    public func nameMaker() -> NameMaker { NameMaker(key: secret(.naming)) }

    public func signer(name: String) -> Signer { Signer(name: name, seed: secret(.signing)) }

    /// What tells whether a note of any name was signed with this key.
    public func signers() -> Signers { Signers(seed: secret(.signing)) }

    public func backupKey() -> BackupKey { BackupKey(key: derive(.backup)) }

    /// What the keys of the vault are wrapped with.
    public func vaultKey() -> VaultKey { VaultKey(key: derive(.vault)) }

    /// What tells keys apart: 16 hexadecimal digits, which stand beside what is encrypted.
    public var id: String { vaultKey().id }
}

// The file of the key: 64 hexadecimal digits, and, in one that took the place of another, the keys that it brought:
//
//     0123…
//     names 4567…
//     signing 89ab…
extension MasterKey {
    private static let (namesWord, signingWord) = ("names", "signing")

    /// Nil unless the text is that of a key file, whatever space there is between its digits.
    public init?(fileText: String) {
        var digits = ["": ""]
        var part = ""
        for word in fileText.split(whereSeparator: \.isWhitespace).map(String.init) {
            if [Self.namesWord, Self.signingWord].contains(word) {
                if digits[word] != nil { return nil }
                part = word
                digits[part] = ""
            } else {
                digits[part, default: ""] += word
            }
        }
        let parts = digits.compactMapValues { Self.bytes($0) }
        guard parts.count == digits.count, let key = parts[""] else { return nil }
        self.init(key, Kept(naming: parts[Self.namesWord], signing: parts[Self.signingWord]))
    }

    private static func bytes(_ digits: String) -> SecretBytes? {
        guard let bytes = [UInt8](hexadecimal: digits), bytes.count == byteCount else { return nil }
        return SecretBytes(bytes)
    }

    /// The text that stands in the key file.
    public func fileText() -> String {
        let lines = [("", key), (Self.namesWord + " ", kept.naming), (Self.signingWord + " ", kept.signing)]
        return lines.compactMap { word, bytes in bytes.map { word + $0.withBytes { Array($0).hexadecimal } + "\n" } }
            .joined()
    }
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

extension MasterKey {
    /// Whether this key names and signs as the other does.
    public func succeeds(_ other: borrowing MasterKey) -> Bool {
        Secret(sharing: secret(.naming)) == Secret(sharing: other.secret(.naming))
            && Secret(sharing: secret(.signing)) == Secret(sharing: other.secret(.signing))
    }
}
