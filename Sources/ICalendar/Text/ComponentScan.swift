/// The one pass over a text that finds its components.
struct ComponentScan {
    private struct Finding {
        let node: Int32
        let line: Int32
        let problem: Flaw.Problem
    }

    private(set) var nodes: [Node] = []
    private(set) var isWhole = false
    private let limits: Limits
    private var findings: [Finding] = []
    private var open: [Int32] = []
    private var lastRoot = Node.none
    /// How many more components began than the depth allows.
    private var excess = 0
    private var lineNumber: Int32 = 1
    private var count = 0
    private var isBalanced = true
    private var hasTail = false
    private var wasAgent = false
    private var isCut = false

    init(limits: Limits) {
        self.limits = limits
    }

    mutating func run(over bytes: Span<UInt8>) {
        var position = bytes.hasPrefix("\u{FEFF}", at: 0, before: bytes.count) ? 3 : 0
        while position < bytes.count, bytes[position] == .blank || bytes[position] == .tab { position += 1 }
        while position < bytes.count, !isCut {
            let line = bytes.line(at: position, before: bytes.count)
            read(line, bytes)
            lineNumber &+= Int32(truncatingIfNeeded: line.breaks)
            position = line.next
        }
        isWhole = isBalanced && !hasTail && !isCut && open.isEmpty && excess == 0 && !nodes.isEmpty
        let isCutOff = isCut || !open.isEmpty || excess > 0
        while !open.isEmpty { breakOff(at: bytes.count) }
        if isCutOff { findings.append(Finding(node: Node.none, line: lineNumber, problem: .cutOff)) }
    }

    private mutating func read(_ line: Line, _ bytes: Span<UInt8>) {
        guard line.count > 0 else { return }
        if line.count > limits.attachmentBytes { judgeLength(of: line, bytes) }
        switch bytes[line.start] | 0x20 {
        case UInt8(ascii: "b"):
            if let name = name(behind: "BEGIN", line, bytes) {
                begin(name, line, bytes)
                wasAgent = false
                return
            }
        case UInt8(ascii: "e"):
            if let name = name(behind: "END", line, bytes) {
                end(name, line, bytes)
                wasAgent = false
                return
            }
        case UInt8(ascii: "u"):
            if let top = open.last, nodes[Int(top)].uidLine < 0, isProperty("UID", line, bytes) {
                nodes[Int(top)].uidLine = line.start
            }
        case UInt8(ascii: "r"):
            if let top = open.last, isProperty("RECURRENCE-ID", line, bytes) {
                nodes[Int(top)].replacesOccurrence = true
            }
        default: break
        }
        wasAgent = bytes[line.start] | 0x20 == UInt8(ascii: "a") && isProperty("AGENT", line, bytes)
        if open.isEmpty { readStray(line, bytes) }
    }

    private mutating func readStray(_ line: Line, _ bytes: Span<UInt8>) {
        var position = line.start
        while position < line.end, bytes[position].isInvisible { position += 1 }
        guard position < line.end else { return }
        if !hasTail { note(.strayText) }
        hasTail = true
    }

    /// Name and colon, or name and semicolon. A name that is folded apart is found as well, when it is looked for.
    private func isProperty(_ name: String, _ line: Line, _ bytes: Span<UInt8>) -> Bool {
        guard bytes.hasPrefix(name, at: line.start, before: line.end) else {
            guard line.isFolded, bytes[line.start].capital == name.utf8.first else { return false }
            let head = head(of: line, bytes)
            return head.count > name.utf8.count && head.span.hasPrefix(name, at: 0, before: head.count)
                && isEndOfName(head[name.utf8.count])
        }
        let end = line.start + name.utf8.count
        return end < line.end && (isEndOfName(bytes[end]) || line.isFolded && bytes[end].isInvisible)
    }

    private func isEndOfName(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") }

    /// What stands behind BEGIN or END, in capitals and without blanks; nil if it is another line.
    private func name(behind word: String, _ line: Line, _ bytes: Span<UInt8>) -> [UInt8]? {
        let head = line.isFolded || line.count > 64 ? head(of: line, bytes) : nil
        if let head { return name(behind: word, head.span, 0, head.count) }
        return name(behind: word, bytes, line.start, line.end)
    }

    private func name(behind word: String, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8]? {
        guard bytes.hasPrefix(word, at: start, before: end) else { return nil }
        var position = start + word.utf8.count
        while position < end, bytes[position].isInvisible { position += 1 }
        guard position < end, bytes[position] == UInt8(ascii: ":") else { return nil }
        position += 1
        while position < end, bytes[position].isInvisible { position += 1 }
        var last = end
        while last > position, bytes[last - 1].isInvisible { last -= 1 }
        guard last > position else { return nil }
        var name: [UInt8] = []
        name.reserveCapacity(last - position)
        for index in position..<last { name.append(bytes[index].capital) }
        return name
    }

    /// The first bytes of a line, unfolded; more than any name has.
    private func head(of line: Line, _ bytes: Span<UInt8>) -> [UInt8] {
        var head: [UInt8] = []
        var position = line.start
        let limit = min(line.end, line.start + 256)
        while position < limit {
            let byte = bytes[position]
            if byte == .carriageReturn || byte == .lineFeed {
                while position < limit, bytes[position] == .carriageReturn || bytes[position] == .lineFeed {
                    position += 1
                }
                position += 1
            } else {
                head.append(byte)
                position += 1
            }
        }
        return head
    }
}

// MARK: Components

extension ComponentScan {
    private mutating func begin(_ name: [UInt8], _ line: Line, _ bytes: Span<UInt8>) {
        let kind = Component.Kind(name)
        closeWhatCannotHold(kind, at: line.start)
        guard open.count < limits.depth else {
            excess += 1
            if let outer = open.dropFirst().first ?? open.first, nodes[Int(outer)].problem == nil {
                spoil(outer, .tooDeep)
            }
            return
        }
        let parent = open.last ?? Node.none
        guard mayHoldOneMore(parent) else { return }
        let index = Int32(truncatingIfNeeded: nodes.count)
        nodes.append(Node(kind: kind, start: line.start, contentStart: line.next, line: lineNumber, parent: parent))
        link(index, to: parent)
        open.append(index)
        hasTail = false
    }

