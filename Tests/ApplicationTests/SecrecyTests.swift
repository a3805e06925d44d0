import Entries
import Foundation
import Ledger
import Machine
import Rehearsal
import Testing

@testable import Application

/// What must not be found: the key anywhere but in its file, and what was erased anywhere.
@Suite struct SecrecyTests {
    private static let canary = "Canary O'Erase"

    /// A home in which a name stands in many places: entries, views, an activity, an address.
    private func homeWithCanary() throws -> RunningHome {
        let home = try RunningHome()
        func draft<SomeFact: Fact>(_ fact: SomeFact, _ change: (inout SomeFact) -> Void) -> Draft {
            var fact = fact
            change(&fact)
            return Draft(fact, stream: "x/y", owner: home.made.user, actor: "test")
        }
        try home.append([
            draft(PersonAdded()) { ($0.person, $0.details.name, $0.details.note) = ("p", Self.canary, Self.canary) },
            draft(AddressSeen()) { ($0.address, $0.name, $0.foldedName) = ("a", Self.canary, Self.canary) },
            draft(ActivityLogged()) {
                ($0.activity, $0.person, $0.details.title) = ("x", "p", "Tea with " + Self.canary)
            },
        ])
        var invention = Invention(seed: 2, users: 1, after: 5)
        try home.append(invention.next(200))
        _ = try home.ask(MetricsRequest())
        return home
    }

    @Test func `erase leaves no byte of it in any file of the home`() throws {
        let home = try homeWithCanary()
        #expect(try !home.holds(Self.canary).isEmpty)
        let erased = try home.ask(EraseRequest(positions: [5, 3, 4, 4, 1], reason: .request, note: nil))
        #expect(erased.positions == [3, 4, 5])
        #expect(erased.recordedAt == 206)
        #expect(try home.holds(Self.canary) == [])
        let entries = try home.ask(LogRequest()).entries
        #expect(entries[2...4].allSatisfy { $0.isErased && $0.personal == nil && $0.data.count > 2 })
        #expect(try home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
        #expect(try home.ask(VerifyRequest(kept: [], withViews: true)).erased == 3)
    }

    @Test func `proofs made before an erasure still hold, and new ones can be made`() throws {
        let home = try homeWithCanary()
        let before = try home.ask(ProveRequest(position: 3, withPersonal: true))
        let hidden = try home.ask(ProveRequest(position: 3, withPersonal: false))
        let kept = try home.ask(CheckpointRequest(accepts: false, note: nil)).note
        _ = try home.ask(EraseRequest(positions: [3], reason: .request, note: nil))
        for proof in [before, hidden, try home.ask(ProveRequest(position: 3, withPersonal: true))] {
            #expect(try proof.check(trusting: home.made.verifierKey).position == 3)
        }
        #expect(try home.ask(ProveRequest(position: 3, withPersonal: true)).entry.personal?.text == nil)
        let verified = try home.ask(VerifyRequest(kept: [.init(note: kept, name: "kept.note")], withViews: true))
        #expect(verified.isIntact)
    }

    @Test func `erase names the backups that still hold it, and has nothing to do a second time`() throws {
        let home = try homeWithCanary()
        _ = try home.ask(BackupRequest(path: home.path("a.backup")))
        let erased = try home.ask(EraseRequest(positions: [3], reason: .mistake, note: "Wrong person."))
        #expect(erased.backups == [home.path("a.backup")])
        let size = try home.door.open { try $0.head.size }.answer
        let again = try home.ask(EraseRequest(positions: [3], reason: .mistake, note: nil))
        #expect(again.positions == [])
        #expect(again.recordedAt == nil)
        #expect(try home.door.open { try $0.head.size }.answer == size)
    }

    @Test func `the master key is in no file but its own, and in no answer and no refusal`() throws {
        let home = try homeWithCanary()
        let hexadecimal = try read(home.folder.masterKey).filter { !$0.isWhitespace }
        #expect(hexadecimal.count == 64)
        let raw = try #require(Self.bytes(hexadecimal))
        var said: [String] = []
        let requests: [any Request] = [
            LogRequest(), ShowRequest(position: 3), ShowRequest(position: 9_999), MetricsRequest(),
            VerifyRequest(kept: [], withViews: true), ProveRequest(position: 3, withPersonal: true),
            BackupRequest(path: home.path("a.backup")), BackupRequest(path: home.path("a.backup")),
            CheckpointRequest(accepts: false, note: nil), RebuildRequest(only: [], verifies: false),
            AppendRequest(items: [.init(type: "user.teleported", stream: "x", data: hexadecimal)]),
        ]
        said += try home.door.open { open in requests.map { Self.say($0, in: open) } }.answer
        said.append(try json(home.made))
        said.append(try json(Doctor.look(at: home.folder, home.options)))
        said.append(try MetricsFormat.allCases.map { try $0.text(home.ask(MetricsRequest())) }.joined())
        try write(String(hexadecimal.reversed()), to: home.folder.masterKey)
        try setMode(0o600, of: home.folder.masterKey)
        said.append(home.refusal(LogRequest())?.description ?? "")
        try write(hexadecimal + "0", to: home.folder.masterKey)
        said.append(home.refusal(LogRequest())?.description ?? "")
        for text in said { #expect(!text.lowercased().contains(hexadecimal.prefix(16))) }
        for (name, bytes) in try home.files() where name != "master.key" {
            #expect(Data(bytes).range(of: Data(hexadecimal.utf8)) == nil, "\(name)")
            #expect(Data(bytes).range(of: Data(raw)) == nil, "\(name)")
        }
        let backup = Data(try Folder.read(home.path("a.backup")))
        #expect(backup.range(of: Data(raw)) == nil && backup.range(of: Data(hexadecimal.utf8)) == nil)
    }

    private static func say<SomeRequest: Request>(_ request: SomeRequest, in home: OpenHome) -> String {
        do {
            return try json(request.answer(in: home))
        } catch {
            return "\(error)"
        }
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
    }

    @Test(arguments: ["user.teleported", "user.changed", "meeting.seen"])
    func `a refusal repeats nothing personal`(_ type: String) throws {
        let home = try RunningHome()
        let refusal = home.refusal(
            AppendRequest(items: [
                .init(type: type, stream: "x/y", data: #"{"person":5}"#, personal: #"{"name":"\#(Self.canary)"}"#)
            ]))
        #expect(refusal?.kind == .badRequest)
        #expect(refusal?.description.contains("Canary") == false)
    }
}
