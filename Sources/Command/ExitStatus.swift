import Application
import Arguments
import Machine

/// The numbers with which the program ends. They are part of its interface: none changes its meaning.
enum ExitStatus {
    static let ok: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let incomplete: Int32 = 3
    static let differences: Int32 = 4
    static let auditFailed: Int32 = 5
    static let needsCredentials: Int32 = 6
    static let noLedger: Int32 = 10
    static let locked: Int32 = 11
    static let wrongKey: Int32 = 12
    static let unusableHome: Int32 = 13
    static let diskFull: Int32 = 14
    static let notConfirmed: Int32 = 15
    static let interrupted: Int32 = 130

    static let table = [
        ExitCode(ok, "It worked."),
        ExitCode(failed, "It failed."),
        ExitCode(usage, "The command line, or a file that was named in it, is not what it should be."),
        ExitCode(incomplete, "It finished, and some of it failed or needs a look."),
        ExitCode(differences, "There are differences."),
        ExitCode(auditFailed, "The audit failed: the ledger or a proof is not what it should be."),
        ExitCode(needsCredentials, "A server refused the credentials: a connection must be connected again."),
        ExitCode(noLedger, "There is no ledger there."),
        ExitCode(locked, "Another process holds the home."),
        ExitCode(wrongKey, "The master key is missing, or is another one."),
        ExitCode(unusableHome, "The home cannot be used: damaged, foreign, of a newer Daybook, or not writable."),
        ExitCode(diskFull, "The disk is full, or failed. What was acknowledged is safe."),
        ExitCode(notConfirmed, "The ledger is not the one that was left here; a person must confirm it."),
        ExitCode(interrupted, "It was interrupted (128 and the number of the signal: 130, 143)."),
    ]

    static func of(_ kind: Refusal.Kind) -> Int32 {
        switch kind {
        case .failed, .notFound, .conflict: failed
        case .badRequest: usage
        case .needsCredentials: needsCredentials
        case .noLedger: noLedger
        case .locked: locked
        case .wrongKey: wrongKey
        case .unusableHome: unusableHome
        case .diskFull: diskFull
        case .notConfirmed: notConfirmed
        case .interrupted: 128 + (Interruption.signalNumber ?? 2)
        }
    }
}
