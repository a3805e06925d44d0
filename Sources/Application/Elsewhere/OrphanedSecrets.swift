import Entries
import Ledger
import Providers
import Vault

/// Secrets in the vault of connections that never came to be, or that are gone.
///
/// A secret is kept before the entry that names its connection, so a kill in between leaves one that nothing will ever
/// open, rename or destroy. It is told from one that is just being kept by its age, and from that of a connection whose
/// entry was lost by the head of the ledger: while that does not fit, nothing is destroyed.
struct OrphanedSecrets {
    let home: OpenHome

    /// Where they stand.
    func places() throws -> [(owner: String, connection: String)] {
        guard home.headWarning == nil else { return [] }
        let vault = try home.vault()
        let now = home.options.now()
        return try vault.places().filter { place in
            // Those of the home, of providers and of grants that wait are no connections.
            guard place.owner != Draft.home, !place.connection.contains("/"),
                let last = try vault.lastPut(owner: place.owner, connection: place.connection),
                now - last > GrantRequest.lifetimeMilliseconds
            else { return false }
            return try home.reader.version(of: "connection/\(place.connection)") == 0
        }
    }

    /// Destroys them, and says so.
    func sweep() throws {
        let places = try places()
        for place in places { try home.vault().destroy(owner: place.owner, connection: place.connection) }
        if !places.isEmpty {
            home.warn("\(Self.told(places.count)); what was left of that in the vault was destroyed")
        }
    }

    /// Destroys those of connections that the ledger says are removed, as a kill leaves them. Nothing is waited for: what
    /// is removed never comes back.
    func sweepRemoved() throws {
        guard home.headWarning == nil else { return }
        let vault = try home.vault()
        let places = try vault.places().filter { place in
            guard place.owner != Draft.home, !place.connection.contains("/") else { return false }
            let removal = Query(
                stream: "connection/\(place.connection)", types: [ConnectionRemoved.type], owner: place.owner, limit: 1)
            return try !home.reader.entries(removal).isEmpty
        }
        for place in places { try vault.destroy(owner: place.owner, connection: place.connection) }
        if !places.isEmpty {
            home.warn("the removal of a connection was cut short; what was left of it in the vault was destroyed")
        }
    }

    static func told(_ count: Int) -> String {
        count == 1 ? "the making of a connection was cut short" : "the making of \(count) connections was cut short"
    }
}
