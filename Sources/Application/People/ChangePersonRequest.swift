import Entries
import Matching
import Projections
import SQLite
import Sync

/// Changes what is known of somebody. Nil leaves a field as it is; an empty text empties it.
public struct ChangePersonRequest: Request {
    public static let name = "change_person"

    public struct Changed: Codable, Sendable {
        public let person: PeopleRequest.Known
        public let isChanged: Bool
        public let followed: Followed
    }

    public var user: String?
    public var person: String
    public var newName: String?
    public var organization: String?
    public var note: String?
    /// All addresses that the person has from now on.
    public var emails: [String]?

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> Changed {
        let viewer = try home.viewer(user)
        let id = try home.person(person, of: viewer)
        let typed = try emails?.map { try MailAddress.required($0).text }
        try typed.map { try requireFree($0, id, viewer, home) }
        let desk = home.desk()
        let writer = PersonWriter(desk: desk, owner: viewer.user)
        let drafts = try desk.read { views -> [Draft] in
            guard var details = try writer.known(id, views) else { return [] }
            try apply(to: &details, writer)
            if let typed { details.addresses = writer.identifiers(typed) }
            guard let changed = try writer.changed(id, to: details, views) else { return [] }
            return try desk.introduced(typed ?? [], owner: viewer.user, views) + [changed]
        }
        try desk.append(drafts)
        let followed = try drafts.isEmpty ? Followed() : desk.follow(viewer.user)
        guard let known = try PeopleRequest.one(id, home) else {
            throw Refusal(.notFound, "there is no person “\(person)”")
        }
        return Changed(person: known, isChanged: !drafts.isEmpty, followed: followed)
    }

    private func apply(to details: inout PersonDetails, _ writer: PersonWriter) throws {
        if let newName {
            let name = newName.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard !name.isEmpty else {
                throw Refusal(.badRequest, "the name of the person is empty", field: "name")
            }
            if name != details.name {
                // The parts of the old name are not those of the new one.
                (details.name, details.givenName, details.familyName) = (name, nil, nil)
                writer.fold(&details)
            }
        }
        if let organization { details.organization = organization.isEmpty ? nil : organization }
        if let note { details.note = note.isEmpty ? nil : note }
    }

    private func requireFree(_ emails: [String], _ person: String, _ viewer: Viewer, _ home: OpenHome) throws {
        for email in emails {
            let address = Value.text(home.desk().names.address(viewer.user, email: email))
            let other = try home.views().read { views in
                try views.prepare("SELECT person FROM person_address WHERE address = ? AND person <> ? LIMIT 1")
                    .first(address, .text(person)) { $0.text(0) }
            }
            guard let other else { continue }
            throw Refusal(
                .conflict, "\(try home.nameOfPerson(other) ?? "somebody") has the address \(email) already",
                hint: "If the two are one: daybook people merge", field: "emails")
        }
    }
}
