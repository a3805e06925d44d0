import Entries
import Ledger
import Matching
import Projections
import SQLite
import Secrets
import Sync

/// Makes somebody known: by name and addresses, from an attendee, or with one more address.
public struct AddPersonRequest: Request {
    public static let name = "add_person"

    public struct Added: Codable, Sendable {
        public let person: PeopleRequest.Known
        /// The name was made from the address.
        public let isNameGuessed: Bool
        /// The person was known, and has more addresses now.
        public let wasKnown: Bool
        /// Others who are called the same.
        public let namesakes: Int64
        public let followed: Followed
    }

    public var user: String?
    public var newName: String?
    public var emails: [String] = []
    public var organization: String?
    public var note: String?
    /// An attendee who is the person: an address that came up.
    public var attendee: String?
    /// Whom the addresses are added to; nil makes somebody new.
    public var known: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Added {
        let viewer = try home.viewer(user)
        let desk = home.desk()
        let attending = try attendee.map { try self.attending($0, viewer, home) }
        var typed = try emails.map { try MailAddress.required($0).text }
        if let email = attending?.email { typed.insert(email, at: 0) }
        let person = try known.map { try home.person($0, of: viewer) }
        try requireFree(typed, person, viewer, home)
        if let person {
            return try extend(person, typed, viewer, desk, home)
        }
        return try add(typed, attending, viewer, desk, home)
    }

    // MARK: Looking

    /// An attendee who came up, or an address that did not yet.
    private func attending(_ text: String, _ viewer: Viewer, _ home: OpenHome) throws -> (email: String?, name: String?)
    {
        do {
            let known = try home.decidedAddress(text, of: viewer)
            if known.isOwn { throw Refusal(.conflict, "\(known.shown) is your own address") }
            guard known.email != nil else {
                throw Refusal(
                    .badRequest, "\(known.shown) has no e-mail address in the calendar",
                    hint: "Add the person, and then match the attendee: daybook people add NAME --email ADDRESS")
            }
            return (known.email, known.name)
        } catch let refusal as Refusal where refusal.kind == .notFound {
            guard let email = MailAddress(text)?.text else { throw refusal }
            return (email, nil)
        }
    }

    private func requireFree(_ emails: [String], _ person: String?, _ viewer: Viewer, _ home: OpenHome) throws {
        let desk = home.desk()
        for email in emails {
            let address = Value.text(desk.names.address(viewer.user, email: email))
            let (isOwn, owner) = try home.views().read { views in
                (
                    try views.prepare("SELECT claimed_by IS NOT NULL FROM address WHERE address = ?")
                        .first(address) { $0.integer(0) == 1 },
                    try views.prepare("SELECT person FROM person_address WHERE address = ? LIMIT 1")
                        .first(address) { $0.text(0) }
                )
            }
            if isOwn == true {
                throw Refusal(
                    .conflict, "\(email) is your own address",
                    hint: "If it is not: daybook own-address remove \(ShellWord.text(email))"
                )
            }
            guard let owner else { continue }
            let name = try home.nameOfPerson(owner) ?? "somebody"
            throw Refusal(
                .conflict, "\(name) has the address \(email) already",
                hint: owner == person ? nil : "If the two are one: daybook people merge")
        }
    }

    // MARK: Writing

    private func add(
        _ emails: [String], _ attending: (email: String?, name: String?)?, _ viewer: Viewer, _ desk: Desk,
        _ home: OpenHome
    ) throws -> Added {
        let given = newName.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        let shown = attending?.name.flatMap { Guess.name(from: $0) }
        let guessed = attending?.email.flatMap { MailAddress($0) }.flatMap { Guess.name(from: $0) }
        guard let name = given ?? shown ?? guessed, !name.isEmpty else {
            throw Refusal(
                .badRequest, "no name was given, and none can be made of the address", hint: "Say the name as well.")
        }
        let writer = PersonWriter(desk: desk, owner: viewer.user)
        var details = PersonDetails()
        details.name = name
        details.organization = organization
        details.note = note
        details.addresses = writer.identifiers(emails)
        writer.fold(&details)
        let namesakes = try self.namesakes(details.foldedName, viewer, home)
        if namesakes > 0, emails.isEmpty {
            throw Refusal(
                .conflict, "you know somebody called \(name) already",
                hint: "Give an address as well, so that the two can be told apart: --email ADDRESS")
        }
        let person = home.options.randomness.identifier()
        let added = writer.added(person, details, source: attending == nil ? .hand : .attendee)
        try desk.append(
            try desk.read { try desk.introduced(emails, owner: viewer.user, $0) } + [added]
                + settled(details.addresses, person, viewer, desk))
        return try answer(
            person, isNameGuessed: given == nil && shown == nil, wasKnown: false, namesakes, viewer, desk, home)
    }

    private func extend(_ person: String, _ emails: [String], _ viewer: Viewer, _ desk: Desk, _ home: OpenHome) throws
        -> Added
    {
        let writer = PersonWriter(desk: desk, owner: viewer.user)
        let added = writer.identifiers(emails)
        let drafts = try desk.read { views -> [Draft] in
            guard var details = try writer.known(person, views) else { return [] }
            details.addresses += added
            if let organization { details.organization = organization }
            if let note { details.note = note }
            let changed = try writer.changed(person, to: details, views)
            return try desk.introduced(emails, owner: viewer.user, views) + (changed.map { [$0] } ?? [])
        }
        guard !drafts.isEmpty else { throw Refusal(.badRequest, "nothing was given to add") }
        try desk.append(drafts + settled(added, person, viewer, desk))
        return try answer(person, isNameGuessed: false, wasKnown: true, 0, viewer, desk, home)
    }

    /// Where a person has said otherwise about an address, the rules keep to it; this is a newer word.
    private func settled(_ addresses: [String], _ person: String, _ viewer: Viewer, _ desk: Desk) throws -> [Draft] {
        try desk.read { views in
            try addresses.filter { address in
                try views.prepare(
                    """
                    SELECT 1 FROM address
                    WHERE address = ?1 AND (is_by_hand = 1
                        OR EXISTS (SELECT 1 FROM address_rejection WHERE address = ?1 AND person = ?2))
                    """
                ).first(.text(address), .text(person)) { _ in true } == true
            }.map {
                desk.draft(AddressMatched.byHand($0, person), stream: "address/\($0)", owner: viewer.user)
            }
        }
    }

    private func namesakes(_ folded: String?, _ viewer: Viewer, _ home: OpenHome) throws -> Int64 {
        guard let folded else { return 0 }
        return try home.views().read { views in
            try views.prepare(
                "SELECT COUNT(*) FROM person WHERE owner = ? AND folded_name = ? AND merged_into IS NULL"
            ).first(.text(viewer.user), .text(folded)) { $0.integer(0) } ?? 0
        }
    }

    private func answer(
        _ person: String, isNameGuessed: Bool, wasKnown: Bool, _ namesakes: Int64, _ viewer: Viewer, _ desk: Desk,
        _ home: OpenHome
    ) throws -> Added {
        let followed = try desk.follow(viewer.user)
        guard let known = try PeopleRequest.one(person, home) else {
            throw Refusal(.failed, "the person was added and is not in the views")
        }
        return Added(
            person: known, isNameGuessed: isNameGuessed, wasKnown: wasKnown, namesakes: namesakes, followed: followed)
    }
}
