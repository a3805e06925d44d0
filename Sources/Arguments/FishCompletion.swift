extension Program {
    /// A script for fish, to be kept as `~/.config/fish/completions/daybook.fish`.
    public var fishCompletion: String { FishCompletion(table: CompletionTable(self)).script }
}

private struct FishCompletion {
    let table: CompletionTable

    private var function: String { "__\(table.identifier)_at" }

    var script: String {
        let lines = table.places.flatMap(lines) + table.globalOptions.flatMap { option($0, condition: nil) }
        return """
            # Completion of \(table.name) for fish.

            \(walk)

            complete -c \(table.name) -f
            \(lines.joined(separator: "\n"))

            """
    }

    /// The function that all conditions ask; `case` patterns are globs in fish even where they are quoted.
    private var walk: String {
        let valued = table.valued(quoted: quoted).flatMap(\.patterns).map { $0.hasPrefix("*") ? "'\($0)'" : $0 }
        let waits =
            valued.isEmpty
            ? "" : "\n            case \(valued.joined(separator: " "))\n                set waiting 1"
        return """
            # Whether the words before the cursor lead to the path, with so many positionals placed ("+": or more).
            function \(function) --argument-names wanted count
                set -l path ''
                set -l placed 0
                set -l waiting 0
                set -l ended 0
                set -l helping 0
                set -l tokens (commandline -opc)
                set -e tokens[1]
                for word in $tokens
                    if test $waiting = 1
                        set waiting 0
                        continue
                    else if test $ended = 1
                        set placed (math $placed + 1)
                        continue
                    end
                    set -l next (string trim -- "$path $word")
                    switch "$path:$word"\(waits)
                        case '*:--'
                            set ended 1
                        case "$path:-"
                            set placed (math $placed + 1)
                        case "$path:-*"
                        case ':help'
                            set helping 1
                        case '*'
                            if test $placed = 0; and contains -- "$next" \(table.paths.map(quoted).joined(separator: " "))
                                set path $next
                            else
                                set placed (math $placed + 1)
                            end
                    end
                end
                test "$path" = "$wanted"; or return 1
                switch "$count"
                    case ''
                        test $helping = 0
                    case 'verb'
                        test $placed = 0
                    case '*+'
                        test $helping = 0; and test $placed -ge (string trim -c + -- $count)
                    case '*'
                        test $helping = 0; and test $placed = $count
                end
            end
            """
    }

    private func lines(_ place: CompletionTable.Place) -> [String] {
        let verbs = place.verbs.map { verb in
            complete("\(function) '\(place.path)' verb", "-a \(verb.name) -d \(quoted(verb.meaning))")
        }
        let options = place.options.flatMap { option($0, condition: "\(function) '\(place.path)'") }
        let positionals = place.positionals.enumerated().compactMap { index, positional in
            offer(positional).map { offer in
                complete("\(function) '\(place.path)' \(index)\(positional.isRepeated ? "+" : "")", offer)
            }
        }
        return verbs + options + positionals
    }

    private func option(_ option: Declaration, condition: String?) -> [String] {
        let value = option.takesValue ? " " + (offer(option).map { "-r \($0)" } ?? "-x") : ""
        return option.longSpellings.enumerated().map { index, spelling in
            let short = index == 0 ? option.short.map { " -s \($0)" } ?? "" : ""
            return complete(condition, "-l \(spelling.dropFirst(2))\(short)\(value) -d \(quoted(option.help))")
        }
    }

    private func offer(_ argument: Declaration) -> String? {
        switch argument.completion {
        case .nothing: nil
        case .choices(let words): "-f -a \(quoted(words.joined(separator: " ")))"
        case .files: "-F"
        case .folders: "-f -a '(__fish_complete_directories (commandline -ct))'"
        }
    }

    private func complete(_ condition: String?, _ rest: String) -> String {
        "complete -c \(table.name)" + (condition.map { " -n \"\($0)\"" } ?? "") + " " + rest
    }

    private func quoted(_ word: String) -> String {
        "'" + word.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
