import Entries
import FoundationEssentials
import Ledger
import Machine
import SQLite
import Secrets

/// Writes a backup with a dated name into a folder, and takes away the oldest ones of this home beyond a number: for a
/// timer, or a job.
///
/// Nothing is taken away before the new one was written and read back, and nothing that is not a backup of this home.
public struct BackupFolderRequest: Request {
    public static let name = "backup_folder"

    public struct Made: Codable, Sendable {
        public let made: BackupRequest.Made
        /// The older ones that were taken away.
        public let removed: [String]
        /// How many of this home are there now.
        public let kept: Int
    }

    public let folder: String
    public let keep: Int

    public init(folder: String, keep: Int) {
        self.folder = folder
        self.keep = keep
    }

    public func answer(in home: OpenHome) throws -> Made {
        guard keep >= 1 else { throw Refusal(.badRequest, "at least one backup is kept") }
        let folder = Folder.absolute(folder)
        guard Folder.isFolder(folder) else {
            throw Refusal(
                .badRequest, "there is no folder \(folder)", hint: "Make it first, and close it: mkdir -m 700")
        }
        let made = try BackupRequest(path: Self.freePath(in: folder, at: home.options.now())).answer(in: home)
        let all = try Self.backups(in: folder, of: home.signer.verifier.name)
        var removed: [String] = []
        for old in all.dropLast(keep) where old != made.path {
            try OpenHome.explained(home.folder) { try Folder.remove(old) }
            removed.append(old)
        }
        return Made(made: made, removed: removed, kept: all.count - removed.count)
    }

    private static let prefix = "daybook-"
    private static let suffix = ".backup"

    /// As `daybook-20261201T004700Z.backup`: the order of the names is that of time.
    static func fileName(at instant: Int64) -> String {
        let text = Date(timeIntervalSince1970: Double(instant / 1_000)).formatted(.iso8601)
        return prefix + text.filter { $0 != "-" && $0 != ":" } + suffix
    }

    /// One that is not there yet, also where two are made in one second.
    private static func freePath(in folder: String, at instant: Int64) -> String {
        let path = "\(folder)/\(fileName(at: instant))"
        var (free, number) = (path, 1)
        while Folder.exists(free) {
            number += 1
            free = path.dropLast(suffix.count) + "-\(number)" + suffix
        }
        return free
    }

    /// Those of one home, the oldest first, by the name that `fileName` gives and by what the file says of itself.
    static func backups(in folder: String, of origin: String) throws -> [String] {
        try Folder.names(in: folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted()
            .map { folder + "/" + $0 }.filter { (try? BackupFile.header(of: $0))?.origin == origin }
    }
}
