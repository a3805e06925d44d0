/// A name for somebody of whom only an attendee is known.
///
/// It is what a form shows, to be corrected by the user. It never matches anybody: "j.smith" may be anyone.
public enum Guess {
    /// "Jane Doe" from "jane.doe+news@…"; nil for tasks, for numbers, and for codes that no person reads as a name.
    public static func name(from address: MailAddress) -> String? {
        guard !address.isRole, !address.isResource, !address.isGroup else { return nil }
        let bare = address.local.prefix { $0 != "+" }
        let words = bare.split { ".-_ ".contains($0) }.map { trimmed($0) }.filter { !$0.isEmpty }
        guard (1...mostWords).contains(words.count), words.allSatisfy({ $0.allSatisfy(\.isLetter) }) else { return nil }
        guard words.contains(where: { (2...longestWord).contains($0.count) }) else { return nil }
        guard words.allSatisfy({ $0.count <= longestWord }) else { return nil }
        return words.map { $0.count == 1 ? $0.uppercased() + "." : capital($0) }.joined(separator: " ")
    }

    /// What a calendar calls him, in the order "Jane Doe" and without titles and companies.
    public static func name(from displayName: String) -> String? {
        let parts = NameParts(displayName)
        return parts.isEmpty ? nil : parts.tidy
    }

    /// More words than that are a sentence.
    private static let mostWords = 4
    /// Longer ones are codes.
    private static let longestWord = 20

    /// Numbers before and after a word are a year or a count.
    private static func trimmed(_ word: Substring) -> Substring {
        var word = word.drop { $0.isNumber }
        while word.last?.isNumber == true { word.removeLast() }
        return word
    }

    private static func capital(_ word: Substring) -> String { word.prefix(1).uppercased() + word.dropFirst() }
}
