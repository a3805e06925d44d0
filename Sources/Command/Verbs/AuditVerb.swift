import Application
import Arguments

enum AuditVerb {
    private static let person = Option(
        "person", short: "p", .text.named("NAME"), "Only what was logged with this person.")
    private static let since = Option("since", .text.named("WHEN"), "Only what was logged then or later.")
    private static let until = Option(
        "until", .text.named("WHEN"), "Only what was logged up to then; a day is meant with all its hours.")
    private static let to = Option("to", .file, default: "-", "The file to write, as CSV or, with --json, as JSON.")
    private static let csv = Flag("csv", "As a table for a spreadsheet: every entry with its hash.")
    private static let raw = Flag(
        "raw", "With --csv: leave cells as they are that a spreadsheet would run as a formula.")

    static let verb: Verb<Act> = Verb(
        "audit", "Show how each activity came about, and verify the entries behind it.",
        discussion: """
            For every activity: the reading of the calendar, the meeting, the match and the activity itself, each by its \
            entry. Every entry of the ledger is hashed anew and held against the tree and the newest checkpoint.
            """,
        examples: [
            Example("daybook audit --since 30d", "The activities that were logged in the last thirty days."),
            Example("daybook audit --to audit.csv", "Everything, for a spreadsheet."),
            Example("daybook audit --json --to audit.json", "Everything, for a program."),
        ],
        arguments: [since, until, person, to, csv, raw],
        exits: [ExitCode(ExitStatus.auditFailed, "An entry is not as it was written, or a chain is broken.")]
    ) { given, console in
        var request = AuditRequest(user: console.user)
        request.since = given[since]
        request.until = given[until]
        request.person = given[person]
        let audit = try console.ask(request)
        if console.isJSON {
            try OutputFile.write(console.documentText("audit", audit), to: given[to], console)
        } else if given[csv] || given[to] != "-" {
            try OutputFile.write(AuditTable.csv(audit, isRaw: given[raw]), to: given[to], console)
        } else {
            try show(audit, console)
        }
        if given[to] != "-" {
            console.note(
                "Wrote the audit of \(Amounts.count(Int64(audit.activities.count), "activity", "activities")) to \(given[to])."
            )
        }
        tell(audit, console)
        return audit.isIntact ? ExitStatus.ok : ExitStatus.auditFailed
    }

    private static func show(_ audit: AuditRequest.Audit, _ console: Console) throws {
        if audit.activities.isEmpty { return console.note("No activity fits.") }
        let times = UserTimes(audit.userZone)
        var table = Table([
            times.column("when", of: audit.activities.compactMap(\.occurred)),
            .init(heading: "person") { $0.name($1) },
            .init(heading: "title"), .init(heading: "by", spare: 6),
            .init(heading: "reading", isNumber: true, spare: 4),
            .init(heading: "meeting", isNumber: true, spare: 2), .init(heading: "match", isNumber: true, spare: 3),
            .init(heading: "activity", isNumber: true, spare: 1), .init(heading: "changed by", spare: 5),
            .init(heading: "hash", isFixed: true) { $0.dim($1) },
            .init(heading: "verified") { $1 == "yes" ? $0.good($1) : $0.bad($1) },
        ])
        for audited in audit.activities {
            let steps = ["fetch", "meeting", "match", "activity"].map { step in
                audited.chain.first { $0.step == step }.map { String($0.position) } ?? "–"
            }
            table.add(
                [
                    audited.occurred.map(times.text) ?? "no time", audited.personName ?? "(no name)",
                    audited.title.flatMap { $0.isEmpty ? nil : $0 } ?? "(No title)", audited.origin,
                ] + steps + [
                    audited.chain.filter { $0.step == "change" }.map { String($0.position) }.joined(separator: ", "),
                    String(audited.chain.first { $0.step == "activity" }?.hash.prefix(8) ?? "–"),
                    audited.problems.isEmpty ? "yes" : "NO",
                ])
        }
        try console.table(table)
    }

    private static func tell(_ audit: AuditRequest.Audit, _ console: Console) {
        for finding in audit.findings { console.note("\(console.style.bad("[ERROR]")) \(finding)") }
        for audited in audit.activities {
            for problem in audited.problems {
                console.note(
                    "\(console.style.bad("[ERROR]")) activity \(audited.activity.prefix(8)) with "
                        + "\(Visible.text(audited.personName ?? "(no name)")): \(problem)")
            }
        }
        if audit.isIntact {
            console.note(
                "\(Amounts.count(audit.entries, "entry", "entries")) of the ledger hashed anew: all as they were written. "
                    + "Root \(audit.root.prefix(16))…")
        } else {
            console.note("  → Look closer: daybook verify. The last backup holds what was written: daybook restore")
        }
    }
}

extension AuditRequest.Audited {
    var origin: String {
        let origin = rule.map { rule in confidence.map { "\(rule) \($0)" } ?? rule } ?? "hand"
        return retractionReason.map { "\(origin), retracted (\($0))" } ?? origin
    }
}
