/// What the reader says when it cannot go on.
enum Refusal {
    static func verb<Action>(_ word: String, in scope: Scope<Action>) -> ArgumentError {
        let known = scope.verbs.filter { !$0.isHidden }.map(\.name)
        let message = "“\(word)” is not a verb of \(scope.invocation)"
        if let meant = Spelling.nearest(to: word, in: known) {
            return ArgumentError(message, hint: "Did you mean \(meant)?")
        }
        return ArgumentError(message, hint: scope.path.isEmpty ? "" : "It has \(inWords(known)).")
    }

    static func missingVerb<Action>(in scope: Scope<Action>) -> ArgumentError {
        let known = scope.verbs.filter { !$0.isHidden }.map(\.name)
        let few = scope.path.isEmpty ? "" : ": \(inWords(known))"
        return ArgumentError("\(scope.invocation) wants a verb\(few)")
    }

    /// `word` is what the option stood in, where that was a bundle.
    static func option<Action>(_ spelled: String, in scope: Scope<Action>, _ word: String? = nil) -> ArgumentError {
        let place = word.map { $0 == spelled ? "" : " in “\($0)”" } ?? ""
        let message = "\(spelled)\(place) is not an option of \(scope.invocation)"
        let known = scope.options.filter { !$0.isHidden }.flatMap(\.longSpellings)
        if spelled.hasPrefix("--"), let meant = Spelling.nearest(to: spelled, in: known) {
            return ArgumentError(message, hint: "Did you mean \(meant)?")
        }
        return ArgumentError(message, hint: owner(of: spelled, in: scope) ?? "")
    }

    /// Before the verb, only the options of the program are known: `daybook --follow log` is in the wrong order.
    private static func owner<Action>(of spelled: String, in scope: Scope<Action>) -> String? {
        guard scope.chain.isEmpty else { return nil }
        let owner = scope.verbs.first { verb in
            !verb.isHidden && verb.arguments.contains { !$0.isHidden && $0.spellings.contains(spelled) }
        }
        return owner.map { "It stands after its verb: \(scope.invocation) \($0.name) \(spelled)." }
    }

    static func missingValue(of option: Declaration, _ spelled: String, before next: String?) -> ArgumentError {
        guard let next else { return ArgumentError("\(spelled) wants \(option.metavar), and nothing follows it") }
        return ArgumentError(
            "\(spelled) wants \(option.metavar), and “\(next)” follows it",
            hint: "A value that begins with a hyphen is written --\(option.name)=VALUE.")
    }

    static func extra<Action>(_ word: String, in scope: Scope<Action>) -> ArgumentError {
        let usage = scope.usages.first.map { "Usage: \($0)." } ?? ""
        return ArgumentError("“\(word)” is one argument too many for \(scope.invocation)", hint: usage)
    }
}
