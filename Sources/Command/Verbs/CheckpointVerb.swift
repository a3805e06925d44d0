import Application
import Arguments

enum CheckpointVerb {
    static let accept = Flag(
        "accept", "Say that this ledger is the right one, although head.note does not fit it.")
    static let remark = Option("note", .text.named("TEXT"), "With --accept: why, for the ledger.")

    static let verb: Verb<Act> = Verb(
        "checkpoint", "Sign the ledger as it stands, to be kept elsewhere.",
        discussion: """
            It prints a signed note of a few lines. Keep it where the owner of this machine cannot change it: in a \
            mail, in another repository, on paper. “daybook verify --against FILE” then shows that nothing was taken \
            out or altered since.

            When an old copy of the ledger was put back, or head.note was lost, nothing is written any more until \
            “daybook checkpoint --accept” says that this is known.
            """,
        examples: [Example("daybook checkpoint > 2026-11.note", "A checkpoint in a file, to be sent away.")],
        arguments: [accept, remark],
        exits: [ExitCode(ExitStatus.notConfirmed, "The ledger must be accepted first.")]
    ) { given, console in
        try console.requireAdmin()
        let signed = try console.ask(CheckpointRequest(accepts: given[accept], note: given[remark]))
        if console.isJSON {
            try console.document("checkpoint", signed)
            return ExitStatus.ok
        }
        try console.write(signed.note)
        console.note("Signed: \(Amounts.count(signed.size, "entry", "entries")). Keep it elsewhere.")
        return ExitStatus.ok
    }
}
