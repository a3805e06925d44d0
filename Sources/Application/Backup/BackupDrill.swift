import Entries
import Ledger
import Machine
import Projections
import SQLite
import Secrets

/// Restores a backup into a folder of its own, looks through all of it, and takes the folder away: whether it would
/// serve on the day when it is needed. The home itself is not opened, so this works while a service owns it.
public struct BackupDrill: Codable, Sendable {
    public let path: String
    /// Entries in the backup, and entries that came out of it.
    public let size: Int64
    public let entries: Int64
    public let root: String
    public let createdAt: Int64
    /// Up to where the views could be posted.
    public let viewsPosition: Int64
    public let restoreMilliseconds: Int64
    public let milliseconds: Int64
    /// What is wrong; nothing if the backup is good.
    public let problems: [String]

    public var isGood: Bool { problems.isEmpty }

    /// - Parameters:
    ///   - folder: whose key it is, where that lies in the home.
    ///   - place: the folder in which room is made for it; the ledger lies there in clear for as long as it takes.
    public static func run(
        _ backup: String, of folder: HomeFolder, keyFile: String?, in place: String, _ options: OpenHome.Options
    ) throws -> BackupDrill {
        let began = options.now()
        let path = "\(Folder.absolute(place))/daybook-drill-\(Randomness.system.identifier())"
        defer { try? Folder.removeFolder(path) }
        try OpenHome.explained(folder) { try Folder.create(path) }
        let origin = KeySource(folder: folder).origin
        let restored: RestoredHome
        do {
            restored = try RestoredHome.restore(
                backup, into: HomeFolder(path), keyFile: keyFile ?? (origin.isHome ? folder.masterKey : nil), options)
        } catch let refusal as Refusal where refusal.kind == .failed || refusal.kind == .unusableHome {
            return BackupDrill(
                path: backup, size: 0, entries: 0, root: "", createdAt: 0, viewsPosition: 0, restoreMilliseconds: 0,
                milliseconds: options.now() - began, problems: [refusal.message])
        }
        let afterRestore = options.now()
        var problems: [String] = []
        var entries: Int64 = 0
        var position: Int64 = 0
        do {
            let home = try OpenHome(HomeFolder(path), options)
            let verified = try VerifyRequest(kept: [], withViews: true).answer(in: home)
            entries = verified.entries
            position = try home.views().position()
            problems += verified.findings.map { [$0.position.map { "entry \($0): " } ?? "", $0.problem].joined() }
            if let problem = verified.viewsProblem { problems.append(problem) }
            problems += verified.views.filter { !$0.isEqual }.map { "the view \($0.table) differs when posted anew" }
        } catch let refusal as Refusal {
            problems.append(refusal.message)
        }
        if entries != restored.size { problems.append("\(entries) entries came out, and \(restored.size) went in") }
        if position != entries { problems.append("the views reach entry \(position) of \(entries)") }
        return BackupDrill(
            path: backup, size: restored.size, entries: entries, root: restored.root, createdAt: restored.createdAt,
            viewsPosition: position, restoreMilliseconds: afterRestore - began, milliseconds: options.now() - began,
            problems: problems)
    }
}
