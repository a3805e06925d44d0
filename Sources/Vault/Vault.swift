import Machine
import SQLite
public import Secrets

/// Keeps passwords and tokens, encrypted.
///
/// Each connection has a key of its own, and its secrets are sealed with that. The keys of the connections are wrapped
/// with the key of the vault. So another key of the vault means that those keys are wrapped anew and nothing else
/// changes; and when the key of a connection is destroyed, its secrets are gone.
///
/// What is sealed is bound to where it stands (see `Binding`), so that a row can't be taken for another.
/// One thread uses it: it owns the one connection that writes and checkpoints the file.
public final class Vault {
    let path: String
    let randomness: Randomness
    let now: @Sendable () -> Int64
    let connection: Connection
    private var key: VaultKey
    /// Why nothing may be done any more until the vault was opened anew.
    private var failure: SQLiteError?

    /// Opens the vault; makes one where there is none. One that was sealed with another key is refused.
    public static func open(
        path: String, key: VaultKey, randomness: Randomness, now: @escaping @Sendable () -> Int64
    ) throws -> Vault { try Vault(path, key, randomness, now) }

    private init(
        _ path: String, _ key: VaultKey, _ randomness: Randomness, _ now: @escaping @Sendable () -> Int64
    ) throws {
        (self.path, self.key, self.randomness, self.now) = (path, key, randomness, now)
        connection = try VaultFile.explained(path) {
            let connection = try VaultFile.open(path)
            try VaultFile.prepare(connection) { try Self.seal(connection, key, randomness) }
            return connection
        }
        try VaultFile.explained(path) { try checkKey() }
    }

    /// The id of the key that the vault at a path needs; nil if there is none yet.
    public static func keyID(at path: String) throws -> String? {
        guard Folder.exists(path) else { return nil }
        return try VaultFile.explained(path) {
            let connection = try VaultFile.open(path)
            defer { withExtendedLifetime(connection) {} }
            guard try VaultFile.isPrepared(connection) else { return nil }
            return try connection.prepare("SELECT key FROM vault").first { $0.text(0) }
        }
    }

    /// The id of the key with which the vault is sealed now.
    public var keyID: String { key.id }

    /// A key that is none of this vault's must not look like a vault that holds nothing.
    private func checkKey() throws {
        let found = try connection.prepare("SELECT key, probe FROM vault").first { ($0.text(0), $0.blob(1)) }
        guard let (needed, probe) = found else { throw VaultFault.unusable(path, "it does not say which key it needs") }
        guard needed == key.id else {
            throw VaultFault(
                .wrongKey,
                "\(path) was sealed with the key \(needed), and the master key that was given makes \(key.id)")
        }
        guard key.open(probe, associated: Binding.probe(key: key.id)) != nil else {
            throw VaultFault.unusable(path, "the sample that tells whether a key is right was altered")
        }
    }

    private static func seal(_ connection: Connection, _ key: VaultKey, _ randomness: Randomness) throws {
        let probe = key.seal(Secret("daybook"), associated: Binding.probe(key: key.id), randomness)
        try connection.prepare(
            "INSERT INTO vault (id, key, probe) VALUES (1, ?, ?) "
                + "ON CONFLICT (id) DO UPDATE SET key = excluded.key, probe = excluded.probe"
        ).run(.text(key.id), .blob(probe))
    }

    /// Runs what reads or writes; after an error of the disk nothing more is believed.
    func guarded<Answer>(_ body: () throws -> Answer) throws -> Answer {
        if let failure { throw failure }
        do {
            return try VaultFile.explained(path, body)
        } catch let error as SQLiteError {
            if error.endsTheConnection { failure = error }
            throw error
        }
    }
}

// MARK: Secrets

extension Vault {
    /// Keeps a secret, in the place of the one that had the name. It is on the disk when this returns.
    public func put(_ secret: Secret, owner: String, connection: String, name: String) throws {
        try guarded {
            try self.connection.transaction { try write(secret, Place(owner, connection, name)) }
        }
    }

    /// Nil if nothing was put there.
    public func get(owner: String, connection: String, name: String) throws -> Secret? {
        try guarded { try self.connection.snapshot { try read(Place(owner, connection, name)) } }
    }

    /// Hands a secret out for the only time: it is gone from the disk when this returns.
    public func take(owner: String, connection: String, name: String) throws -> Secret? {
        try guarded {
            let place = Place(owner, connection, name)
            return try self.connection.transaction {
                let secret = try read(place)
                try remove(place)
                return secret
            }
        }
    }

