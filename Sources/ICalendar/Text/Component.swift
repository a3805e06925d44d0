/// A component of a calendar, or a card: everything from its BEGIN to its END, as it was written.
public struct Component: Sendable {
    public enum Kind: Sendable, Hashable {
        case calendar, event, task, journal, freeBusy, timeZone, standard, daylight, alarm, card, other
    }

    let text: ComponentText
    let index: Int32

    var node: Node { text.nodes[Int(index)] }

    public var kind: Kind { node.kind }

    /// In capitals, as `VEVENT`.
    public var name: String {
        if let word = kind.word { return word }
        let bytes = text.bytes
        return Property(bytes.span.line(at: node.start, before: node.contentStart), in: text)?.text.uppercased() ?? ""
    }

    /// Where it begins in the text, from 1.
    public var line: Int { Int(node.line) }

    /// Why it must not be used, as for a component without an end.
    public var problem: Flaw.Problem? { node.problem }

    /// Its UID, where that can be read, also of a component that cannot.
    public var uid: String? { node.uid(in: text.bytes) }

    /// The bytes as they are in the text, with BEGIN and END.
    public var bytes: ArraySlice<UInt8> { text.bytes[node.start..<node.end] }

    /// The components in it, in their order.
    public var children: [Component] { text.siblings(from: node.firstChild) }

    /// Every property of its own, in their order. What is longer than the limits allow is left out.
    public var properties: [Property] {
        var found: [Property] = []
        forEachLine { line in
            if let property = Property(line, in: text), !isOverLimit(property, line) { found.append(property) }
        }
        return found
    }

    /// The first property of a name, which is given in capitals.
    public func first(_ name: String) -> Property? {
        var cursor = LineCursor(self)
        while let line = cursor.next() {
            if let property = property(line, name) { return property }
        }
        return nil
    }

    /// All properties of a name, which is given in capitals.
    public func all(_ name: String) -> [Property] {
        var found: [Property] = []
        forEachLine { line in
            if let property = property(line, name) { found.append(property) }
        }
        return found
    }

    /// The bytes between BEGIN and END, its parts included, without the properties that say when it was written.
    ///
    /// Some servers write the time of the request into every event. Two versions that give the same bytes here are the
    /// same.
    public func appendContent(to content: inout [UInt8]) {
        let bytes = text.bytes
        let end = node.contentEnd
        var position = node.contentStart
        while position < end {
            let line = bytes.span.line(at: position, before: end)
            if !bytes.span.isStamp(line) { content.append(contentsOf: bytes[line.start..<line.next]) }
            position = line.next
        }
    }

    func forEachLine(_ body: (Line) -> Void) {
        var cursor = LineCursor(self)
        while let line = cursor.next() { body(line) }
    }

    private func property(_ line: Line, _ name: String) -> Property? {
        let bytes = text.bytes
        guard bytes.span.mayBegin(line, with: name), let property = Property(line, in: text),
            property.isNamed(name), !isOverLimit(property, line)
        else { return nil }
        return property
    }

    private func isOverLimit(_ property: Property, _ line: Line) -> Bool {
        guard line.count > text.limits.attachmentBytes else { return false }
        return line.count > text.limits.lineBytes || attachmentNames.contains { property.isNamed($0) }
    }
}

extension Component: Equatable {
    public static func == (left: Component, right: Component) -> Bool {
        left.text === right.text && left.index == right.index
    }
}

extension Component.Kind {
    private static let words: [(Component.Kind, String)] = [
        (.calendar, "VCALENDAR"), (.event, "VEVENT"), (.task, "VTODO"), (.journal, "VJOURNAL"),
        (.freeBusy, "VFREEBUSY"), (.timeZone, "VTIMEZONE"), (.standard, "STANDARD"), (.daylight, "DAYLIGHT"),
        (.alarm, "VALARM"), (.card, "VCARD"),
    ]

    /// From a name in capitals.
    init(_ name: [UInt8]) {
        self = Component.Kind.words.first { $0.1.utf8.elementsEqual(name) }?.0 ?? .other
    }

    var word: String? { Component.Kind.words.first { $0.0 == self }?.1 }

    /// What stands for itself in a calendar or an address book, and never in another of these.
    var isEntry: Bool {
        switch self {
        case .event, .task, .journal, .freeBusy, .card: true
        default: false
        }
    }
}

/// Walks over the lines of a component and past its parts.
struct LineCursor {
    private let text: ComponentText
    private let end: Int
    private var position: Int
    private var part: Int32

    init(_ component: Component) {
        let node = component.node
        text = component.text
        end = node.contentEnd
        position = node.contentStart
        part = node.firstChild
    }

    mutating func next() -> Line? {
        while position < end {
            if part != Node.none, text.nodes[Int(part)].start <= position {
                position = max(position, text.nodes[Int(part)].end)
                part = text.nodes[Int(part)].nextSibling
                continue
            }
            let bytes = text.bytes
            let line = bytes.span.line(at: position, before: end)
            position = line.next
            if line.count > 0 { return line }
        }
        return nil
    }
}

extension Node {
    func uid(in bytes: [UInt8]) -> String? {
        guard uidLine >= 0 else { return nil }
        let line = bytes.span.line(at: uidLine, before: end > uidLine ? end : bytes.count)
        // A name for people, and the key of an identity: longer ones are cut where no generator ever comes to.
        guard let property = Property(line, in: bytes), line.count <= Node.longestUID else { return nil }
        let text = property.text.trimmed
        return text.isEmpty ? nil : text
    }

    private static let longestUID = 16 << 10
}

extension Span<UInt8> {
    /// A quick look: whether the line begins as the name does, or has a group before it.
    fileprivate func mayBegin(_ line: Line, with name: String) -> Bool {
        line.isFolded || self[line.start].capital == name.utf8.first || hasGroup(line)
    }

    private func hasGroup(_ line: Line) -> Bool {
        var position = line.start
        while position < line.end {
            let byte = self[position]
            if byte == UInt8(ascii: ".") { return true }
            guard byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") else { return false }
            position += 1
        }
        return false
    }

    /// DTSTAMP, LAST-MODIFIED or CREATED.
    fileprivate func isStamp(_ line: Line) -> Bool {
        guard line.count > 0 else { return false }
        let name =
            switch self[line.start] | 0x20 {
            case UInt8(ascii: "d"): "DTSTAMP"
            case UInt8(ascii: "l"): "LAST-MODIFIED"
            case UInt8(ascii: "c"): "CREATED"
            default: ""
            }
        guard !name.isEmpty, hasPrefix(name, at: line.start, before: line.end) else { return false }
        let end = line.start + name.utf8.count
        return end < line.end && (self[end] == UInt8(ascii: ":") || self[end] == UInt8(ascii: ";"))
    }
}
