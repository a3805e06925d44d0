extension Program {
    /// Reads the words after the program's name. No words at all ask for help.
    public func read(_ words: [String], _ surroundings: Surroundings) throws(ArgumentError) -> Reading<Action> {
        guard !words.isEmpty else { return .help([]) }
        var reader = Reader(self, words)
        do throws(ArgumentError) {
            try reader.walk()
            return try reader.reading(surroundings)
        } catch {
            // Someone who asks for help does not want to hear what else is wrong - unless it is about which help.
            if reader.wantsHelp && !reader.isLost { return .help(reader.scope.path) }
            throw error.withHint("See: \(reader.scope.invocation) --help")
        }
    }
}

/// Walks over the words of a command line once, from left to right, and keeps what each of them says.
///
/// `--` ends the options; a lone `-` is a word like any other. A word that follows an option which wants a value is that
/// value, unless it looks like an option itself: `--limit --follow` is a value forgotten far more often than one meant,
/// and `--limit=--follow` is there for the rest. Negative numbers do not look like options.
struct Reader<Action: Sendable> {
    private(set) var scope: Scope<Action>

    /// The words name a verb that does not exist.
    private(set) var isLost = false

    private var rest: ArraySlice<String>
    private var said: [String: [Occurrence]] = [:]
    private var placed: [String] = []

    init(_ program: Program<Action>, _ words: [String]) {
        scope = Scope(program)
        rest = words[...]
    }

    var wantsHelp: Bool {
        said[Flag.help.declaration.key] != nil
            || rest.prefix { $0 != "--" }.contains { Flag.help.declaration.spellings.contains($0) }
    }

    mutating func walk() throws(ArgumentError) {
        while let word = rest.popFirst() {
            if word == "--" { return try walkRest() }
            if word.hasPrefix("--") {
                try takeLong(word)
            } else if looksLikeOption(word) {
                try takeShort(word)
            } else {
                try takeWord(word)
            }
        }
    }

    private mutating func walkRest() throws(ArgumentError) {
        while let word = rest.popFirst() {
            if scope.verb?.action == nil { try takeWord(word) } else { placed.append(word) }
        }
    }

    private mutating func takeWord(_ word: String) throws(ArgumentError) {
        if placed.isEmpty, let verb = scope.verb(named: word) {
            scope.enter(verb)
        } else if scope.path.isEmpty, word == Flag.help.declaration.name {
            note(Flag.help.declaration, "help")
        } else if scope.verb?.action == nil || (placed.isEmpty && scope.positionals.isEmpty && !scope.verbs.isEmpty) {
            isLost = true
            throw Refusal.verb(word, in: scope)
        } else {
            placed.append(word)
        }
    }

    private mutating func takeLong(_ word: String) throws(ArgumentError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let spelled = parts[0]
        guard let option = scope.option(spelled: spelled) else { throw Refusal.option(spelled, in: scope) }
        if option.takesValue {
            note(option, spelled, parts.count > 1 ? parts[1] : try nextValue(of: option, spelled))
        } else if parts.count > 1 {
            throw ArgumentError("\(spelled) takes no value, and was given “\(parts[1])”")
        } else {
            note(option, spelled, spelled == "--no-\(option.name)" ? Occurrence.negation : "")
        }
    }

    /// One or more short flags; the last may be an option, with its value behind it or in the next word.
    private mutating func takeShort(_ word: String) throws(ArgumentError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let spelled = "-\(letter)"
            guard let option = scope.option(spelled: spelled) else { throw Refusal.option(spelled, in: scope, word) }
            guard option.takesValue else {
                note(option, spelled)
                continue
            }
            let attached = letters.first == "=" ? letters.dropFirst() : letters
            return note(option, spelled, letters.isEmpty ? try nextValue(of: option, spelled) : String(attached))
        }
    }

    private mutating func nextValue(of option: Declaration, _ spelled: String) throws(ArgumentError) -> String {
        guard let next = rest.first, next != "--", !looksLikeOption(next) else {
            throw Refusal.missingValue(of: option, spelled, before: rest.first)
        }
        rest.removeFirst()
        return next
    }

    private mutating func note(_ option: Declaration, _ spelled: String, _ text: String = "") {
        said[option.key, default: []].append(Occurrence(spelled: spelled, text: text))
    }

    private func looksLikeOption(_ word: String) -> Bool {
        guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
        let isNumber = word.dropFirst().allSatisfy { ("0"..."9").contains($0) || $0 == "." }
        return !isNumber || scope.option(spelled: "-\(second)") != nil
    }
}

extension Reader {
    /// What the words ask for, once all of them are walked over.
    func reading(_ surroundings: Surroundings) throws(ArgumentError) -> Reading<Action> {
        if wantsHelp { return .help(scope.path) }
        if said[Flag.version.declaration.key] != nil { return .version }
        guard let action = scope.verb?.action else { throw Refusal.missingVerb(in: scope) }
        let places = try occurrencesByPlace()
        var values: [String: any Sendable] = [:]
        for argument in scope.options + scope.positionals {
            values[argument.key] = try argument.read(said[argument.key] ?? places[argument.key] ?? [], surroundings)
        }
        let keys = Set(said.keys).union(places.keys)
        return .act(action, Given(path: scope.path, values: values, said: keys))
    }

    private func occurrencesByPlace() throws(ArgumentError) -> [String: [Occurrence]] {
        var words = placed[...]
        var places: [String: [Occurrence]] = [:]
        for positional in scope.positionals where !words.isEmpty {
            let taken = positional.isRepeated ? words : words.prefix(1)
            places[positional.key] = taken.map { Occurrence(spelled: positional.name, text: $0) }
            words.removeFirst(taken.count)
        }
        if let extra = words.first { throw Refusal.extra(extra, in: scope) }
        return places
    }
}
