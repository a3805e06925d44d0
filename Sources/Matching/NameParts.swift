/// A name as people and calendars write it, read into words.
///
/// Read in this order: what stands in brackets is left out, a nickname in quotes in the middle too, and what comes after
/// "via", "|" or a lonely dash; "Doe, Jane" is turned round; titles before and after are left out. Whatever is not sure
/// stays, because a word too many only costs a match, and a word too few makes a wrong one.
public struct NameParts: Sendable, Equatable {
    /// Folded words; a compound such as "Jean-Luc" is one word with a space in it.
    public let words: [String]
    /// The first name, folded; nil if a title stands before the only word.
    public let given: String?
    /// The last of two or more words, folded.
    public let family: String?
    /// All words as they were written, in the order that they are read in.
    public let tidy: String

    public var full: String { words.count == 1 ? words[0] : words.joined(separator: " ") }

    public var isEmpty: Bool { words.isEmpty }

    /// Whether it can be a whole name: two words, or three letters of a script that writes names without a space.
    ///
    /// One word is a first name or a family name, and of each there are many.
    public var isFull: Bool {
        guard words.count == 1 else { return words.count > 1 }
        let letters = words[0].unicodeScalars
        return letters.count >= 3 && letters.allSatisfy(NameParts.isWithoutSpaces)
    }

    /// Thai, Lao, Burmese, Khmer, Han and Hangul.
    private static func isWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x3FFFF: true
        default: false
        }
    }

    public init(_ name: String) {
        if let plain = NameParts.plainWords(name) {
            words = plain.map { String($0).lowercased() }
            (given, family, tidy) = (words.first, words.last, name)
            return
        }
        var reader = NameReader(name)
        let written = reader.words()
        let folded = written.flatMap(NameParts.folded)
        guard folded.contains(where: { $0.contains { $0.isLetter } }) else {
            (words, given, family, tidy) = ([], nil, nil, "")
            return
        }
        words = folded
        let isFamilyAlone = folded.count == 1 && reader.hadTitle
        given = isFamilyAlone ? nil : folded.first
        family = folded.count > 1 ? folded.last : nil
        tidy = written.map { NameReader.text($0) }.joined(separator: " ")
    }

    /// Two or three words of ASCII letters with nothing to leave out. Most names are that, and need no reader.
    private static func plainWords(_ name: String) -> [Substring]? {
        var (spaces, last): (Int, UInt8) = (0, 0x20)
        for byte in name.utf8 {
            if byte == 0x20 {
                guard last != 0x20 else { return nil }
                spaces += 1
            } else if !(0x61...0x7A).contains(byte | 0x20) {
                return nil
            }
            last = byte
        }
        guard (1...2).contains(spaces), last != 0x20, name.utf8.count <= Folding.longestName else { return nil }
        let words = name.split(separator: " ")
        return words.contains { Titles.areNear($0) } ? nil : words
    }

    /// Hyphens bind and all other signs part: "Jean-Luc" is one word, "J.R." are two.
    private static func folded(_ word: [Unicode.Scalar]) -> [String] {
        let letters = Folding.letters(word)
        guard letters.contains(" ") else { return letters.isEmpty ? [] : [NameReader.text(letters)] }
        if word.contains(where: NameReader.isHyphen) { return [NameReader.text(letters)] }
        return letters.split(separator: " ").map { NameReader.text($0) }
    }
}
