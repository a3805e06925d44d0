import Application
import Arguments

enum BackupVerb {
    static let to = Positional("FILE", .file, "The file to write. It must not be there yet.")

    static let verb: Verb<Act> = Verb(
        "backup", "Write the ledger into one encrypted file.",
        discussion: """
            The file can only be read with the master key, which is not in it: keep a copy of master.key elsewhere. The \
            views are not in it, for they are posted again.
            """,
        examples: [Example("daybook backup /mnt/safe/daybook-2026-11-21.backup", "A backup of today.")],
        arguments: [to]
    ) { given, console in
        try console.requireAdmin()
        let made = try console.ask(BackupRequest(path: given[to]))
        if console.isJSON {
            try console.document("backup", made)
        } else {
            try console.line(
                "Wrote \(Amounts.count(made.size, "entry", "entries")) to \(Visible.text(made.path)) (\(Amounts.bytes(made.byteCount)))."
            )
            console.note("It can only be read with the master key; keep a copy of that elsewhere.")
        }
        return ExitStatus.ok
    }
}

enum RestoreVerb {
    static let from = Positional("FILE", .file, "The backup.")
    static let key = Option("key", .file, "The master key of the home that it was made of.")

    static let verb: Verb<Act> = Verb(
        "restore", "Put a backup into a folder that holds no ledger.",
        discussion: """
            Every entry is looked at before the backup is believed. What is there already is never replaced.
            """,
        examples: [
            Example("daybook restore daybook.backup --home ~/restored --key master.key", "Into a new home.")
        ],
        arguments: [from, key]
    ) { given, console in
        let restored = try RestoredHome.restore(
            given[from], into: console.folder, keyFile: given[key], console.options)
        if console.isJSON {
            try console.document("restored", restored)
        } else {
            try console.line(
                "Restored \(Amounts.count(restored.size, "entry", "entries")) into \(Visible.text(restored.path)), as of \(Times.text(restored.createdAt))."
            )
        }
        if restored.needsConfirmation {
            console.note(
                "head.note there knows more entries than the backup holds: what came after the backup is gone.\n"
                    + "  → If that is so: daybook checkpoint --accept")
        }
        return ExitStatus.ok
    }
}
