import Secrets
import Testing

@testable import Vault

@Suite struct RotationTests {
    private struct Stop: Error {}

    private func filled() throws -> GivenVault {
        let given = try GivenVault()
        let vault = try given.open()
        for owner in ["ada", "grace"] {
            for connection in ["c1", "c2"] {
                try vault.put(Secret(owner + connection), owner: owner, connection: connection, name: "password")
            }
        }
        return given
    }

    private func holdsAll(_ vault: Vault) throws -> Bool {
        try vault.check() == 4 && vault.text("grace", "c2", "password") == "gracec2"
    }

    @Test func `T3 a new key wraps the keys of the connections anew, and leaves the secrets as they are`() throws {
        let given = try filled()
        let before = try given.question("SELECT sealed FROM secret")
        let wrapped = try given.question("SELECT wrapped FROM connection_key")
        let vault = try given.open()
        #expect(try vault.rotate(to: GivenVault.key(2)) == 4)
        #expect(vault.keyID == GivenVault.key(2).id)
        #expect(try holdsAll(vault))
        try vault.put(Secret("later"), owner: "ada", connection: "c3", name: "password")
        for bytes in wrapped { #expect(try given.holds(bytes) == [], "the old wrapping is gone") }
        #expect(try vault.rotate(to: GivenVault.key(2)) == 0)
        #expect(try vault.unrecordedRotations().count == 1)
        withExtendedLifetime(vault) {}
        try checkAfter(given, before)
    }

    private func checkAfter(_ given: GivenVault, _ before: [[UInt8]]) throws {
        #expect(fault { _ = try given.open() } == .wrongKey)
        #expect(try given.open(GivenVault.key(2)).text("ada", "c3", "password") == "later")
        #expect(try given.question("SELECT sealed FROM secret WHERE connection <> 'c3'") == before)
    }

    @Test func `F08 a key that cannot be opened holds up no other, and stays as it is`() throws {
        let given = try filled()
        try given.tamper("UPDATE connection_key SET wrapped = x'00' WHERE owner = 'ada' AND connection = 'c1'")
        let vault = try given.open()
        #expect(try vault.rotate(to: GivenVault.key(2)) == 3)
        #expect(try vault.text("grace", "c2", "password") == "gracec2")
        #expect(try vault.unopenable().map(\.connection) == ["c1"])
        #expect(try given.question("SELECT wrapped FROM connection_key WHERE wrapped = x'00'").count == 1)
    }

    @Test(arguments: 1...4) func `T3 a rotation that stops on the way has changed nothing`(_ step: Int) throws {
        let given = try filled()
        do {
            let vault = try given.open()
            #expect(throws: Stop.self) {
                try vault.rotate(to: GivenVault.key(2)) { if $0 == step { throw Stop() } }
            }
            #expect(vault.keyID == GivenVault.key(1).id)
            #expect(try holdsAll(vault))
        }
        #expect(try Vault.keyID(at: given.path) == GivenVault.key(1).id)
        #expect(try holdsAll(given.open()))
        let vault = try given.open()
        #expect(try vault.unrecordedRotations() == [])
        #expect(try vault.rotate(to: GivenVault.key(2)) == 4)
        #expect(try holdsAll(vault))
    }

    @Test func `T3 the vault remembers a change of its key until somebody says that it stands elsewhere`() throws {
        let given = try filled()
        try given.open().rotate(to: GivenVault.key(2))
        try given.open(GivenVault.key(2)).rotate(to: GivenVault.key(3))
        #expect(try Vault.keyID(at: given.path) == GivenVault.key(3).id)
        let vault = try given.open(GivenVault.key(3))
        let rotations = try vault.unrecordedRotations()
        #expect(rotations.map(\.previousKeyID) == [GivenVault.key(1).id, GivenVault.key(2).id])
        #expect(rotations.map(\.keyID) == [GivenVault.key(2).id, GivenVault.key(3).id])
        #expect(rotations.map(\.rewrapped) == [4, 4])
        for rotation in rotations { try vault.rotationIsRecorded(rotation) }
        #expect(try vault.unrecordedRotations() == [])
    }

    @Test func `a vault without secrets can be rotated too`() throws {
        let given = try GivenVault()
        #expect(try Vault.keyID(at: given.path) == nil)
        #expect(try given.open().rotate(to: GivenVault.key(2)) == 0)
        #expect(try given.open(GivenVault.key(2)).check() == 0)
    }
}