    /// The names under which something is kept for a connection, sorted.
    public func names(owner: String, connection: String) throws -> [String] {
        try guarded {
            try self.connection.prepare("SELECT name FROM secret WHERE owner = ? AND connection = ? ORDER BY name")
                .map(.text(owner), .text(connection)) { $0.text(0) }
        }
    }

    /// Whose connections there is something of.
    public func places() throws -> [(owner: String, connection: String)] {
        try guarded {
            try connection.prepare("SELECT owner, connection FROM connection_key ORDER BY owner, connection")
                .map { ($0.text(0), $0.text(1)) }
        }
    }

    /// When something was put there last; nil if there is nothing.
    public func lastPut(owner: String, connection: String) throws -> Int64? {
        try guarded {
            try self.connection.prepare("SELECT MAX(at) FROM secret WHERE owner = ? AND connection = ?")
                .first(.text(owner), .text(connection)) { $0.integerIfPresent(0) } ?? nil
        }
    }

    /// Destroys the key of a connection, and with it whatever was sealed with it. Answers how many secrets there were.
    @discardableResult
    public func destroy(owner: String, connection: String) throws -> Int {
        try guarded {
            let names = try names(owner: owner, connection: connection)
            try self.connection.transaction {
                for table in ["secret", "connection_key"] {
                    try self.connection.prepare("DELETE FROM \(table) WHERE owner = ? AND connection = ?")
                        .run(.text(owner), .text(connection))
                }
            }
            // What was written before stands in the log until it is emptied.
            try self.connection.emptyLog()
            return names.count
        }
    }

    /// Opens everything, and answers how much there is. The first that cannot be opened is thrown.
    public func check() throws -> Int {
        var count = 0
        for (owner, connection) in try places() {
            for name in try names(owner: owner, connection: connection) {
                _ = try get(owner: owner, connection: connection, name: name)
                count += 1
            }
        }
        return count
    }

    /// Removes what cannot be opened any more, and leaves the rest. To be called when what replaces it is kept.
    public func discardUnopenable(owner: String, connection: String) throws {
        for name in try names(owner: owner, connection: connection) {
            do {
                _ = try get(owner: owner, connection: connection, name: name)
            } catch let fault as VaultFault where fault.isOfOneRecord {
                try guarded { try remove(Place(owner, connection, name)) }
            }
        }
    }

    private func write(_ secret: Secret, _ place: Place) throws {
        let key = try keyToSeal(place)
        let sealed = key.seal(secret, associated: Binding.secret(place, key: key.id), randomness)
        try connection.prepare(
            "INSERT INTO secret (owner, connection, name, key, sealed, at) VALUES (?, ?, ?, ?, ?, ?) "
                + "ON CONFLICT (owner, connection, name) DO UPDATE SET "
                + "key = excluded.key, sealed = excluded.sealed, at = excluded.at"
        ).run(
            .text(place.owner), .text(place.connection), .text(place.name), .text(key.id), .blob(sealed),
            .integer(now()))
    }

    private func read(_ place: Place) throws -> Secret? {
        let row = try connection.prepare(
            "SELECT key, sealed FROM secret WHERE owner = ? AND connection = ? AND name = ?"
        ).first(.text(place.owner), .text(place.connection), .text(place.name)) { ($0.text(0), $0.blob(1)) }
        guard let (keyID, sealed) = row else { return nil }
        guard let key = try key(of: place) else {
            throw VaultFault(.missing, "the key of \(place) is missing in \(path), so it cannot be opened")
        }
        guard keyID == key.id, let secret = key.open(sealed, associated: Binding.secret(place, key: key.id)) else {
            throw VaultFault(
                .notOurs,
                "\(place) in \(path) cannot be opened: it was altered, or was put there from elsewhere")
        }
        return secret
    }

    private func remove(_ place: Place) throws {
        try connection.prepare("DELETE FROM secret WHERE owner = ? AND connection = ? AND name = ?")
            .run(.text(place.owner), .text(place.connection), .text(place.name))
    }
}

// MARK: Keys

