extension Program {
    /// The manual page, for section 1. `date` stands at its foot, as year, month and day.
    public func manualPage(date: String = "") -> String {
        let lines =
            [".TH \(Roff.argument(name.uppercased())) 1 \(Roff.argument(date)) \(Roff.argument("\(name) \(version)"))"]
            + section("NAME", ["\(Roff.literal(name)) \\- \(Roff.prose(summary))"])
            + section("SYNOPSIS", Scope(self).usages.flatMap { [Roff.bold($0), ".br"] }.dropLast())
            + section("DESCRIPTION", ManualPage.prose(discussion.isEmpty ? summary : discussion))
            + section("EXAMPLES", ManualPage.examples(examples))
            + section("GLOBAL OPTIONS", ManualPage.options(options))
            + sections.flatMap { section($0.heading.uppercased(), verbs($0.verbs, in: Scope(self))) }
            + section("EXIT STATUS", ManualPage.terms(exits.map { Term("\($0.code)", $0.meaning) }))
            + section("ENVIRONMENT", ManualPage.terms(environment))
            + section("FILES", ManualPage.terms(files))
            + section("SEE ALSO", ManualPage.prose(more))
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ lines: some Collection<String>) -> [String] {
        lines.isEmpty ? [] : [".SH \(Roff.argument(title))"] + lines
    }

    private func verbs(_ verbs: [Verb<Action>], in scope: Scope<Action>) -> [String] {
        verbs.filter { !$0.isHidden }.flatMap { verb in
            let inner = scope.entering(verb)
            return ManualPage.verb(inner) + self.verbs(verb.verbs, in: inner)
        }
    }
}

/// The parts of the page, as lines of roff.
private enum ManualPage {
    static func verb<Action>(_ scope: Scope<Action>) -> [String] {
        guard let verb = scope.verb else { return [] }
        return scope.usages.map { ".SS \(Roff.argument($0))" }.prefix(1)
            + prose(verb.summary)
            + prose(verb.discussion).leading(".PP")
            + scope.positionals.flatMap { item(Roff.italic($0.name), $0.helpWithNotes) }
            + options(verb.ownOptions)
            + examples(verb.examples)
            + exits(verb.exits)
    }

    static func options(_ options: [Declaration]) -> [String] {
        options.filter { !$0.isHidden }.flatMap { option in
            let value = option.takesValue ? " \(Roff.italic(option.metavar))" : ""
            return item(option.spellings.map(Roff.bold).joined(separator: ", ") + value, option.helpWithNotes)
        }
    }

    static func terms(_ terms: [Term]) -> [String] { terms.flatMap { item(Roff.bold($0.name), $0.meaning) } }

    static func examples(_ examples: [Example]) -> [String] {
        examples.flatMap { example in
            [".PP"] + prose(example.meaning) + [".RS 4", ".EX", Roff.literal(example.command), ".EE", ".RE"]
        }
    }

    static func prose(_ text: String) -> [String] {
        let blocks = Prose(text).paragraphs.map { paragraph in
            switch paragraph {
            case .filled(let words): [Roff.prose(words.joined(separator: " "))]
            case .kept(let lines): [".EX"] + lines.map(Roff.literal) + [".EE"]
            }
        }
        return Array(blocks.joined(separator: [".PP"]))
    }

    private static func exits(_ exits: [ExitCode]) -> [String] {
        exits.isEmpty ? [] : [".PP", "Exit codes:"] + terms(exits.map { Term("\($0.code)", $0.meaning) })
    }

    private static func item(_ label: String, _ text: String) -> [String] { [".TP", label] + prose(text) }
}

extension [String] {
    /// With a line before the others, if there are any.
    fileprivate func leading(_ line: String) -> [String] { isEmpty ? [] : [line] + self }
}

extension Verb {
    fileprivate var ownOptions: [Declaration] { arguments.filter { $0.form != .positional } }
}
