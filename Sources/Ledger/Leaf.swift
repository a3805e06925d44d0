import Entries
import Secrets

/// How an entry becomes a leaf of the tree.
///
/// The tree is that of RFC 6962, section 2.1, over SHA-256: the hash of a leaf is SHA-256(0x00 ‖ leaf), of an inner node
/// SHA-256(0x01 ‖ left ‖ right), and of a tree without entries SHA-256(). Entry p (the first is 1) is leaf p − 1.
///
/// The leaf itself is these fields, one after the other. A number is 8 bytes, the highest first, two's complement. A text
/// is its length in bytes as 4 bytes, the highest first, and then its UTF-8.
///
///      1. the 15 bytes `daybook entry 1`
///      2. position, a number
///      3. stream, a text (the name)
///      4. version, a number
///      5. type, a text
///      6. owner, a text
///      7. at, a number: milliseconds since 1970, UTC
///      8. cause, a number: 0 for none
///      9. actor, a text
///     10. key: one byte 0 for none; or one byte 1, and the key as a text is written
///     11. data, a text: the JSON object, byte by byte as it is stored
///     12. personal: one byte 0 for none; or one byte 1, and the 32 bytes of the commitment
///
/// The commitment is SHA-256 over the 18 bytes `daybook personal 1`, the 16 bytes of the salt, and the JSON object
/// `personal`, byte by byte as it is stored, up to the end. Salt and `personal` can be erased; the commitment stays, and
/// tells nothing without the salt.
///
/// docs/proofs.md says the same for those who write a verifier, with test vectors.
final class Leaf {
    private let message = Message()

    static let saltByteCount = 16
    private static let entryTag = Array("daybook entry 1".utf8)
    private static let personalTag = Array("daybook personal 1".utf8)

    /// The header fields that are not texts.
    struct Numbers {
        let position, version, at: Int64
        let cause: Int64?
    }

    func commitment(salt: Span<UInt8>, personal: Span<UInt8>) -> Digest {
        message.clear()
        message.append(Self.personalTag.span)
        message.append(salt)
        message.append(personal)
        return message.sha256
    }

    func hash(
        _ numbers: Numbers, stream: Span<UInt8>, type: String, owner: String, actor: String, key: [UInt8]?,
        data: Span<UInt8>, commitment: Digest?
    ) -> Digest {
        encode(
            numbers, stream: stream, type: type, owner: owner, actor: actor, key: key, data: data,
            commitment: commitment)
        return message.sha256
    }

    /// The bytes behind the prefix 0x00, for those who want to see them.
    var lastLeaf: [UInt8] { Array(message.contents.dropFirst()) }

    private func encode(
        _ numbers: Numbers, stream: Span<UInt8>, type: String, owner: String, actor: String, key: [UInt8]?,
        data: Span<UInt8>, commitment: Digest?
    ) {
        message.clear()
        message.append(Tree.leafPrefix)
        message.append(Self.entryTag.span)
        message.append(numbers.position)
        message.appendWithLength(stream)
        message.append(numbers.version)
        message.appendWithLength(type)
        message.appendWithLength(owner)
        message.append(numbers.at)
        message.append(numbers.cause ?? 0)
        message.appendWithLength(actor)
        message.append(UInt8(key == nil ? 0 : 1))
        if let key { message.appendWithLength(key.span) }
        message.appendWithLength(data)
        message.append(UInt8(commitment == nil ? 0 : 1))
        if let commitment { message.append(commitment) }
    }
}
