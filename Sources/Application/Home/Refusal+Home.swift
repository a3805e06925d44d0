import Ledger
import Machine
import Projections
import SQLite
import Vault

/// What can be wrong with a home, in words for its owner.
extension Refusal {
    static func unusable(_ error: UnusableLedger) -> Refusal {
        switch error {
        case .missing: Refusal(.noLedger, error.description, hint: "Make one with “daybook init”.")
        case .notALedger:
            Refusal(.unusableHome, error.description, hint: "Name the folder of a home with --home or DAYBOOK_HOME.")
        case .newer:
            Refusal(
                .unusableHome, error.description,
                hint: "Nothing was touched. Use the newer Daybook, or restore a backup that this one made.")
        case .schemaDiffers, .damaged:
            Refusal(
                .unusableHome, error.description,
                hint:
                    "Nothing was touched. “daybook doctor” says more; “daybook restore” puts a backup into a new home.")
        }
    }

    static func vault(_ fault: VaultFault) -> Refusal {
        switch fault.kind {
        case .wrongKey:
            Refusal(
                .wrongKey, fault.message,
                hint:
                    "If the key was rotated, give the new one: see “daybook key rotate --help”. Otherwise put back the "
                    + "vault.db, or the key, that belongs to the other.")
        case .notOurs, .missing:
            Refusal(
                .unusableHome, fault.message,
                hint: "Somebody may have been at the file. Connect that connection again, and look who can get at it.")
        case .unusable:
            Refusal(
                .unusableHome, fault.message,
                hint: "Nothing was touched. Put back a copy of vault.db, or move it away and connect everything again.")
        }
    }

    static func sqlite(_ error: SQLiteError, _ folder: HomeFolder) -> Refusal {
        switch error.kind {
        case .busy:
            Refusal(
                .locked, "a database in \(folder.path) is in use by another program",
                hint: "Close what has it open (an “sqlite3” perhaps), and try again.")
        case .full:
            Refusal(
                .diskFull, "there is no space left for \(folder.path)",
                hint: "What was acknowledged is safe, the rest was not written. Free some space and try again.")
        case .corrupt, .notADatabase:
            Refusal(
                .unusableHome, "a database in \(folder.path) is damaged: \(error.message)",
                hint:
                    "Nothing was touched. “daybook doctor” says more; “daybook restore” puts a backup into a new home.")
        case .notWritable:
            Refusal(
                .unusableHome, "\(folder.path) cannot be written: \(error.message)",
                hint: "Check whose the folder is and whether its disk is mounted for writing; “daybook doctor” tells.")
        case .io:
            Refusal(
                .diskFull, "the disk of \(folder.path) failed: \(error.message) (code \(error.code))",
                hint: "What was acknowledged is safe, the rest was not written. Look at the disk before you try again.")
        case .other where error.message.hasPrefix("no such table"):
            Refusal(
                .badRequest, "the projections in use lack a table that is asked for: \(error.message)",
                hint: "--projections wants a folder with all projections, not only the edited ones.")
        default: Refusal(.failed, "SQLite: \(error.message) (code \(error.code))")
        }
    }

    static func posting(_ error: PostingError) -> Refusal {
        Refusal(
            .failed, "the views \(error)",
            hint:
                "The ledger is as it was, and “daybook verify --ledger-only”, “log” and “backup” go on. The entry needs a "
                + "projection that can read it: a newer Daybook, or a mended one with --projections.")
    }

    /// A folder that may not be looked into may well hold one.
    static func noLedger(_ folder: HomeFolder) -> Refusal {
        do {
            _ = try Folder.names(in: folder.path)
        } catch {
            if error.isForbidden { return machine(error, folder) }
        }
        if Folder.exists(folder.path), !Folder.isFolder(folder.path) {
            return Refusal(.noLedger, "\(folder.path) is no folder", hint: "Name the folder of a home with --home.")
        }
        return Refusal(
            .noLedger, "there is no ledger in \(folder.path)",
            hint: "Make one with “daybook init”, or name its folder with --home or DAYBOOK_HOME.")
    }

    static func machine(_ error: MachineError, _ folder: HomeFolder) -> Refusal {
        if error.isInterrupted { return Refusal(.interrupted, "stopped", hint: "What was acknowledged is safe.") }
        if error.isDiskFull {
            return Refusal(
                .diskFull, error.description,
                hint: "What was acknowledged is safe, the rest was not written. Free some space and try again.")
        }
        if error.isForbidden {
            return Refusal(
                .unusableHome, error.description,
                hint: "Check whose the folder is and whether its disk is mounted for writing; “daybook doctor” tells.")
        }
        if error.isDiskFailure {
            return Refusal(
                .diskFull, error.description,
                hint: "What was acknowledged is safe, the rest was not written. Look at the disk before you try again.")
        }
        if error.isOfAnotherKind {
            return Refusal(.unusableHome, error.description, hint: "Something else has this name: move it away.")
        }
        return Refusal(
            .failed, error.description,
            hint: error.isMissing ? "Make the folder first, or name another." : "“daybook doctor” looks the home over.")
    }
}
