import Entries
import ICalendar
import Ledger
import Machine
import SQLite
import Secrets

/// Makes a home: the folder, the key, the ledger with its first entries, and the first checkpoint.
public struct NewHome: Codable, Sendable {
    public let path: String
    public let origin: String
    public let verifierKey: String
    public let user: String
    public let userName: String

    /// There must be no ledger yet. Something that goes wrong on the way leaves none behind.
    public static func create(_ folder: HomeFolder, userName: String, zone: String?, _ options: OpenHome.Options) throws
        -> NewHome
    {
        try refuseLedger(folder)
        if let zone, Zones.isPlaced, Zones.book().find(zone) == nil {
            throw Refusal(.badRequest, "there is no time zone “\(zone)”", hint: "As in: --zone Europe/Lisbon")
        }
        return try OpenHome.explained(folder) {
            try Folder.create(folder.path)
            let lock = try OpenHome.takeLock(folder, options)
            defer { _ = lock.isHeld }
            // Somebody else may have made one while we waited for the lock.
            try refuseLedger(folder)
            try refuseHeadOfAnother(folder)
            try refuseOthers(folder)
            try Folder.makePrivate(folder.path)
            let key = try KeySource(folder: folder).create(options.randomness)
            defer { removeUnfinished(folder) }
            return try write(folder, key, userName, zone, options)
        }
    }

    private static func refuseLedger(_ folder: HomeFolder) throws {
        guard folder.hasLedger else { return }
        throw Refusal(
            .conflict, "there is a ledger in \(folder.path) already",
            hint: "Use it as it is, or name another folder with --home.")
    }

    /// A home is a folder of its own: what else lies there would become as private as the ledger, or be taken for a part.
    private static func refuseOthers(_ folder: HomeFolder) throws {
        let others = try Folder.names(in: folder.path).filter { !HomeFolder.isOfHome($0) }
        guard let first = others.first else { return }
        let more = others.count > 1 ? " and \(others.count - 1) more" : ""
        throw Refusal(
            .conflict, "\(folder.path) holds other things: \(first)\(more)",
            hint: "Name a folder that is empty or not there yet, with --home.")
    }

    /// A checkpoint without its ledger says that a ledger was lost. One of no more than the first entries was left by an
    /// init that was cut short.
    private static func refuseHeadOfAnother(_ folder: HomeFolder) throws {
        guard let text = try HeadNote(path: folder.headNote).text() else { return }
        let size = SignedNote(text)?.checkpoint?.size
        if let size, size <= firstEntryCount { return }
        let known = size.map { "knows \($0) entries" } ?? "was left by another"
        throw Refusal(
            .conflict, "there is no ledger in \(folder.path), and the head.note there \(known): its ledger is gone",
            hint: "Put the ledger back, or a backup (“daybook restore”); or name another folder with --home.")
    }

    /// The ledger gets its name when it is whole: a kill before that leaves nothing that looks like one.
    private static func write(
        _ folder: HomeFolder, _ key: borrowing MasterKey, _ userName: String, _ zone: String?,
        _ options: OpenHome.Options
    ) throws -> NewHome {
        let origin = "daybook/" + options.randomness.identifier()
        let signer = key.signer(name: origin)
        let user = options.randomness.identifier()
        let first = firstEntries(origin, signer.verifier, user: user, userName, zone)
        removeUnfinished(folder)
        let note = try writeLedger(folder, first, signer, options)
        try Folder.replace(folder.headNote, with: Array(note.description.utf8))
        try Folder.rename(folder.unfinishedLedger, to: folder.ledger)
        return NewHome(
            path: folder.path, origin: origin, verifierKey: signer.verifier.description, user: user,
            userName: userName)
    }

    /// When it returns, the file is closed and holds everything: its log can go.
    private static func writeLedger(
        _ folder: HomeFolder, _ first: [Draft], _ signer: Signer, _ options: OpenHome.Options
    ) throws -> SignedNote {
        let writer = try LedgerWriter.create(
            at: folder.unfinishedLedger, .init(now: options.now, randomness: options.randomness))
        try writer.append(first)
        try writer.settle()
        return Checkpoint(origin: signer.verifier.name, size: writer.head.size, root: writer.head.root)
            .signed(by: signer)
    }

    private static func removeUnfinished(_ folder: HomeFolder) {
        for suffix in ["", "-wal", "-journal"] { try? Folder.remove(folder.unfinishedLedger + suffix) }
    }

    private static let firstEntryCount: Int64 = 2

    private static func firstEntries(
        _ origin: String, _ verifier: Verifier, user: String, _ userName: String, _ zone: String?
    ) -> [Draft] {
        var opened = LedgerOpened()
        opened.origin = origin
        opened.verifierKey = verifier.description
        var added = UserAdded()
        added.user = user
        added.role = .admin
        added.name = userName
        added.zone = zone
        let actor = Actor.asking
        return [
            Draft(opened, stream: "ledger", owner: Draft.home, actor: actor),
            Draft(added, stream: "user/\(user)", owner: user, actor: actor, cause: 1),
        ]
    }
}
