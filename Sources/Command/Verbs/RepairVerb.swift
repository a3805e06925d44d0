import Application
import Arguments

enum RepairVerb {
    private static let yes = Flag("yes", short: "y", "Do not ask.")
    private static let dryRun = Flag("dry-run", short: "n", "Only say what would be written.")

    static let verb: Verb<Act> = Verb(
        "repair", "Find what does not fit together, and mend it by entries that say so.",
        discussion: """
            Activities whose meeting or person is gone, two activities where one should be, matches with nobody, watches \
            and secrets of nothing. Nothing is wiped: each is mended by an entry, and what was written before stays.
            """,
        examples: [
            Example("daybook repair --dry-run", "What does not fit together?"),
            Example("daybook repair --yes", "Mend it."),
        ],
        arguments: [yes, dryRun],
        exits: [ExitCode(ExitStatus.differences, "With --dry-run: something would be written.")]
    ) { given, console in
        try console.requireAdmin()
        var repaired = try console.ask(RepairRequest(isDryRun: true))
        if !given[dryRun], !repaired.findings.isEmpty {
            if !given[yes], !console.isJSON { try show(repaired.findings, console) }
            try Confirmation.require(
                "Mend \(repaired.findings.count == 1 ? "it" : "these \(repaired.findings.count)")?",
                isGiven: given[yes], nothing: "nothing was written")
            repaired = try console.ask(RepairRequest(isDryRun: false))
        }
        if console.isJSON {
            try console.document("repair", repaired)
        } else if repaired.findings.isEmpty {
            try console.line("Everything fits together.")
        } else {
            try show(repaired.findings, console)
            if !given[dryRun] {
                let count = Amounts.count(Int64(repaired.positions.count), "entry", "entries")
                try console.line("Mended by \(count).")
            }
        }
        return given[dryRun] && !repaired.findings.isEmpty ? ExitStatus.differences : ExitStatus.ok
    }

    private static func show(_ findings: [RepairRequest.Finding], _ console: Console) throws {
        var table = Table([
            .init(heading: "found"), .init(heading: "id"), .init(heading: "", spare: 1), .init(heading: "mended by"),
        ])
        for finding in findings {
            table.add([
                finding.name, String(finding.subject.prefix(8)), finding.sentence, finding.entry ?? "destroying it",
            ])
        }
        try console.table(table)
    }
}
