import Entries
import ICalendar
import Ledger
import Machine
import Projections
import SQLite
import Secrets
import Vault

/// Looks a home over, also one that cannot be opened, and says of each thing whether it is well and what to do if not.
/// It changes nothing that could be lost: views that are missing are posted, as whoever opens the home would do.
public struct Doctor {
    public struct Check: Codable, Sendable, Equatable {
        public enum State: String, Codable, Sendable, CaseIterable { case ok, warning, failure }

        public let name: String
        public let state: State
        public let finding: String
        /// What to type, or to do.
        public let remedy: String?
    }

    let folder: HomeFolder
    let options: OpenHome.Options
    let user: String?
    private var checks: [Check] = []
    /// How whoever asks reads times, as soon as that can be known.
    private var clock = UserClock(zone: nil)

    /// - Parameter user: who asks; nil is the first user of the home.
    public static func look(at folder: HomeFolder, _ options: OpenHome.Options, user: String? = nil) -> [Check] {
        var doctor = Doctor(folder: folder, options: options, user: user)
        doctor.look()
        return doctor.checks
    }

    /// What the owner of a home sees in it.
    static func look(inside home: OpenHome, user: String?) -> [Check] {
        var doctor = Doctor(folder: home.folder, options: home.options, user: user)
        doctor.look(inside: home)
        return doctor.checks
    }

    private init(folder: HomeFolder, options: OpenHome.Options, user: String?) {
        self.folder = folder
        self.options = options
        self.user = user
    }

    func time(_ instant: Int64) -> String { "\(clock.text(instant)) \(clock.zoneName(at: instant))" }

    mutating func note(_ name: String, _ state: Check.State, _ finding: String, _ remedy: String? = nil) {
        checks.append(Check(name: name, state: state, finding: finding, remedy: remedy))
    }

    private mutating func look() {
        lookAtProgram()
        lookAtUser()
        lookAtZones()
        guard lookAtFolder() else { return }
        lookAtModes()
        lookAtOwners()
        lookAtDisk()
        lookAtLogs()
        lookAtLeftovers()
        lookAtProjections()
        let isServed = lookAtService()
        if isServed { askService() } else { lookInside() }
    }

    private mutating func lookAtUser() {
        if ThisProcess.user == 0 {
            note(
                "user", .warning, "running as root, which it has no need of",
                "Run it as a user of its own who owns the home.")
        } else {
            note("user", .ok, "not root")
        }
    }

    private mutating func lookAtZones() {
        guard Zones.book().named("Europe/Berlin") != nil else {
            return note(
                "time zones", .failure, "\(Zones.folder) holds no time zones, so times cannot be told",
                "apt-get install tzdata, or name a folder of zones with TZDIR.")
        }
        note("time zones", .ok, Zones.version.map { "\(Zones.folder), version \($0)" } ?? Zones.folder)
    }

    private mutating func lookAtFolder() -> Bool {
        guard Folder.isFolder(folder.path) else {
            note("home", .failure, "there is no folder \(folder.path)", "daybook init, or name the folder with --home")
            return false
        }
        guard folder.hasLedger else {
            note("home", .failure, "there is no ledger in \(folder.path)", "daybook init, or daybook restore FILE")
            return false
        }
        guard Folder.isWritable(folder.path) else {
            note(
                "home", .failure, "\(folder.path) cannot be written by this user",
                "Check whose it is, and whether its disk is mounted for writing.")
            return false
        }
        note("home", .ok, folder.path)
        return true
    }

    private mutating func lookAtModes() {
        let names = ((try? Folder.names(in: folder.path)) ?? []).map { folder.path + "/" + $0 }
        let open = ([folder.path] + names).filter { (Folder.facts($0)?.mode ?? 0) & 0o077 != 0 }
        if open.isEmpty {
            note("file modes", .ok, "everything is for its owner alone")
        } else {
            note(
                "file modes", .failure, "others can get at \(open.joined(separator: ", "))",
                "chmod go-rwx \(open.map(ShellWord.text).joined(separator: " "))")
        }
    }

    /// Below this a rebuild beside the old views may not find room.
    private static let leastFree: Int64 = 200 << 20

    private mutating func lookAtDisk() {
        guard let free = Folder.freeBytes(folder.path) else { return }
        let ledger = Folder.facts(folder.ledger)?.byteCount ?? 0
        let text = "\(free >> 20) MiB free, the ledger has \(max(1, ledger >> 20)) MiB"
        if free < max(Self.leastFree, 2 * ledger) {
            note("disk", .warning, text, "Free some space: views are rebuilt beside the old ones.")
        } else {
            note("disk", .ok, text)
        }
    }

    private mutating func lookAtProjections() {
        do {
            let projections = try [Projection](checking: options.projectionFiles())
            note("projections", .ok, "\(projections.count): \(projections.map(\.name).joined(separator: ", "))")
        } catch {
            note("projections", .failure, "\(error)", "Mend the file, or leave out --projections.")
        }
    }

