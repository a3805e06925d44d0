/// Reads one card, of version 2.1, 3.0 or 4.0: what differs between them is how a property writes its types.
struct CardReader {
    private(set) var problems: [Flaw.Problem] = []
    private let card: Component
    private var contact = Contact()
    private var isGuessed = false
    private var labels: [String: String] = [:]
    private var addresses: [Found] = []
    private var phones: [Found] = []

    /// An address or a number, before the labels of all groups are known.
    private struct Found {
        let text: String
        let group: String?
        let type: String?
        /// 1 is the most preferred.
        let preference: Int
    }

    init(_ card: Component) {
        self.card = card
    }

    mutating func read() -> Contact {
        var count = 0
        card.forEachLine { line in
            count += 1
            guard count <= card.text.limits.properties, line.count <= card.text.limits.lineBytes else { return }
            guard let property = Property(line, in: card.text) else { return note(.lineUnreadable) }
            read(property)
        }
        if count > card.text.limits.properties { note(.tooManyProperties) }
        finish()
        if isGuessed { note(.charactersGuessed) }
        if !contact.isSomebody { note(.rowUnreadable) }
        return contact
    }

    private mutating func note(_ problem: Flaw.Problem) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    private mutating func read(_ property: Property) {
        switch property.name {
        case "UID": contact.uid = contact.uid ?? text(property)
        case "FN": if contact.name.isEmpty { contact.name = text(property) ?? "" }
        case "N": readName(property)
        case "NICKNAME", "X-NICKNAME":
            for name in property.texts(separatedBy: ",", guessing: &isGuessed) { contact.addOtherName(name) }
        case "EMAIL": if addresses.count < Contact.mostOfAKind, let found = found(property) { addresses.append(found) }
        case "TEL": if phones.count < Contact.mostOfAKind, let found = found(property) { phones.append(found) }
        case "ORG":
            let parts = property.texts(separatedBy: ";", guessing: &isGuessed).map(\.trimmed)
            contact.organization = contact.organization ?? parts.first { !$0.isEmpty }
        case "TITLE": contact.title = contact.title ?? text(property)
        case "NOTE": contact.note = contact.note ?? text(property)
        case "REV": contact.revision = contact.revision ?? text(property)
        case "KIND", "X-ADDRESSBOOKSERVER-KIND": if text(property)?.lowercased() == "group" { contact.isGroup = true }
        case "X-ABLABEL": if let group = property.group { labels[group.uppercased()] = text(property) }
        default: break
        }
    }

    private mutating func text(_ property: Property) -> String? {
        let text = property.text(guessing: &isGuessed).trimmed
        return text.isEmpty ? nil : text
    }

    /// Family name, given name, further names, prefix, suffix.
    private mutating func readName(_ property: Property) {
        let parts = property.texts(separatedBy: ";", guessing: &isGuessed).map(\.trimmed)
        func part(_ index: Int) -> String? { index < parts.count && !parts[index].isEmpty ? parts[index] : nil }
        contact.family = contact.family ?? part(0)
        contact.given = contact.given ?? part(1)
        if let further = part(2) { contact.addOtherName(further) }
    }

    private mutating func found(_ property: Property) -> Found? {
        guard var text = text(property) else { return nil }
        if text.lowercased().hasPrefix("tel:") { text = String(text.dropFirst(4)) }
        let types = (property.parameterValues("TYPE") + property.bareParameters).map { $0.uppercased() }
        let type = types.first { !["INTERNET", "PREF", "VOICE", "QUOTED-PRINTABLE", "BASE64", "X400"].contains($0) }
        let rank = property.parameter("PREF").flatMap { Int($0) } ?? (types.contains("PREF") ? 1 : 101)
        return Found(text: text, group: property.group?.uppercased(), type: type?.lowercased(), preference: rank)
    }

    private mutating func finish() {
        for found in Self.ranked(addresses) { contact.addAddress(found.text, label: label(of: found)) }
        for found in Self.ranked(phones) { contact.addPhone(found.text, label: label(of: found)) }
        contact.completeName()
    }

    private static func ranked(_ found: [Found]) -> [Found] {
        found.enumerated().sorted { left, right in
            (left.element.preference, left.offset) < (right.element.preference, right.offset)
        }.map(\.element)
    }

    /// The label of the group is somebody's own word; Apple writes its words as `_$!<Work>!$_`.
    private func label(of found: Found) -> String? {
        guard let group = found.group, let label = labels[group] else { return found.type }
        guard label.hasPrefix("_$!<"), label.hasSuffix(">!$_"), label.count > 8 else { return label }
        return String(label.dropFirst(4).dropLast(4)).lowercased()
    }
}
