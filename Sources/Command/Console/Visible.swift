/// Text from outside, made safe for a terminal: what would move the cursor, ring, or turn the direction of writing is
/// shown as what it is.
enum Visible {
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0) }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if !isHidden(scalar) {
                result.unicodeScalars.append(scalar)
            } else if scalar == "\n" {
                result += "⏎"
            } else {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
    }

    /// A JSON document in which such signs are written as `\uXXXX`: the same document to whoever reads it, and nothing to
    /// a terminal. They can stand in its strings only, for line feeds and blanks are all that JSON has between them.
    static func json(_ document: String) -> String {
        func isEscaped(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x7f && isHidden(scalar) }
        guard document.unicodeScalars.contains(where: isEscaped) else { return document }
        return document.unicodeScalars.reduce(into: "") { result, scalar in
            if isEscaped(scalar) {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0: true
        // Marks that turn the direction of writing, and separators that end a line.
        case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x2028, 0x2029, 0xfeff: true
        default: false
        }
    }

    /// The columns that a text takes in a terminal.
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
            return 2
        default: return character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .nonspacingMark } ? 0 : 1
        }
    }

    /// In lines of at most a width, broken between words where there are any.
    static func wrap(_ text: String, to limit: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, width(line) + 1 + width(String(word)) > limit {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }

    /// Cut to a width, with a sign that it was.
    static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit, limit > 0 else { return text }
        var result = ""
        var used = 1
        for character in text {
            used += width(character)
            if used > limit { break }
            result.append(character)
        }
        return result + "…"
    }
}
