import Entries
import Ledger
import Matching
import Projections
import SQLite
import Sync

/// Changes how a connection is read, and whether its meetings are logged by themselves.
public struct ChangeConnectionRequest: Request {
    public static let name = "change_connection"

    public struct Changed: Codable, Sendable {
        public let connection: ConnectionsRequest.Shown
        /// The names of the fields that are different now.
        public let changed: [String]
        public let followed: Followed
    }

    public var user: String?
    public var connection: String
    public var newName: String?
    public var email: String?
    public var fromDays: Int64?
    public var toDays: Int64?
    /// How many minutes lie between two readings.
    public var minutes: Int64?
    /// Whether it is read by itself.
    public var isSyncEnabled: Bool?
    public var isAutoLogEnabled: Bool?
    /// Past meetings are logged as well, not only those that end from now on.
    public var isBackfill = false
    public var keepsPrivate: Bool?
    /// The version that the one who asks has seen; a change since then refuses this one.
    public var seenVersion: Int64?

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Changed {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        let known = try ConnectionsRequest.one(id, of: viewer, home)
        try fromDays.map { try Ranges.require($0, in: 0...365, "from-days") }
        try toDays.map { try Ranges.require($0, in: 0...365, "to-days") }
        try minutes.map { try Ranges.require($0, in: 5...1_440, "every") }
        if newName?.isEmpty == true { throw Refusal(.badRequest, "the name of the connection is empty") }
        if let newName { _ = try ConnectionNames(home, of: viewer, but: id).wanted(newName) }
        let (fact, fields) = try change(of: known, home)
        let desk = home.desk()
        try ConnectionWriting(home, known).append(fields.isEmpty ? nil : fact, seen: seenVersion, viewer)
        return Changed(
            connection: try ConnectionsRequest.one(id, of: viewer, home), changed: fields,
            followed: fields.contains("auto_log") ? try desk.follow(viewer.user) : Followed())
    }

    private func change(of known: ConnectionsRequest.Shown, _ home: OpenHome) throws -> (ConnectionChanged, [String]) {
        var changed = ConnectionChanged()
        changed.connection = known.connection
        var fields: [String] = []
        func set<Field: Equatable>(
            _ name: String, _ new: Field?, _ old: Field?, _ path: WritableKeyPath<ConnectionChanged, Field?>
        ) {
            guard let new, new != old else { return }
            changed[keyPath: path] = new
            fields.append(name)
        }
        set("name", newName, known.name, \.name)
        set("email", try email.map { try MailAddress.required($0).text }, known.email, \.email)
        set("from_days", fromDays, known.fromDays, \.syncFromDays)
        set("to_days", toDays, known.toDays, \.syncToDays)
        set("minutes", minutes, known.minutes, \.syncFrequencyMinutes)
        set("sync", isSyncEnabled, known.isSyncEnabled, \.isSyncEnabled)
        let policy = keepsPrivate.map { $0 ? PrivatePolicy.full : .busyOnly }
        set("private", policy, known.keepsPrivate ? .full : .busyOnly, \.privatePolicy)
        set("auto_log", isAutoLogEnabled, known.isAutoLogEnabled, \.isAutoLogEnabled)
        let isOn = isAutoLogEnabled ?? known.isAutoLogEnabled
        if isBackfill {
            guard isOn else {
                throw Refusal(
                    .badRequest, "past meetings are logged only where meetings are logged by themselves",
                    hint: "Add --auto-log on")
            }
            if known.autoLogFrom != nil { changed.cleared.append("auto_log_from") }
            if known.autoLogFrom != nil, !fields.contains("auto_log") { fields.append("auto_log") }
        } else if changed.isAutoLogEnabled == true {
            // What ended while it was off was left alone on purpose.
            changed.autoLogFrom = home.options.now()
        }
        return (changed, fields)
    }
}

/// Stops a connection from being read by itself, or lets it be read again.
public struct PauseConnectionRequest: Request {
    public static let name = "pause_connection"

    public struct Changed: Codable, Sendable {
        public let connection: ConnectionsRequest.Shown
        public let isChanged: Bool
    }

    public var user: String?
    public var connection: String
    public var isPaused: Bool
    public var note: String?
    public var seenVersion: Int64?

    public init(user: String?, connection: String, isPaused: Bool) {
        self.user = user
        self.connection = connection
        self.isPaused = isPaused
    }

    public func answer(in home: OpenHome) throws -> Changed {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        let known = try ConnectionsRequest.one(id, of: viewer, home)
        let writing = ConnectionWriting(home, known)
        if known.isPaused == isPaused { return Changed(connection: known, isChanged: false) }
        if isPaused {
            var paused = ConnectionPaused()
            paused.connection = id
            paused.note = note
            try writing.append(paused, seen: seenVersion, viewer)
        } else {
            var resumed = ConnectionResumed()
            resumed.connection = id
            try writing.append(resumed, seen: seenVersion, viewer)
        }
        return Changed(connection: try ConnectionsRequest.one(id, of: viewer, home), isChanged: true)
    }
}

