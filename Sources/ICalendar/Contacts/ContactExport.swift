/// Writes contacts for other programs.
public enum ContactExport {
    public enum CardVersion: String, Sendable {
        case three = "3.0"
        case four = "4.0"
    }

    /// Cards, one behind the other.
    public static func cards(_ contacts: [Contact], version: CardVersion = .four) -> [UInt8] {
        contacts.flatMap { card($0, version) }
    }

    /// A table with the columns that Google reads, every cell in quotes.
    ///
    /// Spreadsheets calculate what begins with `=` or one of a few other signs, and an address book can come from
    /// anybody. A guarded table has a `'` before such a cell; take the guard away only for a program that is no
    /// spreadsheet.
    public static func table(_ contacts: [Contact], isGuarded: Bool = true) -> [UInt8] {
        let addressCount = max(1, contacts.map(\.addresses.count).max() ?? 1)
        let phoneCount = max(1, contacts.map(\.phones.count).max() ?? 1)
        var rows = [header(addressCount, phoneCount)]
        rows += contacts.map { row($0, addressCount, phoneCount) }
        return rows.flatMap { line($0, isGuarded: isGuarded) }
    }

    private static func header(_ addresses: Int, _ phones: Int) -> [String] {
        var header = [
            "UID", "Name", "Given Name", "Family Name", "Nickname", "Organization Name", "Organization Title",
        ]
        for number in 1...addresses { header += ["E-mail \(number) - Label", "E-mail \(number) - Value"] }
        for number in 1...phones { header += ["Phone \(number) - Label", "Phone \(number) - Value"] }
        return header + ["Notes"]
    }

    private static func row(_ contact: Contact, _ addresses: Int, _ phones: Int) -> [String] {
        var row = [contact.uid ?? "", contact.name, contact.given ?? "", contact.family ?? ""]
        row += [contact.otherNames.first ?? "", contact.organization ?? "", contact.title ?? ""]
        row += pairs(contact.addresses, addresses)
        row += pairs(contact.phones, phones)
        return row + [contact.note ?? ""]
    }

    private static func pairs(_ values: [Contact.Labelled], _ count: Int) -> [String] {
        (0..<count).flatMap { index in
            index < values.count ? [values[index].label ?? "", values[index].text] : ["", ""]
        }
    }

    private static func line(_ cells: [String], isGuarded: Bool) -> [UInt8] {
        var line: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line += quoted(isGuarded ? FormulaGuard.guarded(cell) : cell)
        }
        return line + [.carriageReturn, .lineFeed]
    }

    /// Byte by byte: a quotation mark with an accent on it is one character, and ends a cell all the same.
    private static func quoted(_ cell: String) -> [UInt8] {
        let mark = UInt8(ascii: "\"")
        var quoted = [mark]
        for byte in cell.utf8 { quoted += byte == mark ? [mark, mark] : [byte] }
        return quoted + [mark]
    }

    private static func card(_ contact: Contact, _ version: CardVersion) -> [UInt8] {
        var lines = [ContentLine.bytes("BEGIN", value: "VCARD"), ContentLine.bytes("VERSION", value: version.rawValue)]
        func add(_ name: String, _ value: String?, _ parameters: [(name: String, value: String)] = []) {
            guard let value, !value.isEmpty else { return }
            lines.append(ContentLine.bytes(name, parameters: parameters, value: ContentLine.escaped(value)))
        }
        add("UID", contact.uid)
        lines.append(ContentLine.bytes("FN", value: ContentLine.escaped(contact.name)))
        let name = [contact.family ?? "", contact.given ?? "", "", "", ""].map(ContentLine.escaped)
        lines.append(ContentLine.bytes("N", value: name.joined(separator: ";")))
        if !contact.otherNames.isEmpty {
            let names = contact.otherNames.map(ContentLine.escaped).joined(separator: ",")
            lines.append(ContentLine.bytes("NICKNAME", value: names))
        }
        for address in contact.addresses { add("EMAIL", address.text, type(address.label)) }
        for phone in contact.phones { add("TEL", phone.text, type(phone.label)) }
        add("ORG", contact.organization)
        add("TITLE", contact.title)
        add("NOTE", contact.note)
        if contact.isGroup { add(version == .four ? "KIND" : "X-ADDRESSBOOKSERVER-KIND", "group") }
        lines.append(ContentLine.bytes("END", value: "VCARD"))
        return lines.flatMap { $0 }
    }

    private static func type(_ label: String?) -> [(name: String, value: String)] {
        label.map { [(name: "TYPE", value: $0)] } ?? []
    }
}

/// Keeps spreadsheets from calculating what is only a text.
enum FormulaGuard {
    static func guarded(_ cell: String) -> String {
        needsMark(cell[...]) ? "'" + cell : cell
    }

    /// The cell as it was before it was guarded.
    static func unguarded(_ cell: String) -> String {
        guard cell.hasPrefix("'"), needsMark(cell.dropFirst()) else { return cell }
        return String(cell.dropFirst())
    }

    /// Also what looks guarded already: who takes one mark away must find the text as it was.
    private static func needsMark(_ cell: Substring) -> Bool {
        isTrigger(cell.drop { $0 == "'" })
    }

    /// What a spreadsheet takes for the beginning of a formula, also behind blanks and in the wide forms of the signs.
    static func isTrigger(_ cell: Substring) -> Bool {
        guard let first = cell.unicodeScalars.first else { return false }
        if ["\t", "\r", "\n"].contains(first) { return true }
        let sign = cell.unicodeScalars.first { !$0.properties.isWhitespace && $0.value >= 32 && $0 != "\u{FEFF}" }
        return sign.map { ["=", "+", "-", "@", "＝", "＋", "－", "＠", "−"].contains($0) } ?? false
    }
}
