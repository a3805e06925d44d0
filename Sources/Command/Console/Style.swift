import Arguments
import Machine

/// Colour, where it is wanted: on a terminal, unless the environment or the user says otherwise.
struct Style {
    let isColoured: Bool

    init(isColoured: Bool) { self.isColoured = isColoured }

    init(for stream: Terminal.Stream, given: Given?) { isColoured = Self.isWanted(stream, given) }

    private static func isWanted(_ stream: Terminal.Stream, _ given: Given?) -> Bool {
        if given?[Globals.noColor] == true { return false }
        if let variable = ThisProcess.variable("NO_COLOR"), !variable.isEmpty { return false }
        if let force = ThisProcess.variable("CLICOLOR_FORCE"), force != "0" { return true }
        if ThisProcess.variable("CLICOLOR") == "0" || ThisProcess.variable("TERM") == "dumb" {
            return false
        }
        return Terminal.isTerminal(stream)
    }

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func dim(_ text: String) -> String { wrapped(text, "2") }
    func good(_ text: String) -> String { wrapped(text, "32") }
    func warning(_ text: String) -> String { wrapped(text, "33") }
    func bad(_ text: String) -> String { wrapped(text, "31") }
    func name(_ text: String) -> String { wrapped(text, "36") }

    private func wrapped(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
