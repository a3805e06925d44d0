/// Sentences as lines of a terminal: broken between words, and what goes on stands below what was begun, behind its mark.
///
/// Where the output is no terminal nothing is broken: a program reads lines, and a person's editor breaks them itself.
enum Wrapping {
    /// - Parameter hanging: the column at which a line goes on; else it is found from how the line begins.
    static func text(_ text: String, to limit: Int?, hanging: Int? = nil) -> String {
        guard let limit else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { lines(of: String($0), limit, hanging).joined(separator: "\n") }.joined(separator: "\n")
    }

    private static func lines(of text: String, _ limit: Int, _ hanging: Int?) -> [String] {
        if Visible.width(plain(text)) <= limit { return [text] }
        let column = hanging ?? self.hanging(plain(text))
        // Behind a long mark there would be no room for words.
        let indent = String(repeating: " ", count: column <= limit / 2 ? column : min(4, limit / 2))
        var lines: [String] = []
        var line = ""
        var isFirst = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            // The spaces at the beginning, and those between columns, are words without a letter.
            let longer = isFirst ? String(word) : line + " " + word
            isFirst = false
            if word.isEmpty || isBlank(line) || Visible.width(plain(longer)) <= limit {
                line = longer
            } else {
                lines.append(trimmed(line))
                line = indent + word
            }
        }
        return lines + [line]
    }

    private static func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// Behind the spaces, and behind an arrow or a word in brackets.
    private static func hanging(_ line: String) -> Int {
        let spaces = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(spaces)
        if rest.hasPrefix("→ ") { return spaces + 2 }
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            let mark = rest[...end]
            return spaces + mark.count + rest[rest.index(after: end)...].prefix { $0 == " " }.count
        }
        return spaces
    }

    /// Without the marks of colour, which take no column.
    private static func plain(_ text: String) -> String {
        guard text.contains("\u{1b}") else { return text }
        var result = ""
        var isMark = false
        for character in text {
            if character == "\u{1b}" { isMark = true }
            if !isMark { result.append(character) }
            if isMark, character == "m" { isMark = false }
        }
        return result
    }
}