extension Vault {
    /// Wraps the keys of all connections anew, in one transaction, and answers how many there are. The vault needs the
    /// new key from then on; that this happened is kept until `rotationIsRecorded` says that others know. One that cannot
    /// be opened is left as it is (`unopenable` tells which): it holds up none of the others.
    ///
    /// - Parameter wrapped: called after each, for whoever wants to stop: if it throws, nothing was changed.
    @discardableResult
    public func rotate(to new: VaultKey, wrapped: (Int) throws -> Void = { _ in }) throws -> Int {
        if new.id == key.id { return 0 }
        let count = try guarded {
            let count = try connection.transaction {
                var count = 0
                for (owner, connection) in try places() {
                    let place = Place(owner, connection, "")
                    guard let inner = try openableKey(of: place) else { continue }
                    try store(inner, of: place, under: new)
                    count += 1
                    try wrapped(count)
                }
                try Self.seal(connection, new, randomness)
                try connection.prepare("INSERT INTO rotation (at, previous, key, rewrapped) VALUES (?, ?, ?, ?)")
                    .run(.integer(now()), .text(key.id), .text(new.id), .integer(Int64(count)))
                return count
            }
            key = new
            return count
        }
        // What was wrapped with the old key stands in the log until it is emptied.
        try guarded { try connection.emptyLog() }
        return count
    }

    /// Those of which the key, or a secret, cannot be opened.
    public func unopenable() throws -> [(owner: String, connection: String)] {
        try places().filter { place in
            do {
                for name in try names(owner: place.owner, connection: place.connection) {
                    _ = try get(owner: place.owner, connection: place.connection, name: name)
                }
                return try guarded { try openableKey(of: Place(place.owner, place.connection, "")) } == nil
            } catch let fault as VaultFault where fault.isOfOneRecord {
                return true
            }
        }
    }

    /// A change of the key that nobody has acknowledged yet.
    public struct Rotation: Sendable, Equatable {
        public let previousKeyID: String
        public let keyID: String
        /// The keys that were wrapped anew.
        public let rewrapped: Int
    }

    /// Changes of the key that stand nowhere else yet, oldest first.
    public func unrecordedRotations() throws -> [Rotation] {
        try guarded {
            try connection.prepare("SELECT previous, key, rewrapped FROM rotation ORDER BY number")
                .map { Rotation(previousKeyID: $0.text(0), keyID: $0.text(1), rewrapped: Int($0.integer(2))) }
        }
    }

    /// Says that the change of the key stands elsewhere by now.
    public func rotationIsRecorded(_ rotation: Rotation) throws {
        try guarded { try connection.prepare("DELETE FROM rotation WHERE key = ?").run(.text(rotation.keyID)) }
    }

    /// The key of a connection; nil if it has none.
    private func key(of place: Place) throws -> VaultKey? {
        let row = try connection.prepare(
            "SELECT key, wrapped FROM connection_key WHERE owner = ? AND connection = ?"
        ).first(.text(place.owner), .text(place.connection)) { ($0.text(0), $0.blob(1)) }
        guard let (wrapping, wrapped) = row else { return nil }
        guard wrapping == key.id,
            let inner = key.open(wrapped, associated: Binding.key(place, key: key.id)).flatMap({ VaultKey($0) })
        else {
            throw VaultFault(
                .notOurs,
                "the key of connection \(place.connection) in \(path) cannot be opened: it was altered, or was put there "
                    + "from elsewhere")
        }
        return inner
    }

    private func openableKey(of place: Place) throws -> VaultKey? {
        do {
            return try key(of: place)
        } catch let fault as VaultFault where fault.isOfOneRecord {
            return nil
        }
    }

    /// One that cannot be opened opens nothing: it is replaced, and what was sealed with it goes.
    private func keyToSeal(_ place: Place) throws -> VaultKey {
        do {
            return try key(of: place) ?? makeKey(of: place)
        } catch let fault as VaultFault where fault.isOfOneRecord {
            try connection.prepare("DELETE FROM secret WHERE owner = ? AND connection = ?")
                .run(.text(place.owner), .text(place.connection))
            return try makeKey(of: place)
        }
    }

    private func makeKey(of place: Place) throws -> VaultKey {
        let inner = VaultKey(from: randomness)
        try store(inner, of: place, under: key)
        return inner
    }

    private func store(_ inner: VaultKey, of place: Place, under key: VaultKey) throws {
        let wrapped = key.seal(inner.secret, associated: Binding.key(place, key: key.id), randomness)
        try connection.prepare(
            "INSERT INTO connection_key (owner, connection, key, wrapped) VALUES (?, ?, ?, ?) "
                + "ON CONFLICT (owner, connection) DO UPDATE SET key = excluded.key, wrapped = excluded.wrapped"
        ).run(.text(place.owner), .text(place.connection), .text(key.id), .blob(wrapped))
    }
}

// MARK: Keeping the file in order

extension Vault {
    /// Copies what waits in the write-ahead log into the file, so that nothing that was replaced outlives it there.
    public func settle() throws {
        guard failure == nil, Folder.facts(path + "-wal")?.byteCount ?? 0 > 0 else { return }
        try guarded { try connection.emptyLog() }
    }
}
