import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Testing

@testable import Application

/// Making a home, opening it, and what is said where it cannot be opened.
@Suite struct OpeningHomeTests {
    @Test func `a new home has a key, a ledger with two entries, and a checkpoint, for its owner alone`() throws {
        let home = try RunningHome(zone: "Europe/Lisbon")
        for name in ["head.note", "master.key", "home.lock"] {
            #expect(Folder.facts(home.folder.path + "/" + name)?.mode == 0o600, "\(name)")
        }
        #expect(Folder.facts(home.folder.path)?.mode == 0o700)
        let entries = try home.ask(LogRequest()).entries
        #expect(entries.map(\.type) == ["ledger.opened", "user.added"])
        #expect(entries[1].ownerName == "Ada")
        #expect(entries[1].data.contains("Europe/Lisbon"))
        #expect(home.made.verifierKey.hasPrefix(home.made.origin + "+"))
        #expect(try home.holds(try read(home.folder.masterKey).filter { !$0.isWhitespace }) == ["master.key"])
    }

    @Test func `a home is made once, and what is there stays`() throws {
        let home = try RunningHome()
        let before = try home.files()
        let refusal = #expect(throws: Refusal.self) {
            try NewHome.create(home.folder, userName: "Bea", zone: nil, home.options)
        }
        #expect(refusal?.kind == .conflict)
        #expect(try home.files()["ledger.db"] == before["ledger.db"])
        #expect(try home.files()["master.key"] == before["master.key"])
    }

    @Test func `where there is no home, that is said, and none is made`() throws {
        let home = try RunningHome()
        let elsewhere = Door(HomeFolder(home.path("nothing")), home.options)
        let refusal = #expect(throws: Refusal.self) { try elsewhere.ask(LogRequest()) }
        #expect(refusal?.kind == .noLedger)
        #expect(refusal?.hint?.contains("daybook init") == true)
        #expect(!Folder.exists(home.path("nothing")))
    }

    @Test func `a home that is open elsewhere names who holds it`() throws {
        let home = try RunningHome()
        home.options.lockWaitMilliseconds = 0
        var first = home.options
        first.purpose = "daybook log --follow"
        let holder = try OpenHome(home.folder, first)
        let refusal = try #require(home.refusal(LogRequest()))
        #expect(refusal.kind == .locked)
        #expect(refusal.message.contains("daybook log --follow"))
        #expect(refusal.message.contains("process"))
        try holder.close()
    }

    // MARK: Keys

    static let keys: [(what: String, says: String)] = [
        ("another", "not that of the ledger"), ("missing", "missing"), ("too short", "64 hexadecimal digits"),
        ("no hexadecimal", "64 hexadecimal digits"), ("empty", "64 hexadecimal digits"),
        ("read by all", "read by others"),
        ("read by the group", "read by others"), ("written by all", "read by others"),
    ]

    @Test(arguments: keys.map(\.what))
    func `M06 L65 without its key a home says so, and is never shown as empty`(_ what: String) throws {
        let home = try RunningHome()
        let key = home.folder.masterKey
        let right = try read(key)
        switch what {
        case "another": try write(String(repeating: "a", count: 64) + "\n", to: key)
        case "missing": try Folder.remove(key)
        case "too short": try write(String(right.prefix(40)), to: key)
        case "no hexadecimal": try write(String(repeating: "z", count: 64), to: key)
        case "empty": try write("", to: key)
        case "read by all": try setMode(0o644, of: key)
        case "read by the group": try setMode(0o640, of: key)
        default: try setMode(0o602, of: key)
        }
        let before = try home.files()
        for _ in 1...2 {
            let refusal = try #require(home.refusal(LogRequest()))
            #expect(refusal.kind == .wrongKey)
            #expect(refusal.message.contains(try #require(Self.keys.first { $0.what == what }).says), "\(refusal)")
            #expect(refusal.hint != nil)
            #expect(!refusal.description.contains(right.prefix(16)))
        }
        let after = try home.files()
        for name in ["ledger.db", "head.note", "master.key"] { #expect(after[name] == before[name], "\(name)") }
        try write(right, to: key)
        try setMode(0o600, of: key)
        #expect(try home.ask(LogRequest()).entries.count == 2)
    }

    @Test func `a file that is no ledger is refused, and left as it is`() throws {
        let home = try RunningHome()
        try write("Dear diary,\n", to: home.folder.ledger)
        try? Folder.remove(home.folder.ledger + "-wal")
        let refusal = try #require(home.refusal(LogRequest()))
        #expect(refusal.kind == .unusableHome)
        #expect(try read(home.folder.ledger) == "Dear diary,\n")
    }

    // MARK: head.note

    /// What can be wrong with head.note, and what is said then.
    static let heads: [(what: String, says: String)] = [
        ("missing", "is missing"), ("garbage", "is no checkpoint"), ("empty", "is no checkpoint"),
        ("of another key", "not signed with the key"), ("altered", "not signed with the key"),
        ("ahead", "its end was cut off"), ("of other entries", "not those that head.note was signed for"),
    ]

    private func damage(_ what: String, _ home: RunningHome) throws {
        let path = home.folder.headNote
        switch what {
        case "missing": try Folder.remove(path)
        case "garbage": try write("rubbish", to: path)
        case "empty": try write("", to: path)
        case "of another key":
            guard let other = MasterKey([UInt8](repeating: 9, count: 32)) else { return }
            let signer = other.signer(name: home.made.origin)
            try write(checkpoint(home).signed(by: signer).description, to: path)
        case "altered":
            let text = try read(path)
            try write(text.split(separator: "\n2\n").joined(separator: "\n1\n"), to: path)
        case "ahead":
            let older = try Folder.read(home.folder.ledger)
            try home.write(UserChanged()) { $0.name = "Ada Brandt" }
            try Folder.replace(home.folder.ledger, with: older)
            try Folder.remove(home.folder.ledger + "-wal")
        default:
            let signer = try key(home).signer(name: home.made.origin)
            let other = Checkpoint(origin: home.made.origin, size: 2, root: SHA256.hash([1, 2, 3]))
            try write(other.signed(by: signer).description, to: path)
        }
    }

    private func checkpoint(_ home: RunningHome) throws -> Checkpoint {
        try #require(SignedNote(read(home.folder.headNote))?.checkpoint)
    }

    private func key(_ home: RunningHome) throws -> MasterKey {
        guard let key = MasterKey(fileText: try read(home.folder.masterKey)) else {
            throw Refusal(.wrongKey, "the key of a test cannot be read")
        }
        return key
    }

    @Test func `head.note is signed anew when something was appended`() throws {
        let home = try RunningHome()
        #expect(try checkpoint(home).size == 2)
        try home.write(UserChanged())
        #expect(try checkpoint(home).size == 3)
        let before = try read(home.folder.headNote)
        _ = try home.ask(LogRequest())
        #expect(try read(home.folder.headNote) == before)
    }

    @Test(arguments: heads.map(\.what))
    func `a ledger that does not fit head.note is read, and not written to before a person has accepted it`(
        _ what: String
    ) throws {
        let home = try RunningHome()
        try damage(what, home)
        let says = try #require(Self.heads.first { $0.what == what }).says
        let (page, notices) = try home.door.ask(LogRequest())
        #expect(page.entries.count == 2)
        #expect(notices.contains { $0.contains(says) }, "\(notices)")
        let writing: [Refusal?] = [
            home.refusal(AppendRequest(items: [.init(type: "user.changed", stream: "home", data: #"{"user":"u"}"#)])),
            home.refusal(CheckpointRequest(accepts: false, note: nil)),
            home.refusal(ProveRequest(position: 1, withPersonal: false)),
            home.refusal(BackupRequest(path: home.path("a.backup"))),
            home.refusal(EraseRequest(positions: [2], reason: .request, note: nil)),
        ]
        for refusal in writing {
            #expect(refusal?.kind == .notConfirmed)
            #expect(refusal?.message.contains(says) == true, "\(refusal?.message ?? "")")
        }
        #expect(try home.ask(LogRequest()).entries.count == 2)
        #expect(!Folder.exists(home.path("a.backup")))

        let signed = try home.ask(CheckpointRequest(accepts: true, note: "I put it back myself."))
        #expect(signed.size == 3)
        let accepted = try #require(try home.ask(LogRequest()).entries.first { $0.type == "ledger.accepted" })
        #expect(accepted.personal?.contains("I put it back myself.") == true)
        #expect(accepted.data.contains("previous_size") == ["ahead", "of other entries"].contains(what))
        try home.write(UserChanged())
        #expect(try home.door.ask(LogRequest()).notices == [])
    }

    @Test func `there is nothing to accept where head.note fits`() throws {
        let home = try RunningHome()
        let refusal = try #require(home.refusal(CheckpointRequest(accepts: true, note: nil)))
        #expect(refusal.kind == .badRequest)
        #expect(try home.ask(LogRequest()).entries.count == 2)
    }

    @Test func `a ledger that was altered cannot be accepted`() throws {
        let home = try RunningHome()
        try home.append((1...80).map { _ in Draft(FeedClosed(), stream: "feed/f", owner: "u", actor: "test") })
        var bytes = try Folder.read(home.folder.ledger)
        // The tail is looked at when the home is opened; an early entry is not.
        let place = try #require(Self.find(Array(#""role":"admin""#.utf8), in: bytes))
        bytes[place + 8] = UInt8(ascii: "b")
        try Folder.replace(home.folder.ledger, with: bytes)
        try Folder.remove(home.folder.headNote)
        let refusal = try #require(home.refusal(CheckpointRequest(accepts: true, note: nil)))
        #expect(refusal.kind == .unusableHome)
        #expect(refusal.message.contains("entry 2"), "\(refusal)")
        #expect(!Folder.exists(home.folder.headNote))
        let verified = try home.ask(VerifyRequest(kept: [], withViews: true))
        #expect(!verified.isIntact)
        #expect(verified.findings.first?.position == 2)
        #expect(verified.views.isEmpty, "views of a ledger that is not whole say nothing")
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        Data(bytes).range(of: Data(needle))?.lowerBound
    }

    @Test func `a note that somebody else replaced while the home was open is not replaced`() throws {
        let home = try RunningHome()
        let open = try OpenHome(home.folder, home.options)
        try open.append([Draft(UserChanged(), stream: "home", owner: "u", actor: "test")])
        try write("from elsewhere", to: home.folder.headNote)
        let refusal = #expect(throws: Refusal.self) { try open.close() }
        #expect(refusal?.kind == .failed)
        #expect(try read(home.folder.headNote) == "from elsewhere")
    }
}
