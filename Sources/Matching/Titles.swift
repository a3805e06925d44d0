/// Words around a name that are not part of it, folded and without full stops.
///
/// Only what nobody is called. "Md" is Mohammad in Bangladesh and "Ma" is a Chinese family name, so such degrees count
/// only after a comma; "Mag" and "Rev" count only with a full stop.
enum Titles {
    /// No title is longer, so most words need not be looked up.
    static let longest = 12

    /// Whether a word of ASCII could be one, or the "via" before a company.
    static func areNear(_ word: Substring) -> Bool {
        guard word.utf8.count <= longest else { return false }
        let letters = word.lowercased()
        return before.contains(letters) || after.contains(letters) || letters == "via"
    }

    static let before: Set<String> = [
        "dr", "prof", "professor", "mr", "mrs", "ms", "mx", "sir", "herr", "frau", "hr", "dipling", "drmed", "drphil",
        "dring", "drrernat", "drh", "profdr", "mme", "mlle", "monsieur", "madame", "sra", "srta", "dott", "dottssa",
        "ingeniero",
    ]

    static let withFullStop: Set<String> = ["mag", "rev", "hon", "ing", "sr", "gen", "capt", "lt"]

    static let after: Set<String> = [
        "jr", "phd", "dphil", "mba", "esq", "ii", "iii", "llm", "msc", "bsc", "dds", "cpa", "pmp",
    ]

    static let afterComma: Set<String> = [
        "ma", "ba", "md", "sr", "iv", "jd", "rn", "pe", "do", "dvm", "mph", "edd", "meng", "beng", "cfa", "ret",
        "cissp",
    ]
}
