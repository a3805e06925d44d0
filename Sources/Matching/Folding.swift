/// Two spellings of one name are equal once folded.
///
/// Case, accents, width and other forms of letters, punctuation, white space, titles and the order with a comma do not
/// matter. Scripts stay what they are: nothing is transliterated, so a Cyrillic letter never equals its Latin look-alike.
/// Marks are dropped where they decorate (Latin, Greek, Cyrillic, Hebrew, Arabic) and kept where they are letters
/// (Devanagari, Thai, voiced kana, й).
public enum Folding {
    /// Names are read so far: longer ones are texts that somebody put into a field for names.
    public static let longestName = 256

    /// A folded name may be longer than what it was read from, but not without end: one scalar can become 18.
    static let longestFolded = 512

    /// The whole name folded, its words separated by one space; empty if there is no name in it.
    public static func fold(_ name: String) -> String { NameParts(name).full }

    /// Letters and digits of a text, folded; anything between them is one space. No word is dropped or moved.
    public static func letters(of text: String) -> String { NameReader.text(letters(text.unicodeScalars)) }

    static func letters(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var folder = Folder()
        for scalar in text { folder.add(scalar.value) }
        return folder.end()
    }
}

private struct Folder {
    private let table = FoldingTable.shared
    private var out: [UInt32] = []

    init() { out.reserveCapacity(32) }

    mutating func add(_ scalar: UInt32) {
        guard out.count < Folding.longestFolded else { return }
        if scalar >= 0x300, let last = out.last, let whole = table.pair(last, scalar) {
            out[out.count - 1] = whole
            return
        }
        let target = table.target(scalar)
        if target == FoldingTable.nothing { return }
        if target == FoldingTable.same {
            put(scalar)
        } else if let parts = table.expansion(target) {
            for part in parts { put(part) }
        } else {
            put(target)
        }
    }

    mutating func end() -> [Unicode.Scalar] {
        if out.last == 0x20 { out.removeLast() }
        return out.map { Unicode.Scalar($0) ?? "\u{FFFD}" }
    }

    private mutating func put(_ scalar: UInt32) {
        guard let last = out.last else {
            if scalar != 0x20 { out.append(scalar) }
            return
        }
        if scalar < 0x300 {
            if scalar != 0x20 || last != 0x20 { out.append(scalar) }
        } else if let whole = table.pair(last, scalar) ?? Folder.syllable(last, scalar) {
            out[out.count - 1] = whole
        } else {
            out.append(scalar)
            sortMarks()
        }
    }

    /// Marks that were typed in two orders stand in one. Marks of a class above its own let the last one pass.
    private mutating func sortMarks() {
        var place = out.count - 1
        let order = table.order(out[place])
        while order > 0, place > 0, table.order(out[place - 1]) > order {
            out.swapAt(place, place - 1)
            place -= 1
        }
    }

    /// Hangul: a leading consonant and a vowel, or these and a trailing consonant. The numbers are Unicode's.
    private static func syllable(_ last: UInt32, _ scalar: UInt32) -> UInt32? {
        if (0x1100...0x1112).contains(last), (0x1161...0x1175).contains(scalar) {
            return 0xAC00 + ((last - 0x1100) * 21 + scalar - 0x1161) * 28
        }
        if (0xAC00...0xD7A3).contains(last), (last - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(scalar) {
            return last + scalar - 0x11A7
        }
        return nil
    }
}
