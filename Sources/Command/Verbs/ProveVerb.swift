import Application
import Arguments
import Machine

enum ProveVerb {
    static let position = Positional("POSITION", .integer(in: 1...Int.max), "The number of the entry.")
    static let withPersonal = Flag(
        "with-personal",
        "Show what is personal too. Without it, names and titles stay hidden, and the proof is as good.")
    static let to = Option("to", .file, default: "-", "The file to write; - is standard output.")

    static let verb: Verb<Act> = Verb(
        "prove", "Write a proof that an entry is in this ledger, for a stranger to check.",
        discussion: "docs/proofs.md says how anybody checks it, without this program.",
        examples: [
            Example("daybook prove 42 --to 42.proof", "A proof of entry 42."),
            Example("daybook verify-proof 42.proof", "What the stranger does."),
        ],
        arguments: [position, withPersonal, to]
    ) { given, console in
        try console.requireAdmin()
        let proof = try console.ask(
            ProveRequest(position: Int64(given[position]), withPersonal: given[withPersonal]))
        try OutputFile.write(proof.fileText(), to: given[to], console)
        if given[to] != "-" { console.note("Wrote the proof of entry \(proof.entry.position) to \(given[to]).") }
        if proof.entry.personal?.commitment != nil {
            console.note("What is personal is hidden behind its commitment; --with-personal shows it.")
        }
        return ExitStatus.ok
    }
}

/// Files that are written for the user: beside the old one, and then put in its place.
enum OutputFile {
    static func write(_ text: String, to path: String, _ console: Console) throws {
        if path == "-" { return try console.write(text) }
        do {
            try Folder.replace(path, with: Array(text.utf8))
        } catch {
            throw Refusal(
                error.isDiskFull || error.isDiskFailure ? .diskFull : .failed, error.description,
                hint: "Name a file in a folder that you may write to. What stood there before is as it was.")
        }
    }
}
