// The vault keeps passwords and tokens. Each connection has a data key of its own, made by chance; its records are sealed
// with it, and the data key with the vault's key, which is derived from the master key. So a rotation seals the small data
// keys anew, and destroying one makes everything of its connection unreadable, wherever a copy of it lies.
//
// Every sealed text is bound to its place: table, owner, connection, name and the id of the key. A row that was moved to
// another place does not open there.

import Machine
import SQLite
public import Secrets

/// Passwords and tokens, encrypted (`vault.db`). One thread uses it at a time.
public final class Vault {
    private let connection: Connection
    private let randomness: Randomness
    private var key: VaultKey

    private static let version: Int64 = 1

    private static let schema = """
        CREATE TABLE vault (
            key_id TEXT NOT NULL
        ) STRICT;

        CREATE TABLE data_key (
            owner TEXT NOT NULL,
            connection TEXT NOT NULL,
            sealed BLOB NOT NULL,
            PRIMARY KEY (owner, connection)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE record (
            owner TEXT NOT NULL,
            connection TEXT NOT NULL,
            name TEXT NOT NULL,
            sealed BLOB NOT NULL,
            PRIMARY KEY (owner, connection, name),
            FOREIGN KEY (owner, connection) REFERENCES data_key (owner, connection) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        """

    /// Opens the vault, or makes it where there is none.
    public init(path: String, key: VaultKey, randomness: Randomness) throws {
        self.key = key
        self.randomness = randomness
        connection = try Connection(path: path, as: .owner)
        let version = try connection.prepare("PRAGMA user_version").first { $0.integer(0) } ?? 0
        switch version {
        case 0: try create()
        case Self.version: break
        default:
            throw VaultFault(.unusable, "\(path) was written by a newer Daybook, and is left as it is.")
        }
        guard try Self.keyID(connection) == key.id else {
            throw VaultFault(
                .notOurs,
                "\(path) was sealed with another master key than the one given. Put back the key that belongs to it; without "
                    + "it, remove the file and connect everything again.")
        }
    }

    private func create() throws {
        try connection.transaction {
            try connection.execute(Self.schema)
            try connection.prepare("INSERT INTO vault (key_id) VALUES (?)").run(.text(key.id))
            try connection.execute("PRAGMA user_version = \(Self.version)")
        }
    }

    /// The id of the key with which the vault at a path is sealed; nil where there is none.
    public static func keyID(at path: String) throws -> String? {
        guard Folder.exists(path) else { return nil }
        let connection = try Connection(path: path, as: .owner)
        guard (try connection.prepare("PRAGMA user_version").first { $0.integer(0) }) == version else { return nil }
        return try keyID(connection)
    }

    private static func keyID(_ connection: Connection) throws -> String? {
        try connection.prepare("SELECT key_id FROM vault").first { $0.text(0) }
    }

    public var keyID: String { key.id }

    /// Copies the log into the file, so that nothing that was destroyed is left in it.
    public func settle() throws { try connection.emptyLog() }

    // MARK: Records

    public func put(_ secret: Secret, owner: String, connection name: String, name record: String) throws {
        try connection.transaction {
            let dataKey = try dataKey(owner, name) ?? newDataKey(owner, name)
            let place = Self.place("record", owner, name, record, dataKey.id)
            let sealed = secret.revealBytes { dataKey.seal($0, place: place, randomness) }
            try connection.prepare(
                """
                INSERT INTO record (owner, connection, name, sealed) VALUES (?, ?, ?, ?)
                ON CONFLICT (owner, connection, name) DO UPDATE SET sealed = excluded.sealed
                """
            ).run(.text(owner), .text(name), .text(record), .blob(sealed))
        }
    }

    /// Nil where nothing of that name is kept.
    public func get(owner: String, connection name: String, name record: String) throws -> Secret? {
        let sealed = try connection.prepare(
            "SELECT sealed FROM record WHERE owner = ? AND connection = ? AND name = ?"
        ).first(.text(owner), .text(name), .text(record)) { $0.blob(0) }
        guard let sealed else { return nil }
        guard let dataKey = try dataKey(owner, name),
            let plain = dataKey.open(sealed, place: Self.place("record", owner, name, record, dataKey.id))
        else { throw Self.altered(record) }
        return Secret(plain)
    }

    /// The names of what is kept of a connection.
    public func names(owner: String, connection name: String) throws -> [String] {
        try connection.prepare("SELECT name FROM record WHERE owner = ? AND connection = ? ORDER BY name")
            .map(.text(owner), .text(name)) { $0.text(0) }
    }