/// Removes a connection. Its calendars leave the views; what was logged and noted stays.
public struct RemoveConnectionRequest: Request {
    public static let name = "remove_connection"

    public struct Removed: Codable, Sendable {
        public let connection: ConnectionsRequest.Shown
        /// Meetings that no other calendar shows.
        public let meetings: Int64
        /// Activities of these meetings, which stay.
        public let activities: Int64
        public let isDryRun: Bool
        /// What became of the grant that opened it; nil where there was none.
        public let grant: GrantEnd?
    }

    public var user: String?
    public var connection: String
    public var isDryRun = false
    public var seenVersion: Int64?

    public init(user: String?, connection: String) {
        self.user = user
        self.connection = connection
    }

    public func answer(in home: OpenHome) throws -> Removed {
        let viewer = try home.viewer(user)
        let id = try home.connection(connection, of: viewer)
        var known = try ConnectionsRequest.one(id, of: viewer, home)
        let counts = try home.views().read { views in
            try views.prepare(
                """
                SELECT COUNT(*), COALESCE(SUM((
                    SELECT COUNT(*) FROM activity
                    WHERE activity.meeting = leaving.meeting AND activity.retracted IS NULL)), 0)
                FROM (
                    SELECT DISTINCT gone.meeting AS meeting FROM meeting_sighting AS gone
                    WHERE gone.connection = ?1 AND gone.withdrawn IS NULL AND NOT EXISTS (
                        SELECT 1 FROM meeting_sighting AS kept
                        WHERE kept.meeting = gone.meeting AND kept.connection <> ?1 AND kept.withdrawn IS NULL)
                ) AS leaving
                """
            ).first(.text(id)) { ($0.integer(0), $0.integer(1)) }
        }
        var grant: GrantEnd?
        if !isDryRun {
            try ConnectionWriting(home, known).check(seenVersion)
            try home.stopWatches(of: id)
            // Its token may have been renewed for that.
            known = try ConnectionsRequest.one(id, of: viewer, home)
            let writing = ConnectionWriting(home, known)
            let ending = GrantEnding(known, of: viewer, home)
            let isElsewhere = known.provider != Provider.files.rawValue
            try writing.append(Self.entries(id, isElsewhere: isElsewhere, viewer, home.desk()))
            // A kill before this leaves secrets of what is gone, which the next opening of the home destroys.
            if isElsewhere { try home.secrets(viewer.user, id).destroy() }
            grant = ending?.run()
        }
        return Removed(
            connection: known, meetings: counts?.0 ?? 0, activities: counts?.1 ?? 0, isDryRun: isDryRun,
            grant: grant)
    }

    private static func entries(_ id: String, isElsewhere: Bool, _ viewer: Viewer, _ desk: Desk) -> [Draft] {
        var destroyed = CredentialDestroyed()
        destroyed.connection = id
        destroyed.reason = .connectionRemoved
        var removed = ConnectionRemoved()
        removed.connection = id
        removed.reason = .byHand
        let stream = "connection/\(id)"
        let removal = desk.draft(removed, stream: stream, owner: viewer.user)
        return isElsewhere ? [desk.draft(destroyed, stream: stream, owner: viewer.user), removal] : [removal]
    }
}

/// Writes down a decision about a connection, unless somebody else decided since it was looked at.
struct ConnectionWriting {
    private let home: OpenHome
    private let known: ConnectionsRequest.Shown

    init(_ home: OpenHome, _ known: ConnectionsRequest.Shown) {
        self.home = home
        self.known = known
    }

    func append<SomeFact: Fact>(_ fact: SomeFact?, seen: Int64?, _ viewer: Viewer) throws {
        try check(seen)
        guard let fact else { return }
        // Readings of an address book stand in the same stream, so its end is further on than the last change.
        let stream = "connection/\(known.connection)"
        let version = try home.reader.version(of: stream)
        try home.desk().append(fact, stream: stream, owner: viewer.user, expectedVersion: version + 1)
    }

    /// Several entries, all of them or none.
    func append(_ drafts: [Draft]) throws { try home.desk().append(drafts) }

    func check(_ seen: Int64?) throws {
        if let seen, seen != known.version {
            throw Refusal(
                .conflict,
                "“\(known.name ?? known.connection)” was changed since you looked: it is version \(known.version) now, "
                    + "not \(seen)", hint: "Look again, and then change it: daybook connections show")
        }
    }
}