    /// An event within an event is two events, of which the first was cut; so are cards, but for an AGENT's, and
    /// calendars within anything.
    private mutating func closeWhatCannotHold(_ kind: Component.Kind, at position: Int) {
        guard excess == 0 else { return }
        if kind == .calendar {
            while !open.isEmpty { breakOff(at: position) }
        } else if kind.isEntry, !(kind == .card && wasAgent),
            let outer = open.firstIndex(where: { nodes[Int($0)].kind.isEntry })
        {
            while open.count > outer { breakOff(at: position) }
        }
    }

    private mutating func mayHoldOneMore(_ parent: Int32) -> Bool {
        guard parent != Node.none, nodes[Int(parent)].parent != Node.none else {
            count += 1
            guard count <= limits.components else {
                note(.tooManyComponents)
                isCut = true
                return false
            }
            return true
        }
        nodes[Int(parent)].parts += 1
        guard nodes[Int(parent)].parts <= limits.parts else {
            if nodes[Int(parent)].problem == nil { spoil(parent, .tooManyParts) }
            excess += 1
            return false
        }
        return true
    }

    private mutating func link(_ index: Int32, to parent: Int32) {
        if parent == Node.none {
            if lastRoot != Node.none { nodes[Int(lastRoot)].nextSibling = index }
            lastRoot = index
        } else {
            let last = nodes[Int(parent)].lastChild
            if last == Node.none {
                nodes[Int(parent)].firstChild = index
            } else {
                nodes[Int(last)].nextSibling = index
            }
            nodes[Int(parent)].lastChild = index
        }
    }

    private mutating func end(_ name: [UInt8], _ line: Line, _ bytes: Span<UInt8>) {
        guard excess == 0 else {
            excess -= 1
            return
        }
        let kind = Component.Kind(name)
        let match = open.lastIndex { index in
            nodes[Int(index)].kind == kind && (kind != .other || self.name(of: index, bytes) == name)
        }
        guard let match else {
            isBalanced = false
            note(.strayEnd)
            return
        }
        while open.count > match + 1 { breakOff(at: line.start) }
        let index = Int(open.removeLast())
        nodes[index].contentEnd = line.start
        nodes[index].end = line.next
    }

    private func name(of index: Int32, _ bytes: Span<UInt8>) -> [UInt8]? {
        let node = nodes[Int(index)]
        let head = Line(start: node.start, end: node.contentStart, next: node.contentStart, breaks: 1, isFolded: true)
        return name(behind: "BEGIN", head, bytes)
    }

    /// The innermost open component ends without an END.
    private mutating func breakOff(at position: Int) {
        let index = open.removeLast()
        nodes[Int(index)].contentEnd = position
        nodes[Int(index)].end = position
        isBalanced = false
        if nodes[Int(index)].problem == nil { spoil(index, .notEnded) }
    }

    private mutating func spoil(_ index: Int32, _ problem: Flaw.Problem) {
        nodes[Int(index)].problem = problem
        guard findings.count < limits.flaws else { return }
        findings.append(Finding(node: index, line: nodes[Int(index)].line, problem: problem))
    }
}

// MARK: Flaws

extension ComponentScan {
    private mutating func judgeLength(of line: Line, _ bytes: Span<UInt8>) {
        guard let top = open.last else { return }
        if attachmentNames.contains(where: { isProperty($0, line, bytes) }) {
            note(.attachmentDropped, top)
        } else if line.count > limits.lineBytes {
            note(.lineTooLong, top)
        }
    }

    private mutating func note(_ problem: Flaw.Problem, _ node: Int32? = nil) {
        guard findings.count < limits.flaws else { return }
        findings.append(Finding(node: node ?? Node.none, line: lineNumber, problem: problem))
    }

    /// The findings with names and identities, in the order of the text.
    func flaws(in bytes: [UInt8]) -> [Flaw] {
        findings.map { finding in
            guard finding.node != Node.none else {
                return Flaw(component: "", line: Int(finding.line), problem: finding.problem)
            }
            let node = nodes[Int(finding.node)]
            return Flaw(
                component: node.kind.word ?? "component", uid: node.uid(in: bytes), line: Int(finding.line),
                problem: finding.problem)
        }
    }
}

/// What holds a file in itself.
let attachmentNames = ["ATTACH", "PHOTO", "LOGO", "SOUND", "KEY", "IMAGE"]
