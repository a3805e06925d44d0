import Application
import Arguments

enum VerifyProofVerb {
    static let file = Positional("FILE", .file, "The proof; - is standard input.")
    static let key = Option("key", .text.named("KEY"), "The verifier key that you trust, as its owner gave it to you.")

    static let verb: Verb<Act> = Verb(
        "verify-proof", "Check the proof of an entry. It needs no home.",
        examples: [
            Example("daybook verify-proof 42.proof --key \"$KEY\"", "Check it with the key that its owner gave you.")
        ],
        arguments: [file, key],
        exits: [ExitCode(ExitStatus.auditFailed, "The proof does not hold.")]
    ) { given, console in
        let proof: Proof
        do {
            proof = try Proof(fileText: InputFile.text(given[file]))
        } catch let refusal as Refusal {
            throw Refusal(refusal.kind, "\(given[file]): \(refusal.message)", hint: refusal.hint)
        }
        do {
            let shown = try proof.check(trusting: given[key])
            if console.isJSON { try console.document("proof_check", shown) } else { try show(shown, proof, console) }
            return ExitStatus.ok
        } catch let refusal as Refusal where refusal.kind == .failed {
            if console.isJSON { try console.document("proof_check", ["holds": false]) }
            console.note("\(console.style.bad("FAIL"))  \(given[file]): \(refusal.message)")
            return ExitStatus.auditFailed
        }
    }

    private static func show(_ shown: Proof.Shown, _ proof: Proof, _ console: Console) throws {
        try console.line(
            "\(console.style.good("ok  "))  entry \(shown.position) is in the ledger \(Visible.text(shown.origin)), "
                + "of \(Amounts.count(shown.size, "entry", "entries"))")
        let entry = proof.entry
        try console.facts(
            [
                ("type", entry.type), ("recorded", Times.text(entry.at)), ("about", entry.stream), ("data", entry.data),
                ("personal", entry.personal.map { $0.text ?? "hidden" } ?? "none"),
            ], indent: "      ")
        if !shown.keyIsTrusted {
            console.note(
                "It is signed with the key that it brings along. Compare that with the one its owner gave you (--key):\n"
                    + "  \(Visible.text(shown.verifierKey))")
        }
    }
}
