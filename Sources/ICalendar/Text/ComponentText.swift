// A text of components is read in one pass, which looks at the first byte of each line and finds where components begin
// and end. The bytes stay as they are, once; a component is a range of them, and its properties are found when somebody
// asks. So what is not understood is kept, and what was not changed is written back byte for byte.
//
// What never happens: a line is read a number of times that depends on the text, so the time is linear in its length.

/// A calendar or an address book as text, with its components found.
public final class ComponentText: Sendable {
    /// In UTF-8, or in what was meant to be.
    let bytes: [UInt8]
    let nodes: [Node]
    let limits: Limits
    /// What it was before it was UTF-8, if it was UTF-16.
    private let original: [UInt8]?
    public let flaws: [Flaw]
    /// Every component that begins also ends, and nothing comes after the last end: nothing was cut off.
    ///
    /// Of a text that is not whole one may learn what is there, and never what is not.
    public let isWhole: Bool

    /// The bytes of a file or of an answer. Whatever they are, this does not fail: `flaws` says what was wrong.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.limits = limits
        guard bytes.count <= limits.bodyBytes else {
            self.bytes = []
            nodes = []
            original = nil
            flaws = [Flaw(component: "", line: 1, problem: .tooLarge)]
            isWhole = false
            return
        }
        let decoded = utf8(fromUTF16: bytes)
        original = decoded == nil ? nil : bytes
        let text = decoded ?? bytes
        var scan = ComponentScan(limits: limits)
        scan.run(over: text.span)
        self.bytes = text
        nodes = scan.nodes
        flaws = scan.flaws(in: text)
        isWhole = scan.isWhole
    }

    /// The text as it was.
    public var serialised: [UInt8] { original ?? bytes }

    /// The components that stand in no other: calendars, or cards.
    public var roots: [Component] { siblings(from: nodes.isEmpty ? Node.none : 0) }

    func siblings(from first: Int32) -> [Component] {
        var found: [Component] = []
        var index = first
        while index != Node.none {
            found.append(Component(text: self, index: index))
            index = nodes[Int(index)].nextSibling
        }
        return found
    }
}

/// Where a component stands in its text, and what a first look found in it.
struct Node {
    static let none: Int32 = -1

    let kind: Component.Kind
    /// Where the line of its BEGIN starts, and the line behind it.
    let start: Int
    let contentStart: Int
    /// Where the line of its END starts, and where what follows starts; where it has no end, that is where it broke off.
    var contentEnd = 0
    var end = 0
    let line: Int32
    let parent: Int32
    var firstChild = Node.none
    var lastChild = Node.none
    var nextSibling = Node.none
    var parts: Int32 = 0
    /// Where its UID stands, or −1.
    var uidLine = -1
    var replacesOccurrence = false
    /// Why it is not to be used.
    var problem: Flaw.Problem?
}
