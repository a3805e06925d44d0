import Application
import Arguments

enum RebuildVerb {
    static let only = Option.repeated("only", .text.named("PROJECTION"), "Only the tables of this projection.")
    static let verify = Flag("verify", "Change nothing; post into a shadow and compare.")
    static let asOf = Option(
        "as-of", .positionOrMoment, "The views as they were then, into a file of their own (--to).")
    static let to = Option("to", .file, "With --as-of: the file to write.")

    static let verb: Verb<Act> = Verb(
        "rebuild", "Post the views anew from the ledger.",
        discussion: """
            Nothing is lost by it: the views hold nothing that the ledger does not. They are built beside the old ones, \
            which stay in use until the new ones are whole.
            """,
        examples: [
            Example("daybook rebuild", "All views."),
            Example("daybook rebuild --only metrics --projections ./mine", "One projection, from your own files."),
            Example("daybook rebuild --verify", "Are the views what the entries say?"),
            Example(
                "daybook rebuild --as-of 2026-03-01 --to march.db", "The views of the first of March, to look into."),
        ],
        arguments: [only, verify, asOf, to],
        exits: [ExitCode(ExitStatus.differences, "With --verify: a view is not what the entries say.")]
    ) { given, console in
        try console.requireAdmin()
        if let moment = given[asOf] { return try lookBack(moment, given, console) }
        if given[to] != nil {
            throw Refusal(.badRequest, "--to goes with --as-of", hint: "daybook rebuild --as-of WHEN --to FILE")
        }
        let rebuilt = try console.ask(RebuildRequest(only: given[only], verifies: given[verify]))
        if console.isJSON {
            try console.document("rebuild", rebuilt)
        } else if given[verify] {
            try show(rebuilt, console)
        } else {
            let entries = Amounts.count(rebuilt.position, "entry", "entries")
            try console.line("Posted \(rebuilt.projections.joined(separator: ", ")) anew, from \(entries).")
        }
        return rebuilt.isEqual ? ExitStatus.ok : ExitStatus.differences
    }

    private static func show(_ rebuilt: RebuildRequest.Rebuilt, _ console: Console) throws {
        var table = Table([
            .init(heading: "projection"), .init(heading: "table"), .init(heading: "rows", isNumber: true),
            .init(heading: "as the entries say") { $1 == "equal" ? $0.good($1) : $0.bad($1) },
        ])
        for view in rebuilt.comparisons {
            table.add([view.projection, view.table, Amounts.grouped(view.rows), view.isEqual ? "equal" : "DIFFERENT"])
        }
        try console.table(table)
        if !rebuilt.isEqual { console.note("  → daybook rebuild") }
    }

    private static func lookBack(_ moment: PositionOrMoment, _ given: Given, _ console: Console) throws -> Int32 {
        if given[verify] { throw Refusal(.badRequest, "--as-of and --verify do not go together") }
        guard let path = given[to] else {
            throw Refusal(.badRequest, "--as-of wants a file to write to", hint: "Add --to FILE.")
        }
        let request =
            switch moment {
            case .position(let position):
                LookBackRequest(position: position, instant: nil, only: given[only], path: path)
            case .moment(let instant): LookBackRequest(position: nil, instant: instant, only: given[only], path: path)
            }
        let written = try console.ask(request)
        if console.isJSON {
            try console.document("look_back", written)
        } else {
            try console.line(
                "Wrote the views as of entry \(written.position) to \(Visible.text(path)) (\(Amounts.bytes(written.byteCount)))."
            )
            if written.position == 0 { console.note("The ledger had not begun by then: the tables are empty.") }
            console.note("Look into it with any SQLite tool: sqlite3 \(ShellWord.text(path)) .tables")
        }
        return ExitStatus.ok
    }
}
