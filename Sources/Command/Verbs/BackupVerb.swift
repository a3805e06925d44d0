import Application
import Arguments
import Machine

enum BackupVerb {
    static let to = Positional.optional("FILE", .file, "The file to write. It must not be there yet.")
    static let folder = Option("to-folder", .folder, "Write it with a dated name into this folder instead.")
    static let keep = Option(
        "keep", .integer(in: 1...10_000), default: 14,
        "How many of this home stay in the folder; the oldest beyond it are taken away once the new one was read back.")

    static let verb: Verb<Act> = Verb(
        "backup", "Write the ledger into one encrypted file.",
        discussion: """
            The file can only be read with the master key, which is not in it: keep a copy of master.key elsewhere. The \
            views are not in it, for they are posted again.
            """,
        examples: [
            Example("daybook backup /mnt/safe/daybook-2026-11-21.backup", "A backup of today."),
            Example("daybook backup --to-folder /mnt/safe --keep 30", "For a timer: dated, and the last thirty stay."),
            Example("daybook backup drill /mnt/safe/daybook-2026-11-21.backup", "Would it serve when it is needed?"),
        ],
        arguments: [to, folder, keep], verbs: [drill]
    ) { given, console in
        try console.requireAdmin()
        switch (given[to], given[folder]) {
        case (let path?, nil): return try one(path, console)
        case (nil, let folder?): return try dated(folder, given[keep], console)
        default:
            throw Refusal(
                .badRequest, "either a file or a folder is named",
                hint: "daybook backup FILE, or daybook backup --to-folder FOLDER")
        }
    }

    private static func one(_ path: String, _ console: Console) throws -> Int32 {
        let made = try console.ask(BackupRequest(path: Folder.absolute(path)))
        if console.isJSON {
            try console.document("backup", made)
        } else {
            try show(made, console)
        }
        return ExitStatus.ok
    }

    private static func dated(_ folder: String, _ keep: Int, _ console: Console) throws -> Int32 {
        let answer = try console.ask(BackupFolderRequest(folder: Folder.absolute(folder), keep: keep))
        if console.isJSON {
            try console.document("backup_folder", answer)
            return ExitStatus.ok
        }
        try show(answer.made, console)
        let removed = answer.removed.isEmpty ? "" : ", \(answer.removed.count) older taken away"
        console.note("\(Amounts.count(Int64(answer.kept), "backup", "backups")) of this home in the folder\(removed).")
        return ExitStatus.ok
    }

    private static func show(_ made: BackupRequest.Made, _ console: Console) throws {
        try console.line(
            "Wrote \(Amounts.count(made.size, "entry", "entries")) to \(Visible.text(made.path)) (\(Amounts.bytes(made.byteCount)))."
        )
        console.note("It can only be read with the master key; keep a copy of that elsewhere.")
    }

    // MARK: The drill

    private static let from = Positional("FILE", .file, "The backup.")
    private static let key = Option("key", .file, "The master key of the home, where it is not that of this one.")
    private static let place = Option(
        "in", .folder, "Where room is made for it; the ledger lies there in clear meanwhile. Else TMPDIR, else /tmp.")

    private static let drill: Verb<Act> = Verb(
        "drill", "Restore a backup beside everything, look through it, and take it away again.",
        discussion: """
            Every hash is made anew, every view is posted twice and compared, and the entries are counted. The home is \
            not touched, and the service may run.
            """,
        examples: [Example("daybook backup drill /mnt/safe/daybook-2026-11-21.backup", "With the key of this home.")],
        arguments: [from, key, place],
        exits: [
            ExitCode(ExitStatus.ok, "It can be restored."),
            ExitCode(ExitStatus.auditFailed, "It cannot be restored, or not whole."),
        ]
    ) { given, console in
        let place = given[place] ?? ThisProcess.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let drill = try BackupDrill.run(
            given[from], of: console.folder, keyFile: given[key], in: place, console.options)
        if console.isJSON {
            try console.document("backup_drill", drill)
        } else {
            if drill.isGood {
                try console.line(
                    "\(console.style.good("ok"))  \(Amounts.count(drill.entries, "entry", "entries")) of "
                        + "\(Times.text(drill.createdAt)), restored in \(seconds(drill.restoreMilliseconds)), verified "
                        + "and posted in \(seconds(drill.milliseconds - drill.restoreMilliseconds))")
            }
            for problem in drill.problems { try console.line("\(console.style.bad("FAIL"))  \(Visible.text(problem))") }
        }
        return drill.isGood ? ExitStatus.ok : ExitStatus.auditFailed
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }
}

enum RestoreVerb {
    static let from = Positional("FILE", .file, "The backup.")
    static let key = Option("key", .file, "The master key of the home that it was made of.")

    static let verb: Verb<Act> = Verb(
        "restore", "Put a backup into a folder that holds no ledger.",
        discussion: """
            Every entry is looked at before the backup is believed. What is there already is never replaced. Passwords, and \
            what opens tokens, hooks and connections, are not in a backup: daybook doctor says what has to be given again.
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
        if !console.isJSON {
            console.note(
                "A backup holds no passwords, no secrets of tokens and hooks, and nothing that opens a connection.\n"
                    + "  → What has to be given again: daybook doctor --home \(ShellWord.text(restored.path))")
        }
        if restored.needsConfirmation {
            console.note(
                "head.note there knows more entries than the backup holds: what came after the backup is gone.\n"
                    + "  → If that is so: daybook checkpoint --accept")
        }
        return ExitStatus.ok
    }
}
