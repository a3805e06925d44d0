import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Testing

@testable import Application

/// A backup, and the way back.
@Suite struct BackupTests {
    private func homeWithBackup(_ entries: Int = 300) throws -> (home: RunningHome, made: BackupRequest.Made) {
        let home = try RunningHome()
        var changed = UserChanged()
        (changed.user, changed.name) = ("u", "Canary of the backup")
        try home.append((0..<entries).map { _ in Draft(changed, stream: "user/u", owner: "u", actor: "test") })
        return (home, try home.ask(BackupRequest(path: home.path("a.backup"))))
    }

    private func restore(
        _ home: RunningHome, _ backup: String = "a.backup", into name: String = "restored", key: String? = nil
    )
        throws -> (folder: HomeFolder, restored: RestoredHome)
    {
        let folder = HomeFolder(home.path(name))
        let restored = try RestoredHome.restore(
            home.path(backup), into: folder, keyFile: key ?? home.folder.masterKey, home.options)
        return (folder, restored)
    }

    @Test func `a backup is put back elsewhere, and everything in it is as it was`() throws {
        let (home, made) = try homeWithBackup()
        #expect(made.size == 302)
        #expect(made.position == 303)
        #expect(Folder.facts(made.path)?.byteCount == made.byteCount)
        let (folder, restored) = try restore(home)
        #expect(restored.size == 302)
        #expect(restored.root == made.root)
        #expect(!restored.needsConfirmation)
        let door = Door(folder, home.options)
        let (verified, notices) = try door.ask(VerifyRequest(kept: [], withViews: true))
        #expect(verified.isIntact)
        #expect(verified.root == made.root)
        #expect(notices == [])
        let whole = try home.ask(LogRequest()).entries
        #expect(try door.ask(LogRequest()).answer.entries == Array(whole.prefix(302)))
        _ = try door.open { try $0.append([Draft(UserChanged(), stream: "home", owner: "u", actor: "test")]) }
        #expect(Folder.facts(folder.masterKey)?.mode == 0o600)
    }

    @Test func `after a backup was restored the doctor says which secrets have to be given again`() throws {
        let home = try RunningHome()
        home.options.passwords = PasswordDesk(cost: .least)
        let user = home.made.user
        _ = try home.ask(
            SetPasswordRequest(user: nil, account: user, password: Confided(Secret("four words in a row"))))
        _ = try home.ask(IssueTokenRequest(user: nil, tokenName: "Dashboard", scopes: ["read"]))
        var hook = AddHookRequest(user: nil, hookName: "crm")
        hook.address = Confided(Secret("https://crm.example/in"))
        _ = try home.ask(hook)
        let names: Set = ["passwords", "tokens", "hook “crm”"]
        func complaints(_ checks: [Doctor.Check]) -> Set<String> {
            Set(checks.filter { $0.state == .warning && names.contains($0.name) && $0.remedy != nil }.map(\.name))
        }
        #expect(complaints(try home.ask(DoctorRequest(user: nil))) == [])
        _ = try home.ask(BackupRequest(path: home.path("a.backup")))
        let folder = try restore(home).folder
        #expect(complaints(try Door(folder, home.options).ask(DoctorRequest(user: nil)).answer) == names)
    }

    @Test func `a backup shows nothing of what is in it to who has no key`() throws {
        let (home, made) = try homeWithBackup()
        let text = String(decoding: try Folder.read(made.path), as: UTF8.self)
        #expect(!text.contains("Canary"))
        #expect(!text.contains("user.changed"))
        #expect(text.hasPrefix("daybook backup 1\n"))
        #expect(Folder.facts(made.path)?.mode == 0o600)
        _ = home
    }

    @Test func `a backup never replaces a file`() throws {
        let (home, made) = try homeWithBackup(3)
        let before = try Folder.read(made.path)
        let refusal = try #require(home.refusal(BackupRequest(path: made.path)))
        #expect(refusal.kind == .conflict)
        #expect(try Folder.read(made.path) == before)
    }

    @Test func `a backup that cannot be written leaves nothing, and records nothing`() throws {
        let (home, _) = try homeWithBackup(3)
        #expect(home.refusal(BackupRequest(path: home.path("nowhere/b.backup")))?.kind == .failed)
        #expect(!Folder.exists(home.path("nowhere")))
        #expect(try home.files().keys.filter { $0.contains("unfinished") } == [])
        var log = LogRequest()
        log.types = ["backup.made"]
        #expect(try home.ask(log).entries.count == 1)
    }

    // MARK: Refusals

    static let damages = [
        "a byte of the first line", "a byte of the header", "a byte of the stream's header", "a byte in the middle",
        "the last byte", "cut after the lines", "cut in a block", "cut before the last block", "cut by one byte",
        "a byte too many", "doubled", "empty", "of something else", "two blocks swapped",
    ]

