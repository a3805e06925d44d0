import Entries
import Ledger
import Machine
import Rehearsal
import Testing

@testable import Application

/// One line for each thing, and what to do about what is not well.
@Suite struct DoctorTests {
    private func look(_ home: RunningHome) -> [String: Doctor.Check] {
        let checks = Doctor.look(at: home.folder, home.options)
        return Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0) })
    }

    /// The home as it is right after `init`, with what every user of the machine but its owner is kept out of.
    private func soundHome() throws -> RunningHome {
        let home = try RunningHome()
        _ = try home.ask(CheckpointRequest(accepts: false, note: nil))
        try close(home)
        return home
    }

    private func close(_ home: RunningHome) throws {
        for name in try Folder.names(in: home.folder.path) { try setMode(0o600, of: home.folder.path + "/" + name) }
    }

    @Test func `a home that is well is said to be`() throws {
        let home = try soundHome()
        let checks = look(home)
        let ill = checks.values.filter { $0.state != .ok && !["user", "disk", "file modes"].contains($0.name) }
        #expect(ill == [], "\(ill)")
        for name in ["program", "home", "projections", "key", "ledger", "head.note", "checkpoint", "views", "clock"] {
            #expect(checks[name]?.state == .ok, "\(name)")
        }
    }

    @Test func `U08 a connection of files has its line, with times in the zone of the user`() throws {
        let it = try DecidingHome([.init(uid: "one", title: "One", day: "20260104T1200", people: [])])
        let check = look(it.home)["connection “Work”"]
        #expect(check?.state == .ok)
        #expect(
            check?.finding.hasPrefix("last read on 2026-01-05 09:00 Europe/Berlin, next due on 2026-01-05 09:") == true)
    }

    @Test func `every complaint says what to do`() throws {
        let home = try soundHome()
        try setMode(0o644, of: home.folder.masterKey)
        try Folder.remove(home.folder.headNote)
        for check in look(home).values where check.state != .ok { #expect(check.remedy != nil, "\(check)") }
    }

    static let ills: [(what: String, name: String, state: Doctor.Check.State, says: String)] = [
        ("no folder", "home", .failure, "no folder"), ("no ledger", "home", .failure, "no ledger"),
        ("an open file", "file modes", .failure, "master.key"), ("no key", "key", .failure, "missing"),
        ("another key", "key", .failure, "not that of the ledger"), ("no head", "head.note", .failure, "missing"),
        ("a foreign ledger", "ledger", .failure, "ledger.db"), ("in use", "ledger", .failure, "in use"),
        ("no checkpoint", "checkpoint", .warning, "none was ever given out"),
        ("a clock gone back", "clock", .warning, "in the future"),
        ("a stale socket", "service", .warning, "nobody listens"),
        ("a copy cut short", "leftovers", .warning, "backup.unfinished"),
        ("no backup", "backup", .warning, "there is none"), ("an old backup", "backup", .warning, "9 days old"),
        ("a bad projection", "projections", .failure, "one.sql, line 1"),
        ("an entry that cannot be read", "views", .failure, "entry 4 (feed.openee)"),
    ]

    @Test(arguments: ills.map(\.what))
    func `a home that is ill is told what is wrong with it`(_ what: String) throws {
        let home = try what == "no checkpoint" ? RunningHome() : soundHome()
        var holder: OpenHome?
        switch what {
        case "no folder": try Folder.removeFolder(home.folder.path)
        case "no ledger":
            for name in ["ledger.db", "ledger.db-wal"] { try Folder.remove(home.folder.path + "/" + name) }
        case "an open file": try setMode(0o644, of: home.folder.masterKey)
        case "no key": try Folder.remove(home.folder.masterKey)
        case "another key": try write(String(repeating: "b", count: 64), to: home.folder.masterKey)
        case "no head": try Folder.remove(home.folder.headNote)
        case "a foreign ledger": try write("Dear diary,\n", to: home.folder.ledger)
        case "in use": holder = try OpenHome(home.folder, home.options)
        case "a clock gone back": home.time.jump(by: -3_600_000)
        case "a stale socket": _ = try LocalListener(path: home.folder.socket)
        case "a copy cut short": try write("half", to: home.folder.path + "/backup.unfinished")
        case "no backup", "an old backup":
            if what == "an old backup" { _ = try home.ask(BackupRequest(path: home.path("a.backup"))) }
            try home.append((1...600).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: "u", actor: "test") })
            home.time.jump(by: 9 * 86_400_000)
        case "a bad projection":
            try Folder.create(home.path("mine"))
            try write("rubbish", to: home.path("mine/one.sql"))
            home.options.projections = home.path("mine")
        case "an entry that cannot be read":
            try home.writePastTheVocabulary()
        default: break
        }
        let wanted = try #require(Self.ills.first { $0.what == what })
        let check = try #require(look(home)[wanted.name])
        #expect(check.state == wanted.state, "\(check)")
        #expect(check.finding.contains(wanted.says), "\(check)")
        #expect(check.remedy != nil, "\(check)")
        try holder?.close()
    }

    @Test func `USERS a home that a service owns is looked at by the service`() throws {
        let home = try soundHome()
        let inside = try home.ask(DoctorRequest(user: nil))
        try close(home)
        let outside = look(home)
        for check in inside where check.name != "descriptors" { #expect(outside[check.name] == check, "\(check.name)") }
        #expect(Set(inside.map(\.name)).isSuperset(of: ["key", "ledger", "head.note", "checkpoint root", "views"]))
    }

    @Test func `the doctor posts views that are missing, and says so of views that were not usable`() throws {
        let home = try soundHome()
        try write("rubbish", to: home.folder.path + "/views.current")
        let check = try #require(look(home)["views"])
        #expect(check.state == .ok)
        #expect(check.finding.contains("posted anew"))
        #expect(look(home)["views"]?.finding.contains("anew") == false)
    }
}