    private mutating func lookInside() {
        let home: OpenHome
        do {
            home = try OpenHome(folder, options)
        } catch let refusal as Refusal {
            return note(refusal.kind == .wrongKey ? "key" : "ledger", .failure, refusal.message, refusal.hint)
        } catch {
            return note("ledger", .failure, "\(error)")
        }
        look(inside: home)
    }

    private mutating func look(inside home: OpenHome) {
        clock = UserClock(zone: home.zone(of: user))
        note("key", .ok, "it is that of \(home.signer.verifier.name)")
        lookAtVault(home)
        lookAtLedger(home)
        lookAtHead(home)
        lookAtCheckpoints(home)
        lookAtSignedCheckpoint(home)
        lookAtBackups(home)
        lookAtViews(home)
        lookAtSchedule(home)
        lookAtConnections(home)
        lookAtHooks(home)
        lookAtAccess(home)
        lookAtAllowances(home)
        lookAtClock(home)
        lookAtDescriptors()
    }

    private mutating func lookAtVault(_ home: OpenHome) {
        do {
            let isThere = Folder.exists(folder.vault)
            let count = isThere ? try OpenHome.explained(folder) { try home.vault().check() } : 0
            let unopened = try unopened(home, isThere ? home.vault() : nil)
            if !unopened.isEmpty {
                let names = unopened.map { "“\($0.name)”" }.joined(separator: ", ")
                note(
                    "vault", .failure, "nothing is kept that opens \(names)",
                    unopened.map(\.reconnect).joined(separator: "; "))
            } else if isThere {
                note(
                    "vault", .ok, count == 1 ? "one secret, which can be opened" : "\(count) secrets, all can be opened"
                )
            }
            let orphans = isThere ? try OrphanedSecrets(home: home).places().count : 0
            if orphans > 0 {
                note(
                    "secrets of nothing", .warning, "\(OrphanedSecrets.told(orphans)), and left secrets in the vault",
                    "Nothing: they are destroyed when something is connected next, or by “daybook key rotate”.")
            }
        } catch let refusal as Refusal {
            note("vault", .failure, refusal.message, refusal.hint)
        } catch {
            note("vault", .failure, "\(error)", "daybook key show")
        }
    }

    private mutating func lookAtLedger(_ home: OpenHome) {
        do {
            let problems = try home.reader.quickCheck()
            if problems.isEmpty {
                let size = try home.head.size
                note("ledger", .ok, "\(size) entries; “daybook verify” makes every hash anew")
            } else {
                note("ledger", .failure, problems.joined(separator: "; "), "daybook verify")
            }
        } catch {
            note("ledger", .failure, "\(error)", "daybook restore FILE, into a new home")
        }
    }

    private mutating func lookAtHead(_ home: OpenHome) {
        if let warning = home.headWarning {
            note("head.note", .failure, warning, "daybook verify, and then daybook checkpoint --accept")
        } else {
            note("head.note", .ok, "the ledger begins with what it signs")
        }
    }

    /// After so many entries a cut tail could take much with it unnoticed.
    private static let checkpointPatience: Int64 = 10_000
    /// One that was given out before so many others is old.
    private static let mostNights: Int64 = 400

    private mutating func lookAtCheckpoints(_ home: OpenHome) {
        // The service signs for itself every night, which proves nothing to anybody.
        let signed = try? home.reader.entries(
            Query(types: [CheckpointSigned.type], isBackwards: true, limit: Self.mostNights))
        guard let last = signed?.first(where: { $0.actor != Actor.scheduler }) else {
            return note(
                "checkpoint", .warning, "none was ever given out: a log on one disk proves nothing to anybody else",
                "daybook checkpoint > FILE, and keep FILE elsewhere")
        }
        let since = ((try? home.head.size) ?? 0) - last.position
        if since > Self.checkpointPatience {
            note(
                "checkpoint", .warning, "\(since) entries since the last one that was given out",
                "daybook checkpoint > FILE, and keep FILE elsewhere")
        } else {
            note("checkpoint", .ok, "\(since) entries since the last one that was given out")
        }
    }

    private mutating func lookAtViews(_ home: OpenHome) {
        do {
            let position = try home.views().position()
            let anew = home.notices.isEmpty ? "" : "; \(home.notices.joined(separator: "; "))"
            note("views", .ok, "posted up to entry \(position)\(anew)")
        } catch let refusal as Refusal {
            note("views", .failure, refusal.message, refusal.hint)
        } catch {
            note("views", .failure, "\(error)", "daybook rebuild")
        }
    }

    private mutating func lookAtClock(_ home: OpenHome) {
        guard let last = try? home.reader.entry(home.head.size) else { return }
        if last.at > options.now() + 60_000 {
            note(
                "clock", .warning, "the last entry was recorded in the future: \(time(last.at))",
                "Set the clock of this machine. The order of the entries is that of their positions, and is right.")
        } else {
            note("clock", .ok, "not behind the last entry")
        }
    }
}
