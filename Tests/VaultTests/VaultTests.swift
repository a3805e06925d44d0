import Foundation
import Machine
import SQLite
import Secrets
import Testing

@testable import Vault

/// What is kept in the vault, and what cannot be done to it.
final class VaultTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)").path
    private var path: String { folder + "/vault.db" }

    init() throws { try Folder.create(folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static let key = VaultKey([UInt8](repeating: 7, count: 32))!
    private static let other = VaultKey([UInt8](repeating: 8, count: 32))!

    private func open(_ key: VaultKey = key) throws -> Vault { try Vault(path: path, key: key, randomness: .system) }

    private func text(_ secret: Secret?) -> String? { secret?.reveal { $0 } }

    private func bytes() throws -> [UInt8] {
        try ["", "-wal"].flatMap { Folder.exists(path + $0) ? try Folder.read(path + $0) : [] }
    }

    private func sealed(_ table: String) throws -> [UInt8] {
        let connection = try Connection(path: path, as: .owner)
        return try connection.prepare("SELECT sealed FROM \(table)").first { $0.blob(0) } ?? []
    }

    private static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(word)
    }

    @Test func `A04 what is put in comes out again, also the next time`() throws {
        let vault = try open()
        try vault.put(Secret("one"), owner: "ada", connection: "c", name: "password")
        try vault.put(Secret("two"), owner: "ada", connection: "c", name: "password")
        #expect(text(try vault.get(owner: "ada", connection: "c", name: "password")) == "two")
        #expect(try vault.get(owner: "ben", connection: "c", name: "password") == nil)
        #expect(try vault.names(owner: "ada", connection: "c") == ["password"])
        _ = consume vault
        #expect(text(try open().get(owner: "ada", connection: "c", name: "password")) == "two")
    }

    @Test func `G18 the file shows nothing of what it keeps`() throws {
        let vault = try open()
        try vault.put(Secret("CANARY-PASSWORD"), owner: "ada", connection: "c", name: "password")
        try vault.settle()
        #expect(!Self.contains(try bytes(), "CANARY"))
    }

    @Test func `T3 another master key is told from an empty vault`() throws {
        try open().put(Secret("one"), owner: "ada", connection: "c", name: "password")
        do {
            _ = try open(Self.other)
            Issue.record("it opened")
        } catch let fault as VaultFault {
            #expect(fault.kind == .notOurs)
            #expect(fault.message.contains("another master key"))
        }
    }

    @Test(arguments: ["record", "data_key"]) func `T3 a row that was moved does not open`(_ table: String) throws {
        do {
            let vault = try open()
            try vault.put(Secret("ada's"), owner: "ada", connection: "c", name: "password")
            try vault.put(Secret("ben's"), owner: "ben", connection: "d", name: "password")
        }
        do {
            let raw = try Connection(path: path, as: .owner)
            try raw.prepare(
                "UPDATE \(table) SET sealed = (SELECT sealed FROM \(table) WHERE owner = 'ada') WHERE owner = 'ben'"
            ).run()
        }
        let vault = try open()
        #expect(throws: VaultFault.self) { try vault.get(owner: "ben", connection: "d", name: "password") }
        #expect(text(try vault.get(owner: "ada", connection: "c", name: "password")) == "ada's")
    }

    @Test func `T3 a flipped bit is noticed`() throws {
        try open().put(Secret("one"), owner: "ada", connection: "c", name: "password")
        let sealed = try sealed("record")
        for place in stride(from: 0, to: sealed.count, by: 5) {
            var altered = sealed
            altered[place] ^= 1
            do {
                let raw = try Connection(path: path, as: .owner)
                try raw.prepare("UPDATE record SET sealed = ?").run(.blob(altered))
            }
            let vault = try open()
            #expect(throws: VaultFault.self) { try vault.get(owner: "ada", connection: "c", name: "password") }
        }
    }

    @Test func `A11 what was destroyed is in no byte of the file`() throws {
        let vault = try open()
        try vault.put(Secret("one"), owner: "ada", connection: "c", name: "password")
        try vault.settle()
        let key = try sealed("data_key")
        try vault.destroy(owner: "ada", connection: "c")
        #expect(try vault.get(owner: "ada", connection: "c", name: "password") == nil)
        #expect(try bytes().firstRange(of: key) == nil)
    }

    @Test func `T3 a rotation seals the keys anew, and what is kept opens with the new one only`() throws {
        do {
            let vault = try open()
            for owner in ["ada", "ben"] {
                try vault.put(Secret(owner), owner: owner, connection: "c", name: "password")
            }
            #expect(try vault.rotate(to: Self.other) == 2)
            #expect(text(try vault.get(owner: "ada", connection: "c", name: "password")) == "ada")
        }
        #expect(try Vault.keyID(at: path) == Self.other.id)
        #expect(throws: VaultFault.self) { try open() }
        #expect(text(try open(Self.other).get(owner: "ben", connection: "c", name: "password")) == "ben")
    }

    @Test func `a sealer opens what it sealed, also after a rotation, and nothing else`() throws {
        let vault = try open()
        let sealed = try vault.sealer(named: "cursors").seal("https://graph.example/delta?token=CANARY")
        #expect(!sealed.contains("CANARY"))
        #expect(try vault.sealer(named: "others").open(sealed) == nil)
        _ = try vault.rotate(to: Self.other)
        #expect(try vault.sealer(named: "cursors").open(sealed) == "https://graph.example/delta?token=CANARY")
        #expect(try vault.sealer(named: "cursors").open("v1.AAAA") == nil)
        #expect(try vault.sealer(named: "cursors").open("plain") == nil)
    }

    @Test func `a newer vault is refused and left as it is`() throws {
        _ = try open()
        try Connection(path: path, as: .owner).execute("PRAGMA user_version = 9")
        #expect(throws: VaultFault.self) { try open() }
    }
}
