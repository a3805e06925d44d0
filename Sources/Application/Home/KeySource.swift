import Machine
import Secrets

/// Where the master key comes from: a systemd credential, else a file that the environment names, else the environment
/// itself, else `master.key` in the home.
struct KeySource {
    let folder: HomeFolder

    private static let credentialName = "daybook-master-key"

    /// Who may read the file of a key besides its owner: nobody.
    private static let othersBits: UInt32 = 0o077

    /// Which of the places it is taken from.
    enum Origin: Equatable {
        case credential(path: String)
        /// A file that the environment names.
        case file(path: String)
        case environment
        case home(path: String)

        /// In words for a person.
        var text: String {
            switch self {
            case .credential: "the credential \(KeySource.credentialName)"
            case .file(let path), .home(let path): path
            case .environment: "DAYBOOK_MASTER_KEY"
            }
        }

        /// It lies in the home, where Daybook itself may put another.
        var isHome: Bool { if case .home = self { true } else { false } }
    }

    var origin: Origin {
        if let credential, Folder.exists(credential) { return .credential(path: credential) }
        if let file = ThisProcess.variable("DAYBOOK_MASTER_KEY_FILE") { return .file(path: file) }
        if ThisProcess.variable("DAYBOOK_MASTER_KEY") != nil { return .environment }
        return .home(path: folder.masterKey)
    }

    /// A key is a few lines.
    static let longest = 4_096

    func load() throws -> MasterKey {
        let origin = origin
        guard let key = MasterKey(fileText: try text(from: origin)) else {
            throw Refusal(
                .wrongKey, "\(origin.text) is not a master key: it should be 64 hexadecimal digits",
                hint: "Put back the key that “daybook init” made for this home.")
        }
        return key
    }

    private func text(from origin: Origin) throws -> String {
        switch origin {
        case .credential(let path): try read(path, isOurs: false)
        case .file(let path), .home(let path): try read(path, isOurs: true)
        case .environment: ThisProcess.variable("DAYBOOK_MASTER_KEY") ?? ""
        }
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
                hint: "Close it: chmod 600 \(ShellWord.text(path))")
        }
        do {
            return String(decoding: try Folder.read(path, limit: Self.longest), as: UTF8.self)
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
