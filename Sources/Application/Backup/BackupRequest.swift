import Entries
import Ledger
import Machine
import SQLite
import Secrets

/// Writes a backup of the ledger, as it is at this moment, reads it back, and records that it was made.
public struct BackupRequest: Request {
    public static let name = "backup"

    public struct Made: Codable, Sendable {
        public let path: String
        public let size: Int64
        public let root: String
        public let byteCount: Int64
        /// The entry that records it.
        public let position: Int64
    }

    public let path: String

    public init(path: String) { self.path = path }

    public func answer(in home: OpenHome) throws -> Made {
        try home.requireConfirmedHead()
        if Folder.exists(path) {
            throw Refusal(
                .conflict, "\(path) is there already",
                hint: "A backup never replaces a file: name one that is not there.")
        }
        let (size, root) = try home.head
        let note = try home.signHead()
        let copy = home.folder.unfinishedBackup
        try? Folder.remove(copy)
        defer { try? Folder.remove(copy) }
        let byteCount: Int64
        do {
            byteCount = try write(home, size, root, note, copy)
            // It gets its name when it is whole and was read back: a kill leaves nothing that looks like a backup.
            try Folder.rename(unfinished, to: path)
        } catch {
            try? Folder.remove(unfinished)
            throw error
        }
        var fact = BackupMade()
        fact.size = size
        fact.root = root.hexadecimal
        fact.byteCount = byteCount
        // Tokens and passwords stay where they are: who restores connects again.
        fact.isVaultIncluded = false
        fact.path = Folder.absolute(path)
        let receipt = try home.append([Draft(fact, stream: "ledger", owner: Draft.home, actor: Actor.asking)])
        return Made(
            path: path, size: size, root: root.hexadecimal, byteCount: byteCount, position: receipt[0].position)
    }

    private var unfinished: String { path + ".unfinished" }

    private func write(
        _ home: OpenHome, _ size: Int64, _ root: Digest, _ note: SignedNote, _ copy: String
    ) throws -> Int64 {
        try home.writer.copy(to: copy)
        let copied = Folder.facts(copy)?.byteCount ?? 0
        let header = BackupFile.Header(
            origin: home.signer.verifier.name, size: size, root: root.hexadecimal, createdAt: home.options.now(),
            note: note.description, byteCount: copied, key: home.backupKey.id)
        let report = home.report("writing the backup")
        // What an earlier one left that was killed.
        try Folder.remove(unfinished)
        try BackupFile.write(header, ledger: copy, to: unfinished, home.backupKey) { try report($0, copied) }
        try BackupFile.check(unfinished, home.backupKey)
        return Folder.facts(unfinished)?.byteCount ?? 0
    }
}

/// Puts a backup into a folder that holds no ledger, after it was looked through: nothing is believed that the
/// checkpoint in it does not sign.
public struct RestoredHome: Codable, Sendable {
    public let path: String
    public let size: Int64
    public let root: String
    /// When the backup was made.
    public let createdAt: Int64
    /// A newer `head.note` stood there: the entries since the backup are gone, and a person must say that this is known.
    public let needsConfirmation: Bool

    /// `keyFile` is the master key of the home from which the backup came; nil if it lies in the folder or in the
    /// environment already.
    public static func restore(
        _ backup: String, into folder: HomeFolder, keyFile: String?, _ options: OpenHome.Options
    ) throws -> RestoredHome {
        try refuseLedger(folder)
        let isNew = !Folder.exists(folder.path)
        return try OpenHome.explained(folder) {
            try Folder.create(folder.path)
            let lock = try OpenHome.takeLock(folder, options)
            defer { _ = lock.isHeld }
            // Somebody else may have made one while we waited for the lock.
            try refuseLedger(folder)
            let broughtKey = try bringKey(keyFile, folder)
            let restoring = folder.unfinishedLedger
            do {
                return try unpack(backup, restoring, folder, options)
            } catch {
                removeDatabase(restoring)
                if broughtKey { try? Folder.remove(folder.masterKey) }
                if isNew { try? Folder.removeFolder(folder.path) }
                throw error
            }
        }
    }

