import Application
import Arguments

/// What a verb does with what was typed; it answers the number with which the program ends.
typealias Act = @Sendable (Given, Console) throws -> Int32

/// The program as it is declared: help, completion, the manual page and the reading of arguments are made from this.
enum Daybook {
    static let program: Program<Act> = Program(
        "daybook", version: Release.version, "Keeps the meetings: reads calendars, knows people, logs who met whom.",
        discussion: """
            Everything that Daybook learns or does is one entry in a ledger that is only ever appended to. Everything \
            that it shows is posted from that ledger, and can be thrown away and posted again.
            """,
        examples: [
            Example("daybook init", "Make a home for a ledger."),
            Example("daybook log --since 7d", "What was recorded in the last seven days."),
            Example("daybook verify --against kept.note", "Is everything still as it was written?"),
        ],
        options: Globals.all,
        sections: [
            VerbSection("Begin", [InitVerb.verb, ConnectVerb.verb, SyncVerb.verb, ServeVerb.verb, DoctorVerb.verb]),
            VerbSection(
                "Look",
                [
                    StatusVerb.verb, WatchesVerb.verb, MeetingsVerb.verb, PersonVerb.verb, ActivitiesVerb.verb,
                    ExplainVerb.verb,
                    LogVerb.verb,
                    ShowVerb.verb, MetricsVerb.verb, EntriesVerb.verb,
                ]),
            VerbSection(
                "Decide",
                [
                    SuggestionsVerb.verb, ConflictsVerb.verb, MatchVerb.verb, UnmatchVerb.verb, LogMeetingVerb.verb,
                    AutoLogVerb.verb,
                    RematchVerb.verb, ReplayVerb.verb,
                ]),
            VerbSection(
                "Arrange",
                [
                    PeopleVerb.verb, ConnectionsVerb.verb, CalendarsVerb.verb, OwnAddressVerb.verb, SettingsVerb.verb,
                    UsersVerb.verb, TokensVerb.verb, ProviderVerb.verb, HooksVerb.verb, JobsVerb.verb,
                ]),
            VerbSection(
                "Prove",
                [AuditVerb.verb, VerifyVerb.verb, CheckpointVerb.verb, ProveVerb.verb, VerifyProofVerb.verb]),
            VerbSection(
                "Keep",
                [
                    BackupVerb.verb, RestoreVerb.verb, RebuildVerb.verb, RepairVerb.verb, ForgetVerb.verb,
                    EraseVerb.verb, KeyVerb.verb,
                ]),
            VerbSection("About", [VersionVerb.verb, CompletionVerb.verb, ManualVerb.verb]),
            VerbSection("For tests", [AppendVerb.verb]),
        ],
        environment: [
            Term("DAYBOOK_HOME", "The folder of the home, where --home is not given."),
            Term("DAYBOOK_USER", "The user who acts, where --user is not given."),
            Term("DAYBOOK_PROJECTIONS", "A folder of projections that are used in place of those of the program."),
            Term("DAYBOOK_MASTER_KEY_FILE", "The file of the master key, where it does not lie in the home."),
            Term("DAYBOOK_MASTER_KEY", "The master key itself: all lines of its file, or those in one."),
            Term(
                "NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "Whether the output is coloured; by default on a terminal only."),
            Term("TZ", "The zone in which times are shown to a user who has none."),
        ],
        files: [
            Term("ledger.db", "The ledger. Everything is lost with it: back it up."),
            Term("master.key", "The master key. Keep a copy elsewhere: a backup cannot be read without it."),
            Term("vault.db", "Passwords and tokens, encrypted. Without it everything must be connected again."),
            Term("head.note", "The newest signed checkpoint."),
            Term("views-N.db, views.current", "What is posted from the ledger, and can be posted again."),
            Term("home.lock", "Says which process has the home open."),
        ],
        exits: ExitStatus.table,
        more: "“daybook man” prints the manual page.")
}

/// What can be said before or after every verb.
enum Globals {
    static let home = Option("home", .folder, "The folder of the home.")
    static let user = Option(
        "user", .text.named("NAME"), "Act as this user of the home; else as the one DAYBOOK_USER names, else the first."
    )
    static let json = Flag("json", "Answer in JSON: one document, or one line for each thing.")
    static let quiet = Flag("quiet", short: "q", "Say nothing but the answer.")
    static let noColor = Flag("no-color", "Never colour the output.")
    static let lockWait = Option(
        "lock-wait", .integer(in: 0...86_400).named("SECONDS"), "How long to wait for a home that is in use.")
    static let projections = Option(
        "projections", .folder, "Use the projections of this folder, to try edited ones.")

    static var all: [any Handle] { [home, user, json, quiet, noColor, lockWait, projections] }
}
