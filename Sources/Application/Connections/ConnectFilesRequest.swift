import Entries
import Machine
import Projections
import Providers
import SQLite
import Secrets
import Sync

/// Connects calendars that lie in files. What is there is looked at first; nothing is stored of what cannot be read.
public struct ConnectFilesRequest: Request {
    public static let name = "connect_files"

    public struct Connected: Codable, Sendable {
        public let connection: String
        public let name: String
        public let path: String
        public let calendars: [Holding]
        /// It was connected already, and nothing of it was changed but its address, where another one was given.
        public let wasConnected: Bool
        public let isEmailChanged: Bool
        /// What was said of it besides and is otherwise, by the names of the fields.
        public let notApplied: [String]
    }

    public struct Holding: Codable, Sendable {
        public let calendar: String
        public let name: String
        public let path: String
        public let events: Int
    }

    public var user: String?
    public var path: String
    public var terms = ConnectionTerms()
    public var isDryRun = false

    public init(path: String) { self.path = path }

    public func answer(in home: OpenHome) throws -> Connected {
        let viewer = try home.viewer(user)
        try terms.check()
        let path = Folder.absolute(path)
        let found = try Self.look(path)
        let desk = home.desk()
        let account = desk.names.account(viewer.user, provider: "files", path)
        if let id = try connected(account, viewer, home) {
            let known = try ConnectionsRequest.one(id, of: viewer, home)
            let differing = terms.differing(from: known)
            if let email = terms.email, differing.contains("email"), !isDryRun {
                try tellEmail(email, id, viewer, desk)
            }
            return Connected(
                connection: id, name: known.name ?? "", path: path, calendars: calendars(found, account, desk),
                wasConnected: true, isEmailChanged: differing.contains("email") && !isDryRun,
                notApplied: differing.filter { $0 != "email" })
        }
        let connection = home.options.randomness.identifier()
        var added = ConnectionAdded()
        added.connection = connection
        added.provider = .files
        added.account = account
        let names = try ConnectionNames(home, of: viewer)
        added.name =
            try terms.name.map(names.wanted) ?? names.free(found.count == 1 ? found[0].name : FileNames.last(path))
        added.path = path
        terms.apply(to: &added, now: home.options.now(), usual: try home.usualMinutes())
        var drafts = [desk.draft(added, stream: "connection/\(connection)", owner: viewer.user)]
        for calendar in found {
            drafts += CalendarEntries(desk: desk, owner: viewer.user, connection: connection, account: account)
                .found(FoundCalendar(calendar), isChosen: true)
        }
        if !isDryRun { try desk.append(drafts) }
        return Connected(
            connection: connection, name: added.name, path: path, calendars: calendars(found, account, desk),
            wasConnected: false, isEmailChanged: false, notApplied: [])
    }

    /// An address that is given later is the user's own from then on.
    private func tellEmail(_ email: String, _ connection: String, _ viewer: Viewer, _ desk: Desk) throws {
        var changed = ConnectionChanged()
        changed.connection = connection
        changed.email = email.lowercased()
        try desk.append(changed, stream: "connection/\(connection)", owner: viewer.user)
    }

    static func look(_ path: String) throws -> [FileCalendar] {
        do {
            return try FileCalendar.discover(path)
        } catch let failure as ReadingFailure {
            throw Refusal(
                .badRequest, failure.message.asClause,
                hint: "Give the path of an .ics file, or of a folder that holds such files.")
        }
    }

    private func connected(_ account: String, _ viewer: Viewer, _ home: OpenHome) throws -> String? {
        try home.views().read { views in
            try views.prepare("SELECT connection FROM connection WHERE owner = ? AND account = ?")
                .first(.text(viewer.user), .text(account)) { $0.text(0) }
        }
    }

    private func calendars(_ found: [FileCalendar], _ account: String, _ desk: Desk) -> [Holding] {
        found.map {
            Holding(
                calendar: desk.names.calendar(account: account, path: $0.path), name: $0.name, path: $0.path,
                events: $0.events)
        }
    }
}

enum FileNames {
    static func last(_ path: String) -> String { String(path.split(separator: "/").last ?? "calendars") }
}

/// Numbers that have a range, refused with their name and the range.
enum Ranges {
    static func require(_ value: Int64, in range: ClosedRange<Int64>, _ field: String) throws {
        guard range.contains(value) else {
            throw Refusal(
                .badRequest, "\(field) is \(value), and can be \(range.lowerBound) to \(range.upperBound)", field: field
            )
        }
    }
}

extension String {
    /// A sentence as it stands behind “daybook:”: without its capital and its full stop, where they are only that.
    var asClause: String {
        guard let first, hasSuffix(".") else { return self }
        let rest = dropFirst().dropLast()
        return (first.isUppercase && rest.first?.isLowercase == true ? first.lowercased() : String(first)) + rest
    }
}