    private static func refuseLedger(_ folder: HomeFolder) throws {
        guard folder.hasLedger else { return }
        throw Refusal(
            .conflict, "there is a ledger in \(folder.path) already",
            hint: "Restore into a folder without one (--home), or move that one away first.")
    }

    private static func bringKey(_ keyFile: String?, _ folder: HomeFolder) throws -> Bool {
        guard let keyFile else { return false }
        let text = try keyText(keyFile)
        guard MasterKey(fileText: String(decoding: text, as: UTF8.self)) != nil else {
            throw Refusal(.wrongKey, "\(keyFile) is not a master key: it should be 64 hexadecimal digits")
        }
        if let there = try? Folder.read(folder.masterKey, limit: 4_096) {
            guard there == text else {
                throw Refusal(
                    .conflict, "\(folder.masterKey) is there and is another key than \(keyFile)",
                    hint: "Leave out --key, or move that one away.")
            }
            return false
        }
        try Folder.replace(folder.masterKey, with: text)
        return true
    }

    private static func keyText(_ path: String) throws -> [UInt8] {
        do {
            return try Folder.read(path, limit: 4_096)
        } catch {
            throw Refusal(.badRequest, error.description, hint: "Name the file of the master key of that home.")
        }
    }

    private static func unpack(
        _ backup: String, _ restoring: String, _ folder: HomeFolder, _ options: OpenHome.Options
    ) throws -> RestoredHome {
        guard KeySource(folder: folder).isThere else {
            throw Refusal(
                .wrongKey, "a backup is read with the master key of its home, and there is none in \(folder.path)",
                hint: "Name the file of that key: --key FILE.")
        }
        let key = try KeySource(folder: folder).load()
        removeDatabase(restoring)
        let naming = key.signers()
        let header = try BackupFile.read(
            backup, into: restoring, key.backupKey(),
            isOwn: { SignedNote($0.note)?.isSigned(by: naming.verifier(name: $0.origin)) == true },
            report: { try options.progress(OpenHome.Progress(work: "reading the backup", done: $0, all: $1)) })
        try check(restoring, header, key, options)
        // What looking at it left beside it.
        removeDatabase(restoring, onlyBeside: true)
        let hadNote = Folder.exists(folder.headNote)
        if !hadNote { try Folder.replace(folder.headNote, with: Array(header.note.utf8)) }
        try Folder.rename(restoring, to: folder.ledger)
        return RestoredHome(
            path: folder.path, size: header.size, root: header.root, createdAt: header.createdAt,
            needsConfirmation: hadNote && !isKnown(folder, header))
    }

    private static func check(
        _ path: String, _ header: BackupFile.Header, _ key: borrowing MasterKey, _ options: OpenHome.Options
    ) throws {
        let verifier = key.signer(name: header.origin).verifier
        guard let note = SignedNote(header.note), note.isSigned(by: verifier), let checkpoint = note.checkpoint,
            checkpoint.size == header.size
        else { throw Refusal(.failed, "the checkpoint in the backup is not signed with the key of its home") }
        let reader = try LedgerReader(looking: path)
        let found = try reader.verify(
            against: [Witness(checkpoint, name: "the backup's checkpoint")], verifier: verifier
        ) {
            try options.progress(OpenHome.Progress(work: "verifying", done: $0, all: header.size))
        }
        guard found.isIntact, found.entries == header.size else {
            throw Refusal(
                .failed,
                "the ledger in the backup is not whole: \(found.findings.first?.description ?? "entries are missing")",
                hint: "Nothing was restored. Use another backup.")
        }
    }

    /// Whether the head.note that stood there speaks of no more than the backup holds.
    private static func isKnown(_ folder: HomeFolder, _ header: BackupFile.Header) -> Bool {
        let note = (try? HeadNote(path: folder.headNote).text()).flatMap { SignedNote($0) }
        return (note?.checkpoint?.size).map { $0 <= header.size } ?? false
    }

    private static func removeDatabase(_ path: String, onlyBeside: Bool = false) {
        if !onlyBeside { try? Folder.remove(path) }
        for suffix in ["-wal", "-journal", "-shm"] { try? Folder.remove(path + suffix) }
    }
}
