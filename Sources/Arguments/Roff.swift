/// Text for the typesetter of manual pages, in the macros of man(7).
///
/// A line that begins with a dot or an apostrophe would be a command, a backslash an escape, and a bare hyphen may be
/// set as a typographic one, which no shell understands when it is copied from the page. Everything else than ASCII is
/// written by its number, so that a page reads the same whatever encoding the typesetter takes it for.
enum Roff {
    /// Text for people. Hyphens within words stay hyphens; words that begin with one are typed, and keep theirs.
    static func prose(_ text: some StringProtocol) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return safeStart(words.map { escaped($0, hyphen: isTyped($0) ? "\\-" : "-") }.joined(separator: " "))
    }

    /// Text to be typed as it stands.
    static func literal(_ text: some StringProtocol) -> String { safeStart(escaped(text, hyphen: "\\-")) }

    static func bold(_ text: some StringProtocol) -> String { "\\fB\(escaped(text, hyphen: "\\-"))\\fR" }

    static func italic(_ text: some StringProtocol) -> String { "\\fI\(escaped(text, hyphen: "\\-"))\\fR" }

    /// One argument of a macro, spaces and all.
    static func argument(_ text: some StringProtocol) -> String { "\"\(escaped(text, hyphen: "\\-"))\"" }

    private static func isTyped(_ word: some StringProtocol) -> Bool {
        word.contains("--") || word.first { $0.isLetter || $0.isNumber || $0 == "-" } == "-"
    }

    private static func safeStart(_ line: String) -> String {
        line.hasPrefix(".") ? "\\&\(line)" : line
    }

    private static func escaped(_ text: some StringProtocol, hyphen: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\e"
            case "-": hyphen
            case "'": "\\(aq"
            case "\"": "\\(dq"
            case "`": "\\(ga"
            case "^": "\\(ha"
            case "~": "\\(ti"
            default: scalar.isASCII ? String(scalar) : "\\[u\(hexadecimal(scalar))]"
            }
        }.joined()
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
