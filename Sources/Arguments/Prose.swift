/// Text for people, in paragraphs that blank lines part.
///
/// A paragraph is filled anew to the width asked for, unless it begins with a space: such a one is kept line by line.
struct Prose {
    enum Paragraph {
        case filled([Substring])
        case kept([String])
    }

    let paragraphs: [Paragraph]

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let groups = lines.split { line in line.allSatisfy(\.isWhitespace) }
        paragraphs = groups.map { lines in
            guard lines.first?.first == " " else { return .filled(lines.flatMap { $0.split(separator: " ") }) }
            return .kept(lines.map(String.init))
        }
    }

    /// No line is wider, save one whose only word is.
    func lines(width: Int) -> [String] {
        let blocks = paragraphs.map { paragraph in
            switch paragraph {
            case .filled(let words): Prose.filled(words, width)
            case .kept(let lines): lines
            }
        }
        return Array(blocks.joined(separator: [""]))
    }

    private static func filled(_ words: [Substring], _ width: Int) -> [String] {
        words.reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
    }
}

extension Sequence<String> {
    /// Empty lines stay empty, so that no line ends in spaces.
    func indented(_ margin: String) -> [String] { map { $0.isEmpty ? "" : margin + $0 } }
}

extension [String] {
    /// All but the first line indented.
    func hanging(by margin: String) -> [String] { prefix(1) + dropFirst().indented(margin) }
}
