import Machine
import Secrets
import Vault

/// Another master key for a home, step by step, so that a kill between any two of them loses nothing:
///
///  1. The new key is written to a file beside the old one: `master.key.next`, or the file that was named where the key
///     does not lie in the home.
///  2. The keys in the vault are wrapped with it, in one transaction, which also notes that this is in no entry yet.
///  3. The new key takes the place of `master.key`.
///  4. `key.rotated` is appended, and the note in the vault is taken away.
///
/// The vault says which key it needs. So whoever opens the home after a kill knows which of the two is the right one,
/// and finishes what is left (`settle`, `OpenHome.recordRotations`).
struct KeyRotation {
    enum Step: CaseIterable { case newKeyIsWritten, vaultIsBeingWrapped, vaultIsWrapped, keyIsReplaced }

    let home: OpenHome
    /// Hears of each step when it is done; a test throws here, as a kill would come.
    var reached: (Step) throws -> Void = { _ in }

    private var folder: HomeFolder { home.folder }
    private var source: KeySource { KeySource(folder: folder) }

    struct Done {
        let previousKeyID, keyID: String
        let rewrapped: Int
        let position: Int64
    }

    func run(newKeyFile: String?, oldKeyFile: String?) throws -> Done {
        try home.requireConfirmedHead()
        try check(newKeyFile)
        let vault = try home.vault()
        let old = try source.load()
        if let oldKeyFile { try keep(old, at: oldKeyFile) }
        let new = try write(after: old, newKeyFile)
        try reached(.newKeyIsWritten)
        let rewrapped = try vault.rotate(to: new.vaultKey()) { _ in try reached(.vaultIsBeingWrapped) }
        try reached(.vaultIsWrapped)
        if newKeyFile == nil { try Folder.rename(folder.nextMasterKey, to: folder.masterKey) }
        home.adopt(new)
        try reached(.keyIsReplaced)
        let position = try home.recordRotations() ?? 0
        return Done(previousKeyID: old.id, keyID: new.id, rewrapped: rewrapped, position: position)
    }

    private func check(_ newKeyFile: String?) throws {
        let origin = source.origin
        if origin.isHome, newKeyFile != nil {
            throw Refusal(
                .badRequest, "the key lies in the home, where the new one takes its place",
                hint: "Leave out --new-key-file.")
        }
        if !origin.isHome, newKeyFile == nil {
            throw Refusal(
                .badRequest, "the key comes from \(origin.text), where Daybook cannot put another",
                hint: "Name a file for the new one, which you then put there: --new-key-file FILE")
        }
    }

    /// The old key is needed for backups that were made with it.
    private func keep(_ old: borrowing MasterKey, at path: String) throws {
        let text = Array(old.fileText().utf8)
        if Folder.exists(path) {
            guard try Folder.read(path, limit: KeySource.longest) == text else { throw Self.taken(path) }
            return
        }
        try Folder.replace(path, with: text)
    }

    private func write(after old: borrowing MasterKey, _ newKeyFile: String?) throws -> MasterKey {
        if let newKeyFile, Folder.exists(newKeyFile) { return try resume(after: old, newKeyFile) }
        let new = old.successor(from: home.options.randomness)
        try Folder.replace(newKeyFile ?? folder.nextMasterKey, with: Array(new.fileText().utf8))
        return new
    }

    /// A file that is there already can only be what a rotation left that was cut short.
    private func resume(after old: borrowing MasterKey, _ path: String) throws -> MasterKey {
        let text = String(decoding: try Folder.read(path, limit: KeySource.longest), as: UTF8.self)
        guard let new = MasterKey(fileText: text), new.id != old.id, new.succeeds(old) else { throw Self.taken(path) }
        return new
    }

    private static func taken(_ path: String) -> Refusal {
        Refusal(.conflict, "\(path) is there already", hint: "Name a file that is not there: no key is ever replaced.")
    }
}

// MARK: After a kill

extension KeyRotation {
    /// Puts the key in its place to which the vault was rotated; or, where the vault still needs the old one, takes the
    /// new one away again. What cannot be decided is left as it is.
    static func settle(_ folder: HomeFolder) throws {
        let source = KeySource(folder: folder)
        guard Folder.exists(folder.nextMasterKey), Folder.exists(folder.vault), source.origin.isHome,
            let needed = try? Vault.keyID(at: folder.vault)
        else { return }
        let text = String(decoding: try Folder.read(folder.nextMasterKey, limit: KeySource.longest), as: UTF8.self)
        if let next = MasterKey(fileText: text), next.id == needed {
            try Folder.rename(folder.nextMasterKey, to: folder.masterKey)
        } else if let current = try? source.load(), current.id == needed {
            try Folder.remove(folder.nextMasterKey)
        }
    }
}