    private func damage(_ bytes: [UInt8], _ what: String) -> [UInt8] {
        let lines = bytes.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
            .map { $0.count + 1 }.reduce(0, +)
        func flipped(_ index: Int) -> [UInt8] {
            var bytes = bytes
            bytes[index] ^= 1
            return bytes
        }
        let block = 65_536 + 17
        switch what {
        case "a byte of the first line": return flipped(3)
        case "a byte of the header":
            let place = Data(bytes).range(of: Data("createdAt\":1".utf8))?.upperBound ?? lines - 3
            return flipped(place)
        case "a byte of the stream's header": return flipped(lines + 4)
        case "a byte in the middle": return flipped(bytes.count / 2)
        case "the last byte": return flipped(bytes.count - 1)
        case "cut after the lines": return Array(bytes.prefix(lines))
        case "cut in a block": return Array(bytes.prefix(lines + 24 + block / 2))
        case "cut before the last block": return Array(bytes.prefix(lines + 24 + block))
        case "cut by one byte": return Array(bytes.dropLast())
        case "a byte too many": return bytes + [0]
        case "doubled": return bytes + bytes
        case "empty": return []
        case "of something else": return Array("Dear diary,\n".utf8)
        default:
            let start = lines + 24
            let (first, second) = (bytes[start..<(start + block)], bytes[(start + block)..<(start + 2 * block)])
            return Array(bytes[..<start]) + second + first + bytes[(start + 2 * block)...]
        }
    }

    @Test(arguments: damages)
    func `a backup that is not whole is refused, and nothing is left behind`(_ what: String) throws {
        // Large enough for several blocks.
        let (home, made) = try homeWithBackup(1_000)
        let whole = try Folder.read(made.path)
        #expect(whole.count > 2 * 65_600)
        try Folder.replace(home.path("b.backup"), with: damage(whole, what))
        let refusal = #expect(throws: Refusal.self) { try restore(home, "b.backup") }
        #expect([.failed, .badRequest, .wrongKey].contains(refusal?.kind))
        #expect(refusal?.message.contains("b.backup") == true)
        #expect(refusal?.hint != nil)
        #expect(try remains(home.path("restored")) == [])
        // And the whole one goes there afterwards.
        #expect(try restore(home).restored.size == 1_002)
    }

    /// What a failed restore left in its folder.
    private func remains(_ folder: String) throws -> [String] {
        Folder.isFolder(folder) ? try Folder.names(in: folder).filter { $0 != "home.lock" } : []
    }

    @Test func `a backup of another home is refused, and nothing is left behind`() throws {
        let (home, _) = try homeWithBackup(3)
        let other = try RunningHome(seed: 9)
        let refusal = #expect(throws: Refusal.self) { try restore(home, key: other.folder.masterKey) }
        #expect(refusal?.kind == .wrongKey)
        #expect(try remains(home.path("restored")) == [])
    }

    @Test(arguments: ["no key", "no file", "garbage", "a folder"])
    func `a restore without the right key says so`(_ what: String) throws {
        let (home, _) = try homeWithBackup(3)
        let folder = HomeFolder(home.path("restored"))
        let keyFile: String?
        switch what {
        case "no key": keyFile = nil
        case "no file": keyFile = home.path("nowhere.key")
        case "garbage":
            try write("rubbish", to: home.path("bad.key"))
            keyFile = home.path("bad.key")
        default: keyFile = home.place
        }
        let refusal = #expect(throws: Refusal.self) {
            try RestoredHome.restore(home.path("a.backup"), into: folder, keyFile: keyFile, home.options)
        }
        #expect([.wrongKey, .badRequest].contains(refusal?.kind), "\(String(describing: refusal))")
        #expect(try remains(folder.path) == [])
    }

    @Test func `a restore never replaces a ledger, nor a key`() throws {
        let (home, _) = try homeWithBackup(3)
        let before = try home.files()["ledger.db"]
        #expect(throws: Refusal.self) { try restore(home, into: "home") }
        #expect(try home.files()["ledger.db"] == before)
        let other = try RunningHome(seed: 9)
        try Folder.create(home.path("restored"))
        try Folder.replace(home.path("restored/master.key"), with: Folder.read(other.folder.masterKey))
        let refusal = #expect(throws: Refusal.self) { try restore(home) }
        #expect(refusal?.kind == .conflict)
        #expect(try Folder.read(home.path("restored/master.key")) == Folder.read(other.folder.masterKey))
        #expect(try remains(home.path("restored")) == ["master.key"])
    }

    @Test func `a backup that is older than head.note there waits for a person`() throws {
        let (home, _) = try homeWithBackup(3)
        try home.write(UserChanged())
        for name in ["ledger.db", "ledger.db-wal"] { try? Folder.remove(home.folder.path + "/" + name) }
        let (folder, restored) = try restore(home, into: "home")
        #expect(restored.needsConfirmation)
        let door = Door(folder, home.options)
        #expect(throws: Refusal.self) {
            try door.open { try $0.append([Draft(UserChanged(), stream: "home", owner: "u", actor: "test")]) }
        }
        _ = try door.ask(CheckpointRequest(accepts: true, note: nil))
        _ = try door.open { try $0.append([Draft(UserChanged(), stream: "home", owner: "u", actor: "test")]) }
        #expect(try door.ask(VerifyRequest(kept: [], withViews: true)).answer.isIntact)
    }
}
