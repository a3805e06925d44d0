import Entries
import Ledger

/// Erases the personal half of entries, for good. Every proof still holds, and the ledger says that it was done.
public struct EraseRequest: Request {
    public static let name = "erase"

    public struct Erased: Codable, Sendable {
        /// Those that had something to erase.
        public let positions: [Int64]
        /// Those that were erased before.
        public let erasedBefore: [Int64]
        /// The entry that says so; none if there was nothing to erase.
        public let recordedAt: Int64?
        /// Backups that were made before, and still hold the bytes.
        public let backups: [String]
    }

    public let positions: [Int64]
    public let reason: ErasureReasonName
    public let note: String?

    public enum ErasureReasonName: String, Codable, Sendable, CaseIterable {
        case request, retention, mistake
    }

    public init(positions: [Int64], reason: ErasureReasonName, note: String?) {
        self.positions = positions
        self.reason = reason
        self.note = note
    }

    public func answer(in home: OpenHome) throws -> Erased {
        try home.requireConfirmedHead()
        let size = try home.head.size
        for position in positions where position < 1 || position > size {
            throw Refusal(.notFound, "there is no entry \(position): the last is \(size)", hint: "Nothing was erased.")
        }
        let before = try positions.filter { try home.reader.entry($0)?.isErased == true }
        guard try positions.contains(where: { try home.reader.entry($0)?.content.personal != nil }) else {
            // A kill may have come between an erasure and the posting after it: then it is made good now.
            _ = try home.views()
            return Erased(positions: [], erasedBefore: before, recordedAt: nil, backups: [])
        }
        let reason = ErasureReason(rawValue: reason.rawValue) ?? .request
        let (receipt, erased) = try OpenHome.explained(home.folder) {
            try home.writer.erase(
                positions, reason: reason, note: note, owner: Draft.home, actor: Actor.asking)
        }
        // The views post themselves anew when they meet the entry, so that they hold the bytes no longer either.
        _ = try home.views()
        return Erased(
            positions: erased, erasedBefore: before, recordedAt: receipt.position, backups: try home.backupPaths())
    }
}
