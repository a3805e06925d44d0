public import Ledger
import Machine
public import SQLite
public import Secrets

/// The views of a home: everything that the projections posted, and nothing that cannot be posted again.
///
/// They lie in `views-N.db`, and `views.current` names the one that counts. A file is built beside the old one and only
/// then named, so that a kill at any moment leaves either the old views or the new ones.
///
/// An erasure in the ledger is followed by posting everything anew: only so are the views after it, to the byte, what a
/// rebuild gives, and only so does no page of them hold what was erased.
public final class Views {
    private let folder: String
    private let projections: [Projection]
    private let reader: LedgerReader
    private var file: ViewsFile
    /// Nil for who only reads what another posts.
    private var follower: Follower?
    /// When the file that is read was named as the one that counts.
    private var knownNaming: Opener.Naming?

    /// Why views were posted anew, in words for people.
    public struct Notice: Sendable, Equatable {
        public let text: String
    }

    public typealias Progress = (_ position: Int64, _ last: Int64) throws -> Void

    /// Opens the views of a folder and brings them up to the end of the ledger. What is missing, damaged, of another
    /// ledger or made by another text of a projection is posted anew.
    public static func open(
        in folder: String, _ projections: [Projection], reader: LedgerReader, progress: Progress = { _, _ in }
    ) throws -> (views: Views, notices: [Notice]) {
        let (file, notices) = try Opener(folder: folder, projections: projections, reader: reader).open(progress)
        let views = Views(folder, projections, reader, file)
        try views.follow(progress)
        return (views, notices)
    }

    /// The views of a folder for somebody beside the one who posts them, in the same process: they are read as they are,
    /// and once other views were put in their place, those are read.
    public static func companion(
        in folder: String, _ projections: [Projection], reader: LedgerReader
    ) throws -> Views {
        let file = try Opener(folder: folder, projections: projections, reader: reader).openForReading()
        return Views(folder, projections, reader, file, follows: false)
    }

    private init(
        _ folder: String, _ projections: [Projection], _ reader: LedgerReader, _ file: ViewsFile, follows: Bool = true
    ) {
        self.folder = folder
        self.projections = projections
        self.reader = reader
        self.file = file
        follower = follows ? Follower(file, projections) : nil
    }

    /// The position up to which everything is posted.
    public func position() throws -> Int64 { try file.mark()?.position ?? 0 }

    public var path: String { file.path }

    /// Posts what was appended since.
    public func follow(_ progress: Progress = { _, _ in }) throws {
        guard let follower else { return try takeCurrent() }
        let last = try reader.lastPosition()
        switch try follower.follow(reader, to: last, progress: { try progress($0, last) }) {
        case .caughtUp: break
        case .metErasure: try rebuild(progress: progress)
        }
        if file.connection.pagesInWAL > Self.pagesBeforeCheckpoint { try file.connection.checkpoint(.passive) }
    }

    private static let pagesBeforeCheckpoint = 4_000

    /// Takes the file that counts now, where it is another one.
    private func takeCurrent() throws {
        let builder = Opener(folder: folder, projections: projections, reader: reader)
        let named = builder.namedAt
        guard named != knownNaming else { return }
        if builder.currentPath != file.path { file = try builder.openForReading() }
        knownNaming = named
    }

    /// Posts everything anew, or only some of the projections, in a file beside the old one, and then takes that.
    public func rebuild(only names: Set<String>? = nil, progress: Progress = { _, _ in }) throws {
        let builder = Opener(folder: folder, projections: projections, reader: reader)
        let fresh = try builder.build(replacing: file, only: names, progress)
        file = fresh
        follower = Follower(fresh, projections)
        try follow(progress)
    }

    /// Reads from the views.
    public func read<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer {
        try file.connection.snapshot { try body(file.connection) }
    }

    /// Puts a copy of the views into another folder, where they are the views of a copy of the ledger.
    public func copy(into folder: String) throws {
        let name = "views-1.db"
        try file.connection.copy(to: "\(folder)/\(name)")
        try Folder.replace(folder + "/views.current", with: Array("\(name)\n".utf8))
    }

    /// Copies what waits in the write-ahead log into the file.
    public func settle() throws { try file.connection.emptyLog() }
}

// MARK: Checking and looking back

extension Views {
    /// One table, as it is and as it should be.
    public struct Comparison: Sendable, Equatable {
        public let projection: String
        public let table: String
        public let rows: Int64
        public let live: Digest
        public let posted: Digest

        public var isEqual: Bool { live == posted }
    }

    /// Posts everything once more into a file that is thrown away, and compares each table with the one in use.
    public func verify(progress: Progress = { _, _ in }) throws -> [Comparison] {
        try file.connection.snapshot { try compare(progress) }
    }

    private func compare(_ progress: Progress) throws -> [Comparison] {
        let position = try position()
        let path = folder + "/views-check.db"
        defer { Self.remove(path) }
        let shadow = try Self.post(projections, reader, into: path, to: position, progress)
        return try projections.flatMap { projection in
            try projection.tables.map { table in
                Comparison(
                    projection: projection.name, table: table.name, rows: try table.count(in: file.connection),
                    live: try table.digest(in: file.connection), posted: try table.digest(in: shadow.connection))
            }
        }
    }

    /// The digest of each table, under its name.
    public func digests() throws -> [String: Digest] {
        var digests: [String: Digest] = [:]
        for table in projections.flatMap(\.tables) { digests[table.name] = try table.digest(in: file.connection) }
        return digests
    }

    /// The views as they were when the ledger ended at a position, in a file for whoever asked.
    public static func post(
        _ projections: [Projection], _ reader: LedgerReader, asOf position: Int64, to path: String,
        progress: Progress = { _, _ in }
    ) throws {
        do {
            _ = try post(projections, reader, into: path, to: position, progress)
        } catch {
            remove(path)
            throw error
        }
    }

    private static func post(
        _ projections: [Projection], _ reader: LedgerReader, into path: String, to position: Int64,
        _ progress: Progress
    ) throws -> ViewsFile {
        remove(path)
        let last = try reader.lastPosition()
        let file = try ViewsFile.create(path: path, as: .scratch, projections, readFrom: last)
        _ = try Follower(file, projections).follow(reader, to: position) { try progress($0, position) }
        return file
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-journal", "-shm"] { try? Folder.remove(path + suffix) }
    }
}
