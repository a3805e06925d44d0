import Application
import Arguments
import Entries
import Machine

/// One run of the program: from the words that were typed to the number with which it ends.
struct CommandLineRun {
    private let words: [String]

    init(_ words: [String]) { self.words = words }

    func run() -> Int32 {
        do {
            switch try Daybook.program.read(words, Self.surroundings) {
            case .act(let action, let given): return act(action, given)
            case .help(let path):
                let width = Terminal.columns(.output) ?? 80
                let styled = Style(for: .output, given: nil).isColoured
                try Terminal.write(Daybook.program.help(of: path, width: width, styled: styled), to: .output)
            case .version: try Terminal.write("daybook \(Release.version)\n", to: .output)
            }
            return ExitStatus.ok
        } catch let error as ArgumentError {
            return report(Refusal(.badRequest, error.message, hint: error.hint))
        } catch {
            return report(error)
        }
    }

    private func act(_ action: @escaping Act, _ given: Given) -> Int32 {
        let console = Console(given)
        do {
            let status = try action(given, console)
            try console.finish()
            return status
        } catch {
            try? console.finish()
            return report(error)
        }
    }

    /// The time, and the days as the user counts them.
    private static var surroundings: Arguments.Surroundings {
        Arguments.Surroundings(now: Moment.now()) { year, month, day in
            Moment.startOfDay(year: year, month: month, day: day)
        }
    }

    // MARK: Failure

    /// Says what happened, to what, and what to do; as JSON where JSON was asked for.
    private func report(_ error: any Error) -> Int32 {
        // Whoever reads our output has seen enough: that is no failure worth a word.
        if let error = error as? MachineError, error.isBrokenPipe { return ExitStatus.ok }
        let refusal = Self.refusal(error)
        let status = ExitStatus.of(refusal.kind)
        let text = words.contains("--json") ? Self.json(refusal, status) : Self.text(refusal)
        try? Terminal.write(text, to: .error)
        return status
    }

    private static func refusal(_ error: any Error) -> Refusal {
        if error is MachineError, Interruption.signalNumber != nil {
            return Refusal(.interrupted, "stopped", hint: "What was acknowledged is safe.")
        }
        return error as? Refusal ?? Refusal(.failed, "\(error)")
    }

    private static func text(_ refusal: Refusal) -> String {
        let style = Style(for: .error, given: nil)
        let hint = refusal.hint.map { "\(style.dim("  →")) \(Visible.text($0))\n" } ?? ""
        let text = "\(style.bad("daybook:")) \(Visible.text(refusal.message))\n" + hint
        return Wrapping.text(text, to: Terminal.columns(.error))
    }

    private static func json(_ refusal: Refusal, _ status: Int32) -> String {
        var writer = JSONWriter()
        writer.name("kind")
        writer.text("daybook.error")
        writer.name("schema_version")
        writer.integer(1)
        writer.name("code")
        writer.integer(Int64(status))
        writer.name("error")
        writer.text(refusal.kind.rawValue)
        writer.name("message")
        writer.text(refusal.message)
        if let hint = refusal.hint {
            writer.name("hint")
            writer.text(hint)
        }
        return Visible.json(String(decoding: writer.finish(), as: UTF8.self)) + "\n"
    }
}
