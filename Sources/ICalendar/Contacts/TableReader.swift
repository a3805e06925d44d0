/// Reads the contacts of a table whose first row names its columns.
struct TableReader {
    private(set) var flaws: [Flaw] = []
    private var rows: TableRows
    private var columns: [TableColumn?] = []
    private var phoneNames: [Int: String] = [:]
    private var isGuessed = false
    private let limits: Limits

    init(_ bytes: ArraySlice<UInt8>, limits: Limits) {
        rows = TableRows(bytes)
        self.limits = limits
    }

    var isWhole: Bool { rows.isWhole && !flaws.contains { $0.problem == .tooManyComponents } }

    /// False if the first row names nothing by which somebody could be known, as when it is somebody already.
    mutating func readHeader() -> Bool {
        guard let header = rows.next() else { return false }
        var isGuessed = false
        let names = header.map { TextDecoding.plain.visibleCharacters($0, guessing: &isGuessed).trimmed }
        guard !names.contains(where: { $0.contains("@") }) else { return false }
        columns = names.map { TableColumn($0) }
        separateAddresses()
        for (index, column) in columns.enumerated() {
            if case .phone(let number) = column, number >= 1_000 { phoneNames[number] = names[index] }
        }
        return columns.contains { $0?.tellsWho == true }
    }

    /// Columns of the same meaning without numbers, as Thunderbird's two addresses, get the next free number.
    private mutating func separateAddresses() {
        var taken: Set<TableColumn> = []
        for index in columns.indices {
            guard case .address(var number) = columns[index] else { continue }
            while !taken.insert(.address(number)).inserted { number += 1 }
            columns[index] = .address(number)
        }
    }

    mutating func readContacts() -> [Contact] {
        var contacts: [Contact] = []
        var line = rows.line
        while let row = rows.next() {
            guard contacts.count < limits.components else {
                note(.tooManyComponents, line)
                break
            }
            isGuessed = false
            let contact = contact(row)
            if contact.isSomebody { contacts.append(contact) } else { note(.rowUnreadable, line) }
            if isGuessed { note(.charactersGuessed, line) }
            line = rows.line
        }
        if !rows.isWhole { flaws.append(Flaw(component: "", line: rows.line, problem: .cutOff)) }
        return contacts
    }

    private mutating func note(_ problem: Flaw.Problem, _ line: Int) {
        guard flaws.count < limits.flaws else { return }
        flaws.append(Flaw(component: "", line: line, problem: problem))
    }

    private mutating func contact(_ row: [ArraySlice<UInt8>]) -> Contact {
        var contact = Contact()
        var addresses: [Int: String] = [:]
        var phones: [Int: String] = [:]
        var labels: [TableColumn: String] = [:]
        for (cell, column) in zip(row, columns) {
            guard let column, cell.count <= limits.lineBytes else { continue }
            let visible = TextDecoding.plain.visibleCharacters(cell, guessing: &isGuessed)
            let text = FormulaGuard.unguarded(visible.trimmed).trimmed
            guard !text.isEmpty else { continue }
            switch column {
            case .uid: contact.uid = contact.uid ?? text
            case .name: if contact.name.isEmpty { contact.name = text }
            case .given: contact.given = contact.given ?? text
            case .family: contact.family = contact.family ?? text
            case .middle, .nickname: contact.addOtherName(text)
            case .organization: contact.organization = contact.organization ?? text
            case .title: contact.title = contact.title ?? text
            case .note: contact.note = contact.note ?? text
            case .address(let number): addresses[number] = text
            case .phone(let number): phones[number] = text
            case .addressLabel, .phoneLabel: labels[column] = text
            }
        }
        for (number, text) in addresses.sorted(by: { $0.key < $1.key }) {
            for part in Self.parts(text) { contact.addAddress(part, label: Self.label(labels[.addressLabel(number)])) }
        }
        for (number, text) in phones.sorted(by: { $0.key < $1.key }) {
            let label = number >= 1_000 ? phoneNames[number] : Self.label(labels[.phoneLabel(number)])
            for part in Self.parts(text) { contact.addPhone(part, label: label) }
        }
        // A name that is an address, as Outlook's display names are, names nobody; but it may be the only address.
        if let address = Address(contact.name).text {
            if contact.addresses.isEmpty { contact.addAddress(address, label: nil) }
            contact.name = ""
        }
        contact.completeName()
        return contact
    }

    /// Google puts several values of one label into one cell.
    private static func parts(_ text: String) -> [String] {
        text.split(separator: " ::: ").map { String($0) }
    }

    /// Google marks the preferred address in its label.
    private static func label(_ text: String?) -> String? {
        guard let text else { return nil }
        let label = text.hasPrefix("* ") ? String(text.dropFirst(2)) : text
        return label == "*" || label.isEmpty ? nil : label.lowercased()
    }
}
