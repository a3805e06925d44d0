/// The text of a piece of HTML, as a reader without pictures would show it: tags go, paragraphs become lines, and
/// entities become what they stand for, once.
public func plainText(fromHTML html: String) -> String {
    var reader = HTMLReader([UInt8](html.utf8))
    return reader.text()
}

private struct HTMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private var plain: [UInt8] = []
    /// The element whose content is not text, while one is open.
    private var hidden: String?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        plain.reserveCapacity(bytes.count)
    }

    mutating func text() -> String {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "<") where isTag: readTag()
            case UInt8(ascii: "&") where hidden == nil: readEntity()
            default:
                if hidden == nil { append(bytes[position]) }
                position += 1
            }
        }
        return String(decoding: trimmed(plain[...]), as: UTF8.self)
    }

    /// Blanks run together, as they do on a page.
    private mutating func append(_ byte: UInt8) {
        guard byte.isInvisible else { return plain.append(byte) }
        if let last = plain.last, !last.isInvisible { plain.append(.blank) }
    }

    private mutating func endLine() {
        while plain.last == .blank { plain.removeLast() }
        if !plain.isEmpty { plain.append(.lineFeed) }
    }

    private var isTag: Bool {
        guard position + 1 < bytes.count else { return false }
        let next = bytes[position + 1]
        return next.isLetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
    }

    private mutating func readTag() {
        position += 1
        let isEnd = bytes[position] == UInt8(ascii: "/")
        if isEnd { position += 1 }
        var name = ""
        while position < bytes.count, bytes[position].isLetter || bytes[position].isDigit, name.utf8.count < 16 {
            name.unicodeScalars.append(Unicode.Scalar(bytes[position].small))
            position += 1
        }
        skipToEndOfTag()
        if let hidden {
            if isEnd, name == hidden { self.hidden = nil }
        } else if !isEnd, ["style", "script", "head", "title"].contains(name) {
            hidden = name
        } else if name == "br" || (isEnd && ["p", "div", "li", "tr", "h1", "h2", "h3", "table"].contains(name)) {
            endLine()
        } else if isEnd, name == "td" {
            append(.blank)
        }
    }

    private mutating func skipToEndOfTag() {
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") { position += 1 }
        position += 1
    }

    private mutating func readEntity() {
        let longest = 10
        var end = position + 1
        while end < bytes.count, end - position <= longest, bytes[end] != UInt8(ascii: ";") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";"),
            let scalar = Self.scalar(of: bytes[position + 1..<end])
        else {
            plain.append(bytes[position])
            position += 1
            return
        }
        plain.append(contentsOf: String(scalar).utf8)
        position = end + 1
    }

    private static func scalar(of entity: ArraySlice<UInt8>) -> Unicode.Scalar? {
        let name = String(decoding: entity, as: UTF8.self)
        if name.hasPrefix("#x") || name.hasPrefix("#X") { return visible(UInt32(name.dropFirst(2), radix: 16)) }
        if name.hasPrefix("#") { return visible(UInt32(name.dropFirst())) }
        return entities[name]
    }

    private static func visible(_ number: UInt32?) -> Unicode.Scalar? {
        guard let number, number >= 32 || number == 10 else { return nil }
        return Unicode.Scalar(number)
    }

    /// Those that mail programs write; others stay as they are.
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—",
        "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "euro": "€", "copy": "©",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é",
        "egrave": "è", "agrave": "à", "ccedil": "ç", "middot": "·",
    ]
}
