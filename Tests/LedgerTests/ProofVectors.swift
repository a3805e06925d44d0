import Entries
import Foundation
import Secrets

@testable import Ledger

/// The ledger of docs/proofs.md, made anew from fixed input, and all that the page says about it.
struct ProofVectors {
    let writer: LedgerWriter
    let signer: Signer
    let note: SignedNote
    /// The personal half of entry 4 before it was erased.
    let erased: Evidence

    init() throws {
        // The bytes 0 … 31, and 0 … 15 as every salt; a clock that stands.
        let counting = Randomness { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
        signer = MasterKey(from: counting).signer(name: "daybook.example/log")
        writer = try LedgerWriter.inMemory(.init(now: { 1_767_600_000_000 }, randomness: counting))
        for draft in Self.drafts(signer.verifier) { try writer.append(draft) }
        guard let evidence = try writer.reader.evidence(4) else { throw AppendError.unknownType("none") }
        erased = evidence
        _ = try writer.erase([4], reason: .request, note: "By letter.", owner: Draft.home, actor: "command")
        note = Checkpoint(origin: signer.verifier.name, size: writer.head.size, root: writer.head.root)
            .signed(by: signer)
    }

    private static func drafts(_ verifier: Verifier) -> [Draft] {
        let user = "4k2m8x0c7v1n5b3z"
        var opened = LedgerOpened()
        opened.origin = verifier.name
        opened.verifierKey = verifier.description
        var added = UserAdded()
        added.user = user
        added.zone = "Europe/Lisbon"
        added.name = "Élise \"Zoë\" Dvořák 🗓️"
        func setting(_ value: String?, personal: String? = nil) -> SettingChanged {
            var changed = SettingChanged()
            changed.setting = "signature"
            changed.value = value
            changed.personalValue = personal
            return changed
        }
        let stream = "user/\(user)"
        return [
            Draft(opened, stream: "ledger", owner: Draft.home, actor: "command"),
            Draft(added, stream: stream, owner: user, actor: "command", cause: 1),
            Draft(setting("false"), stream: stream, owner: user, actor: "command", cause: 2, key: Array(0..<16)),
            Draft(setting(nil, personal: "\"Yours, Élise\""), stream: stream, owner: user, actor: "command"),
            Draft(setting("true"), stream: stream, owner: user, actor: "command"),
        ]
    }

    // MARK: What the page says

    func leaves() throws -> [String: Any] {
        let leaves = try ([2, 3, 4] as [Int64]).map { position -> [String: Any] in
            guard let evidence = try writer.reader.evidence(position) else { return [:] }
            let leaf = Leaf()
            let entry = evidence.entry
            _ = leaf.hash(
                Leaf.Numbers(position: position, version: entry.version, at: entry.at, cause: entry.cause),
                stream: entry.stream.utf8Span.span, type: entry.type, owner: entry.owner, actor: entry.actor,
                key: entry.key, data: entry.content.data.span, commitment: evidence.commitment)
            return [
                "entry": Self.json(evidence), "leaf": leaf.lastLeaf.hexadecimal, "hash": evidence.hash.hexadecimal,
                "commitment": evidence.commitment?.hexadecimal ?? NSNull(),
            ]
        }
        return ["kind": "daybook.vectors.leaf", "leaves": leaves]
    }

    /// Seven leaves of one byte each.
    func tree() throws -> [String: Any] {
        let leaves = (0..<7).map { SHA256.hash([0, UInt8($0)]) }
        func root(_ size: Int) -> Digest { PlainTree.root(leaves[..<size]) }
        let inclusion: [[String: Any]] = [(0, 1), (0, 7), (3, 7), (6, 7), (5, 6)].map { index, size in
            ["index": index, "size": size, "path": PlainTree.path(index, leaves[..<size]).map(\.hexadecimal)]
        }
        let consistency: [[String: Any]] = [(1, 7), (3, 7), (4, 7), (6, 7), (7, 7)].map { old, new in
            ["old": old, "new": new, "path": PlainTree.proof(old, leaves[..<new]).map(\.hexadecimal)]
        }
        return [
            "kind": "daybook.vectors.tree", "leaves": leaves.map(\.hexadecimal),
            "roots": (0...7).map { root($0).hexadecimal }, "inclusion": inclusion, "consistency": consistency,
        ]
    }

    func checkpoint() -> [String: Any] {
        [
            "kind": "daybook.vectors.checkpoint", "verifier_key": signer.verifier.description,
            "public_key": signer.verifier.publicKey.hexadecimal, "origin": signer.verifier.name,
            "size": writer.head.size, "root": writer.head.root.hexadecimal, "note": note.description,
        ]
    }

    /// A whole proof, as `daybook prove` writes it.
    func proof(of position: Int64, showing evidence: Evidence? = nil) throws -> [String: Any] {
        let stored = try writer.reader.evidence(position)
        return [
            "kind": "daybook.proof", "schema_version": 1,
            "entry": (evidence ?? stored).map { Self.json($0) } ?? NSNull(),
            "path": try writer.reader.inclusionProof(of: position, size: writer.head.size).map(\.hexadecimal),
            "checkpoint": note.description, "verifier_key": signer.verifier.description,
        ]
    }

    static func json(_ evidence: Evidence) -> [String: Any] {
        let entry = evidence.entry
        var personal: Any = NSNull()
        if let salt = evidence.salt, let text = entry.content.personal {
            personal = ["salt": salt.base64, "text": String(decoding: text, as: UTF8.self)]
        } else if let commitment = evidence.commitment {
            personal = ["commitment": commitment.hexadecimal]
        }
        return [
            "position": entry.position, "stream": entry.stream, "version": entry.version, "type": entry.type,
            "owner": entry.owner, "at": entry.at, "cause": entry.cause ?? NSNull(), "actor": entry.actor,
            "key": entry.key?.base64 ?? NSNull(), "data": String(decoding: entry.content.data, as: UTF8.self),
            "personal": personal,
        ]
    }
}
