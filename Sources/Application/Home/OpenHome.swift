public import Entries
import HTTP
public import Ledger
import Machine
public import Projections
import SQLite
public import Secrets
import Sync
public import Vault

/// A home that this process owns: its ledger, its views and its key. Requests are answered in it, one at a time.
///
/// A companion is a second way into the same home in the same process, for requests that only read: its connections
/// cannot write, so that any number of companions answer beside the owner, each on a thread of its own.
public final class OpenHome {
    public struct Options: Sendable {
        /// Where the projections are read from; nil takes those that are part of the program.
        public var projections: String?
        public var lockWaitMilliseconds = 500
        public var purpose = "daybook"
        public var now: @Sendable () -> Int64 = { Moment.now() }
        public var randomness = Randomness.system
        /// Hears of long work: what it is, how far it is, and how far it will go. If it throws, the work ends cleanly.
        public var network = Network.system
        /// Where passwords are hashed.
        public var passwords = PasswordDesk.shared
        public var progress: @Sendable (Progress) throws -> Void = { _ in }
        /// Lets others work in the home who wait for it; true if somebody did.
        public var pause: @Sendable () -> Bool = { false }

        public init() {}
    }

    public struct Progress: Codable, Sendable, Equatable {
        public let work: String
        public let done: Int64
        public let all: Int64
    }

    public let folder: HomeFolder
    let options: Options
    private let hold: Hold
    public let signer: Signer
    private(set) var backupKey: BackupKey
    private var vaultKey: VaultKey
    private var openedVault: Vault?
    /// Who may come in, once somebody asked.
    var openedAccess: AccessBook?
    /// What sends, for each set of rules.
    var transports: [Network.Rules: any Transport] = [:]
    /// What is being read now: a token that is renewed by two at once is lost, so each has one reader at a time.
    var connectionsInUse: Set<String> = []
    /// Who takes what providers send.
    public var push = PushHooks()
    /// How often each account at each server is asked, whichever connection asks.
    let rate: RateLimit
    public let nameMaker: NameMaker
    private(set) var headState: HeadNote.State
    private var knownHeadText: String?
    private var openViews: Views?
    var remembered = Remembered()
    /// What was appended since is the only thing that closing could fail.
    private let sizeAtOpening: Int64
    /// What the person should know that is no error: views that were posted anew, a home that waits for a word.
    public private(set) var notices: [String] = []

    /// Opens the home, or says why it cannot be: nothing is changed before everything was looked at.
    public init(_ folder: HomeFolder, _ options: Options) throws {
        self.folder = folder
        self.options = options
        rate = RateLimit(perMinute: Self.requestsPerMinute, burst: Self.requestsPerMinute / 4, now: options.now)
        guard folder.hasLedger else { throw Refusal.noLedger(folder) }
        let lock = try Self.takeLock(folder, options)
        folder.sweep()
        try Self.explained(folder) { try KeyRotation.settle(folder) }
        let key = try KeySource(folder: folder).load()
        let writer = try Self.explained(folder) {
            do {
                return try LedgerWriter(
                    path: folder.ledger, .init(now: options.now, randomness: options.randomness))
            } catch let error as SQLiteError where error.kind == .corrupt || error.kind == .notADatabase {
                throw UnusableLedger.damaged(path: folder.ledger, reason: error.message)
            }
        }
        hold = .owner(writer, Held(lock))
        sizeAtOpening = writer.head.size
        signer = try Self.signer(key, writer.reader, folder)
        (backupKey, vaultKey) = (key.backupKey(), key.vaultKey())
        nameMaker = key.nameMaker()
        let note = HeadNote(path: folder.headNote)
        knownHeadText = try Self.explained(folder) { try note.text() }
        headState = try Self.explained(folder) { [reader = writer.reader, verifier = signer.verifier] in
            try note.state(reader, verifier: verifier)
        }
        if let warning = headWarning { notices.append(warning) }
        if Folder.exists(folder.vault) { lookIntoVault() }
    }

