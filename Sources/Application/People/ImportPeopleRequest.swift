import Entries
import ICalendar
import Machine
import Projections
import Providers
import SQLite
import Secrets
import Sync

/// Connects an address book that lies in files, and takes its people over; said again, it takes over what changed.
public struct ImportPeopleRequest: Request {
    public static let name = "import_people"

    public struct Answer: Codable, Sendable {
        public let connection: String
        public let name: String
        /// Where it lies; empty where it was sent.
        public var path: String
        public let wasConnected: Bool
        /// read, suspected or failed.
        public let outcome: String
        public let message: String?
        public let created, changed, gone, absent, unchanged: Int64
        /// Lists of people, which are nobody.
        public let groups: Int64
        public let passedOver: [PassedOver]
        /// How many were known and how many are there, where that looked wrong.
        public let known: Int64?
        public let found: Int64?
        public let followed: Followed
        public let isDryRun: Bool
    }

    public struct PassedOver: Codable, Sendable, Equatable {
        public let reason: String
        public let count: Int64
    }

    public var user: String?
    public var path: String
    public var newName: String?
    public var isDryRun = false
    /// The file is there for this once, so that it is not read by itself.
    var isUploaded = false

    private enum CodingKeys: String, CodingKey { case user, path, newName, isDryRun }

    public init(user: String?, path: String) {
        self.user = user
        self.path = path
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let path = Folder.absolute(path)
        let book = try Self.look(path, home)
        if isDryRun { return try home.inScratch { desk, _ in try take(path, book, viewer, desk, home) } }
        return try take(path, book, viewer, home.desk(), home)
    }

    /// Nothing is stored of what is no address book.
    private static func look(_ path: String, _ home: OpenHome) throws -> FileAddressBook.Found {
        do {
            let found = try FileAddressBook(path: path, mark: home.desk().names.mark).read(since: nil)
            guard let found, found.contacts.contains(where: { !$0.isGroup }) else {
                throw Refusal(
                    .badRequest, "there is nobody in “\(path)”",
                    hint: "Give a .vcf or .csv file with people, or a folder of .vcf files.")
            }
            return found
        } catch let failure as ReadingFailure {
            throw Refusal(
                .badRequest, failure.message.asClause,
                hint: "Give a .vcf or .csv file with people, or a folder of .vcf files.")
        }
    }

    private func take(
        _ path: String, _ book: FileAddressBook.Found, _ viewer: Viewer, _ desk: Desk, _ home: OpenHome
    ) throws -> Answer {
        let (connection, name, wasConnected) = try connect(path, viewer, desk, home)
        var wish = Round.Wish()
        wish.connection = connection
        wish.isFull = true
        wish.zone = viewer.zone
        let summary = try Round(desk, owner: viewer.user, wish).run()
        guard let reading = summary.readings.first?.summary else {
            throw Refusal(.failed, "the address book “\(name)” was connected and not read")
        }
        var outcome = "read"
        var message: String?
        var counts: (Int64, Int64)?
        switch reading.outcome {
        case .read, .unchanged, .skipped: break
        case .suspected(let known, let found): (outcome, counts) = ("suspected", (known, found))
        case .failed(let failure): (outcome, message) = ("failed", failure.message)
        }
        return Answer(
            connection: connection, name: name, path: path, wasConnected: wasConnected, outcome: outcome,
            message: message, created: reading.created, changed: reading.updated, gone: reading.deleted,
            absent: reading.absent, unchanged: reading.unchanged, groups: Int64(book.contacts.count { $0.isGroup }),
            passedOver: Self.passedOver(book), known: counts?.0, found: counts?.1,
            followed: Followed(summary.matched, summary.logged), isDryRun: isDryRun)
    }

    private static func passedOver(_ book: FileAddressBook.Found) -> [PassedOver] {
        Dictionary(grouping: book.problems, by: \.message)
            .map { PassedOver(reason: $0.key, count: Int64($0.value.count)) }
            .sorted { $0.count == $1.count ? $0.reason < $1.reason : $0.count > $1.count }
    }

    private func connect(_ path: String, _ viewer: Viewer, _ desk: Desk, _ home: OpenHome) throws
        -> (id: String, name: String, wasConnected: Bool)
    {
        let account = desk.names.account(viewer.user, provider: "people", path)
        let known = try desk.read { views in
            try views.prepare("SELECT connection, name FROM connection WHERE owner = ? AND account = ?")
                .first(.text(viewer.user), .text(account)) { ($0.text(0), $0.textIfPresent(1) ?? path) }
        }
        if let known { return (known.0, known.1, true) }
        var added = ConnectionAdded()
        added.connection = home.options.randomness.identifier()
        added.provider = .files
        added.subject = .people
        added.account = account
        let names = try ConnectionNames(home, of: viewer)
        added.name = try newName.map(names.wanted) ?? names.free(FileNames.last(path))
        added.path = path
        added.isSyncEnabled = !isUploaded
        try desk.append(added, stream: "connection/\(added.connection)", owner: viewer.user)
        return (added.connection, added.name, false)
    }
}
