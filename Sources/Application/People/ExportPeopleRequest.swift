import Entries
import ICalendar
import Projections
import SQLite
import Sync

/// How an export of people is written.
public enum PeopleFormat: String, CaseIterable, Codable, Sendable { case vcard, csv }

/// The people of a user, for another program.
public struct ExportPeopleRequest: ReadingRequest {
    public static let name = "export_people"

    public struct Export: Codable, Sendable {
        public let text: String
        public let people: Int64
    }

    public var user: String?
    public var format: PeopleFormat
    /// Without the mark that keeps a spreadsheet from calculating a name.
    public var isRaw = false

    public init(user: String?, format: PeopleFormat) {
        self.user = user
        self.format = format
    }

    public func answer(in home: OpenHome) throws -> Export {
        let viewer = try home.viewer(user)
        let desk = home.desk()
        let contacts = try desk.read { views in
            let writer = PersonWriter(desk: desk, owner: viewer.user)
            return try views.prepare(
                """
                SELECT person FROM person WHERE owner = ? AND merged_into IS NULL
                ORDER BY COALESCE(folded_name, ''), person
                """
            ).map(.text(viewer.user)) { $0.text(0) }.compactMap { try Self.contact($0, writer, views) }
        }
        let bytes =
            switch format {
            case .vcard: ContactExport.cards(contacts)
            case .csv: ContactExport.table(contacts, isGuarded: !isRaw)
            }
        return Export(text: String(decoding: bytes, as: UTF8.self), people: Int64(contacts.count))
    }

    private static func contact(_ person: String, _ writer: PersonWriter, _ views: Connection) throws -> Contact? {
        guard let details = try writer.known(person, views) else { return nil }
        var contact = Contact()
        contact.uid = details.providerPath ?? person
        contact.name = details.name ?? ""
        contact.given = details.givenName
        contact.family = details.familyName
        contact.otherNames = details.otherNames
        contact.organization = details.organization
        contact.phones = details.phones.map { Contact.Labelled($0) }
        contact.note = details.note
        for address in details.addresses {
            let email =
                try views.prepare("SELECT email FROM address WHERE address = ?")
                .first(.text(address)) { $0.textIfPresent(0) } ?? nil
            if let email { contact.addresses.append(Contact.Labelled(email)) }
        }
        return contact
    }
}
