extension Program {
    /// No line of help is longer: the eye loses its way back to the next one.
    public static var widestHelp: Int { 100 }

    /// The help of the program, or of the verb at the end of the path; the program's where there is no such verb.
    ///
    /// `width` is what the terminal has; more than ``widestHelp`` is not used. `styled` makes headings bold.
    public func help(of path: [String] = [], width: Int = 80, styled: Bool = false) -> String {
        let page = HelpPage(width: min(max(width, 40), Program.widestHelp), styled: styled)
        guard let scope = Scope(self, path: path), scope.verb != nil else { return programHelp(on: page) }
        return verbHelp(scope, on: page)
    }

    private func programHelp(on empty: HelpPage) -> String {
        let root = Scope(self)
        var page = empty
        page.text(summary)
        page.usage(root.usages)
        page.examples(examples)
        page.text(discussion)
        let widestName = verbs.filter { !$0.isHidden }.map(\.name.count).max() ?? 0
        for section in sections { page.table(section.heading, section.verbs.summaries(), labelWidth: widestName) }
        page.table("Global options", options.rows)
        page.table("Environment", environment.map { ($0.name, $0.meaning) })
        page.text("“\(name) help VERB” tells more of a verb. \(more)")
        return page.finished
    }

    private func verbHelp(_ scope: Scope<Action>, on empty: HelpPage) -> String {
        guard let verb = scope.verb else { return empty.finished }
        var page = empty
        page.text(verb.summary)
        page.usage(scope.usages)
        page.examples(verb.examples)
        page.text(verb.discussion)
        page.table("Verbs", verb.verbs.summaries())
        page.table("Arguments", scope.positionals.map { ($0.usage, $0.helpWithNotes) })
        page.table("Options", scope.ownOptions.rows)
        page.table("Exit codes", verb.exits.map { ("\($0.code)", $0.meaning) })
        let global = options.filter { !$0.isHidden }.map { $0.key }.joined(separator: ", ")
        page.text("Every verb also takes \(global): see “\(name) --help”.")
        return page.finished
    }
}

extension [Declaration] {
    /// A line for each that is shown: how it is typed, and what it does.
    fileprivate var rows: [(String, String)] { filter { !$0.isHidden }.map { ($0.label, $0.helpWithNotes) } }
}

extension Array {
    /// A line for each verb that is shown.
    fileprivate func summaries<Action>() -> [(String, String)] where Element == Verb<Action> {
        filter { !$0.isHidden }.map { ($0.name, $0.summary) }
    }
}

extension Declaration {
    /// `-n, --limit NUMBER`; long spellings stand in one column whether there is a short one or not.
    fileprivate var label: String {
        let long = form == .negatable ? "--[no-]\(name)" : key
        return (short.map { "-\($0), " } ?? "    ") + (takesValue ? "\(long) \(metavar)" : long)
    }
}

/// Help in the making: blocks of lines with a blank line between them.
private struct HelpPage {
    let width: Int
    let styled: Bool
    private var blocks: [[String]] = []

    init(width: Int, styled: Bool) {
        self.width = width
        self.styled = styled
    }

    var finished: String { blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n") }

    mutating func text(_ text: String) {
        let lines = Prose(text).lines(width: width)
        if !lines.isEmpty { blocks.append(lines) }
    }

    /// Ways to call it, with what does not fit on a line hanging below.
    mutating func usage(_ usages: [String]) {
        block("Usage", usages.flatMap { Prose($0).lines(width: width - 4).hanging(by: "    ") })
    }

    mutating func examples(_ examples: [Example]) {
        let lines = examples.flatMap { example in
            [example.command] + Prose(example.meaning).lines(width: width - 6).indented("    ")
        }
        block("Examples", lines)
    }

    /// Two columns. A label that is too long for its column has a line of its own. Tables that should stand in line
    /// with each other are given the same `labelWidth`, as the least that the first column has.
    mutating func table(_ title: String, _ rows: [(label: String, text: String)], labelWidth: Int = 0) {
        let widestLabel = max(16, width / 3)
        let widths = rows.map(\.label.count).filter { $0 <= widestLabel } + (labelWidth > 0 ? [labelWidth] : [])
        let column = (widths.max() ?? widestLabel) + 2
        block(title, rows.flatMap { row in HelpPage.lines(row.label, row.text, column: column, width: width - 2) })
    }

    private static func lines(_ label: String, _ text: String, column: Int, width: Int) -> [String] {
        let margin = String(repeating: " ", count: column)
        let texts = Prose(text).lines(width: width - column)
        guard label.count + 2 <= column, let first = texts.first else { return [label] + texts.indented(margin) }
        return [label + margin.dropFirst(label.count) + first] + texts.dropFirst().indented(margin)
    }

    private mutating func block(_ title: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        let heading = styled ? "\u{1B}[1m\(title):\u{1B}[0m" : "\(title):"
        blocks.append([heading] + lines.indented("  "))
    }
}
