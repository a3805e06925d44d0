/// A property of a component: a name, parameters and a value, unfolded and otherwise as it was written.
public struct Property: Sendable {
    private let bytes: [UInt8]
    private let parts: PropertyParts
    /// Where the whole line stands in the text, its break included.
    let lineRange: Range<Int>

    init?(_ line: Line, in text: ComponentText) {
        self.init(line, in: text.bytes)
    }

    /// Nil for a line without a colon.
    init?(_ line: Line, in source: [UInt8]) {
        lineRange = line.start..<line.next
        let bytes = line.isFolded ? unfolded(source[line.start..<line.end]) : source
        let range = line.isFolded ? 0..<bytes.count : line.start..<line.end
        guard let parts = PropertyParts(bytes.span, range) else { return nil }
        self.bytes = bytes
        self.parts = parts
    }

    /// In capitals, without the group.
    public var name: String { String(decoding: bytes[parts.name].map { $0.capital }, as: UTF8.self) }

    /// The group that a card puts before the name, as in `item1.EMAIL`.
    public var group: String? {
        parts.group.isEmpty ? nil : String(decoding: bytes[parts.group], as: UTF8.self)
    }

    /// Whether it has a name, which is given in capitals.
    public func isNamed(_ name: String) -> Bool {
        name.utf8.count == parts.name.count
            && bytes.span.hasPrefix(name, at: parts.name.lowerBound, before: parts.name.upperBound)
    }

    var known: KnownProperty? { KnownProperty(bytes.span, parts.name) }

    /// The value as it was written, but for folds and for blanks around it.
    public var rawValue: ArraySlice<UInt8> { trimmed(bytes[parts.value]) }

    /// The value as a text without escapes.
    public var text: String {
        var isGuessed = false
        return text(guessing: &isGuessed)
    }

    /// The same, and whether its characters had to be guessed.
    func text(guessing isGuessed: inout Bool) -> String {
        guard parts.parameters.isEmpty else {
            return TextDecoding(self).text(bytes[parts.value], guessing: &isGuessed)
        }
        return TextDecoding.plain.text(bytes[parts.value], guessing: &isGuessed)
    }

    /// The values between separators that no backslash protects, each without escapes.
    func texts(separatedBy separator: Unicode.Scalar, guessing isGuessed: inout Bool) -> [String] {
        let decoding = TextDecoding(self)
        return parted(decoding.withoutTransferEncoding(bytes[parts.value]), by: UInt8(ascii: separator)).map {
            decoding.unescaped($0, guessing: &isGuessed)
        }
    }

    /// The value between commas, undecoded: for lists of times.
    var rawValues: [ArraySlice<UInt8>] { parted(bytes[parts.value], by: UInt8(ascii: ",")) }
}

// MARK: Parameters

extension Property {
    public var hasParameters: Bool { !parts.parameters.isEmpty }

    /// The value of a parameter whose name is given in capitals, without quotes and with RFC 6868 undone.
    public func parameter(_ name: String) -> String? {
        var cursor = ParameterCursor(parts.parameters)
        while let parameter = cursor.next(bytes.span) {
            if let value = parameter.value, isNamed(parameter, name) { return parameterText(value) }
        }
        return nil
    }

    /// All values of a parameter, whether they stand in a list or in parameters of the same name.
    public func parameterValues(_ name: String) -> [String] {
        var values: [String] = []
        var cursor = ParameterCursor(parts.parameters)
        while let parameter = cursor.next(bytes.span) {
            guard let value = parameter.value, isNamed(parameter, name) else { continue }
            for part in parted(bytes[value], by: UInt8(ascii: ",")) { values.append(parameterText(part.indices)) }
        }
        return values
    }

    /// Parameters without a name, which version 2.1 of cards has, in capitals.
    public var bareParameters: [String] {
        var words: [String] = []
        var cursor = ParameterCursor(parts.parameters)
        while let parameter = cursor.next(bytes.span) {
            if parameter.value == nil { words.append(parameterText(parameter.name).uppercased()) }
        }
        return words
    }

    private func isNamed(_ parameter: ParameterCursor.Parameter, _ name: String) -> Bool {
        parameter.name.count == name.utf8.count
            && bytes.span.hasPrefix(name, at: parameter.name.lowerBound, before: parameter.name.upperBound)
    }

    private func parameterText(_ range: Range<Int>) -> String {
        var value = trimmed(bytes[range])
        if value.first == UInt8(ascii: "\""), value.count > 1, value.last == UInt8(ascii: "\"") {
            value = value.dropFirst().dropLast()
        } else if value.first == UInt8(ascii: "\"") {
            value = value.dropFirst()
        }
        guard value.contains(UInt8(ascii: "^")) else { return TextDecoding.characters(of: value) }
        return TextDecoding.characters(of: withoutCarets(value)[...])
    }

    /// RFC 6868: `^n` is a line break, `^'` a quotation mark, `^^` a caret.
    private func withoutCarets(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(value.count)
        var isEscaped = false
        for byte in value {
            guard isEscaped else {
                if byte == UInt8(ascii: "^") { isEscaped = true } else { plain.append(byte) }
                continue
            }
            isEscaped = false
            switch byte {
            case UInt8(ascii: "n"), UInt8(ascii: "N"): plain.append(.lineFeed)
            case UInt8(ascii: "'"): plain.append(UInt8(ascii: "\""))
            case UInt8(ascii: "^"): plain.append(byte)
            default: plain += [UInt8(ascii: "^"), byte]
            }
        }
        if isEscaped { plain.append(UInt8(ascii: "^")) }
        return plain
    }
}

/// Walks over the parameters of a property.
struct ParameterCursor {
    struct Parameter {
        let name: Range<Int>
        /// Nil where there is no equals sign.
        let value: Range<Int>?
    }

    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> Parameter? {
        while position < end, bytes[position] == UInt8(ascii: ";") { position += 1 }
        guard position < end else { return nil }
        let start = position
        var equals: Int?
        var isQuoted = false
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "="), equals == nil { equals = position }
            if byte == UInt8(ascii: ";"), !isQuoted { break }
            position += 1
        }
        guard let equals else { return Parameter(name: start..<position, value: nil) }
        return Parameter(name: start..<equals, value: equals + 1..<position)
    }
}
