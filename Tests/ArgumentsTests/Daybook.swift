import Arguments

/// A program small enough to be read, with one of everything that can be declared.
enum Daybook {
    enum Format: String, CaseIterable { case human, json, tsv }

    static let configuration = Option("config", .file, "Read the configuration from here.")
    static let verbose = Counter("verbose", short: "v", "Say more.")
    static let quiet = Flag("quiet", short: "q", "Say only what went wrong.")
    static let colour = Switch("colour", "Use colour, or do not.")

    static let program = Program<String>(
        "daybook", version: "1.2.3", "Keeps a ledger of meetings.",
        discussion: "Everything is kept in one file.\n\n  daybook init\n  daybook sync",
        examples: [Example("daybook sync", "Fetch what is new.")],
        options: [configuration, verbose, quiet, colour],
        sections: [
            VerbSection("Every day", [Log.verb, Show.verb, Add.verb]),
            VerbSection("Upkeep", [Metrics.verb, Copy.verb, repair]),
        ],
        environment: [Term("DAYBOOK_HOME", "Where the ledger is.")],
        files: [Term("~/.config/daybook/config.toml", "The configuration.")],
        exits: [ExitCode(0, "It went well."), ExitCode(2, "The command line was wrong.")],
        more: "See daybook(7).")

    static let repair = Verb("repair", "Mend the ledger.", isHidden: true, action: "repair")

    enum Log {
        static let type = Option.repeated("type", short: "t", .text, "Only events of this type.")
        static let follow = Flag("follow", short: "f", "Wait for more.")
        static let limit = Option("limit", short: "n", .integer(in: 1...1000), default: 100, "At most so many.")
        static let offset = Option("offset", .integer, "Shift by so many.")
        static let since = Option("since", .moment, "Only what came later.")
        static let format = Option("format", .choice(of: Format.self), default: .human, "How to print.")
        static let secret = Flag("secret", "Not for everyone.", isHidden: true)
        static let subjects = Positional.repeated("SUBJECT", .text, "Only about these.")

        static let verb = Verb(
            "log", "Show what happened.", discussion: "The newest comes last.",
            examples: [Example("daybook log --since 7d", "The last week.")],
            arguments: [type, follow, limit, offset, since, format, secret, subjects],
            exits: [ExitCode(10, "There is no ledger here.")], action: "log")
    }

    enum Show {
        static let event = Positional("EVENT", .integer(in: 1...Int.max), "Which event.")
        static let part = Positional.optional("PART", .choice(of: ["payload", "cause"]), "Only this part of it.")
        static let verb = Verb("show", "Show one event.", arguments: [event, part], action: "show")
    }

    enum Add {
        static let to = Option<String>.required("to", .text, "Whose calendar.")
        static let wait = Option("wait", .duration, default: .seconds(90), "How long to wait.")
        static let verb = Verb("add", "Add a calendar.", arguments: [to, wait], action: "add")
    }

    enum Metrics {
        static let prefix = Option("prefix", .text, "Begin each name with this.")
        static let output = Positional("OUTPUT", .folder, default: ".", "Where to write.")
        static let export = Verb("export", "Write all metrics.", arguments: [output], action: "metrics export")
        static let list = Verb("list", "Name all metrics.", action: "metrics list")
        static let verb = Verb("metrics", "Measure.", arguments: [prefix], verbs: [export, list])
    }

    enum Copy {
        static let from = Positional("FROM", .file, "What to copy.")
        static let to = Positional.repeated("TO", .folder, atLeast: 1, "Where to copy it.")
        static let verb = Verb("copy", "Copy the ledger.", arguments: [from, to], action: "copy")
    }

    /// 2026-11-21T12:00:00Z.
    static let now: Int64 = 1_795_262_400_000

    static func read(_ line: String) throws(ArgumentError) -> Reading<String> {
        try program.read(line.split(separator: " ").map(String.init), Surroundings(now: now))
    }

    /// What was given to a verb; fails the test if the line asks for something else.
    static func given(_ line: String) throws -> Given {
        guard case .act(_, let given) = try read(line) else { throw ArgumentError("“\(line)” does not act") }
        return given
    }

    /// What is said of a line that cannot be read; empty if it can be.
    static func refusal(of line: String) -> String {
        do throws(ArgumentError) {
            _ = try read(line)
            return ""
        } catch {
            return error.description
        }
    }
}
