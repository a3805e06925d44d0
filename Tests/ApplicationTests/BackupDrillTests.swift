import Entries
import Foundation
import Ledger
import Machine
import Testing

@testable import Application

/// Backups in a folder, dated and turned over; and whether one would serve.
@Suite struct BackupDrillTests {
    private func home(_ entries: Int = 300) throws -> RunningHome {
        let home = try RunningHome()
        var changed = UserChanged()
        (changed.user, changed.name) = ("u", "Canary of the drill")
        try home.append((0..<entries).map { _ in Draft(changed, stream: "user/u", owner: "u", actor: "test") })
        try Folder.create(home.path("safe"))
        return home
    }

    private func drill(_ home: RunningHome, _ path: String) throws -> BackupDrill {
        try BackupDrill.run(path, of: home.folder, keyFile: nil, in: home.place, home.options)
    }

    @Test func `T30 a backup that would serve is said to, and nothing of the drill is left`() throws {
        let home = try home()
        let made = try home.ask(BackupRequest(path: home.path("a.backup")))
        let before = try Set(Folder.names(in: home.place))
        // Somebody owns the home meanwhile.
        let owner = try OpenHome(home.folder, home.options)
        let drill = try drill(home, made.path)
        try owner.close()
        #expect(drill.isGood, "\(drill.problems)")
        #expect([drill.size, drill.entries, drill.viewsPosition] == [made.size, made.size, made.size])
        #expect(drill.root == made.root)
        #expect(try Set(Folder.names(in: home.place)) == before)
    }

    @Test(arguments: [100, 400, 5_000]) func `T30 a backup that was damaged is found by the drill`(_ place: Int) throws
    {
        let home = try home()
        let made = try home.ask(BackupRequest(path: home.path("a.backup")))
        var bytes = try Folder.read(made.path)
        bytes[place] ^= 1
        try Folder.replace(made.path, with: bytes)
        let before = try Set(Folder.names(in: home.place))
        let drill = try? drill(home, made.path)
        #expect(drill?.isGood != true)
        #expect(try Set(Folder.names(in: home.place)) == before)
    }

    @Test func `T30 the oldest backups of this home go, and nothing else does`() throws {
        let home = try home(5)
        let safe = home.path("safe")
        let other = try RunningHome(seed: 9)
        _ = try other.ask(BackupRequest(path: safe + "/daybook-20000101T000000Z.backup"))
        try write("not a backup", to: safe + "/daybook-20000102T000000Z.backup")
        try write("notes", to: safe + "/notes.txt")
        var names: [String] = []
        for _ in 1...4 {
            let answer = try home.ask(BackupFolderRequest(folder: safe, keep: 2))
            names.append((answer.made.path as NSString).lastPathComponent)
        }
        #expect(names == names.sorted())
        let left = try Set(Folder.names(in: safe))
        #expect(
            left
                == Set(names.suffix(2)).union([
                    "daybook-20000101T000000Z.backup", "daybook-20000102T000000Z.backup", "notes.txt",
                ]))
        #expect(try drill(home, safe + "/" + names[3]).isGood)
    }

    @Test func `T30 a folder that is not there is refused, and nothing is recorded`() throws {
        let home = try home(1)
        let size = try home.ask(HeadRequest()).size
        let refusal = home.refusal(BackupFolderRequest(folder: home.path("nowhere"), keep: 2))
        #expect(refusal?.kind == .badRequest)
        #expect(home.refusal(BackupFolderRequest(folder: home.path("safe"), keep: 0))?.kind == .badRequest)
        #expect(try home.ask(HeadRequest()).size == size)
    }
}
