import Entries
import Ledger
import Machine
import Projections
import SQLite
import Sync

/// What is done once a day: what nobody looks at any more leaves the views, files that were left lying are taken away,
/// and the logs of the files are written back. The ledger keeps everything.
///
/// A view knows no clock, so what leaves it, and before when, is an entry that it follows (`retention.applied`); a rebuild
/// reads the same entries and comes to the same rows. Where nothing would leave, nothing is written.
public struct Cleanup: Codable, Sendable, Equatable {
    /// Meetings that left the views, of all users.
    public var meetings: Int64 = 0
    /// Runs that left the views.
    public var runs: Int64 = 0
    /// Files and folders that were taken away.
    public var files: [String] = []

    private static let day: Int64 = 86_400_000

    /// How long runs are shown; their sums and counts stay.
    static let runDays: Int64 = 30

    /// Younger files may belong to what is just being done.
    static let leftoverMilliseconds: Int64 = 3_600_000

    /// The job. Said again, it does nothing.
    static func run(in home: OpenHome, actor: String = Actor.asking) throws -> Cleanup {
        try home.requireConfirmedHead()
        var cleanup = Cleanup()
        let now = home.options.now()
        let desk = home.desk(actor: actor)
        for user in try home.users() {
            try cleanup.trimMeetings(of: user.user, now, desk)
            try cleanup.trimRuns(of: user.user, now, desk)
        }
        try cleanup.trimRuns(of: Draft.home, now, desk)
        cleanup.sweep(home.folder, now)
        if Folder.exists(home.folder.vault) {
            try OpenHome.explained(home.folder) { try OrphanedSecrets(home: home).sweep() }
        }
        _ = try home.views()
        try home.settle()
        return cleanup
    }

    // MARK: Views

    /// What ended so many days before the widest window of the user's connections: none of them reads it again.
    private mutating func trimMeetings(of owner: String, _ now: Int64, _ desk: Desk) throws {
        let (keep, window) = try desk.read { views in
            (
                try Settings(of: owner, views).number(.keepDays),
                try views.prepare("SELECT MAX(sync_from_days) FROM connection WHERE owner = ?")
                    .first(.text(owner)) { $0.integerIfPresent(0) } ?? nil
            )
        }
        let days = keep + (window ?? Self.usualWindow)
        // Whole days, so that a run at another hour of the day takes the same.
        let before = (now - days * Self.day) / Self.day * Self.day
        let beforeDay = Days.day(of: before)
        let count = try desk.read { views in
            try views.prepare(
                "SELECT COUNT(*) FROM meeting WHERE owner = ?1 AND (ends < ?2 OR last_day < ?3)"
            ).first(.text(owner), .integer(before), .text(beforeDay)) { $0.integer(0) } ?? 0
        }
        guard count > 0 else { return }
        try append(.meetings, before, beforeDay, count, owner, desk)
        meetings += count
    }

    /// That of a connection which says nothing else.
    private static let usualWindow: Int64 = 90

    private mutating func trimRuns(of owner: String, _ now: Int64, _ desk: Desk) throws {
        let before = (now - Self.runDays * Self.day) / Self.day * Self.day
        let count = try desk.read { views in
            try views.prepare("SELECT COUNT(*) FROM run WHERE owner = ? AND started < ?")
                .first(.text(owner), .integer(before)) { $0.integer(0) } ?? 0
        }
        guard count > 0 else { return }
        try append(.jobs, before, nil, count, owner, desk)
        runs += count
    }

    private func append(
        _ subject: RetentionSubject, _ before: Int64, _ beforeDay: String?, _ count: Int64, _ owner: String,
        _ desk: Desk
    ) throws {
        var fact = RetentionApplied()
        (fact.subject, fact.before, fact.beforeDay, fact.removed) = (subject, before, beforeDay, count)
        try desk.append(fact, stream: "retention/\(subject.rawValue)/\(owner)", owner: owner)
    }

    // MARK: Files

    /// What a kill left in the home, and views that were replaced while somebody still read them.
    private mutating func sweep(_ folder: HomeFolder, _ now: Int64) {
        let names = (try? Folder.names(in: folder.path)) ?? []
        let current = (try? Folder.read(folder.path + "/views.current", limit: 256)).map {
            String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }
        }
        for name in names {
            let path = folder.path + "/" + name
            let isOldView = name.hasPrefix("views-") && current.map { !$0.isEmpty && !name.hasPrefix($0) } == true
            guard HomeFolder.isUnfinished(name) || isOldView, let facts = Folder.facts(path),
                now - facts.changedAt > Self.leftoverMilliseconds
            else { continue }
            do {
                if Folder.isFolder(path) { try Folder.removeFolder(path) } else { try Folder.remove(path) }
                files.append(name)
            } catch {
                // It is tried again tomorrow, and the doctor names it meanwhile.
            }
        }
    }
}
