import Application
import Arguments
import Machine

enum VerifyVerb {
    static let against = Option.repeated(
        "against", .file, "A checkpoint that was kept elsewhere; only such a one tells that the end was cut off.")
    static let ledgerOnly = Flag("ledger-only", "Leave out the views.")

    static let verb: Verb<Act> = Verb(
        "verify", "Find out whether everything is as it was written.",
        discussion: """
            Every hash is made anew from what is stored and compared: with the hash beside it, with the checkpoints in \
            the ledger, with head.note, and with those that you kept. Then the views are posted once more and compared \
            with those in use.
            """,
        examples: [
            Example("daybook verify", "The ledger against itself and the views against the ledger."),
            Example("daybook verify --against kept.note", "Also against a checkpoint that was kept elsewhere."),
        ],
        arguments: [against, ledgerOnly],
        exits: [ExitCode(ExitStatus.auditFailed, "Something is not as it was written.")]
    ) { given, console in
        let kept = try given[against].map { path in
            VerifyRequest.Kept(note: try InputFile.text(path), name: path)
        }
        let verified = try console.ask(VerifyRequest(kept: kept, withViews: !given[ledgerOnly]))
        if console.isJSON { try console.document("verification", verified) } else { try show(verified, console) }
        return verified.isIntact ? ExitStatus.ok : ExitStatus.auditFailed
    }

    private static func show(_ verified: VerifyRequest.Verified, _ console: Console) throws {
        let style = console.style
        for finding in verified.findings {
            let place = finding.position.map { "entry \($0): " } ?? ""
            try console.line("\(style.bad("FAIL"))  \(place)\(Visible.text(finding.problem))")
        }
        if verified.findingCount > verified.findings.count {
            try console.line("      … and \(verified.findingCount - verified.findings.count) more")
        }
        for view in verified.views where !view.isEqual {
            try console.line(
                "\(style.bad("FAIL"))  view \(view.table) is not what the entries say; “daybook rebuild” mends it")
        }
        if let problem = verified.viewsProblem { try console.line("\(style.bad("FAIL"))  \(Visible.text(problem))") }
        if !verified.findings.isEmpty {
            try console.line()
            try console.line("The ledger is not what was written.")
            console.note("  → Change nothing more. “daybook restore” puts a backup into a new home, to compare with.")
            return
        }
        let ok = style.good("ok  ")
        try console.line(
            "\(ok)  \(Amounts.count(verified.entries, "entry", "entries")), each what its hash says, none missing")
        try console.line("\(ok)  \(Amounts.count(Int64(verified.checkpoints), "checkpoint")) compared and right")
        if verified.erased > 0 {
            try console.line(
                "\(ok)  \(Amounts.count(verified.erased, "entry", "entries")) erased in part, each by an entry that says so"
            )
        }
        let equal = verified.views.filter(\.isEqual)
        if !equal.isEmpty {
            let rows = equal.map(\.rows).reduce(0, +)
            try console.line(
                "\(ok)  \(equal.count) tables of views, \(Amounts.count(rows, "row")), equal to what the entries say")
        }
        try console.line("      root \(verified.root)")
    }
}

/// Files that are named on the command line.
enum InputFile {
    static func text(_ path: String) throws -> String {
        do {
            let bytes = path == "-" ? try standardInput() : try Folder.read(path, limit: 16 << 20)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw Refusal(.badRequest, error.description)
        }
    }

    private static func standardInput() throws(MachineError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = try Terminal.read(upTo: 64 << 10)
            if bytes.isEmpty { return all }
            all += bytes
        }
    }
}
