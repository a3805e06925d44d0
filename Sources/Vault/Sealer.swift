import Secrets

/// Seals texts that are kept outside of the vault, such as the mark where the reading of a calendar ended.
///
/// Its key is a secret of the vault, so it is the same after the vault got another key, and gone with the vault.
public struct Sealer: Sendable {
    private let name: String
    private let key: VaultKey
    private let randomness: Randomness

    fileprivate init(_ name: String, _ key: VaultKey, _ randomness: Randomness) {
        (self.name, self.key, self.randomness) = (name, key, randomness)
    }

    /// The sealed text in letters, digits, `-` and `_`. Sealed twice, the same text looks different.
    public func seal(_ text: String) -> String {
        key.seal(Secret(text), associated: Binding.sealed(by: name), randomness).base64URL
    }

    /// Nil if it is not what a sealer of this name and this vault has sealed.
    public func open(_ text: String) -> String? {
        guard let sealed = [UInt8](base64URL: text) else { return nil }
        return key.open(sealed, associated: Binding.sealed(by: name))?.reveal { $0 }
    }
}

extension Vault {
    /// Whose secrets those of the home itself are; no user has this id.
    private static let (home, sealers) = ("home", "sealers")

    /// The sealer of a name. It is made when it is first asked for, and anew where its key cannot be opened any more:
    /// then it opens nothing of what was sealed before, as after the loss of the vault.
    public func sealer(named name: String) throws -> Sealer {
        if let key = try keptKey(ofSealer: name) { return Sealer(name, key, randomness) }
        let key = VaultKey(from: randomness)
        try put(key.secret, owner: Self.home, connection: Self.sealers, name: name)
        return Sealer(name, key, randomness)
    }

    private func keptKey(ofSealer name: String) throws -> VaultKey? {
        do {
            return try get(owner: Self.home, connection: Self.sealers, name: name).flatMap { VaultKey($0) }
        } catch let fault as VaultFault where fault.isOfOneRecord {
            return nil
        }
    }
}
