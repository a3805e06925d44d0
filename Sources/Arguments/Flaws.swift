extension Program {
    /// What is wrong with the declarations themselves. One test that finds this empty keeps a program sound.
    public var flaws: [String] {
        Scope(self).flaws
            + options.filter { $0.form == .positional }.map { "\(name): \($0.name) cannot be a global option" }
    }
}

extension Scope {
    /// The flaws of this place and of all below it.
    fileprivate var flaws: [String] {
        let here = verbFlaws + spellingFlaws + positionalFlaws
        return here.map { "\(invocation): \($0)" } + verbs.flatMap { entering($0).flaws }
    }

    private var verbFlaws: [String] {
        let taken = chain.isEmpty ? [Flag.help.declaration.name] : []
        let idle = verb.map { $0.action == nil && $0.verbs.isEmpty } ?? false
        return repeats(in: verbs.map(\.name) + taken).map { "the verb \($0) is declared twice" }
            + verbs.map(\.name).filter { !isPlain($0) }.map { "“\($0)” is no name for a verb" }
            + (idle ? ["it neither acts nor has verbs"] : [])
    }

    private var spellingFlaws: [String] {
        let spaced = (options + positionals).filter { $0.completion.hasSpaces }
        return repeats(in: options.flatMap(\.spellings)).map { "\($0) is declared twice" }
            + options.map(\.name).filter { !isPlain($0) }.map { "“\($0)” is no name for an option" }
            + spaced.map { "a choice of \($0.key) has a space in it" }
    }

    private var positionalFlaws: [String] {
        let places = positionals
        let late = zip(places, places.dropFirst()).filter { !$0.isRequired && $1.isRequired }
        return repeats(in: places.map(\.name)).map { "\($0) is declared twice" }
            + places.dropLast().filter(\.isRepeated).map { "\($0.name) takes all the rest, and is not last" }
            + late.map { "\($1.name) must be given, and stands after \($0.name), which need not be" }
            + (verb?.action == nil ? places.map { "\($0.name) has nothing to act on it" } : [])
    }
}

extension Completion {
    fileprivate var hasSpaces: Bool {
        guard case .choices(let words) = self else { return false }
        return words.contains { $0.contains(where: \.isWhitespace) }
    }
}

/// Small letters, digits and hyphens: what no shell has to quote.
private func isPlain(_ name: String) -> Bool { name.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil }

private func repeats(in names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
}
