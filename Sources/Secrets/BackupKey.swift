import CSodium

/// Encrypts and decrypts a stream of blocks (libsodium's secretstream: XChaCha20-Poly1305). A block that was altered,
/// moved or dropped, and an end that was cut off, are refused.
public struct BackupKey: Sendable {
    let key: SecretBytes

    public static let headerByteCount = Int(crypto_secretstream_xchacha20poly1305_headerbytes())

    /// What a block grows by.
    public static let overhead = Int(crypto_secretstream_xchacha20poly1305_abytes())

    public final class Sealer {
        private var state: crypto_secretstream_xchacha20poly1305_state
        public let header: [UInt8]

        init(key: SecretBytes) {
            Sodium.require()
            var state = crypto_secretstream_xchacha20poly1305_state()
            var header = [UInt8](repeating: 0, count: BackupKey.headerByteCount)
            key.withBytes {
                _ = crypto_secretstream_xchacha20poly1305_init_push(&state, &header, $0.baseAddress!)
            }
            self.state = state
            self.header = header
        }

        /// `associated` is not written, and must be the same when the block is opened.
        public func seal(_ block: [UInt8], associated: [UInt8], isLast: Bool) -> [UInt8] {
            let tag =
                isLast
                ? crypto_secretstream_xchacha20poly1305_tag_final()
                : crypto_secretstream_xchacha20poly1305_tag_message()
            var sealed = [UInt8](repeating: 0, count: block.count + BackupKey.overhead)
            _ = crypto_secretstream_xchacha20poly1305_push(
                &state, &sealed, nil, block, UInt64(block.count), associated, UInt64(associated.count), tag)
            return sealed
        }
    }

    public final class Opener {
        private var state: crypto_secretstream_xchacha20poly1305_state

        init?(key: SecretBytes, header: [UInt8]) {
            Sodium.require()
            guard header.count == BackupKey.headerByteCount else { return nil }
            var state = crypto_secretstream_xchacha20poly1305_state()
            let code = key.withBytes {
                crypto_secretstream_xchacha20poly1305_init_pull(&state, header, $0.baseAddress!)
            }
            guard code == 0 else { return nil }
            self.state = state
        }

        /// Nil if the block is not the one that was sealed at this place with this key.
        public func open(_ sealed: [UInt8], associated: [UInt8]) -> (block: [UInt8], isLast: Bool)? {
            guard sealed.count >= BackupKey.overhead else { return nil }
            var block = [UInt8](repeating: 0, count: sealed.count - BackupKey.overhead)
            var tag: UInt8 = 0
            let code = crypto_secretstream_xchacha20poly1305_pull(
                &state, &block, nil, &tag, sealed, UInt64(sealed.count), associated, UInt64(associated.count))
            guard code == 0 else { return nil }
            return (block, tag == crypto_secretstream_xchacha20poly1305_tag_final())
        }
    }

    /// What tells keys apart: 16 hexadecimal digits.
    public var id: String { key.identifier }

    public func sealer() -> Sealer { Sealer(key: key) }

    public func opener(header: [UInt8]) -> Opener? { Opener(key: key, header: header) }
}
