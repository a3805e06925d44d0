import Machine

/// The folder of one home, and what lies in it under which name.
public struct HomeFolder: Sendable, Equatable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var ledger: String { path + "/ledger.db" }
    public var headNote: String { path + "/head.note" }
    public var masterKey: String { path + "/master.key" }
    /// A key on its way to take the place of `masterKey`.
    var nextMasterKey: String { path + "/master.key.next" }
    public var vault: String { path + "/vault.db" }
    public var lock: String { path + "/home.lock" }
    /// Where a service that owns the home listens.
    public var socket: String { path + "/daybook.socket" }
    /// A ledger on its way into the home. What a kill leaves of it is removed by the next who makes or opens the home.
    var unfinishedLedger: String { path + "/ledger.unfinished" }
    /// A copy of the ledger on its way into a backup.
    var unfinishedBackup: String { path + "/backup.unfinished" }

    /// Removes what a kill has left of files that were on their way: a copy of the ledger, a note beside its place.
    func sweep() {
        for name in (try? Folder.names(in: path)) ?? [] where Self.isUnfinished(name) {
            let inner = path + "/" + name
            if Folder.isFolder(inner) { try? Folder.removeFolder(inner) } else { try? Folder.remove(inner) }
        }
    }

    /// Whether a file of this name is a part of a home.
    static func isOfHome(_ name: String) -> Bool {
        ["ledger.db", "vault.db", "head.note", "master.key", "home.lock", "views", "daybook.socket"].contains {
            name.hasPrefix($0)
        }
            || name == "lost+found" || isUnfinished(name)
    }

    /// Whether a kill left it, on its way to something else.
    static func isUnfinished(_ name: String) -> Bool {
        if name.hasPrefix("scratch-") { return true }
        if name.hasPrefix("ledger.unfinished") || name.hasPrefix("backup.unfinished") { return true }
        return ["head.note", "views.current", "master.key", "master.key.next"].contains { name.hasPrefix($0 + ".new-") }
    }

    /// The folder that was named, else that of the environment, else the one that the XDG rules give.
    public static func find(named: String?) -> HomeFolder {
        if let named { return HomeFolder(Folder.absolute(named)) }
        if let variable = ThisProcess.variable("DAYBOOK_HOME"), !variable.isEmpty {
            return HomeFolder(Folder.absolute(variable))
        }
        if let data = ThisProcess.variable("XDG_DATA_HOME"), data.hasPrefix("/") {
            return HomeFolder(data + "/daybook")
        }
        return HomeFolder((ThisProcess.variable("HOME") ?? ".") + "/.local/share/daybook")
    }

    public var hasLedger: Bool { Folder.exists(ledger) }
}
