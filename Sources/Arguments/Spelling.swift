/// Which of the known words a misspelt one was probably meant to be.
enum Spelling {
    /// Two slips are the most that still point at one word; short words must keep at least one letter.
    static let mostSlips = 2

    /// Nothing longer is a misspelt word.
    private static let longest = 64

    /// The nearest known word that is few slips away or begins with what was typed; the first of equals.
    static func nearest(to typed: String, in known: [String]) -> String? {
        let name = bare(typed)
        guard !name.isEmpty, name.utf8.count <= longest else { return nil }
        let rated = known.map { word in (word: word, slips: slips(from: name, to: bare(word))) }
        let close = rated.filter { $0.slips <= mostSlips && $0.slips < min(name.count, bare($0.word).count) }
        let nearest = close.min { $0.slips < $1.slips }?.word
        return nearest ?? known.first { bare($0).hasPrefix(name) }
    }

    /// The hyphens before an option are no letters of its name: without this, `-x` would be near to every `--y`.
    private static func bare(_ word: String) -> String { String(word.drop { $0 == "-" }) }

    /// The Damerau-Levenshtein distance: letters added, lost, replaced, or swapped with their neighbour.
    static func slips(from first: String, to second: String) -> Int {
        let first = Array(first)
        let second = Array(second)
        var table = (0...first.count).map { row in (0...second.count).map { column in row == 0 ? column : row } }
        for row in first.indices {
            for column in second.indices {
                let cost = first[row] == second[column] ? 0 : 1
                var best = min(table[row][column + 1] + 1, table[row + 1][column] + 1, table[row][column] + cost)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, table[row - 1][column - 1] + 1)
                }
                table[row + 1][column + 1] = best
            }
        }
        return table[first.count][second.count]
    }
}
