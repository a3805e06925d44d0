import ICalendar

/// Descriptions as Google holds them: HTML with the line ends of plain text in it, or plain text, and nothing says which.
enum GoogleText {
    static func plain(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.indices.contains(where: { isTag(bytes, at: $0) || isEntity(bytes, at: $0) }) else { return text }
        var html: [UInt8] = []
        html.reserveCapacity(bytes.count)
        for (place, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                html += "<br>".utf8
            } else if byte == UInt8(ascii: "<"), !isTag(bytes, at: place) {
                // As in “Anna <anna@example.org>”, which somebody wrote.
                html += "&lt;".utf8
            } else {
                html.append(byte)
            }
        }
        return plainText(fromHTML: String(decoding: html, as: UTF8.self))
    }

    /// What Google's own editor and mail programs write.
    private static let tags: Set<String> = [
        "a", "b", "blockquote", "body", "br", "div", "em", "font", "h1", "h2", "h3", "h4", "head", "hr", "html", "i",
        "img", "li", "meta", "ol", "p", "pre", "s", "script", "span", "strong", "style", "sub", "sup", "table", "tbody",
        "td",
        "th", "thead", "title", "tr", "u", "ul",
    ]
    private static let longestTag = 10

    private static func isTag(_ bytes: [UInt8], at place: Int) -> Bool {
        guard bytes[place] == UInt8(ascii: "<") else { return false }
        var rest = bytes[(place + 1)...]
        if rest.first == UInt8(ascii: "/") { rest.removeFirst() }
        let name = rest.prefix(longestTag + 1).prefix { isLetter($0) || isDigit($0) }
        let after = rest.dropFirst(name.count).first
        guard let after, after == UInt8(ascii: ">") || after == UInt8(ascii: "/") || after <= UInt8(ascii: " ") else {
            // Google wraps what was pasted in an element of its own.
            return rest.starts(with: "html-blob".utf8)
        }
        return tags.contains(String(decoding: name, as: UTF8.self).lowercased())
    }

    private static func isEntity(_ bytes: [UInt8], at place: Int) -> Bool {
        guard bytes[place] == UInt8(ascii: "&") else { return false }
        let rest = bytes[(place + 1)...].prefix(8)
        return ["amp;", "lt;", "gt;", "quot;", "nbsp;", "apos;", "#39;", "#34;"].contains { rest.starts(with: $0.utf8) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
