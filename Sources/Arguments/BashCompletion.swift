extension Program {
    /// A script for bash 4 or later, to be sourced. It does not need the bash-completion package.
    ///
    /// Bash parts words at `=` and `:`, unlike the program itself, so the walk puts them together again.
    public var bashCompletion: String { BashCompletion(table: CompletionTable(self)).script }
}

private struct BashCompletion {
    let table: CompletionTable

    var script: String {
        let function = "_\(table.identifier)"
        return """
            # Completion of \(table.name) for bash.

            # What may be the value of an option, by "PATH:OPTION"; fails if the option takes no value.
            \(function)_value() {
                kind=nothing words=()
                case "$1:$2" in
            \(rows(table.valued(quoted: quotedForShell).map { ($0.patterns.joined(separator: "|"), offer($0.option)) }))
                    *) return 1 ;;
                esac
            }

            # What may stand at a place, by "PATH:COUNT" of the positionals before it.
            \(function)_place() {
                kind=nothing words=()
                case "$1:$2" in
            \(rows(table.offeredPositionals.map { (pattern($0.path, $0.index, $0.positional), offer($0.positional)) }))
                esac
            }

            \(function)_verbs() {
                case "$1" in
            \(rows(table.places.map { (quotedForShell($0.path), "words+=\(list($0.verbs.map(\.name)))") }))
                esac
            }

            \(function)_options() {
                case "$1" in
            \(rows(table.places.map { (quotedForShell($0.path), "words+=\(list($0.options.flatMap(\.spellings)))") }))
                esac
                words+=\(list(table.globalOptions.flatMap(\.spellings)))
            }

            \(function)_known() {
                case "$1" in
            \(rows([(table.paths.map(quotedForShell).joined(separator: "|"), "return 0")]))
                esac
                return 1
            }

            \(walk(function))

            complete -F \(function) \(table.name)

            """
    }

    private func walk(_ function: String) -> String {
        """
        \(function)() {
            local current=${COMP_WORDS[COMP_CWORD]} path='' waiting='' prefix='' helping='' ended='' kind=nothing word
            local -i index placed=0
            local -a words=()
            COMPREPLY=()
            for ((index = 1; index < COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                if [[ $word == '=' && -n $waiting ]]; then continue
                elif [[ $word == ':' ]]; then index+=1
                elif [[ -n $waiting ]]; then waiting=''
                elif [[ -n $ended ]]; then placed+=1
                elif [[ $word == '--' ]]; then ended=1
                elif [[ $word == -?* ]]; then if \(function)_value "$path" "$word"; then waiting=$word; fi
                elif [[ -z $path && $word == help ]]; then helping=1
                elif ((placed == 0)) && \(function)_known "${path:+$path }$word"; then path=${path:+$path }$word
                else placed+=1
                fi
            done
            kind=nothing words=()
            if [[ $current == '=' ]]; then current=''; fi
            if [[ $current == --*=* ]]; then
                waiting=${current%%=*} prefix=${current%%=*}= current=${current#*=}
            fi
            if [[ -n $waiting ]]; then
                \(function)_value "$path" "$waiting"
            elif [[ -z $ended && $current == -* ]]; then
                \(function)_options "$path"
            else
                if [[ -z $helping ]]; then \(function)_place "$path" "$placed"; fi
                if ((placed == 0)); then \(function)_verbs "$path"; fi
            fi
            for word in "${words[@]}"; do
                if [[ $word == "$current"* ]]; then COMPREPLY+=("$prefix$word"); fi
            done
            case $kind in
                files) kind=-f ;;
                folders) kind=-d ;;
                *) return 0 ;;
            esac
            compopt -o filenames 2>/dev/null
            while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen "$kind" -- "$current")
        }
        """
    }

    private func rows(_ rows: [(pattern: String, command: String)]) -> String {
        rows.filter { !$0.pattern.isEmpty }.map { "        \($0.pattern)) \($0.command) ;;" }.joined(separator: "\n")
    }

    private func pattern(_ path: String, _ index: Int, _ positional: Declaration) -> String {
        positional.isRepeated ? quotedForShell("\(path):") + "*" : quotedForShell("\(path):\(index)")
    }

    private func offer(_ argument: Declaration) -> String {
        switch argument.completion {
        case .nothing: ":"
        case .choices(let words): "words=\(list(words))"
        case .files: "kind=files"
        case .folders: "kind=folders"
        }
    }

    private func list(_ words: [String]) -> String { "(" + words.map(quotedForShell).joined(separator: " ") + ")" }
}
