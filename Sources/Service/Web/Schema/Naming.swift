/// How the names of fields are written in JSON.
enum Naming: Sendable, Hashable {
    /// `lastMet` as `last_met`: everywhere but in documents that are older than this interface.
    case snakeCase
    case asWritten

    func name(_ key: String) -> String { self == .asWritten ? key : Self.snakeCase(key) }

    /// As `JSONEncoder` does it: words begin at a capital, and of several capitals the last begins a word.
    static func snakeCase(_ key: String) -> String {
        let characters = Array(key)
        var result = ""
        for (index, character) in characters.enumerated() {
            let followsSmall = index > 0 && !characters[index - 1].isUppercase
            let beginsWord = index + 1 < characters.count && characters[index + 1].isLowercase
            if character.isUppercase, index > 0, followsSmall || beginsWord, result.last != "_" { result += "_" }
            result += character.lowercased()
        }
        return result
    }
}
