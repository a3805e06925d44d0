/// Somebody of an address book, as far as it helps to know who was at a meeting.
public struct Contact: Hashable, Sendable {
    /// A text, and what the address book calls it, as `work`.
    public struct Labelled: Hashable, Sendable {
        public var text: String
        public var label: String?

        public init(_ text: String, label: String? = nil) {
            self.text = text
            self.label = label
        }
    }

    public var uid: String?
    /// The whole name, as it is shown. Empty only for somebody who has an address and no name.
    public var name = ""
    public var given: String?
    public var family: String?
    /// Nicknames, and names between given and family name.
    public var otherNames: [String] = []
    /// Addresses of e-mail in small letters, the preferred one first, none twice.
    public var addresses: [Labelled] = []
    public var phones: [Labelled] = []
    public var organization: String?
    public var title: String?
    public var note: String?
    /// When it was changed, as the address book writes it.
    public var revision: String?
    /// A list of people and nobody.
    public var isGroup = false

    public init() {}

    /// What an address book may hold of one kind for one person; more is a mistake.
    static let mostOfAKind = 200

    /// Takes an address, if it is one and not there yet.
    public mutating func addAddress(_ text: String, label: String?) {
        guard addresses.count < Contact.mostOfAKind, let address = Address(text).text,
            !addresses.contains(where: { $0.text == address })
        else { return }
        addresses.append(Labelled(address, label: label))
    }

    public mutating func addPhone(_ text: String, label: String?) {
        let phone = text.trimmed
        guard phones.count < Contact.mostOfAKind, !phone.isEmpty, !phones.contains(where: { $0.text == phone }) else {
            return
        }
        phones.append(Labelled(phone, label: label))
    }

    public mutating func addOtherName(_ text: String) {
        let other = text.trimmed
        guard otherNames.count < Contact.mostOfAKind, !other.isEmpty, !otherNames.contains(other) else { return }
        otherNames.append(other)
    }

    /// Where no whole name is given, it is made of its parts.
    public mutating func completeName() {
        guard name.isEmpty else { return }
        name = [given, family].compactMap { $0 }.joined(separator: " ")
        if name.isEmpty { name = otherNames.first ?? (addresses.isEmpty ? organization ?? "" : "") }
    }

    /// There is something to know somebody by.
    public var isSomebody: Bool { !name.isEmpty || !addresses.isEmpty }
}
