/// Changes to a text that leave every line alone that they do not name.
public struct Rewriting {
    private struct Change {
        let component: Int32
        let name: String
        let range: Range<Int>
        let bytes: [UInt8]
    }

    private let text: ComponentText
    private var changes: [Change] = []

    public init(_ text: ComponentText) {
        self.text = text
    }

    /// Gives a component one property of a name, in the place of those that it has, or behind its other properties.
    public mutating func set(
        _ name: String, to value: String, parameters: [(name: String, value: String)] = [], in component: Component
    ) {
        forget(name, of: component)
        let line = ContentLine.bytes(name, parameters: parameters, value: value, lineBreak: lineBreak(of: component))
        var ranges = component.lineRanges(named: name)
        let first = ranges.isEmpty ? place(in: component) : ranges.removeFirst()
        changes.append(Change(component: component.index, name: name, range: first, bytes: line))
        for range in ranges {
            changes.append(Change(component: component.index, name: name, range: range, bytes: []))
        }
    }

    /// The same for a text, whose commas and line breaks are protected.
    public mutating func set(_ name: String, toText text: String, in component: Component) {
        set(name, to: ContentLine.escaped(text), in: component)
    }

    /// Takes away every property of a name.
    public mutating func remove(_ name: String, from component: Component) {
        forget(name, of: component)
        for range in component.lineRanges(named: name) {
            changes.append(Change(component: component.index, name: name, range: range, bytes: []))
        }
    }

    /// The text with the changes; without any, the bytes that were read.
    public var serialised: [UInt8] {
        guard !changes.isEmpty else { return text.serialised }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.bytes.count + 1_000)
        var position = 0
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard change.range.lowerBound >= position else { continue }
            bytes += text.bytes[position..<change.range.lowerBound]
            bytes += change.bytes
            position = change.range.upperBound
        }
        bytes += text.bytes[position...]
        return bytes
    }

    private mutating func forget(_ name: String, of component: Component) {
        changes.removeAll { $0.component == component.index && $0.name == name }
    }

    /// Before the parts of the component, behind everything that is its own.
    private func place(in component: Component) -> Range<Int> {
        let node = component.node
        let place = node.firstChild == Node.none ? node.contentEnd : text.nodes[Int(node.firstChild)].start
        return place..<place
    }

    private func lineBreak(of component: Component) -> [UInt8] {
        let begin = text.bytes[component.node.start..<component.node.contentStart]
        let lineBreak = begin.trailing({ $0 == .carriageReturn || $0 == .lineFeed })
        return lineBreak.isEmpty ? [.carriageReturn, .lineFeed] : [UInt8](lineBreak)
    }
}

extension Component {
    fileprivate func lineRanges(named name: String) -> [Range<Int>] {
        all(name).map(\.lineRange)
    }
}

extension ArraySlice {
    fileprivate func trailing(_ isWanted: (Element) -> Bool) -> ArraySlice {
        var start = endIndex
        while start > startIndex, isWanted(self[start - 1]) { start -= 1 }
        return self[start..<endIndex]
    }
}

/// Writes content lines as RFC 5545 and RFC 6350 want them.
enum ContentLine {
    /// The most bytes of a line, without its break.
    static let longest = 75

    static func bytes(
        _ name: String, parameters: [(name: String, value: String)] = [], value: String,
        lineBreak: [UInt8] = [.carriageReturn, .lineFeed]
    ) -> [UInt8] {
        var line = name
        for parameter in parameters { line += ";\(parameter.name)=\(quoted(parameter.value))" }
        line += ":"
        line += value
        return folded([UInt8](line.utf8), lineBreak)
    }

    /// A text whose backslashes, commas, semicolons and line breaks are protected.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ",", ";": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            case "\r": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Quoted where it must be, with what must not stand in quotes as RFC 6868 writes it.
    private static func quoted(_ value: String) -> String {
        var plain = ""
        var needsQuotes = false
        for scalar in value.unicodeScalars {
            switch scalar {
            case "^": plain += "^^"
            case "\"": plain += "^'"
            case "\n": plain += "^n"
            case ":", ";", ",":
                needsQuotes = true
                plain.unicodeScalars.append(scalar)
            default: if scalar.value >= 32 { plain.unicodeScalars.append(scalar) }
            }
        }
        return needsQuotes ? "\"\(plain)\"" : plain
    }

    /// In rows of 75 bytes, none of which ends within a character.
    private static func folded(_ line: [UInt8], _ lineBreak: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(line.count + line.count / 24 + 2)
        var start = 0
        while line.count - start > longest - (start > 0 ? 1 : 0) {
            var end = start + longest - (start > 0 ? 1 : 0)
            while end > start + 1, line[end] & 0xC0 == 0x80 { end -= 1 }
            if start > 0 { folded.append(.blank) }
            folded += line[start..<end]
            folded += lineBreak
            start = end
        }
        if start > 0 { folded.append(.blank) }
        return folded + line[start...] + lineBreak
    }
}
