import Entries
import Foundation
import Ledger
import Machine
import Secrets
import Testing
import Vault

@testable import Application

/// Another master key, with a stop at each step.
@Suite struct KeyRotationTests {
    private struct Killed: Error {}

    /// A home with two connections that have secrets, and a sealed text.
    private func filled() throws -> (home: RunningHome, sealed: String) {
        let home = try RunningHome()
        let sealed = try home.door.open { home in
            let vault = try home.vault()
            for connection in ["c1", "c2"] {
                try vault.put(Secret("token of \(connection)"), owner: "u", connection: connection, name: "oauth")
            }
            return try vault.sealer(named: "cursors").seal("delta")
        }.answer
        return (home, sealed)
    }

    /// Everything that must be as it was, whatever key there is.
    private struct State: Equatable {
        var secrets: [String?]
        var sealed: String?
        var name: String
        var verifier: String
    }

    private func state(_ home: OpenHome, _ sealed: String) throws -> State {
        let vault = try home.vault()
        return State(
            secrets: try ["c1", "c2"].map { connection in
                try vault.get(owner: "u", connection: connection, name: "oauth")?.reveal { $0 }
            }, sealed: try vault.sealer(named: "cursors").open(sealed),
            name: home.nameMaker.name(of: "ada@brandt.example", kind: "address"),
            verifier: home.signer.verifier.description)
    }

    private func state(_ home: RunningHome, _ sealed: String) throws -> State {
        let (state, notices) = try home.door.open { try self.state($0, sealed) }
        #expect(notices == [])
        return state
    }

    private func rotations(_ home: RunningHome) throws -> [KeyRotated] {
        var log = LogRequest()
        log.types = ["key.rotated"]
        _ = try home.ask(log)
        return try home.door.open { home in
            try home.reader.entries(Query(types: ["key.rotated"])).map { try KeyRotated($0.content) }
        }.answer
    }

    @Test func `T3 another key: everything can be read, and names and the signature stay`() throws {
        let (home, sealed) = try filled()
        let before = try state(home, sealed)
        let old = try home.ask(KeyRequest())
        let oldText = try read(home.folder.masterKey)
        let rotated = try home.ask(RotateKeyRequest())
        #expect(rotated.previousKeyID == old.keyID)
        #expect(rotated.rewrapped == 3)
        #expect(rotated.origin == nil)
        #expect(try state(home, sealed) == before)
        let shown = try home.ask(KeyRequest())
        #expect(shown.keyID == rotated.keyID && shown.keyID != old.keyID)
        #expect(shown.secrets == 3)
        #expect(shown.rotatedAt != nil && old.rotatedAt == nil)
        #expect(try read(home.folder.masterKey) != oldText)
        #expect(Folder.facts(home.folder.masterKey)?.mode == 0o600)
        let entry = try #require(try rotations(home).first)
        #expect(entry.keyID == shown.keyID && entry.previousKeyID == old.keyID)
        #expect(entry.rewrapped == 3 && entry.purpose == .vault)
        _ = try home.write(UserChanged())
        #expect(try home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
        #expect(try home.files().keys.filter { $0.hasPrefix("master.key") } == ["master.key"])
        // The old key opens the ledger, for it signs the same; the vault says clearly that it is another.
        try write(oldText, to: home.folder.masterKey)
        let (_, notices) = try home.door.ask(LogRequest())
        #expect(notices.first?.contains("sealed with the key \(shown.keyID)") == true, "\(notices)")
        let refusal = #expect(throws: Refusal.self) { try home.door.open { try $0.vault() } }
        #expect(refusal?.kind == .wrongKey)
    }

    private func killed(_ home: RunningHome, at step: KeyRotation.Step) throws {
        let open = try OpenHome(home.folder, home.options)
        let rotation = KeyRotation(home: open) { if $0 == step { throw Killed() } }
        #expect(throws: Killed.self) { try rotation.run(newKeyFile: nil, oldKeyFile: nil) }
    }

