public import Entries
public import ICalendar
import Ledger
import Matching
public import Providers
public import SQLite

/// Makes the entries about a person, from an address book or by hand.
public struct PersonWriter {
    private let desk: Desk
    private let owner: String

    public init(desk: Desk, owner: String) {
        self.desk = desk
        self.owner = owner
    }

    /// The addresses of a contact, as they are introduced to the ledger.
    public func attendees(of contact: Contact) -> [FoundAttendee] {
        contact.addresses.compactMap { address in
            guard let email = MailAddress(address.text)?.text else { return nil }
            var attendee = FoundAttendee()
            attendee.email = email
            return attendee
        }
    }

    public func details(of contact: Contact) -> PersonDetails {
        var details = PersonDetails()
        details.addresses = identifiers(attendees(of: contact).compactMap(\.email))
        details.name = contact.name.isEmpty ? nil : contact.name
        details.givenName = contact.given
        details.familyName = contact.family
        details.otherNames = contact.otherNames
        details.organization = contact.organization
        details.phones = contact.phones.map(\.text)
        details.note = contact.note
        details.providerPath = contact.uid
        fold(&details)
        details.contentHash = mark(details)
        return details
    }

    /// The ids of addresses, each once, in their order.
    public func identifiers(_ emails: [String]) -> [String] {
        var seen: Set<String> = []
        return emails.map { desk.names.address(owner, email: $0) }.filter { seen.insert($0).inserted }
    }

    public func fold(_ details: inout PersonDetails) {
        details.foldedName = details.name.map(Folding.fold).flatMap { $0.isEmpty ? nil : $0 }
        let given = details.givenName.map(Folding.fold) ?? details.name.flatMap { NameParts($0).given }
        details.foldedGivenName = given.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func mark(_ details: PersonDetails) -> String {
        var added = PersonAdded()
        added.details = details
        added.details.contentHash = nil
        let content = added.encoded()
        return desk.names.mark(content.data + (content.personal ?? []))
    }

    public func added(
        _ person: String, _ details: PersonDetails, source: PersonSource, connection: String? = nil,
        providerID: String? = nil, cause: Int64? = nil
    ) -> Draft {
        var added = PersonAdded()
        added.person = person
        added.source = source
        added.connection = connection
        added.providerID = providerID
        added.details = details
        return desk.draft(added, stream: "person/\(person)", owner: owner, cause: cause)
    }

    /// What changed since the views last heard of the person; nil if nothing did.
    public func changed(_ person: String, to new: PersonDetails, _ views: Connection) throws -> Draft? {
        guard let old = try known(person, views) else { return nil }
        var changed = PersonChanged()
        changed.person = person
        func compare<Value: Equatable>(_ name: String, _ path: WritableKeyPath<PersonDetails, Value?>) {
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            if before == after { return }
            if after == nil { changed.cleared.append(name) } else { changed.details[keyPath: path] = after }
        }
        compare("name", \.name)
        compare("given_name", \.givenName)
        compare("family_name", \.familyName)
        compare("folded_name", \.foldedName)
        compare("folded_given_name", \.foldedGivenName)
        compare("organization", \.organization)
        compare("link", \.link)
        compare("note", \.note)
        compare("provider_path", \.providerPath)
        if old.contentHash != new.contentHash { changed.details.contentHash = new.contentHash }
        func compareLists(_ name: String, _ path: WritableKeyPath<PersonDetails, [String]>) {
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            if before == after { return }
            if after.isEmpty { changed.cleared.append(name) } else { changed.details[keyPath: path] = after }
        }
        compareLists("addresses", \.addresses)
        compareLists("other_names", \.otherNames)
        compareLists("phones", \.phones)
        var nothing = PersonChanged()
        nothing.person = person
        if changed == nothing { return nil }
        return desk.draft(changed, stream: "person/\(person)", owner: owner)
    }

    /// The addresses of those who were merged into a person, as they were then: an address book knows nothing of that.
    func inherited(_ person: String, _ views: Connection) throws -> [String] {
        let merged = try views.prepare("SELECT person FROM person WHERE merged_into = ? ORDER BY person")
            .map(.text(person)) { $0.text(0) }
        return try merged.flatMap { try own($0) + inherited($0, views) }
    }

    /// The addresses that the ledger gives a person, whoever has them now.
    private func own(_ person: String) throws -> [String] {
        var addresses: [String] = []
        for entry in try desk.reader.entries(Query(stream: "person/\(person)")) {
            switch try entry.fact() {
            case let fact as PersonAdded: addresses = fact.details.addresses
            case let fact as PersonChanged:
                if !fact.details.addresses.isEmpty { addresses = fact.details.addresses }
                if fact.cleared.contains("addresses") { addresses = [] }
            case is PersonRemoved, is PersonErased: addresses = []
            default: break
            }
        }
        return addresses
    }

    /// A person as the views have it; nil for one who is not kept.
    public func known(_ person: String, _ views: Connection) throws -> PersonDetails? {
        let details = try views.prepare(
            """
            SELECT name, given_name, family_name, folded_name, folded_given_name, other_names, organization, phones,
                link, note, provider_path, content_hash
            FROM person WHERE person = ?
            """
        ).first(.text(person)) { row in
            var details = PersonDetails()
            details.name = row.textIfPresent(0)
            details.givenName = row.textIfPresent(1)
            details.familyName = row.textIfPresent(2)
            details.foldedName = row.textIfPresent(3)
            details.foldedGivenName = row.textIfPresent(4)
            details.otherNames = JSONList.texts(row.textIfPresent(5))
            details.organization = row.textIfPresent(6)
            details.phones = JSONList.texts(row.textIfPresent(7))
            details.link = row.textIfPresent(8)
            details.note = row.textIfPresent(9)
            details.providerPath = row.textIfPresent(10)
            details.contentHash = row.textIfPresent(11)
            return details
        }
        guard var details else { return nil }
        details.addresses = try views.prepare(
            "SELECT address FROM person_address WHERE person = ? ORDER BY number, address"
        ).map(.text(person)) { $0.text(0) }
        return details
    }
}