    /// A companion of the one who owns the home.
    public init(companionOf owner: OpenHome) throws {
        (folder, options, rate) = (owner.folder, owner.options, owner.rate)
        (signer, backupKey, vaultKey, nameMaker) = (owner.signer, owner.backupKey, owner.vaultKey, owner.nameMaker)
        hold = .companion(try LedgerReader(path: folder.ledger))
        (headState, sizeAtOpening) = (owner.headState, 0)
    }

    /// How the home is held: by its one owner, or by somebody beside him.
    private enum Hold {
        case owner(LedgerWriter, Held)
        case companion(LedgerReader)
    }

    /// The lock lives as long as what it stands in.
    private final class Held {
        private let lock: Lock
        init(_ lock: consuming Lock) { self.lock = lock }
    }

    public var isCompanion: Bool { if case .companion = hold { true } else { false } }

    /// The one who writes; a companion has none.
    public var writer: LedgerWriter {
        get throws {
            guard case .owner(let writer, _) = hold else {
                throw Refusal(.failed, "this was asked of somebody who may only read")
            }
            return writer
        }
    }

    /// How many entries there are, and the root over them.
    public var head: (size: Int64, root: Digest) {
        get throws {
            switch hold {
            case .owner(let writer, _): return writer.head
            case .companion(let reader):
                let frontier = try reader.frontier()
                return (frontier.size, frontier.root)
            }
        }
    }

    /// Of one account at one server: half of what Google allows a user, and more than a reading needs.
    private static let requestsPerMinute = 300

    private static let servicePurpose = "daybook serve"

    static func takeLock(_ folder: HomeFolder, _ options: Options) throws -> Lock {
        do {
            return try Lock.take(
                folder.lock, purpose: options.purpose, waitingMilliseconds: options.lockWaitMilliseconds)
        } catch let holder as Lock.Holder {
            let who = holder.process.map { "process \($0)" } ?? "another process"
            let what = holder.purpose.isEmpty ? "" : " (\(holder.purpose))"
            // Whoever finds a service asks it, so this one cannot be found.
            let isHidden = holder.purpose == servicePurpose && !Folder.exists(folder.socket)
            throw Refusal(
                .locked, "\(folder.path) is in use by \(who)\(what)",
                hint: isHidden
                    ? "Its socket is gone, so it cannot be asked: start it anew, as with systemctl restart daybook."
                    : "Wait until it ends, or let it go on: --lock-wait SECONDS waits for it.")
        } catch let error as MachineError {
            throw Refusal.machine(error, folder)
        }
    }

    /// The key must be the one with which this ledger has been signed from its first entry on.
    private static func signer(_ key: borrowing MasterKey, _ reader: LedgerReader, _ folder: HomeFolder) throws
        -> Signer
    {
        let opened = try reader.entry(1).map { try LedgerOpened($0.content) }
        guard let opened else {
            throw Refusal(
                .unusableHome, "the ledger in \(folder.path) has no first entry: its making was cut short",
                hint: "Nothing was recorded in it yet. Remove the folder and run “daybook init” again.")
        }
        let signer = key.signer(name: opened.origin)
        guard signer.verifier.description == opened.verifierKey else {
            throw Refusal(
                .wrongKey, "the master key is not that of the ledger in \(folder.path)",
                hint:
                    "Put back the key that “daybook init” made for this home, or name it with DAYBOOK_MASTER_KEY_FILE.")
        }
        return signer
    }

    /// Turns what SQLite or the machine says of a home into words for its owner.
    public static func explained<Answer>(_ folder: HomeFolder, _ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let error as UnusableLedger {
            throw Refusal.unusable(error)
        } catch let error as VaultFault {
            throw Refusal.vault(error)
        } catch let error as SQLiteError {
            throw Refusal.sqlite(error, folder)
        } catch let error as PostingError {
            throw Refusal.posting(error)
        } catch let error as MachineError where !error.isBrokenPipe {
            throw Refusal.machine(error, folder)
        } catch is ReadingStopped {
            throw Refusal(.interrupted, "stopped while reading", hint: "Nothing was lost. Run it again to go on.")
        }
    }

