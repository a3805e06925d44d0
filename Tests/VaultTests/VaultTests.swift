import Foundation
import Machine
import SQLite
import Secrets
import Testing

@testable import Vault

@Suite struct VaultTests {
    @Test func `A04 what was put in comes out, also after the vault was opened anew`() throws {
        let given = try GivenVault()
        do {
            let vault = try given.open()
            try vault.put(Secret("first"), owner: "ada", connection: "c1", name: "password")
            try vault.put(Secret("second"), owner: "ada", connection: "c1", name: "password")
            try vault.put(Secret(""), owner: "ada", connection: "c1", name: "empty")
            try vault.put(Secret("hers"), owner: "grace", connection: "c1", name: "password")
        }
        let vault = try given.open()
        #expect(try vault.text("ada", "c1", "password") == "second")
        #expect(try vault.text("ada", "c1", "empty") == "")
        #expect(try vault.text("grace", "c1", "password") == "hers")
        #expect(try vault.text("ada", "c2", "password") == nil)
        #expect(try vault.text("ada", "c1", "passwor") == nil)
        #expect(try vault.names(owner: "ada", connection: "c1") == ["empty", "password"])
        #expect(try vault.check() == 3)
    }

    @Test func `A04 nothing can be read in the files, and the vault is for its owner alone`() throws {
        let given = try GivenVault()
        let vault = try given.open()
        try vault.put(Secret("canary-7f3a"), owner: "ada", connection: "c1", name: "password")
        #expect(try given.holds(Array("canary-7f3a".utf8)) == [])
        try vault.settle()
        #expect(try given.holds(Array("canary-7f3a".utf8)) == [])
        for name in try Folder.names(in: given.place) {
            #expect(Folder.facts(given.place + "/" + name)?.mode == 0o600, "\(name)")
        }
    }

    @Test func `A04 the same secret looks different each time that it is sealed`() throws {
        let given = try GivenVault()
        do {
            let vault = try given.open()
            for name in ["a", "b"] { try vault.put(Secret("same"), owner: "ada", connection: "c1", name: name) }
        }
        let sealed = try given.question("SELECT sealed FROM secret")
        #expect(sealed.count == 2)
        #expect(Set(sealed).count == 2)
        #expect(Set(sealed.map { $0.prefix(24) }).count == 2)
    }

    // MARK: What somebody does who has the file, and no key

    private func filled() throws -> GivenVault {
        let given = try GivenVault()
        let vault = try given.open()
        try vault.put(Secret("one"), owner: "ada", connection: "c1", name: "password")
        try vault.put(Secret("two"), owner: "ada", connection: "c1", name: "token")
        try vault.put(Secret("three"), owner: "ada", connection: "c2", name: "password")
        try vault.put(Secret("four"), owner: "grace", connection: "c1", name: "password")
        try vault.settle()
        return given
    }

    private static let swaps = [
        "UPDATE secret SET name = CASE name WHEN 'token' THEN 'tmp' ELSE name END",
        """
        UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'token')
        WHERE owner = 'ada' AND connection = 'c1' AND name = 'password'
        """,
        """
        UPDATE secret SET (key, sealed) = (SELECT key, sealed FROM secret WHERE connection = 'c2')
        WHERE owner = 'ada' AND connection = 'c1' AND name = 'password'
        """,
        """
        UPDATE secret SET (key, sealed) = (SELECT key, sealed FROM secret WHERE owner = 'grace')
        WHERE owner = 'ada' AND connection = 'c1' AND name = 'password'
        """,
        """
        UPDATE connection_key SET wrapped = (SELECT wrapped FROM connection_key WHERE owner = 'grace')
        WHERE owner = 'ada' AND connection = 'c1'
        """,
        """
        UPDATE secret SET (key, sealed) = (SELECT key, sealed FROM secret WHERE owner = 'grace')
        WHERE owner = 'ada' AND connection = 'c1' AND name = 'password';
        UPDATE connection_key SET wrapped = (SELECT wrapped FROM connection_key WHERE owner = 'grace')
        WHERE owner = 'ada' AND connection = 'c1'
        """,
        "UPDATE secret SET key = '0000000000000000'",
        "UPDATE connection_key SET key = '0000000000000000'",
    ]

    @Test(arguments: swaps) func `T3 a row that was put in the place of another is refused`(_ sql: String) throws {
        let given = try filled()
        try given.tamper(sql)
        let vault = try given.open()
        #expect(fault { _ = try vault.check() } == .notOurs)
    }

    @Test func `T3 the key of one connection is not taken for that of another, also where nothing is sealed`() throws {
        let given = try filled()
        try given.tamper(
            """
            INSERT INTO connection_key (owner, connection, key, wrapped)
            SELECT 'ada', 'c9', key, wrapped FROM connection_key WHERE owner = 'grace'
            """)
        let vault = try given.open()
        #expect(try vault.unopenable().map(\.connection) == ["c9"])
        try vault.put(Secret("x"), owner: "ada", connection: "c9", name: "password")
        #expect(try vault.text("ada", "c9", "password") == "x")
        let keys = try given.question("SELECT wrapped FROM connection_key WHERE connection IN ('c9', 'c1')")
        #expect(Set(keys).count == keys.count)
        #expect(try vault.unopenable().isEmpty)
    }

