import Machine
import Secrets

/// Where the master key comes from: a systemd credential, else a file that the environment names, else the environment
/// itself, else `master.key` in the home.
struct KeySource {
    let folder: HomeFolder

    private static let credentialName = "daybook-master-key"

    /// Who may read the file of a key besides its owner: nobody.
    private static let othersBits: UInt32 = 0o077

    func load() throws -> MasterKey {
        let (text, origin) = try find()
        guard let key = MasterKey(fileText: text) else {
            throw Refusal(
                .wrongKey, "\(origin) is not a master key: it should be 64 hexadecimal digits",
                hint: "Put back the key that “daybook init” made for this home.")
        }
        return key
    }

    private func find() throws -> (text: String, origin: String) {
        if let credential, Folder.exists(credential) {
            return (try read(credential, isOurs: false), "the credential \(Self.credentialName)")
        }
        if let file = ThisProcess.variable("DAYBOOK_MASTER_KEY_FILE") { return (try read(file, isOurs: true), file) }
        if let text = ThisProcess.variable("DAYBOOK_MASTER_KEY") { return (text, "DAYBOOK_MASTER_KEY") }
        return (try read(folder.masterKey, isOurs: true), folder.masterKey)
    }

    private func read(_ path: String, isOurs: Bool) throws -> String {
        guard let facts = Folder.facts(path) else {
            throw Refusal(
                .wrongKey, "the master key is missing: there is no \(path)",
                hint: "Put the key back, or name it with DAYBOOK_MASTER_KEY_FILE. Without it nothing can be signed.")
        }
        if isOurs, facts.mode & Self.othersBits != 0 {
            throw Refusal(
                .wrongKey, "\(path) can be read by others (its mode is \(String(facts.mode, radix: 8)))",
                hint: "Close it: chmod 600 \(path)")
        }
        do {
            return String(decoding: try Folder.read(path, limit: 4_096), as: UTF8.self)
        } catch {
            if error.isDiskFailure || error.isDiskFull { throw Refusal.machine(error, folder) }
            throw Refusal(
                .wrongKey, "the master key cannot be read: \(error)",
                hint: "It should belong to the user who runs daybook, and to nobody else.")
        }
    }

    /// Makes the key of a new home. Where one is given already, that one is taken.
    func create(_ randomness: Randomness) throws -> MasterKey {
        if isThere { return try load() }
        let key = MasterKey(from: randomness)
        try Folder.replace(folder.masterKey, with: Array(key.fileText().utf8))
        return key
    }

    /// Whether there is something to load, be it the right thing or not.
    var isThere: Bool {
        Folder.exists(folder.masterKey) || credential.map(Folder.exists) == true
            || ThisProcess.variable("DAYBOOK_MASTER_KEY_FILE") != nil
            || ThisProcess.variable("DAYBOOK_MASTER_KEY") != nil
    }

    private var credential: String? {
        ThisProcess.variable("CREDENTIALS_DIRECTORY").map { $0 + "/" + Self.credentialName }
    }
}
