/// What may be said at one place of a command line: after the program's name, or after a verb.
struct Scope<Action: Sendable> {
    let program: Program<Action>

    /// The verbs that led here, outermost first.
    private(set) var chain: [Verb<Action>] = []

    init(_ program: Program<Action>) { self.program = program }

    /// The place at the end of a path; nil if there is no such verb.
    init?(_ program: Program<Action>, path: [String]) {
        self.init(program)
        for name in path {
            guard let verb = verb(named: name) else { return nil }
            enter(verb)
        }
    }

    mutating func enter(_ verb: Verb<Action>) { chain.append(verb) }

    func entering(_ verb: Verb<Action>) -> Scope {
        var inner = self
        inner.enter(verb)
        return inner
    }

    var verb: Verb<Action>? { chain.last }
    var path: [String] { chain.map(\.name) }

    /// As it is typed: `daybook metrics export`.
    var invocation: String { ([program.name] + path).joined(separator: " ") }

    /// The verbs that may come next.
    var verbs: [Verb<Action>] { verb?.verbs ?? program.verbs }

    func verb(named name: String) -> Verb<Action>? { verbs.first { $0.name == name } }

    /// The options of the verb and of those above it, without the ones that hold everywhere.
    var ownOptions: [Declaration] { chain.flatMap(\.arguments).filter { $0.form != .positional } }

    var options: [Declaration] { ownOptions + program.options }

    var positionals: [Declaration] { verb?.arguments.filter { $0.form == .positional } ?? [] }

    func option(spelled: String) -> Declaration? { options.first { $0.spellings.contains(spelled) } }

    /// The ways to go on from here, one for each line of a usage.
    var usages: [String] {
        let required = options.filter(\.isRequired).map(\.usage)
        let optional = ownOptions.contains { !$0.isRequired && !$0.isHidden } || chain.isEmpty ? ["[OPTIONS]"] : []
        let acts = [invocation] + optional + required + positionals.map(\.usage)
        let goesOn = [invocation] + optional + required + ["VERB", "[ARGUMENTS]"]
        return (verb?.action == nil ? [] : [acts.joined(separator: " ")])
            + (verbs.isEmpty ? [] : [goesOn.joined(separator: " ")])
    }
}
