/// A name that a file gives a zone, and what may be meant by it.
struct ZoneName {
    /// Names that Windows shows have at most 60 letters, in other languages some more.
    static let longest = 255

    /// Without blanks and quotes around it.
    let text: String

    init(_ name: String) {
        let isAround: (UInt8) -> Bool = { $0 <= 32 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        var bytes = name.utf8[...]
        while let byte = bytes.first, isAround(byte) { bytes.removeFirst() }
        while let byte = bytes.last, isAround(byte) { bytes.removeLast() }
        text = String(bytes) ?? name
    }

    var isUTC: Bool {
        ["utc", "z", "gmt", "etc/utc", "etc/gmt", "zulu", "uct", "tzone://microsoft/utc", "utc+00:00"]
            .contains(text.lowercased())
    }

    /// Whether it can be a name of the database, and is no path out of it. `localtime` and `posixrules` are files of
    /// this machine that say nothing about what was meant.
    static func isSafe(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 4, !["localtime", "posixrules", "Factory"].contains(name) else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { isLetterOrDigit($0) || "+-_".utf8.contains($0) }
        }
    }

    /// `/mozilla.org/20050126_1/Europe/Berlin` is `Europe/Berlin`: what is behind each slash, the longest first.
    var withoutPrefixes: [String] {
        guard text.hasPrefix("/") || text.contains("://") else { return [] }
        let parts = text.split(separator: "/")
        guard parts.count > 1 else { return [] }
        return (1..<min(parts.count, 8)).map { parts[$0...].joined(separator: "/") }.filter { $0.contains("/") }
    }

    /// The zone of the database for a name of Windows, or a text that it shows, as `(UTC+01:00) Amsterdam, Berlin, …`.
    var windowsZone: String? {
        let name = text.lowercased()
        if let zone = windowsNames[name] { return zone }
        guard let bracket = name.firstIndex(of: ")"), name.hasPrefix("(") else { return nil }
        let shown = name[name.index(after: bracket)...].drop { $0 == " " }
        return windowsTexts[String(shown)] ?? windowsTexts[String(firstPlace(shown))]
    }

    /// Seconds east of UTC, if that is what the name says: `GMT+0100`, `UTC-3`, `+05:30`, `(UTC+01:00) Somewhere`.
    var offset: Int? {
        var rest = text.uppercased()[...]
        let isInBrackets = rest.hasPrefix("(")
        if isInBrackets { rest = rest.dropFirst().prefix { $0 != ")" } }
        for word in ["GMT", "UTC"] where rest.hasPrefix(word) { rest = rest.dropFirst(3) }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return isInBrackets && rest.isEmpty ? 0 : nil }
        var digits = rest.dropFirst().filter { $0 != ":" && $0 != "." }
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        if digits.utf8.count == 1 || digits.utf8.count == 3 { digits = "0" + digits }
        return UTCOffset("\(sign)\(digits)")?.seconds
    }

    /// `europe/isle_of_man` as `Europe/Isle_of_Man`: names of the database are written like titles.
    static func usualCase(_ name: String) -> String? {
        if let known = knownZones[name.lowercased()] { return known }
        var wasLetter = false
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            let isLetter = (65...90).contains(byte & 0xDF)
            bytes.append(!isLetter ? byte : wasLetter ? byte | 0x20 : byte & 0xDF)
            wasLetter = isLetter
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (65...90).contains(byte & 0xDF) || (48...57).contains(byte)
}

private func firstPlace(_ text: some StringProtocol) -> some StringProtocol {
    text.prefix { $0 != "," && $0 != ";" }
}

private let windowsRows = WindowsZones.rows.split(separator: "\n").compactMap { row -> (String, String, String)? in
    let parts = row.split(separator: "|").map(String.init)
    return parts.count == 3 ? (parts[0].lowercased(), parts[1].lowercased(), parts[2]) : nil
}

private let windowsNames = Dictionary(windowsRows.map { ($0.0, $0.2) }, uniquingKeysWith: { first, _ in first })

/// What Windows shows, without the brackets, and the first place of it: the others have changed over the years.
private let windowsTexts: [String: String] = {
    var texts: [String: String] = [:]
    for (_, shown, zone) in windowsRows {
        guard let bracket = shown.firstIndex(of: ")") else { continue }
        let places = shown[shown.index(after: bracket)...].drop { $0 == " " }
        texts[String(places)] = zone
        if texts[String(firstPlace(places))] == nil { texts[String(firstPlace(places))] = zone }
    }
    return texts
}()

private let knownZones = Dictionary(
    windowsRows.map { ($0.2.lowercased(), $0.2) }, uniquingKeysWith: { first, _ in first })