    /// The connections of which something is kept.
    public func connections(owner: String) throws -> [String] {
        try connection.prepare("SELECT connection FROM data_key WHERE owner = ? ORDER BY connection")
            .map(.text(owner)) { $0.text(0) }
    }

    public func remove(owner: String, connection name: String, name record: String) throws {
        try connection.prepare("DELETE FROM record WHERE owner = ? AND connection = ? AND name = ?")
            .run(.text(owner), .text(name), .text(record))
    }

    /// Nobody can read what was kept of the connection any more, not even from a copy of this file and with the master key
    /// of a later day.
    public func destroy(owner: String, connection name: String) throws {
        try connection.transaction {
            try connection.prepare("DELETE FROM record WHERE owner = ? AND connection = ?")
                .run(.text(owner), .text(name))
            try connection.prepare("DELETE FROM data_key WHERE owner = ? AND connection = ?")
                .run(.text(owner), .text(name))
        }
        try settle()
    }

    // MARK: Keys

    private func dataKey(_ owner: String, _ name: String) throws -> VaultKey? {
        let sealed = try connection.prepare("SELECT sealed FROM data_key WHERE owner = ? AND connection = ?")
            .first(.text(owner), .text(name)) { $0.blob(0) }
        guard let sealed else { return nil }
        let plain = key.open(sealed, place: Self.place("data_key", owner, name, "", key.id))
        guard let plain, let dataKey = VaultKey(plain) else { throw Self.altered("key") }
        return dataKey
    }

    private func newDataKey(_ owner: String, _ name: String) throws -> VaultKey {
        let dataKey = VaultKey(from: randomness)
        try keep(dataKey, owner, name, with: key)
        return dataKey
    }

    private func keep(_ dataKey: VaultKey, _ owner: String, _ name: String, with key: VaultKey) throws {
        let place = Self.place("data_key", owner, name, "", key.id)
        let sealed = dataKey.secret.revealBytes { key.seal($0, place: place, randomness) }
        try connection.prepare(
            """
            INSERT INTO data_key (owner, connection, sealed) VALUES (?, ?, ?)
            ON CONFLICT (owner, connection) DO UPDATE SET sealed = excluded.sealed
            """
        ).run(.text(owner), .text(name), .blob(sealed))
    }

    /// Seals every data key anew, all or none.
    ///
    /// - Returns: how many there are.
    public func rotate(to new: VaultKey) throws -> Int {
        let places = try connection.prepare("SELECT owner, connection FROM data_key")
            .map { ($0.text(0), $0.text(1)) }
        try connection.transaction {
            for (owner, name) in places {
                guard let dataKey = try dataKey(owner, name) else { continue }
                try keep(dataKey, owner, name, with: new)
            }
            try connection.prepare("UPDATE vault SET key_id = ?").run(.text(new.id))
        }
        key = new
        try settle()
        return places.count
    }

    /// Parts with their lengths before them, so that no two places are written alike.
    private static func place(_ parts: String...) -> [UInt8] {
        parts.reduce(into: Array("daybook.vault.1".utf8)) { place, part in
            let count = UInt32(clamping: part.utf8.count)
            place += [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
            place += part.utf8
        }
    }

    private static func altered(_ what: String) -> VaultFault {
        VaultFault(
            .notOurs,
            "The vault holds a \(what) that is not what was put there: it was altered, or moved from another place. Connect "
                + "it again.")
    }
}

/// Seals texts that are kept elsewhere, with a key of the vault that outlives a rotation of the master key.
public struct Sealer: Sendable {
    private let key: VaultKey
    private let place: [UInt8]
    private let randomness: Randomness

    public func seal(_ text: String) -> String {
        "v1." + key.seal(Array(text.utf8), place: place, randomness).base64
    }

    /// Nil for what was not sealed by it.
    public func open(_ text: String) -> String? {
        guard text.hasPrefix("v1."), let sealed = [UInt8](base64: String(text.dropFirst(3))) else { return nil }
        return key.open(sealed, place: place).map { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate init(key: VaultKey, name: String, randomness: Randomness) {
        self.key = key
        place = Array("daybook.sealer.\(name)".utf8)
        self.randomness = randomness
    }
}

extension Vault {
    private static let home = "home"

    /// The sealer of that name; made when it is asked for the first time.
    public func sealer(named name: String) throws -> Sealer {
        let record = "sealer/" + name
        if let secret = try get(owner: Self.home, connection: Self.home, name: record),
            let key = secret.revealBytes({ VaultKey($0) })
        {
            return Sealer(key: key, name: name, randomness: randomness)
        }
        let key = VaultKey(from: randomness)
        try put(key.secret, owner: Self.home, connection: Self.home, name: record)
        return Sealer(key: key, name: name, randomness: randomness)
    }
}
