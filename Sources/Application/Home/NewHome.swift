import Entries
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
        if folder.hasLedger {
            throw Refusal(
                .conflict, "there is a ledger in \(folder.path) already",
                hint: "Use it as it is, or name another folder with --home.")
        }
        return try OpenHome.explained(folder) {
            try Folder.create(folder.path)
            let lock = try OpenHome.takeLock(folder, options)
            defer { _ = lock.isHeld }
            let key = try KeySource(folder: folder).create(options.randomness)
            do {
                return try write(folder, key, userName, zone, options)
            } catch {
                for suffix in ["", "-wal"] { try? Folder.remove(folder.ledger + suffix) }
                throw error
            }
        }
    }

    private static func write(
        _ folder: HomeFolder, _ key: borrowing MasterKey, _ userName: String, _ zone: String?,
        _ options: OpenHome.Options
    ) throws -> NewHome {
        let origin = "daybook/" + options.randomness.identifier()
        let signer = key.signer(name: origin)
        let writer = try LedgerWriter.create(
            at: folder.ledger, .init(now: options.now, randomness: options.randomness))
        let user = options.randomness.identifier()
        try writer.append(firstEntries(origin, signer.verifier, user: user, userName, zone))
        let note = Checkpoint(origin: origin, size: writer.head.size, root: writer.head.root).signed(by: signer)
        try writer.settle()
        try Folder.replace(folder.headNote, with: Array(note.description.utf8))
        return NewHome(
            path: folder.path, origin: origin, verifierKey: signer.verifier.description, user: user,
            userName: userName)
    }

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
        let actor = Actor.commandLine
        return [
            Draft(opened, stream: "ledger", owner: Draft.home, actor: actor),
            Draft(added, stream: "user/\(user)", owner: user, actor: actor, cause: 1),
        ]
    }
}

/// Who does things, as entries name them.
enum Actor {
    static let commandLine = "command-line"
}
