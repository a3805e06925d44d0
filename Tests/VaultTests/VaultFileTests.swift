import Foundation
import Machine
import SQLite
import Secrets
import Testing

@testable import Vault

/// Files that are no vault, and vaults whose making was cut short.
@Suite struct VaultFileTests {
    @Test(arguments: ["Dear diary,\n", String(repeating: "x", count: 8_192)])
    func `a file of something else is refused and left as it is`(_ text: String) throws {
        let given = try GivenVault()
        try Folder.replace(given.path, with: Array(text.utf8))
        let error = #expect(throws: VaultFault.self) { try given.open() }
        #expect(error?.kind == .unusable)
        #expect(error?.message.contains(given.path) == true)
        #expect(try Folder.read(given.path) == Array(text.utf8))
        #expect(try Folder.names(in: given.place) == ["vault.db"])
    }

    @Test func `a database of something else is refused and left as it is`() throws {
        let given = try GivenVault()
        try given.tamper("CREATE TABLE diary (day TEXT); PRAGMA application_id = 5")
        let before = try Folder.read(given.path)
        #expect(fault { _ = try given.open() } == .unusable)
        #expect(try Folder.read(given.path) == before)
    }

    @Test func `a vault of a newer Daybook is refused and left as it is`() throws {
        let given = try GivenVault()
        _ = try given.open()
        try given.tamper("PRAGMA user_version = 3")
        let before = try Folder.read(given.path)
        let error = #expect(throws: VaultFault.self) { try given.open() }
        #expect(error?.message.contains("newer") == true)
        #expect(try Folder.read(given.path) == before)
    }

    @Test(arguments: ["DROP TABLE rotation", "ALTER TABLE secret ADD COLUMN more TEXT", "CREATE TABLE more (a TEXT)"])
    func `a vault whose tables were altered is refused`(_ sql: String) throws {
        let given = try GivenVault()
        _ = try given.open()
        try given.tamper(sql)
        #expect(fault { _ = try given.open() } == .unusable)
    }

    @Test func `a vault of format 1 gets the tables of format 2, and keeps what it holds`() throws {
        let given = try GivenVault()
        do {
            let vault = try given.open()
            try vault.put(Secret("one"), owner: "ada", connection: "c1", name: "password")
        }
        try given.tamper("DROP TABLE token; DROP TABLE session; DROP TABLE attempt; PRAGMA user_version = 1")
        #expect(try Vault.keyID(at: given.path) == GivenVault.key().id)
        let vault = try given.open()
        #expect(try vault.text("ada", "c1", "password") == "one")
        #expect(try vault.tokens().isEmpty)
        #expect(try vault.sessions().isEmpty)
    }

    @Test func `a vault whose making was cut short is made anew`() throws {
        let given = try GivenVault()
        // The file was created, and nothing yet written.
        try Folder.replace(given.path, with: [])
        #expect(try Vault.keyID(at: given.path) == nil)
        #expect(try given.open().check() == 0)
        let other = try GivenVault()
        // The journal was chosen, and the tables not yet committed.
        _ = try Connection(path: other.path, as: .owner)
        #expect(Folder.facts(other.path)?.byteCount ?? 0 > 0)
        #expect(try Vault.keyID(at: other.path) == nil)
        #expect(try other.open().check() == 0)
    }

    @Test func `a vault that only stands in its log is found there`() throws {
        let given = try GivenVault()
        let vault = try given.open()
        try vault.put(Secret("one"), owner: "ada", connection: "c1", name: "password")
        let copy = try GivenVault()
        for name in try Folder.names(in: given.place) {
            try Folder.replace(copy.place + "/" + name, with: try Folder.read(given.place + "/" + name))
        }
        #expect(Folder.facts(copy.path + "-wal")?.byteCount ?? 0 > 0)
        #expect(try Vault.keyID(at: copy.path) == GivenVault.key().id)
        #expect(try copy.open().text("ada", "c1", "password") == "one")
    }

    @Test func `F08 a pipe in the place of the vault is refused, and nobody waits for its other end`() throws {
        let given = try GivenVault()
        let isMade = unsafe mkfifo(given.path, 0o600) == 0
        #expect(isMade)
        #expect(fault { _ = try given.open() } == .unusable)
        #expect(fault { _ = try Vault.keyID(at: given.path) } == .unusable)
    }
}
