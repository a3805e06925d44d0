import Entries
import Ledger
import Machine
import Secrets
import Vault

/// Which key a home has, and where it comes from. The key itself is in no answer.
public struct KeyRequest: Request {
    public static let name = "key"

    public struct Shown: Codable, Sendable {
        public let keyID: String
        /// The file or the place that the key was taken from.
        public let origin: String
        /// How many secrets the vault holds; nil if there is no vault yet.
        public let secrets: Int?
        /// When another key last took the place of one; nil if that never was.
        public let rotatedAt: Int64?
        /// The zone in which whoever asks reads times.
        public let zone: String?
    }

    /// Who asks; nil is the first user of the home.
    public let user: String?

    public init(user: String? = nil) { self.user = user }

    public func answer(in home: OpenHome) throws -> Shown {
        let source = KeySource(folder: home.folder)
        let rotated = try home.reader.entries(
            Query(types: [KeyRotated.type], isBackwards: true, limit: 1)
        ).first
        return Shown(
            keyID: try source.load().id, origin: source.origin.text,
            secrets: Folder.exists(home.folder.vault) ? try home.vault().check() : nil, rotatedAt: rotated?.at,
            zone: home.zone(of: user))
    }
}

/// Puts a new master key in the place of the old one. Names and signatures stay what they are, backups that were made
/// before need the old key.
public struct RotateKeyRequest: Request {
    public static let name = "rotate_key"

    public struct Rotated: Codable, Sendable {
        public let keyID: String
        public let previousKeyID: String
        /// The keys in the vault that were wrapped anew.
        public let rewrapped: Int
        /// Where the new key was written to.
        public let path: String
        /// Where the old key was taken from, if the new one must be put there by hand.
        public let origin: String?
        /// The backups of before, as far as Daybook made them: they need the old key.
        public let backups: [String]
        /// The entry that says so.
        public let position: Int64
    }

    /// Where the new key is written to, when the key does not lie in the home.
    public var newKeyFile: String?
    /// Where the old key is kept, for the backups that were made with it.
    public var oldKeyFile: String?

    public init() {}

    public func answer(in home: OpenHome) throws -> Rotated {
        let origin = KeySource(folder: home.folder).origin
        // What nobody needs is not wrapped anew.
        try OrphanedSecrets(home: home).sweep()
        try warnOfUnopenable(home)
        let done = try KeyRotation(home: home).run(newKeyFile: newKeyFile, oldKeyFile: oldKeyFile)
        return Rotated(
            keyID: done.keyID, previousKeyID: done.previousKeyID, rewrapped: done.rewrapped,
            path: newKeyFile ?? home.folder.masterKey, origin: origin.isHome ? nil : origin.text,
            backups: try Self.backups(home), position: done.position)
    }

    /// They are left as they are: what cannot be opened now can be opened with no other key either.
    private func warnOfUnopenable(_ home: OpenHome) throws {
        for place in try home.vault().unopenable() {
            home.warn(
                "what the vault keeps of \(place.connection) cannot be opened, and was left as it is. "
                    + Self.mending(place.owner, place.connection))
        }
    }

    private static func mending(_ owner: String, _ connection: String) -> String {
        if owner == Draft.home { return "It is made anew by the next reading: daybook sync" }
        let parts = connection.split(separator: "/", maxSplits: 1)
        if parts.count == 2 {
            return parts[0] == "provider"
                ? "Tell it again: \(Provider(rawValue: String(parts[1]))?.registering ?? "daybook provider set")"
                : "Begin that grant again: daybook connect"
        }
        return "To replace it: daybook connections reconnect \(connection.prefix(8))"
    }

    private static func backups(_ home: OpenHome) throws -> [String] {
        try home.reader.entries(Query(types: [BackupMade.type])).compactMap { entry in
            let path = try BackupMade(entry.content).path
            return path.isEmpty ? nil : path
        }
    }
}
