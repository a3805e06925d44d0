import Entries
import FoundationEssentials
import Ledger
import Secrets

/// The proof of one entry, as it is written to a file. docs/proofs.md says how a stranger checks it.
public struct Proof: Codable, Sendable, Equatable {
    public var kind = Self.kind
    public var schemaVersion = Self.schemaVersion
    public var entry: ProvenEntry
    /// From the leaf up, in hexadecimal.
    public var path: [String]
    /// A signed note; its size is that of the tree.
    public var checkpoint: String
    public var verifierKey: String

    public static let kind = "daybook.proof"
    public static let schemaVersion = 1

    public struct ProvenEntry: Codable, Sendable, Equatable {
        public var position: Int64
        public var stream: String
        public var version: Int64
        public var type: String
        public var owner: String
        public var at: Int64
        public var cause: Int64?
        public var actor: String
        /// Base64.
        public var key: String?
        /// Byte by byte as it is stored.
        public var data: String
        public var personal: Personal?
    }

    /// Either the commitment, in hexadecimal, or what it is made from.
    public struct Personal: Codable, Sendable, Equatable {
        public var commitment: String?
        public var salt: String?
        public var text: String?
    }

    enum CodingKeys: String, CodingKey {
        case kind
        case schemaVersion = "schema_version"
        case entry, path, checkpoint
        case verifierKey = "verifier_key"
    }

    init(
        of position: Int64, size: Int64, note: SignedNote, verifier: Verifier, reader: LedgerReader,
        withPersonal: Bool
    ) throws {
        guard let evidence = try reader.evidence(position) else {
            throw Refusal(.notFound, "there is no entry \(position)")
        }
        entry = ProvenEntry(evidence, withPersonal: withPersonal)
        path = try reader.inclusionProof(of: position, size: size).map(\.hexadecimal)
        checkpoint = note.description
        verifierKey = verifier.description
    }

    public func fileText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    public init(fileText: String) throws {
        do {
            self = try JSONDecoder().decode(Proof.self, from: Data(fileText.utf8))
        } catch {
            throw Refusal(
                .badRequest, "it is no proof that Daybook wrote", hint: "“daybook prove POSITION” writes one.")
        }
        guard kind == Self.kind, schemaVersion == Self.schemaVersion else {
            throw Refusal(
                .badRequest, "it is a “\(kind)” of version \(schemaVersion); this Daybook reads proofs of version 1")
        }
    }
}

extension Proof {
    /// What a proof shows when it holds.
    public struct Shown: Codable, Sendable {
        public let position: Int64
        public let type: String
        public let origin: String
        public let size: Int64
        public let verifierKey: String
        /// Whether the key was given by the one who checks. A proof that only agrees with the key it brings along shows
        /// no more than that it was not altered since.
        public let keyIsTrusted: Bool
    }

    /// Checks everything; throws what does not hold. It needs no home.
    public func check(trusting key: String?) throws -> Shown {
        guard let verifier = Verifier(verifierKey) else { throw Self.broken("its verifier key cannot be read") }
        if let key {
            guard let trusted = Verifier(key) else {
                throw Refusal(
                    .badRequest, "“\(key)” is no verifier key",
                    hint: "“daybook init” printed it, and “daybook show 1” shows it.")
            }
            guard trusted == verifier else {
                throw Self.broken("it is signed with another key than the one that you trust (\(verifier))")
            }
        }
        guard let note = SignedNote(checkpoint), let checkpoint = note.checkpoint else {
            throw Self.broken("its checkpoint cannot be read")
        }
        guard note.isSigned(by: verifier), checkpoint.origin == verifier.name else {
            throw Self.broken("its checkpoint is not signed with its key")
        }
        let hashes = path.map { Digest(hexadecimal: $0) }
        guard !hashes.contains(nil) else { throw Self.broken("its path cannot be read") }
        guard let leaf = try entry.leaf() else { throw Self.broken("its entry cannot be read") }
        guard entry.position >= 1,
            Tree.includes(
                leaf, at: entry.position - 1, path: hashes.compactMap(\.self), in: checkpoint.root,
                size: checkpoint.size)
        else { throw Self.broken("the entry is not in the ledger that the checkpoint speaks of") }
        return Shown(
            position: entry.position, type: entry.type, origin: checkpoint.origin, size: checkpoint.size,
            verifierKey: verifier.description, keyIsTrusted: key != nil)
    }

    private static func broken(_ problem: String) -> Refusal { Refusal(.failed, "the proof does not hold: \(problem)") }
}

extension Proof.Personal {
    /// The commitment: given, or made from a whole salt and a text. Nil for anything between: what is shown must be what
    /// is proved.
    fileprivate var made: Digest? {
        switch (commitment, salt, text) {
        case (let commitment?, nil, nil): Digest(hexadecimal: commitment)
        case (nil, let salt?, let text?):
            [UInt8](base64: salt).flatMap { salt in
                salt.count == Evidence.saltByteCount
                    ? Evidence.commitment(salt: salt, personal: Array(text.utf8)) : nil
            }
        default: nil
        }
    }
}

extension Proof.ProvenEntry {
    init(_ evidence: Evidence, withPersonal: Bool) {
        let entry = evidence.entry
        position = entry.position
        stream = entry.stream
        version = entry.version
        type = entry.type
        owner = entry.owner
        at = entry.at
        cause = entry.cause
        actor = entry.actor
        key = entry.key?.base64
        data = String(decoding: entry.content.data, as: UTF8.self)
        guard let commitment = evidence.commitment else { return }
        if withPersonal, let salt = evidence.salt, let text = entry.content.personal {
            personal = Proof.Personal(salt: salt.base64, text: String(decoding: text, as: UTF8.self))
        } else {
            personal = Proof.Personal(commitment: commitment.hexadecimal)
        }
    }

    /// Nil where something cannot be read.
    func leaf() throws -> Digest? {
        var keyBytes: [UInt8]?
        if let key {
            guard let bytes = [UInt8](base64: key) else { return nil }
            keyBytes = bytes
        }
        var commitment: Digest?
        if let personal {
            guard let made = personal.made else { return nil }
            commitment = made
        }
        let entry = Entry(
            position: position, stream: stream, version: version, type: type, owner: owner, at: at, cause: cause,
            actor: actor, key: keyBytes, content: Content(data: Array(data.utf8), personal: nil), isErased: false)
        return Evidence.leafHash(entry, commitment: commitment)
    }
}
