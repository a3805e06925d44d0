public import Secrets

/// The state of a ledger in three lines: whose it is, how many entries it has, and the root over them
/// (c2sp.org/tlog-checkpoint).
public struct Checkpoint: Equatable, Sendable {
    public let origin: String
    public let size: Int64
    public let root: Digest

    public init(origin: String, size: Int64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    public var text: String { "\(origin)\n\(size)\n\(root.bytes.base64)\n" }

    /// Nil unless the text begins with the three lines; more lines may follow, as the format allows.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4, !lines[0].isEmpty, let size = Int64(lines[1]), size >= 0, String(size) == lines[1],
            let root = [UInt8](base64: lines[2]).flatMap({ Digest($0) })
        else { return nil }
        self.init(origin: lines[0], size: size, root: root)
    }

    public func signed(by signer: Signer) -> SignedNote { SignedNote(text: text, signer: signer) }
}

/// A text and the signatures under it (c2sp.org/signed-note):
///
///     the text, each line ended
///     (an empty line)
///     — name base64(four bytes of the key's hash ‖ signature)
public struct SignedNote: Equatable, Sendable {
    /// With the end of its last line.
    public let text: String
    public let signatures: [Signature]

    public struct Signature: Equatable, Sendable {
        public let name: String
        public let keyHash: [UInt8]
        public let bytes: [UInt8]
    }

    /// A note that is longer, or signed by more, is not one of ours.
    private static let longest = 64 << 10
    private static let mostSignatures = 100

    init(text: String, signer: Signer) {
        self.text = text
        signatures = [
            Signature(
                name: signer.verifier.name, keyHash: signer.verifier.keyHash, bytes: signer.sign(Array(text.utf8)))
        ]
    }

    /// Nil unless it is a whole signed note.
    public init?(_ note: String) {
        // No control character but the end of a line: what is signed is what is seen.
        guard note.utf8.count <= Self.longest, note.utf8.last == 0x0a,
            note.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0a })
        else { return nil }
        // Split by bytes: Swift counts a carriage return and a line feed as one character.
        let lines = note.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast()
            .map { String(Substring($0)) }
        guard let gap = lines.lastIndex(of: ""), gap > 0, gap + 1 < lines.count else { return nil }
        let signatures = lines[(gap + 1)...].compactMap(Self.signature)
        guard signatures.count == lines.count - gap - 1, signatures.count <= Self.mostSignatures else { return nil }
        text = lines[..<gap].joined(separator: "\n") + "\n"
        self.signatures = signatures
    }

    private static func signature(_ line: String) -> Signature? {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0] == "—", Verifier.isName(parts[1]),
            let bytes = [UInt8](base64: parts[2]), bytes.count > 4
        else { return nil }
        return Signature(name: parts[1], keyHash: Array(bytes.prefix(4)), bytes: Array(bytes.dropFirst(4)))
    }

    /// The whole note, as it is written to a file.
    public var description: String {
        text + "\n" + signatures.map { "— \($0.name) \(($0.keyHash + $0.bytes).base64)\n" }.joined()
    }

    public func isSigned(by verifier: Verifier) -> Bool {
        signatures.contains { signature in
            signature.name == verifier.name && signature.keyHash == verifier.keyHash
                && verifier.verifies(signature.bytes, of: Array(text.utf8))
        }
    }

    /// The checkpoint, if the text is one.
    public var checkpoint: Checkpoint? { Checkpoint(text: text) }
}
