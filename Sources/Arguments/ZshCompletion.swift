extension Program {
    /// A script for zsh, to be sourced after `compinit`, or kept as `_daybook` in a folder of `$fpath`.
    public var zshCompletion: String { ZshCompletion(table: CompletionTable(self)).script }
}

private struct ZshCompletion {
    let table: CompletionTable

    var script: String {
        let function = "_\(table.identifier)"
        return """
            #compdef \(table.name)
            # Completion of \(table.name) for zsh.

            # What may be the value of an option, by "PATH:OPTION"; fails if the option takes no value.
            \(function)_value() {
                kind=nothing choices=()
                case "$1:$2" in
            \(rows(table.valued(quoted: quotedForShell).map { ($0.patterns.joined(separator: "|"), offer($0.option)) }))
                    (*) return 1 ;;
                esac
            }

            # What may stand at a place, by "PATH:COUNT" of the positionals before it.
            \(function)_place() {
                kind=nothing choices=()
                case "$1:$2" in
            \(rows(table.offeredPositionals.map { (pattern($0.path, $0.index, $0.positional), offer($0.positional)) }))
                esac
            }

            \(function)_verbs() {
                verbs=()
                case "$1" in
            \(rows(table.places.map { (quotedForShell($0.path), "verbs=\(list($0.verbs))") }))
                esac
            }

            \(function)_options() {
                case "$1" in
            \(rows(table.places.map { (quotedForShell($0.path), "options=\(list($0.options.flatMap(terms)))") }))
                esac
                options+=\(list(table.globalOptions.flatMap(terms)))
            }

            \(function)_known() {
                case "$1" in
            \(rows([(table.paths.map(quotedForShell).joined(separator: "|"), "return 0")]))
                esac
                return 1
            }

            \(walk(function))

            if [[ ${funcstack[1]} == \(function) ]]; then
                \(function) "$@"
            else
                compdef \(function) \(table.name)
            fi

            """
    }

    private func walk(_ function: String) -> String {
        """
        \(function)() {
            local current=${words[CURRENT]} at='' waiting='' helping='' ended='' kind=nothing word next
            local -i index placed=0
            local -a choices verbs options
            for ((index = 2; index < CURRENT; index++)); do
                word=${words[index]} next="${at:+$at }${words[index]}"
                if [[ -n $waiting ]]; then waiting=''
                elif [[ -n $ended ]]; then placed+=1
                elif [[ $word == '--' ]]; then ended=1
                elif [[ $word == -?* ]]; then if \(function)_value "$at" "$word"; then waiting=$word; fi
                elif [[ -z $at && $word == help ]]; then helping=1
                elif ((placed == 0)) && \(function)_known "$next"; then at=$next
                else placed+=1
                fi
            done
            kind=nothing choices=()
            if [[ $current == --*=* ]]; then
                waiting=${current%%=*}
                compset -P '*='
            fi
            if [[ -n $waiting ]]; then
                \(function)_value "$at" "$waiting"
            elif [[ -z $ended && $current == -* ]]; then
                \(function)_options "$at"
                _describe -o option options
            else
                if [[ -z $helping ]]; then \(function)_place "$at" "$placed"; fi
                if ((placed == 0)); then
                    \(function)_verbs "$at"
                    if ((${#verbs})); then _describe -t verbs verb verbs; fi
                fi
            fi
            if ((${#choices})); then compadd -a choices; fi
            case $kind in
                (files) _files ;;
                (folders) _files -/ ;;
            esac
        }
        """
    }

    private func rows(_ rows: [(pattern: String, command: String)]) -> String {
        rows.filter { !$0.pattern.isEmpty }.map { "        (\($0.pattern)) \($0.command) ;;" }.joined(separator: "\n")
    }

    private func pattern(_ path: String, _ index: Int, _ positional: Declaration) -> String {
        positional.isRepeated ? quotedForShell("\(path):") + "*" : quotedForShell("\(path):\(index)")
    }

    private func offer(_ argument: Declaration) -> String {
        switch argument.completion {
        case .nothing: ":"
        case .choices(let words): "choices=(" + words.map(quotedForShell).joined(separator: " ") + ")"
        case .files: "kind=files"
        case .folders: "kind=folders"
        }
    }

    private func terms(_ option: Declaration) -> [Term] { option.spellings.map { Term($0, option.help) } }

    /// Names with what they do, as `_describe` reads them: parted by a colon, so that colons and backslashes within are escaped.
    private func list(_ terms: [Term]) -> String {
        let entries = terms.map { term in
            quotedForShell(term.name + ":" + term.meaning.map { ":\\".contains($0) ? "\\\($0)" : String($0) }.joined())
        }
        return "(" + entries.joined(separator: " ") + ")"
    }
}
