import Foundation
import Machine
import SQLite
import Secrets

@testable import Vault

/// A vault in a folder of its own, which is gone with it.
final class GivenVault {
    let place: String
    var path: String { place + "/vault.db" }
    private let randomness = Randomness.system

    init() throws {
        place = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)").path
        try Folder.create(place)
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    /// The key whose bytes are all the same.
    static func key(_ byte: UInt8 = 1) -> VaultKey {
        VaultKey(from: Randomness { [UInt8](repeating: byte, count: $0) })
    }

    func open(_ key: VaultKey = GivenVault.key()) throws -> Vault {
        try Vault.open(path: path, key: key, randomness: randomness, now: { 1_767_600_000_000 })
    }

    /// Changes the file as somebody would who has it, and no key.
    func tamper(_ sql: String) throws {
        let connection = try Connection(path: path, as: .owner)
        try connection.execute(sql)
        try connection.emptyLog()
    }

    func question(_ sql: String) throws -> [[UInt8]] {
        let connection = try Connection(path: path, as: .owner)
        defer { withExtendedLifetime(connection) {} }
        return try connection.compile(sql).map { $0.blob(0) }
    }

    /// The files in which the bytes stand.
    func holds(_ bytes: [UInt8]) throws -> [String] {
        try Folder.names(in: place).filter { Data(try Folder.read(place + "/" + $0)).range(of: Data(bytes)) != nil }
    }
}

extension Vault {
    /// The text of a secret.
    func text(_ owner: String, _ connection: String, _ name: String) throws -> String? {
        try get(owner: owner, connection: connection, name: name)?.reveal { $0 }
    }
}

/// What kind of fault it is that a closure meets; nil if it meets none.
func fault(_ body: () throws -> Void) -> VaultFault.Kind? {
    do {
        try body()
        return nil
    } catch {
        return (error as? VaultFault)?.kind
    }
}
