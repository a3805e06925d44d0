import CSodium

/// SHA-256, in one go or piece by piece.
public struct SHA256 {
    private var state: crypto_hash_sha256_state

    public init() {
        Sodium.require()
        state = crypto_hash_sha256_state()
        crypto_hash_sha256_init(&state)
    }

    public mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { buffer in
            _ = crypto_hash_sha256_update(&state, buffer.baseAddress, UInt64(buffer.count))
        }
    }

    public mutating func update(_ byte: UInt8) {
        withUnsafePointer(to: byte) { _ = crypto_hash_sha256_update(&state, $0, 1) }
    }

    /// Ends the sum; the value must not be used again.
    public mutating func finish() -> Digest {
        var digest = Digest()
        digest.withMutableBytes { _ = crypto_hash_sha256_final(&state, $0) }
        return digest
    }

    public static func hash(_ bytes: Span<UInt8>) -> Digest {
        var digest = Digest()
        bytes.withUnsafeBufferPointer { buffer in
            digest.withMutableBytes { _ = crypto_hash_sha256($0, buffer.baseAddress, UInt64(buffer.count)) }
        }
        return digest
    }

    public static func hash(_ bytes: [UInt8]) -> Digest { hash(bytes.span) }

    /// The hash of a byte followed by two digests: an inner node of a tree.
    public static func hash(_ prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        var joined = (prefix, left, right)
        // A tuple may be padded, so the 65 bytes are laid out by hand.
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65) { buffer in
            buffer[0] = joined.0
            joined.1.withMutableBytes { buffer.baseAddress!.advanced(by: 1).update(from: $0, count: 32) }
            joined.2.withMutableBytes { buffer.baseAddress!.advanced(by: 33).update(from: $0, count: 32) }
            var digest = Digest()
            digest.withMutableBytes { _ = crypto_hash_sha256($0, buffer.baseAddress, 65) }
            return digest
        }
    }
}
