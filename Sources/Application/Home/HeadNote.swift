import Ledger
import Machine
import Secrets

/// `head.note`: the newest signed checkpoint, in a file of its own beside the ledger. A ledger that is behind it, or does
/// not begin with it, is not the one that was left here: an old copy was put back, or something was altered.
struct HeadNote {
    let path: String

    enum State: Equatable {
        /// The ledger begins with what the note says, and may have gone on since.
        case fits(Checkpoint)
        case missing
        case unreadable(String)
        /// The note speaks of more entries than there are.
        case ahead(Checkpoint)
        /// As many entries, but other ones.
        case differs(Checkpoint)

        var fits: Bool { if case .fits = self { true } else { false } }
    }

    func state(_ reader: LedgerReader, verifier: Verifier) throws -> State {
        guard let text = try text() else { return .missing }
        guard let note = SignedNote(text), let checkpoint = note.checkpoint else {
            return .unreadable("it is no checkpoint")
        }
        guard note.isSigned(by: verifier), checkpoint.origin == verifier.name else {
            return .unreadable("it is not signed with the key of this ledger")
        }
        if checkpoint.size > (try reader.lastPosition()) { return .ahead(checkpoint) }
        return try reader.root(size: checkpoint.size) == checkpoint.root ? .fits(checkpoint) : .differs(checkpoint)
    }

    /// A note is a few lines.
    private static let longest = 64 << 10

    /// Nil where there is none. One that the disk does not give is not missing: nobody should accept a ledger for that.
    func text() throws -> String? {
        do {
            return String(decoding: try File.reading(path).read(upTo: Self.longest), as: UTF8.self)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Puts a newer note in the place of the one that was read. If another stands there by now, somebody else writes to
    /// this home, and nothing is replaced.
    func replace(_ known: String?, with note: SignedNote) throws {
        guard try text() == known else {
            throw Refusal(
                .failed, "\(path) was changed by somebody else while this home was open",
                hint: "Look what else writes there, then run “daybook verify”.")
        }
        try Folder.replace(path, with: Array(note.description.utf8))
    }
}
