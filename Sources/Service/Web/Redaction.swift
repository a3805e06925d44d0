/// What a message may say to those outside. Messages are Daybook's own words, but servers and files can have put their own
/// into them: what could be a secret is taken out, and what would not be seen is shown as what it is.
enum Redaction {
    /// More is not a message, but somebody's page.
    static let mostCharacters = 600

    static func text(_ text: String) -> String {
        var clean = visible(text)
        // The user info and the query of an address are where secrets stand in it.
        clean = clean.replacing(#/(?i)([a-z][a-z0-9+.-]*:\/\/)[^\s\/?#@"”]*@/#) { "\($0.1)" }
        clean = clean.replacing(#/(?i)([a-z][a-z0-9+.-]*:\/\/[^\s?#"”]*)\?[^\s"”]*/#) { "\($0.1)?…" }
        clean = clean.replacing(#/(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+\/=-]{8,}/#) { "\($0.1) ***" }
        clean = clean.replacing(
            #/(?i)\b(access_token|refresh_token|id_token|client_secret|password|code)(["']?\s*[=:]\s*["']?)[^\s"'&,}]+/#
        ) { "\($0.1)\($0.2)***" }
        return clean.count > mostCharacters ? clean.prefix(mostCharacters) + "…" : clean
    }

    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isHidden(scalar) {
                result += scalar == "\n" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x2028, 0x2029, 0xfeff:
            true
        default: false
        }
    }
}
