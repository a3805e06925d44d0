import Entries
import Secrets
import Vault

/// What the vault keeps of one connection.
struct ConnectionSecrets {
    enum Name: String {
        case password
        /// Of a feed: who knows it may read it.
        case address
        /// Of a grant: the tokens, and until when they hold.
        case tokens

        /// Without which a connection of a provider cannot be opened; nil where there is no such thing.
        init?(opening provider: Provider) {
            switch provider {
            case .google, .microsoft: self = .tokens
            case .caldav: self = .password
            case .feed: self = .address
            case .files: return nil
            }
        }
    }

    let vault: Vault
    let owner: String
    let connection: String

    func keep(_ secret: Secret, _ name: Name) throws {
        try vault.put(secret, owner: owner, connection: connection, name: name.rawValue)
    }

    /// Keeps what opens it anew; what cannot be opened any more and is not replaced goes.
    func renew(_ secrets: [Name: Secret]) throws {
        for (name, secret) in secrets.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { try keep(secret, name) }
        try vault.discardUnopenable(owner: owner, connection: connection)
    }

    /// Nil also where it cannot be opened, for whoever is about to replace it.
    func openable(_ name: Name) throws -> Secret? {
        do {
            return try secret(name)
        } catch let fault as VaultFault where fault.isOfOneRecord {
            return nil
        }
    }

    func secret(_ name: Name) throws -> Secret? {
        try vault.get(owner: owner, connection: connection, name: name.rawValue)
    }

    /// Whatever is kept of it cannot be read by anybody any more.
    func destroy() throws { try vault.destroy(owner: owner, connection: connection) }
}
