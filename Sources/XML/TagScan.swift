/// Looks at the tags of a text without understanding it, and refuses what would be expensive to understand.
///
/// The parser compares each attribute of a tag with all others before it hands them out, so a tag with a million of them
/// must not reach it; the same goes for a document type. What passes here may still be malformed.
struct TagScan {
    private let limits: XMLLimits

    init(limits: XMLLimits) {
        self.limits = limits
    }

    mutating func run(_ bytes: [UInt8]) throws(XMLFault) {
        var index = 0
        while let open = Self.next(UInt8(ascii: "<"), in: bytes, from: index) {
            let rest = bytes[open...]
            if rest.starts(with: "<!--".utf8) {
                index = try end(of: "-->", in: bytes, from: open + 4, limit: limits.tagBytes)
            } else if rest.starts(with: "<![CDATA[".utf8) {
                index = try end(of: "]]>", in: bytes, from: open + 9, limit: limits.textBytesHeld)
            } else if rest.starts(with: "<?".utf8) {
                index = try end(of: "?>", in: bytes, from: open + 2, limit: limits.tagBytes)
            } else if rest.starts(with: "<!".utf8) {
                throw XMLFault(.hasDoctype, "The XML has a document type, which is not read.")
            } else {
                index = try endOfTag(in: bytes, from: open + 1)
            }
        }
    }

    private static func next(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == byte { return index }
            index += 1
        }
        return nil
    }

    private func end(of mark: String, in bytes: [UInt8], from start: Int, limit: Int) throws(XMLFault) -> Int {
        let mark = Array(mark.utf8)
        var index = start
        while let found = Self.next(mark[0], in: bytes, from: index), found - start <= limit {
            if bytes[found...].starts(with: mark) { return found + mark.count }
            index = found + 1
        }
        if bytes.count - start > limit { throw XMLFault(.tooLarge, "A part of the XML is too large.") }
        throw XMLFault(.malformed, "The XML ends in the middle.")
    }

    private func endOfTag(in bytes: [UInt8], from start: Int) throws(XMLFault) -> Int {
        var quote: UInt8?
        var attributes = 0
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                attributes += 1
            }
            guard attributes <= limits.attributes, index - start <= limits.tagBytes else {
                throw XMLFault(.tooLarge, "A tag of the XML has too many attributes or is too long.")
            }
        }
        throw XMLFault(.malformed, "The XML ends in the middle.")
    }
}
