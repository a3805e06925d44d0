import Application
import Machine

/// Asks before something that is not easily taken back.
enum Confirmation {
    /// - Parameter question: as “Merge Jane into Jane Doe?”, without the choice.
    static func require(
        _ question: String, isGiven: Bool, nothing: String,
        hint: String = "Say --yes if you are sure, or look first: --dry-run"
    ) throws {
        if isGiven { return }
        guard Terminal.isTerminal(.input) else {
            throw Refusal(
                .badRequest, "this wants a word of yours: \(Visible.text(question))",
                hint: hint)
        }
        let asked = Wrapping.text("\(Visible.text(question)) [y/N]", to: Terminal.columns(.error))
        try Terminal.write(asked + " ", to: .error)
        let answer = String(decoding: try Terminal.read(upTo: 64), as: UTF8.self)
        guard ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace }) else {
            throw Refusal(.failed, nothing)
        }
    }
}