    @Test(arguments: KeyRotation.Step.allCases)
    func `T3 a rotation that is killed at any step is finished or taken back by whoever opens the home`(
        _ step: KeyRotation.Step
    ) throws {
        let (home, sealed) = try filled()
        let before = try state(home, sealed)
        let old = try home.ask(KeyRequest()).keyID
        try killed(home, at: step)
        #expect(try state(home, sealed) == before)
        let isDone = [.vaultIsWrapped, .keyIsReplaced].contains(step)
        let now = try home.ask(KeyRequest()).keyID
        #expect((now != old) == isDone)
        #expect(try rotations(home).map(\.keyID) == (isDone ? [now] : []))
        #expect(try home.files().keys.filter { $0.hasPrefix("master.key") } == ["master.key"])
        // And once more: killed at the same step, then to the end.
        try killed(home, at: step)
        #expect(try state(home, sealed) == before)
        let rotated = try home.ask(RotateKeyRequest())
        #expect(try state(home, sealed) == before)
        let all = try rotations(home)
        #expect(all.count == (isDone ? 3 : 1))
        #expect(all.last?.keyID == rotated.keyID)
        for (earlier, later) in zip(all, all.dropFirst()) { #expect(earlier.keyID == later.previousKeyID) }
        #expect(try home.ask(VerifyRequest(kept: [], withViews: true)).isIntact)
    }

    @Test func `T3 a key that only the vault knows of is written down once head.note was accepted`() throws {
        let (home, _) = try filled()
        try killed(home, at: .keyIsReplaced)
        try Folder.remove(home.folder.headNote)
        #expect(try home.door.open { _ in }.notices.contains { $0.contains("head.note") })
        #expect(try rotations(home).isEmpty)
        _ = try home.ask(CheckpointRequest(accepts: true, note: nil))
        #expect(try rotations(home).count == 1)
        #expect(try home.door.open { try $0.vault().unrecordedRotations() }.answer == [])
    }

    @Test func `a ledger that nobody has confirmed gets no other key`() throws {
        let (home, _) = try filled()
        let before = try read(home.folder.masterKey)
        try Folder.remove(home.folder.headNote)
        #expect(home.refusal(RotateKeyRequest())?.kind == .notConfirmed)
        #expect(try read(home.folder.masterKey) == before)
    }

    @Test func `a key beside the one in use is taken away when the vault needs the one in use`() throws {
        let (home, sealed) = try filled()
        let before = try state(home, sealed)
        for text in ["rubbish", String(repeating: "a", count: 64)] {
            try write(text, to: home.folder.nextMasterKey)
            #expect(try state(home, sealed) == before)
            #expect(!Folder.exists(home.folder.nextMasterKey))
        }
    }

    @Test func `where the vault tells nothing, both keys stay where they are`() throws {
        let (home, _) = try filled()
        try write("rubbish", to: home.folder.vault)
        let before = try read(home.folder.masterKey)
        let next = String(repeating: "a", count: 64)
        try write(next, to: home.folder.nextMasterKey)
        _ = try home.ask(LogRequest())
        #expect(try read(home.folder.masterKey) == before)
        #expect(try read(home.folder.nextMasterKey) == next)
    }

    @Test func `L65 connections that the key at hand does not open are not listed as if all were well`() throws {
        let (home, _) = try filled()
        let old = try read(home.folder.masterKey)
        try home.write(ConnectionAdded(), stream: "connection/c1") { ($0.connection, $0.provider) = ("c1", .caldav) }
        _ = try home.ask(RotateKeyRequest())
        #expect(try home.ask(ConnectionsRequest(user: nil)).connections.count == 1)
        try write(old, to: home.folder.masterKey)
        #expect(home.refusal(ConnectionsRequest(user: nil))?.kind == .wrongKey)
        _ = try home.ask(LogRequest())
    }

    // MARK: Backups

    @Test func `a backup from before needs the old key, which can be kept`() throws {
        let (home, _) = try filled()
        _ = try home.ask(BackupRequest(path: home.path("before.backup")))
        var request = RotateKeyRequest()
        request.oldKeyFile = home.path("old.key")
        let rotated = try home.ask(request)
        #expect(rotated.backups == [home.path("before.backup")])
        #expect(Folder.facts(home.path("old.key"))?.mode == 0o600)
        _ = try home.ask(BackupRequest(path: home.path("after.backup")))
        func restore(_ backup: String, _ key: String, into name: String) throws -> RestoredHome {
            try RestoredHome.restore(
                home.path(backup), into: HomeFolder(home.path(name)), keyFile: key, home.options)
        }
        let wrong = #expect(throws: Refusal.self) { try restore("before.backup", home.folder.masterKey, into: "a") }
        #expect(wrong?.kind == .wrongKey)
        #expect(wrong?.hint?.contains("the key that the home had then") == true)
        #expect(try restore("before.backup", home.path("old.key"), into: "a").size == 2)
        #expect(throws: Refusal.self) { try restore("after.backup", home.path("old.key"), into: "b") }
        #expect(try restore("after.backup", home.folder.masterKey, into: "b").size == 4)
        let door = Door(HomeFolder(home.path("b")), home.options)
        #expect(try door.ask(VerifyRequest(kept: [], withViews: true)).answer.isIntact)
        let made = try home.door.open { home in
            try home.reader.entries(Query(types: ["backup.made"])).map { try BackupMade($0.content).isVaultIncluded }
        }.answer
        #expect(made == [false, false])
    }

    @Test func `the file for the old key is never another one that was there`() throws {
        let (home, _) = try filled()
        try write("precious", to: home.path("old.key"))
        var request = RotateKeyRequest()
        request.oldKeyFile = home.path("old.key")
        let before = try read(home.folder.masterKey)
        #expect(home.refusal(request)?.kind == .conflict)
        #expect(try read(home.path("old.key")) == "precious")
        #expect(try read(home.folder.masterKey) == before)
        request = RotateKeyRequest()
        request.newKeyFile = home.path("new.key")
        #expect(home.refusal(request)?.kind == .badRequest)
    }

    // MARK: The vault of a home

    @Test func `A04 no secret of the vault stands in any file, answer or complaint`() throws {
        let (home, _) = try filled()
        let canary = "canary-of-the-vault"
        try home.door.open { home in
            try home.vault().put(Secret(canary), owner: "u", connection: "c3", name: "password")
        }.answer
        _ = try home.ask(BackupRequest(path: home.path("a.backup")))
        _ = try home.ask(RotateKeyRequest())
        #expect(try home.holds(canary) == [])
        #expect(try home.holds("token of c1") == [])
        let said = try json(Doctor.look(at: home.folder, home.options)) + json(home.ask(KeyRequest()))
        #expect(!said.contains(canary))
        let backup = String(decoding: try Folder.read(home.path("a.backup")), as: UTF8.self)
        #expect(!backup.contains(canary))
    }

    @Test func `the doctor looks into the vault`() throws {
        let (home, _) = try filled()
        func look() throws -> Doctor.Check {
            try #require(Doctor.look(at: home.folder, home.options).first { $0.name == "vault" })
        }
        #expect(try look().state == .ok)
        #expect(try look().finding.contains("3 secrets"))
        try write("Dear diary,\n", to: home.folder.vault)
        let check = try look()
        #expect(check.state == .failure && check.remedy != nil)
        // The ledger is read all the same, and it is told.
        #expect(try home.door.ask(LogRequest()).notices.contains { $0.contains("vault.db") })
        #expect(try read(home.folder.vault) == "Dear diary,\n")
        let fresh = try RunningHome()
        #expect(!Doctor.look(at: fresh.folder, fresh.options).contains { $0.name == "vault" })
    }
}
