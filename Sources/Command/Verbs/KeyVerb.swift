import Application
import Arguments
import Machine

enum KeyVerb {
    private static let newFile = Option(
        "new-key-file", .file, "Write the new key there, where the key does not lie in the home.")
    private static let oldFile = Option(
        "old-key-file", .file, "Keep the old key there: backups of before cannot be read without it.")
    private static let yes = Flag("yes", short: "y", "Do not ask.")

    static let verb: Verb<Act> = Verb(
        "key", "The master key: which it is, and another in its place.",
        discussion: "The key itself is never shown.",
        examples: [
            Example("daybook key show", "Which key is it, and where does it come from?"),
            Example("daybook key rotate --old-key-file /mnt/safe/old.key", "Another one."),
        ],
        verbs: [show, rotate]
    ) { given, console in try look(given, console) }

    private static let show: Verb<Act> = Verb(
        "show", "Which key it is, and where it comes from.",
        discussion: "The id tells keys apart. It stands beside what is encrypted, and tells nothing of the key.",
        examples: [Example("daybook key show", "Which key is it?")]
    ) { given, console in try look(given, console) }

    private static func look(_ given: Given, _ console: Console) throws -> Int32 {
        try console.requireAdmin()
        let shown = try console.ask(KeyRequest(user: console.user))
        if console.isJSON {
            try console.document("key", shown)
            return ExitStatus.ok
        }
        try console.facts([
            ("key", shown.keyID), ("taken from", shown.origin),
            ("secrets in the vault", shown.secrets.map(String.init) ?? "there is no vault yet"),
            ("last changed", shown.rotatedAt.map(UserTimes(shown.zone).exactWithZone) ?? "never"),
        ])
        return ExitStatus.ok
    }

    // MARK: Another key

    private static let rotate: Verb<Act> = Verb(
        "rotate", "Put a new master key in the place of the old one.",
        discussion: """
            The keys in the vault are wrapped anew, and backups are encrypted with the new key from now on. Names of \
            meetings and people, and the signature of the ledger, stay what they are. A kill at any moment does no \
            harm: whoever opens the home next finishes what is left, or takes it back.

            Backups that were made before can only be read with the old key: keep a copy of it, with --old-key-file. \
            If you change the key because others may have seen it, make a new backup and remove the old ones; and \
            connect again, for what they could read they may have kept.

            A key that comes from the environment, from a file named there or from systemd cannot be put in its place: \
            it is written to the file of --new-key-file, and you put it there. Until then the vault cannot be opened.
            """,
        examples: [
            Example("daybook key rotate --old-key-file /mnt/safe/old.key", "Ask, and then do it."),
            Example("daybook key rotate --new-key-file /run/new.key --yes", "Where the key does not lie in the home."),
        ],
        arguments: [newFile, oldFile, yes],
        exits: [ExitCode(ExitStatus.notConfirmed, "The ledger must be accepted first.")]
    ) { given, console in
        try console.requireAdmin()
        let lost = given[oldFile] == nil ? ", and lose the old one" : ""
        try Confirmation.require(
            "Put a new master key in the place of the old one\(lost)?", isGiven: given[yes],
            nothing: "nothing was changed",
            hint: "Say --yes if you are sure. “daybook key rotate --help” tells what it does.")
        var request = RotateKeyRequest()
        request.newKeyFile = given[newFile].map(Folder.absolute)
        request.oldKeyFile = given[oldFile].map(Folder.absolute)
        let rotated = try console.ask(request)
        if console.isJSON {
            try console.document("key_rotated", rotated)
            return ExitStatus.ok
        }
        try tell(rotated, console)
        return ExitStatus.ok
    }

    private static func tell(_ rotated: RotateKeyRequest.Rotated, _ console: Console) throws {
        try console.line("The key is \(rotated.keyID) now. Entry \(rotated.position) says so.")
        let path = Visible.text(rotated.path)
        if let origin = rotated.origin {
            console.note(
                "  → The new key is in \(path). Put it in the place of \(Visible.text(origin)) now, all its lines.")
        } else {
            console.note("  → Keep a copy of \(path) elsewhere, in the place of the one that you have.")
        }
        for backup in rotated.backups {
            console.note("  → This backup needs the old key, \(rotated.previousKeyID): \(Visible.text(backup))")
        }
    }
}
