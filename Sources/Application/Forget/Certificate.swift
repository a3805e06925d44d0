import Entries
import Ledger
import Secrets

/// What an erasure was, for those who must show that it was done: counts and positions, and nothing personal.
///
/// The two checkpoints are signed. Whoever has a proof from before can still check it against the first, and a proof of
/// consistency leads from the first to the second: nothing but what is listed here was taken out.
public struct ErasureCertificate: Codable, Sendable, Equatable {
    public enum Subject: String, Codable, Sendable, CaseIterable { case person, account }

    public let subject: Subject
    /// The id of whom it was about, which tells nothing without the home.
    public let identifier: String
    public let erasedAt: Int64
    public let entries: Int64
    public let entriesByType: [String: Int64]
    public let positions: [Int64]
    /// The entries that say so.
    public let recordedAt: [Int64]
    /// How many addresses can not come back.
    public let addresses: Int64
    /// Entries that name the person still, because nobody said that they should not.
    public let mentionsLeft: Int64
    /// Secrets in the vault that were destroyed.
    public let secretsDestroyed: Int64
    /// Backups of before that Daybook made, and that still hold what was erased.
    public let backups: Int64
    public let verifierKey: String
    public let checkpointBefore: String
    public let checkpointAfter: String
}

extension OpenHome {
    /// Backups that were made so far, by their paths.
    func backupPaths() throws -> [String] {
        try reader.entries(Query(types: [BackupMade.type]))
            .compactMap { try BackupMade($0.content).path }.filter { !$0.isEmpty }
    }
}
