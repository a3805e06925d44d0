import Machine

/// The folder of one home, and what lies in it under which name.
public struct HomeFolder: Sendable, Equatable {
    public let path: String

    public init(_ path: String) { self.path = path }

    public var ledger: String { path + "/ledger.db" }
    public var headNote: String { path + "/head.note" }
    public var masterKey: String { path + "/master.key" }
    public var lock: String { path + "/home.lock" }
    /// A copy of the ledger on its way into a backup. A kill may leave it; the next who opens the home removes it.
    var unfinishedBackup: String { path + "/backup.unfinished" }

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
