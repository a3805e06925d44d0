import Entries
import Ledger
import Machine
import Secrets

/// What is kept: backups, checkpoints, the logs of the files, and what a kill left lying about.
extension Doctor {
    private static let day: Int64 = 86_400_000

    /// More than a checkpoint leaves behind: then something keeps the log from being written back.
    private static let longestLog: Int64 = 64 << 20

    mutating func lookAtLogs() {
        let logs = ((try? Folder.names(in: folder.path)) ?? []).filter { $0.hasSuffix("-wal") }
        let sizes = logs.map { ($0, Folder.facts(folder.path + "/" + $0)?.byteCount ?? 0) }
        let long = sizes.filter { $0.1 > Self.longestLog }
        if long.isEmpty {
            note("logs", .ok, "\(sizes.reduce(0) { $0 + $1.1 } >> 20) MiB wait to be written back")
        } else {
            let text = long.map { "\($0.0) has \($0.1 >> 20) MiB" }.joined(separator: ", ")
            note(
                "logs", .warning, text,
                "Close the home once: systemctl restart daybook, or any command without a service.")
        }
    }

    mutating func lookAtOwners() {
        let names = ((try? Folder.names(in: folder.path)) ?? []).map { folder.path + "/" + $0 }
        let owner = Folder.facts(folder.path)?.user
        let foreign = names.filter { path in Folder.facts(path).map { $0.user != owner } ?? false }
        if foreign.isEmpty {
            note("owner", .ok, "everything belongs to user \(owner ?? 0)")
        } else {
            note(
                "owner", .failure,
                "the home belongs to user \(owner ?? 0), and not \(foreign.joined(separator: ", "))",
                "chown \(owner ?? 0) \(foreign.map(ShellWord.text).joined(separator: " "))")
        }
    }

    /// What the next who opens the home clears away.
    mutating func lookAtLeftovers() {
        let names = ((try? Folder.names(in: folder.path)) ?? []).filter(HomeFolder.isUnfinished)
        if names.isEmpty {
            note("leftovers", .ok, "nothing was cut short")
        } else {
            note(
                "leftovers", .warning, "something was cut short: \(names.joined(separator: ", "))",
                "Nothing: whoever opens the home next clears it away.")
        }
    }

    /// So many entries are worth a backup, and a backup of so many days is old.
    private static let entriesWithoutBackup: Int64 = 500
    private static let oldestBackup: Int64 = 8 * day

    mutating func lookAtBackups(_ home: OpenHome) {
        let made = (try? home.reader.entries(Query(types: [BackupMade.type], isBackwards: true, limit: 1)).first) ?? nil
        let size = (try? home.head.size) ?? 0
        let way = "daybook backup --to-folder FOLDER, from a timer; and now and then: daybook backup drill FILE"
        guard let made, let fact = try? BackupMade(made.content) else {
            if size < Self.entriesWithoutBackup { return note("backup", .ok, "none yet; there are \(size) entries") }
            return note("backup", .warning, "there is none, of \(size) entries", way)
        }
        let age = max(0, options.now() - made.at) / Self.day
        let text =
            "the newest is \(age == 0 ? "of today" : age == 1 ? "a day old" : "\(age) days old"), \(size - fact.size) entries since"
        let isOld = options.now() - made.at > Self.oldestBackup && size - fact.size > 1
        note("backup", isOld ? .warning : .ok, text, isOld ? way : nil)
        let unfinished = fact.path + ".unfinished"
        if !fact.path.isEmpty, Folder.exists(unfinished) {
            note(
                "unfinished backup", .warning, "\(unfinished) was cut short", "rm \(ShellWord.text(unfinished))")
        }
    }

    /// What was given out must still be the beginning of the ledger.
    mutating func lookAtSignedCheckpoint(_ home: OpenHome) {
        let query = Query(types: [CheckpointSigned.type], isBackwards: true, limit: 1)
        guard let last = (try? home.reader.entries(query).first) ?? nil, let fact = try? CheckpointSigned(last.content)
        else { return }
        guard (try? home.reader.root(size: fact.size).hexadecimal) == fact.root else {
            return note(
                "checkpoint root", .failure, "the first \(fact.size) entries are not those that were signed",
                "daybook verify; change nothing more, and compare with a backup")
        }
        note("checkpoint root", .ok, "the first \(fact.size) entries are those that were signed")
    }
}