    @Test(arguments: ["UPDATE secret SET sealed = x'00'", "UPDATE connection_key SET wrapped = x'00'"])
    func `F08 what cannot be opened any more is replaced by what is put there`(_ sql: String) throws {
        let given = try filled()
        try given.tamper("\(sql) WHERE owner = 'grace'")
        let vault = try given.open()
        #expect(try vault.unopenable().map(\.owner) == ["grace"])
        try vault.put(Secret("new"), owner: "grace", connection: "c1", name: "address")
        try vault.discardUnopenable(owner: "grace", connection: "c1")
        #expect(try vault.names(owner: "grace", connection: "c1") == ["address"])
        #expect(try vault.text("grace", "c1", "address") == "new")
        #expect(try vault.text("ada", "c1", "password") == "one")
        #expect(try vault.unopenable().isEmpty)
    }

    @Test func `T3 a key of a connection that is gone is no connection without secrets`() throws {
        let given = try filled()
        try given.tamper("DELETE FROM connection_key WHERE owner = 'grace'")
        let vault = try given.open()
        #expect(fault { _ = try vault.text("grace", "c1", "password") } == .missing)
        #expect(try vault.text("ada", "c1", "password") == "one")
    }

    @Test func `T3 every altered bit of what is sealed is refused`() throws {
        let given = try filled()
        for (table, column) in [("secret", "sealed"), ("connection_key", "wrapped"), ("vault", "probe")] {
            let filter = table == "vault" ? "" : "WHERE owner = 'grace'"
            let whole = try #require(try given.question("SELECT \(column) FROM \(table) \(filter)").first)
            for index in whole.indices {
                var altered = whole
                altered[index] ^= 1 << (index % 8)
                try given.tamper("UPDATE \(table) SET \(column) = x'\(altered.hexadecimal)' \(filter)")
                let found = fault { _ = try given.open().text("grace", "c1", "password") }
                #expect(found == (table == "vault" ? .unusable : .notOurs), "\(table) \(index)")
            }
            for count in [0, 1, 39, whole.count - 1] {
                let altered = Array(whole.prefix(count))
                try given.tamper("UPDATE \(table) SET \(column) = x'\(altered.hexadecimal)' \(filter)")
                #expect(fault { _ = try given.open().text("grace", "c1", "password") } != nil)
            }
            try given.tamper("UPDATE \(table) SET \(column) = x'\(whole.hexadecimal)' \(filter)")
        }
        #expect(try given.open().check() == 4)
    }

    @Test func `T3 another key is told at once, and never looks like an empty vault`() throws {
        for given in [try filled(), try GivenVault()] {
            _ = try given.open().keyID
            let error = #expect(throws: VaultFault.self) { try given.open(GivenVault.key(2)) }
            #expect(error?.kind == .wrongKey)
            #expect(error?.message.contains(GivenVault.key(1).id) == true)
            #expect(error?.message.contains(GivenVault.key(2).id) == true)
            // Nor does it help to say that the other key is the right one.
            try given.tamper("UPDATE vault SET key = '\(GivenVault.key(2).id)'")
            #expect(fault { _ = try given.open(GivenVault.key(2)) } == .unusable)
        }
    }

    // MARK: Taking and destroying

    @Test func `T1 a secret that is taken is there once`() throws {
        let given = try filled()
        let vault = try given.open()
        #expect(try vault.take(owner: "ada", connection: "c1", name: "token")?.reveal { $0 } == "two")
        #expect(try vault.take(owner: "ada", connection: "c1", name: "token") == nil)
        #expect(try vault.names(owner: "ada", connection: "c1") == ["password"])
    }

    @Test func `destroying a connection leaves no byte of its keys and secrets in any file`() throws {
        let given = try filled()
        let gone = try given.question("SELECT sealed FROM secret WHERE owner = 'ada' AND connection = 'c1'")
        let keys = try given.question("SELECT wrapped FROM connection_key WHERE owner = 'ada' AND connection = 'c1'")
        #expect(gone.count == 2 && keys.count == 1)
        for bytes in gone + keys { #expect(try given.holds(bytes) == ["vault.db"]) }
        let vault = try given.open()
        #expect(try vault.destroy(owner: "ada", connection: "c1") == 2)
        for bytes in gone + keys { #expect(try given.holds(bytes) == []) }
        #expect(try vault.text("ada", "c1", "password") == nil)
        #expect(try vault.names(owner: "ada", connection: "c1") == [])
        #expect(try vault.text("ada", "c2", "password") == "three")
        #expect(try vault.destroy(owner: "ada", connection: "c1") == 0)
        try vault.put(Secret("anew"), owner: "ada", connection: "c1", name: "password")
        #expect(try vault.text("ada", "c1", "password") == "anew")
    }
}