    public var reader: LedgerReader {
        switch hold {
        case .owner(let writer, _): writer.reader
        case .companion(let reader): reader
        }
    }

    func report(_ work: String) -> (Int64, Int64) throws -> Void {
        { [progress = options.progress] done, all in try progress(Progress(work: work, done: done, all: all)) }
    }
}

// MARK: Views

extension OpenHome {
    func projections() throws -> [Projection] {
        do {
            if options.projections == nil { return try .embedded() }
            return try [Projection](checking: options.projectionFiles())
        } catch let error as ProjectionError {
            throw Refusal(
                .badRequest, "a projection cannot be used: \(error)",
                hint: "Mend the file; the views in use were left as they are.")
        } catch let error as MachineError {
            throw Refusal(.badRequest, "the projections cannot be read: \(error)", hint: "Name a folder of .sql files.")
        }
    }

    /// The views, up to the end of the ledger.
    public func views() throws -> Views {
        if let openViews {
            try openViews.follow(report("posting"))
            return openViews
        }
        let projections = try projections()
        if isCompanion {
            let views = try Self.explained(folder) { try Views.companion(in: folder.path, projections, reader: reader) }
            openViews = views
            return views
        }
        let (views, notices) = try Self.explained(folder) {
            try Views.open(in: folder.path, projections, reader: reader, progress: report("posting"))
        }
        self.notices += notices.map(\.text)
        openViews = views
        return views
    }
}

// MARK: The vault

extension OpenHome {
    /// The passwords and tokens of this home. The file is made when it is first asked for.
    public func vault() throws -> Vault {
        if let openedVault { return openedVault }
        let vault = try Self.explained(folder) {
            try Vault.open(path: folder.vault, key: vaultKey, randomness: options.randomness, now: options.now)
        }
        openedVault = vault
        return vault
    }

    /// A vault that cannot be used keeps nobody from the ledger, but is told at once.
    private func lookIntoVault() {
        do {
            try recordRotations()
            try Self.explained(folder) { try OrphanedSecrets(home: self).sweepRemoved() }
        } catch {
            let refusal = error as? Refusal ?? Refusal(.failed, "\(error)")
            warn([refusal.message, refusal.hint].compactMap(\.self).joined(separator: ". "))
        }
    }

    /// Writes down changes of the key that only the vault knows of, as after a kill. Answers where the last one stands.
    @discardableResult
    func recordRotations() throws -> Int64? {
        let vault = try vault()
        if headWarning != nil { return nil }
        var position: Int64?
        for rotation in try Self.explained(folder, { try vault.unrecordedRotations() }) {
            var fact = KeyRotated()
            fact.purpose = .vault
            (fact.keyID, fact.previousKeyID) = (rotation.keyID, rotation.previousKeyID)
            fact.rewrapped = Int64(rotation.rewrapped)
            // Twice the same is one entry, so that it does not matter where a kill came.
            let key = Array(SHA256.hash(Array("key.rotated \(rotation.keyID)".utf8)).bytes.prefix(16))
            let draft = Draft(fact, stream: "ledger", owner: Draft.home, actor: Actor.asking, key: key)
            position = try append([draft])[0].position
            try Self.explained(folder) { try vault.rotationIsRecorded(rotation) }
        }
        return position
    }

    /// Goes on with the key to which the vault was just rotated.
    func adopt(_ key: borrowing MasterKey) { (backupKey, vaultKey) = (key.backupKey(), key.vaultKey()) }
}

// MARK: Writing

