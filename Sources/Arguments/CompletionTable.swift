/// What the completion scripts of all shells are written from: the places of a command line, and what may be said there.
///
/// A place is named by its path, `""` after the program's name and `metrics export` after two verbs. Hidden verbs and
/// options are left out. All three scripts walk over the words already typed in the same way: they keep the path, how
/// many positionals were placed, and the option whose value is still to come.
struct CompletionTable {
    struct Place {
        let path: String
        let verbs: [Term]
        let options: [Declaration]
        let positionals: [Declaration]
    }

    let name: String
    let globalOptions: [Declaration]
    let places: [Place]

    init<Action>(_ program: Program<Action>) {
        name = program.name
        globalOptions = program.options.shown
        places = CompletionTable.places(from: Scope(program))
    }

    private static func places<Action>(from scope: Scope<Action>) -> [Place] {
        let inner = scope.verbs.filter { !$0.isHidden }
        let help = scope.path.isEmpty ? [Term("help", "Tell more of a verb.")] : []
        let place = Place(
            path: scope.path.joined(separator: " "), verbs: inner.map { Term($0.name, $0.summary) } + help,
            options: scope.ownOptions.shown, positionals: scope.positionals)
        return [place] + inner.flatMap { places(from: scope.entering($0)) }
    }

    /// The paths of all verbs.
    var paths: [String] { places.map(\.path).filter { !$0.isEmpty } }

    /// The name of the program as a part of a shell function's name.
    var identifier: String { String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) }

    /// The options that take a value, each with the shell patterns that match "PATH:SPELLING".
    func valued(quoted: (String) -> String) -> [(patterns: [String], option: Declaration)] {
        let own = places.flatMap { place in
            place.options.filter(\.takesValue).map { option in
                (option.spellings.map { quoted("\(place.path):\($0)") }, option)
            }
        }
        return own + globalOptions.filter(\.takesValue).map { option in (option.spellings.map { "*:\($0)" }, option) }
    }

    /// A shell can be told what follows a positional only if something can be offered at all.
    var offeredPositionals: [(path: String, index: Int, positional: Declaration)] {
        places.flatMap { place in
            place.positionals.enumerated().filter { $0.element.completion != .nothing }.map {
                (place.path, $0.offset, $0.element)
            }
        }
    }
}

extension [Declaration] {
    fileprivate var shown: [Declaration] { filter { !$0.isHidden } }
}

/// A word that the Bourne shells take literally.
func quotedForShell(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}
