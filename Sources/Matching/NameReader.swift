/// Finds the words of a name, and leaves out what is none.
struct NameReader {
    private(set) var hadTitle = false
    private var scalars: [Unicode.Scalar]

    init(_ name: String) {
        scalars = []
        scalars.reserveCapacity(32)
        for scalar in name.unicodeScalars.prefix(Folding.longestName) { scalars.append(NameReader.plain(scalar)) }
    }

    /// The words as they are written, in the order given names first.
    mutating func words() -> [[Unicode.Scalar]] {
        leaveOutBrackets()
        leaveOutNickname()
        var segments = scalars.split(separator: ",").map { segment in
            NameReader.split(segment).filter { !NameReader.isAddress($0) }
        }
        segments.removeAll { $0.allSatisfy { !NameReader.hasLetters($0) } }
        guard !segments.isEmpty else { return [] }
        if segments.count > 1 {
            let rest = segments.dropFirst().filter { !isMadeOfTitles($0) }
            segments = [segments[0]] + rest
        }
        segments = segments.map { withoutTitles(NameReader.beforeCompany($0)) }
        if segments.count > 1 { segments.swapAt(0, 1) }
        return segments.flatMap { $0 }
    }

    // MARK: What is left out

    /// "Jane Doe (ACME)": what is inside goes, unless nothing is outside.
    private mutating func leaveOutBrackets() {
        guard scalars.contains(where: { "([{<)]}>".unicodeScalars.contains($0) }) else { return }
        var (outside, everything): ([Unicode.Scalar], [Unicode.Scalar]) = ([], [])
        var depth = 0
        for scalar in scalars {
            switch scalar {
            case "(", "[", "{", "<": depth += 1
            case ")", "]", "}", ">": depth = max(0, depth - 1)
            default:
                everything.append(scalar)
                if depth == 0 { outside.append(scalar) }
                continue
            }
            outside.append(" ")
            everything.append(" ")
        }
        scalars = NameReader.hasLetters(outside) ? outside : everything
    }

    /// `William "Bill" Gates`: only between two words is it sure to be a nickname.
    private mutating func leaveOutNickname() {
        guard let open = scalars.firstIndex(of: "\""), let close = scalars.lastIndex(of: "\"") else { return }
        let (before, after) = (scalars[..<open], scalars[(close + 1)...])
        let isInside = open != close && NameReader.hasLetters(before) && NameReader.hasLetters(after)
        scalars = isInside ? before + [" "] + after : scalars.map { $0 == "\"" ? " " : $0 }
    }

    /// "Jane Doe via Zoom" and "Jane Doe | ACME": two words are a name without the rest.
    private static func beforeCompany(_ words: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
        if let sign = words.firstIndex(where: isBeforeCompany), sign + 1 < words.count,
            sign >= 2 || (sign == 1 && text(words[1]) == "via")
        {
            return words[..<sign].filter(hasLetters)
        }
        return words.filter(hasLetters)
    }

    private static func isBeforeCompany(_ word: [Unicode.Scalar]) -> Bool {
        if word.count == 1 { return isHyphen(word[0]) || "|@•·".unicodeScalars.contains(word[0]) }
        return word.count == 3 && text(word) == "via"
    }

    private func isMadeOfTitles(_ words: [[Unicode.Scalar]]) -> Bool {
        words.allSatisfy { word in
            let letters = NameReader.joined(word)
            return Titles.before.contains(letters) || Titles.after.contains(letters)
                || Titles.afterComma.contains(letters)
        }
    }

    private mutating func withoutTitles(_ words: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
        var words = words[...]
        while let first = words.first {
            if words.count > 1, NameReader.isTitle(first, in: Titles.before) {
                words.removeFirst()
            } else if let name = NameReader.afterTitle(first) {
                words[words.startIndex] = name
            } else {
                break
            }
            hadTitle = true
        }
        while words.count > 1, let last = words.last,
            NameReader.isTitle(last, in: Titles.after) || NameReader.isTitle(last, in: Titles.before)
        {
            words.removeLast()
        }
        return Array(words)
    }

    private static func isTitle(_ word: [Unicode.Scalar], in titles: Set<String>) -> Bool {
        guard word.count <= Titles.longest else { return false }
        let letters = joined(word)
        return titles.contains(letters) || (word.last == "." && Titles.withFullStop.contains(letters))
    }

    /// "Jane" of "Dr.Jane".
    private static func afterTitle(_ word: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        guard let stop = word.firstIndex(of: "."), hasLetters(word[(stop + 1)...]) else { return nil }
        return isTitle(Array(word[...stop]), in: Titles.before) ? Array(word[(stop + 1)...]) : nil
    }

    private static func joined(_ word: [Unicode.Scalar]) -> String { text(Folding.letters(word).filter { $0 != " " }) }

    // MARK: Signs

    static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    static func isHyphen(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || (0x2010...0x2015).contains(scalar.value) || scalar == "\u{FF0D}"
    }

    private static func split(_ segment: ArraySlice<Unicode.Scalar>) -> [[Unicode.Scalar]] {
        segment.split(separator: " ").map(Array.init)
    }

    /// A dot, a dash or a bar alone is not a word.
    private static func hasLetters(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        let table = FoldingTable.shared
        return scalars.contains { scalar in
            let target = table.target(scalar.value)
            return target != 0x20 && target != FoldingTable.nothing
        }
    }

    private static func isAddress(_ word: [Unicode.Scalar]) -> Bool {
        guard let at = word.firstIndex(of: "@") else { return false }
        return at > 0 && at + 1 < word.count
    }

    /// Brackets, quotes, commas and spaces in the one form that is looked for.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x21...0x7E: scalar
        case 0...0x20, 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: " "
        case 0xAB, 0xBB, 0x201C...0x201F, 0xFF02, 0x300C...0x300F: "\""
        case 0x60C, 0x3001, 0xFF0C, 0xFF64: ","
        case 0xFF08, 0xFF3B, 0xFF5B, 0x3010: "("
        case 0xFF09, 0xFF3D, 0xFF5D, 0x3011: ")"
        case 0xFF20: "@"
        default: scalar
        }
    }
}
