import Entries
import Ledger
import Secrets

/// Signs the ledger as it stands, and writes down that it was done. The text is to be kept elsewhere: a log on one disk
/// proves nothing against the owner of the disk.
public struct CheckpointRequest: Request {
    public static let name = "checkpoint"

    public struct Signed: Codable, Sendable {
        /// The whole signed note.
        public let note: String
        public let size: Int64
        public let root: String
        public let verifierKey: String
        /// The entry that says so, if one was needed: nothing had changed since the last one otherwise.
        public let position: Int64?
    }

    /// A person says that the ledger as it stands is the right one, although `head.note` does not fit it.
    public let accepts: Bool
    public let note: String?

    /// Who does it, as the entry names it.
    let actor: String?

    public init(accepts: Bool, note: String?) { self.init(accepts: accepts, note: note, actor: nil) }

    init(accepts: Bool, note: String?, actor: String?) {
        self.actor = actor
        self.accepts = accepts
        self.note = note
    }

    public func answer(in home: OpenHome) throws -> Signed {
        if accepts { try accept(home) }
        try home.requireConfirmedHead()
        if let last = try lastEntry(home), last.type == CheckpointSigned.type {
            let fact = try CheckpointSigned(last.content)
            return signed(fact, home, position: nil)
        }
        let (size, root) = try home.head
        let note = Checkpoint(origin: home.signer.verifier.name, size: size, root: root).signed(by: home.signer)
        var fact = CheckpointSigned()
        fact.size = size
        fact.root = root.hexadecimal
        fact.note = note.description
        let receipt = try home.append([
            Draft(fact, stream: "ledger", owner: Draft.home, actor: actor ?? Actor.asking)
        ])
        return signed(fact, home, position: receipt[0].position)
    }

    private func lastEntry(_ home: OpenHome) throws -> Entry? { try home.reader.entry(home.head.size) }

    private func signed(_ fact: CheckpointSigned, _ home: OpenHome, position: Int64?) -> Signed {
        Signed(
            note: fact.note, size: fact.size, root: fact.root, verifierKey: home.signer.verifier.description,
            position: position)
    }

    private func accept(_ home: OpenHome) throws {
        if home.headState.fits {
            throw Refusal(
                .badRequest, "there is nothing to accept: head.note fits the ledger", hint: "Leave out --accept.")
        }
        let found = try OpenHome.explained(home.folder) { try home.reader.verify(verifier: home.signer.verifier) }
        guard found.isIntact else {
            throw Refusal(
                .unusableHome, "the ledger cannot be accepted: \(found.findings.first?.description ?? "it is damaged")",
                hint: "“daybook verify” lists what is wrong; “daybook restore” puts a backup into a new home.")
        }
        var fact = LedgerAccepted()
        fact.size = found.entries
        fact.root = found.root.hexadecimal
        if case .ahead(let checkpoint) = home.headState { remember(checkpoint, &fact) }
        if case .differs(let checkpoint) = home.headState { remember(checkpoint, &fact) }
        fact.note = note
        try home.accept(Draft(fact, stream: "ledger", owner: Draft.home, actor: Actor.asking))
    }

    private func remember(_ checkpoint: Checkpoint, _ fact: inout LedgerAccepted) {
        fact.previousSize = checkpoint.size
        fact.previousRoot = checkpoint.root.hexadecimal
    }
}

extension OpenHome {
    /// Appends the word of a person that this ledger is the right one, and signs the head: from here on it fits.
    func accept(_ draft: Draft) throws {
        _ = try Self.explained(folder) { try writer.append(draft) }
        try signHead()
    }
}
