/// An address book as text, read: cards of any version, or a table.
public struct ContactText: Sendable {
    public enum Kind: String, Sendable {
        case cards, table
        /// It is no address book; `flaws` says what it seems to be.
        case other
    }

    public let kind: Kind
    public let contacts: [Contact]
    public let flaws: [Flaw]
    /// Nothing was cut off. Cards show it by their ends; a table only by the break behind its last row.
    public let isWhole: Bool

    /// Reads whatever it is. This does not fail: `flaws` says what was wrong.
    public static func read(_ bytes: [UInt8], limits: Limits = Limits()) -> ContactText {
        guard bytes.count <= limits.bodyBytes else { return refused(.tooLarge) }
        let plain = utf8(fromUTF16: bytes) ?? bytes
        let start = plain.span.hasPrefix("\u{FEFF}", at: 0, before: plain.count) ? 3 : 0
        guard let first = plain[start...].firstIndex(where: { !$0.isInvisible }) else { return refused(.empty) }
        if beginsComponent(plain, at: first) { return ContactText(cards: ComponentText(plain, limits: limits)) }
        switch plain[first] {
        case UInt8(ascii: "<"): return refused(.webPage)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return refused(.otherText)
        default: return ContactText(table: plain[start...], limits: limits)
        }
    }

    private static func beginsComponent(_ bytes: [UInt8], at start: Int) -> Bool {
        // A group may stand before BEGIN, and a folded BEGIN is one as well, so a look at the first line has to do.
        let line = bytes.span.line(at: start, before: bytes.count)
        return Property(line, in: bytes)?.isNamed("BEGIN") ?? false
    }

    private static func refused(_ problem: Flaw.Problem) -> ContactText {
        ContactText(
            kind: .other, contacts: [], flaws: [Flaw(component: "", line: 1, problem: problem)], isWhole: false)
    }

    private init(kind: Kind, contacts: [Contact], flaws: [Flaw], isWhole: Bool) {
        self.kind = kind
        self.contacts = contacts
        self.flaws = flaws
        self.isWhole = isWhole
    }

    private init(cards text: ComponentText) {
        var contacts: [Contact] = []
        var flaws = text.flaws
        let cards = text.roots.filter { $0.kind == .card }
        guard !cards.isEmpty else {
            self = ContactText.refused(.otherText)
            return
        }
        for card in cards where card.problem == nil {
            var reader = CardReader(card)
            let contact = reader.read()
            if contact.isSomebody { contacts.append(contact) }
            for problem in reader.problems where flaws.count < text.limits.flaws {
                flaws.append(Flaw(component: card.name, uid: contact.uid, line: card.line, problem: problem))
            }
        }
        self.init(kind: .cards, contacts: contacts, flaws: flaws, isWhole: text.isWhole)
    }

    private init(table bytes: ArraySlice<UInt8>, limits: Limits) {
        var reader = TableReader(bytes, limits: limits)
        guard reader.readHeader() else {
            self = ContactText.refused(.columnsUnknown)
            return
        }
        let contacts = reader.readContacts()
        self.init(kind: .table, contacts: contacts, flaws: reader.flaws, isWhole: reader.isWhole)
    }
}