extension OpenHome {
    /// What stands between this home and writing to it; nil if nothing does.
    var headWarning: String? {
        guard case .owner(let writer, _) = hold else { return nil }
        let size = writer.head.size
        let next = "Nothing is written to it before you have said that it is the right one: daybook checkpoint --accept"
        switch headState {
        case .fits: return nil
        case .missing:
            return
                "head.note, the newest checkpoint, is missing, so nobody can tell whether this ledger is whole. \(next)"
        case .unreadable(let reason): return "head.note cannot be used: \(reason). \(next)"
        case .ahead(let checkpoint):
            return "the ledger ends at entry \(size), and head.note knows \(checkpoint.size): its end was cut off, or "
                + "an older copy was put back. \(next)"
        case .differs(let checkpoint):
            return "the first \(checkpoint.size) entries are not those that head.note was signed for. \(next)"
        }
    }

    public func requireConfirmedHead() throws {
        guard let warning = headWarning else { return }
        throw Refusal(.notConfirmed, warning, hint: "Look first: daybook verify")
    }

    @discardableResult
    public func append(_ drafts: [Draft]) throws -> [Receipt] {
        try requireConfirmedHead()
        do {
            let receipts = try Self.explained(folder) { try writer.append(drafts) }
            followUsers(drafts)
            return receipts
        } catch let error as AppendError {
            throw Self.refusal(error, folder)
        }
    }

    /// Appends for many at once, in one transaction. Who is refused is told so, and the others are written.
    public func append(requests: [[Draft]]) throws -> [Result<[Receipt], Refusal>] {
        try requireConfirmedHead()
        do {
            let answers = try Self.explained(folder) { [folder] in
                try writer.append(requests: requests).map { $0.mapError { Self.refusal($0, folder) } }
            }
            followUsers(requests.flatMap(\.self))
            return answers
        } catch let error as AppendError {
            throw Self.refusal(error, folder)
        }
    }

    private static func refusal(_ error: AppendError, _ folder: HomeFolder) -> Refusal {
        if case .stopped(let failure) = error { return Refusal.sqlite(failure, folder) }
        return Refusal(.conflict, error.description)
    }

    /// After an error of the disk: opens everything again, and looks at what the disk really holds. True if all is well.
    public func recover() -> Bool {
        guard case .owner(let writer, _) = hold else { return true }
        do {
            if !writer.isUsable {
                try writer.reopen()
                openViews = nil
                openedVault = nil
            }
            _ = try views()
            return true
        } catch {
            openViews = nil
            return false
        }
    }

    /// Leaves the home as it is left at the end, and goes on: the head signed, the logs copied into the files.
    public func tidy() throws {
        if case .fits(let checkpoint) = headState, checkpoint.size != (try head.size) {
            _ = try Self.explained(folder) { try signHead() }
        }
        try settle()
    }

    /// Copies into the files what waits in their logs.
    func settle() throws {
        try Self.explained(folder) {
            try writer.settle()
            try openedVault?.settle()
            try openViews?.settle()
        }
    }

    /// Signs the ledger as it stands, and puts the checkpoint into `head.note`.
    @discardableResult
    func signHead() throws -> SignedNote {
        let (size, root) = try head
        let note = Checkpoint(origin: signer.verifier.name, size: size, root: root).signed(by: signer)
        try HeadNote(path: folder.headNote).replace(knownHeadText, with: note)
        knownHeadText = note.description
        headState = .fits(Checkpoint(origin: signer.verifier.name, size: size, root: root))
        return note
    }

    /// Leaves the home in order: the head signed, the logs of the files copied into them. What was acknowledged is safe
    /// without it, and who only read has his answer.
    public func close() throws {
        guard case .owner(let writer, _) = hold else { return }
        do {
            try Self.explained(folder) {
                if case .fits(let checkpoint) = headState, checkpoint.size != writer.head.size { try signHead() }
                try writer.settle()
                try keepUses()
                try openedVault?.settle()
                try openViews?.settle()
            }
        } catch let refusal as Refusal where refusal.kind == .diskFull && writer.head.size == sizeAtOpening {
            warn(refusal.message)
        }
    }

    func warn(_ text: String) {
        if !notices.contains(text) { notices.append(text) }
    }
}
