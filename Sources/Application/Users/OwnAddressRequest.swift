import Entries
import Ledger
import Matching
import Projections
import SQLite
import Sync

/// The addresses that are the user's own, and the contact that is the user.
public struct OwnAddressesRequest: ReadingRequest {
    public static let name = "own_addresses"

    public struct Answer: Codable, Sendable {
        public let addresses: [OwnAddress]
        public let person: String?
        public let personName: String?
    }

    public struct OwnAddress: Codable, Sendable, Equatable {
        public let email: String
        /// claimed, account or connection.
        public let source: String
        /// The connection whose address it is.
        public let connection: String?
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let owner = Value.text(viewer.user)
        let (addresses, person) = try home.views().read { views in
            let claimed = try views.prepare(
                "SELECT email FROM address WHERE owner = ? AND claimed_by IS NOT NULL AND email IS NOT NULL ORDER BY email"
            ).map(owner) { OwnAddress(email: $0.text(0), source: "claimed", connection: nil) }
            let account = try views.prepare("SELECT email FROM account WHERE account = ? AND email IS NOT NULL")
                .map(owner) { OwnAddress(email: $0.text(0), source: "account", connection: nil) }
            let connections = try views.prepare(
                "SELECT email, name FROM connection WHERE owner = ? AND email IS NOT NULL ORDER BY added"
            ).map(owner) { OwnAddress(email: $0.text(0), source: "connection", connection: $0.textIfPresent(1)) }
            let person =
                try views.prepare("SELECT person FROM account WHERE account = ?")
                .first(owner) { $0.textIfPresent(0) } ?? nil
            return (claimed + account + connections, person)
        }
        return Answer(
            addresses: addresses, person: person, personName: try person.flatMap { try home.nameOfPerson($0) })
    }
}

/// What a user said about own addresses, and what followed.
public struct OwnAddressDecision: Codable, Sendable {
    public let emails: [String]
    public let personName: String?
    public let followed: Followed
}

/// Says that addresses are the user's own: they are never matched, logged or shown.
public struct ClaimAddressRequest: Request {
    public static let name = "claim_address"

    public var user: String?
    public var emails: [String]

    public init(user: String?, emails: [String]) {
        self.user = user
        self.emails = emails
    }

    public func answer(in home: OpenHome) throws -> OwnAddressDecision {
        let viewer = try home.viewer(user)
        let emails = try emails.map { try MailAddress.required($0).text }
        let desk = home.desk()
        let claimed = try Claims(desk, viewer.user).drafts(emails)
        try desk.append(claimed)
        return OwnAddressDecision(emails: emails, personName: nil, followed: try desk.follow(viewer.user))
    }
}

/// Takes back that an address is the user's own.
public struct DisclaimAddressRequest: Request {
    public static let name = "disclaim_address"

    public var user: String?
    public var email: String

    public init(user: String?, email: String) {
        self.user = user
        self.email = email
    }

    public func answer(in home: OpenHome) throws -> OwnAddressDecision {
        let viewer = try home.viewer(user)
        let known = try home.decidedAddress(email, of: viewer)
        guard known.isOwn else {
            throw Refusal(
                .conflict, "\(known.shown) is not claimed as your own",
                hint: "“daybook own-address” lists those that are.")
        }
        let desk = home.desk()
        var disclaimed = AddressDisclaimed()
        disclaimed.address = known.address
        disclaimed.user = viewer.user
        try desk.append(disclaimed, stream: "address/\(known.address)", owner: viewer.user)
        return OwnAddressDecision(
            emails: [known.shown], personName: nil, followed: try desk.follow(viewer.user))
    }
}

/// Says which contact is the user; the addresses of the contact are the user's from then on.
public struct ThisIsMeRequest: Request {
    public static let name = "this_is_me"

    public var user: String?
    public var person: String

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> OwnAddressDecision {
        let viewer = try home.viewer(user)
        let person = try home.person(person, of: viewer)
        let emails = try home.views().read { views in
            try views.prepare(
                """
                SELECT address.email FROM person_address JOIN address ON address.address = person_address.address
                WHERE person_address.person = ? AND address.email IS NOT NULL ORDER BY person_address.number
                """
            ).map(.text(person)) { $0.text(0) }
        }
        let desk = home.desk()
        var changed = UserChanged()
        changed.user = viewer.user
        changed.person = person
        try desk.append(
            [desk.draft(changed, stream: "user/\(viewer.user)", owner: viewer.user)]
                + Claims(desk, viewer.user).drafts(emails))
        return OwnAddressDecision(
            emails: emails, personName: try home.nameOfPerson(person), followed: try desk.follow(viewer.user))
    }
}

/// Makes the entries by which addresses become a user's own; none for those that are already.
struct Claims {
    private let desk: Desk
    private let owner: String

    init(_ desk: Desk, _ owner: String) {
        self.desk = desk
        self.owner = owner
    }

    func drafts(_ emails: [String]) throws -> [Draft] {
        try desk.read { views in
            var drafts = try desk.introduced(emails, owner: owner, views)
            for address in emails.map({ desk.names.address(owner, email: $0) }) {
                let isClaimed = try views.prepare(
                    "SELECT claimed_by IS NOT NULL FROM address WHERE address = ?"
                ).first(.text(address)) { $0.integer(0) == 1 }
                if isClaimed == true { continue }
                var claimed = AddressClaimed()
                claimed.address = address
                claimed.user = owner
                claimed.source = .hand
                drafts.append(desk.draft(claimed, stream: "address/\(address)", owner: owner))
            }
            return drafts
        }
    }
}

extension MailAddress {
    /// An address as a person typed it, or why it is none.
    static func required(_ text: String) throws -> MailAddress {
        guard let address = MailAddress(text) else {
            throw Refusal(.badRequest, "“\(text)” is no e-mail address", hint: "As in: ada@brandt.example")
        }
        return address
    }
}
