import Arguments
import Testing

@Suite struct HelpTests {
    @Test func `the help of a verb has its examples first, and its columns in line`() {
        #expect(
            Daybook.program.help(of: ["log"]) == """
                Show what happened.

                Usage:
                  daybook log [OPTIONS] [SUBJECT...]

                Examples:
                  daybook log --since 7d
                      The last week.

                The newest comes last.

                Arguments:
                  [SUBJECT...]  Only about these.

                Options:
                  -t, --type TEXT      Only events of this type (may be repeated).
                  -f, --follow         Wait for more.
                  -n, --limit NUMBER   At most so many (1 to 1000; default: 100).
                      --offset NUMBER  Shift by so many.
                      --since WHEN     Only what came later.
                      --format CHOICE  How to print (human, json or tsv; default: human).

                Exit codes:
                  10  There is no ledger here.

                Every verb also takes --config, --verbose, --quiet, --colour, --help, --version:
                see “daybook --help”.

                """)
    }

    @Test func `the help of the program has its verbs by section`() {
        #expect(
            Daybook.program.help() == """
                Keeps a ledger of meetings.

                Usage:
                  daybook [OPTIONS] VERB [ARGUMENTS]

                Examples:
                  daybook sync
                      Fetch what is new.

                Everything is kept in one file.

                  daybook init
                  daybook sync

                Every day:
                  log      Show what happened.
                  show     Show one event.
                  add      Add a calendar.

                Upkeep:
                  metrics  Measure.
                  copy     Copy the ledger.

                Global options:
                      --config FILE  Read the configuration from here.
                  -v, --verbose      Say more (may be repeated).
                  -q, --quiet        Say only what went wrong.
                      --[no-]colour  Use colour, or do not.
                  -h, --help         Show help for the program, or for the verb it stands with.
                      --version      Show which version this is.

                Environment:
                  DAYBOOK_HOME  Where the ledger is.

                “daybook help VERB” tells more of a verb. See daybook(7).

                """)
    }

    @Test(arguments: [
        (["metrics"], "daybook metrics [OPTIONS] VERB [ARGUMENTS]"), (["copy"], "daybook copy FROM TO..."),
        (["metrics", "export"], "daybook metrics export [OPTIONS] [OUTPUT]"), (["show"], "daybook show EVENT [PART]"),
        (["add"], "daybook add [OPTIONS] --to TEXT"),
    ])
    func `a usage says what must be given and what may be`(_ path: [String], _ usage: String) {
        #expect(Daybook.program.help(of: path).contains("\n  \(usage)\n"))
    }

    @Test(arguments: [1, 40, 57, 80, 100, 500])
    func `no line is wider than asked for, nor than a hundred`(_ width: Int) {
        let text = String(repeating: "many words of some length ", count: 20)
        let flag = Flag("a-name-longer-than-its-column", text)
        let verb = Verb("act", text, discussion: text, examples: [Example("p act", text)], arguments: [flag], action: 1)
        let program = Program("p", version: "1", text, sections: [VerbSection("All", [verb])], more: text)
        for page in [program.help(width: width), program.help(of: ["act"], width: width)] {
            let widest = page.split(separator: "\n").map(\.count).max() ?? 0
            #expect(widest <= min(max(width, 40), 100))
            #expect(widest > min(max(width, 40), 100) - 15, "the width is used")
            #expect(!page.contains(" \n"), "no line ends in a space")
        }
    }

    @Test func `a discussion keeps the lines that are indented`() {
        let verb = Verb("act", "Act.", discussion: "One\ntwo.\n\n  a  b\n  c\n\nThree.", action: 1)
        let program = Program("p", version: "1", "P.", sections: [VerbSection("All", [verb])])
        #expect(program.help(of: ["act"]).contains("\n\nOne two.\n\n  a  b\n  c\n\nThree.\n\n"))
    }

    @Test func `headings are bold only if asked for`() {
        #expect(Daybook.program.help(styled: true).contains("\u{1B}[1mUsage:\u{1B}[0m\n"))
        #expect(!Daybook.program.help(styled: false).contains("\u{1B}"))
    }

    @Test func `what is hidden is not shown`() {
        #expect(!Daybook.program.help().contains("repair"))
        #expect(!Daybook.program.help(of: ["log"]).contains("secret"))
        #expect(Daybook.program.help(of: ["repair"]).hasPrefix("Mend the ledger."))
    }
}
