import Entries
import Ledger
import Projections
import SQLite
import Sync

/// Says that two are one. Addresses and activities of the first belong to the other from then on.
public struct MergePeopleRequest: Request {
    public static let name = "merge_people"

    public struct Merged: Codable, Sendable {
        public let person: String
        public let personName: String?
        public let survivor: PeopleRequest.Known
        public let isDryRun: Bool
        public let followed: Followed
    }

    public var user: String?
    public var person: String
    /// Who is kept.
    public var survivor: String
    public var isDryRun = false

    public init(user: String?, person: String, into survivor: String) {
        self.user = user
        self.person = person
        self.survivor = survivor
    }

    public func answer(in home: OpenHome) throws -> Merged {
        let viewer = try home.viewer(user)
        let first = try home.person(person, of: viewer)
        let other = try home.person(survivor, of: viewer)
        let name = try home.nameOfPerson(first)
        guard first != other else { throw Refusal(.badRequest, "\(name ?? person) is the same person") }
        let desk = home.desk()
        var followed = Followed()
        if !isDryRun {
            try desk.append(try drafts(first, other, viewer, desk))
            followed = try desk.follow(viewer.user)
        }
        guard let kept = try PeopleRequest.one(other, home) else {
            throw Refusal(.notFound, "there is no person “\(survivor)”")
        }
        return Merged(person: first, personName: name, survivor: kept, isDryRun: isDryRun, followed: followed)
    }

    /// Who is matched is said again for the one who is kept, so that the meetings are looked at again.
    private func drafts(_ person: String, _ survivor: String, _ viewer: Viewer, _ desk: Desk) throws -> [Draft] {
        var merged = PersonMerged()
        merged.person = person
        merged.survivor = survivor
        let matched = try desk.read { views in
            try views.prepare(
                "SELECT address, rule, confidence, is_by_hand FROM address WHERE person = ? AND answer = 'matched'"
            ).map(.text(person)) { row in
                (row.text(0), MatchRule(rawValue: row.text(1)) ?? .manual, row.integer(2), row.integer(3) == 1)
            }
        }
        let moved = matched.map { address, rule, confidence, isByHand in
            let stream = "address/\(address)"
            if isByHand, rule != .manual {
                var confirmed = AddressConfirmed()
                (confirmed.address, confirmed.person) = (address, survivor)
                (confirmed.rule, confirmed.confidence) = (rule, confidence)
                return desk.draft(confirmed, stream: stream, owner: viewer.user)
            }
            var matched = AddressMatched()
            (matched.address, matched.person) = (address, survivor)
            (matched.rule, matched.confidence) = (rule, confidence)
            return desk.draft(matched, stream: stream, owner: viewer.user)
        }
        let own = try linked(person, to: survivor, viewer, desk)
        return [desk.draft(merged, stream: "person/\(person)", owner: viewer.user)] + moved + own
    }

    /// Whoever was the user still is, and all addresses of both are the user's.
    private func linked(_ person: String, to survivor: String, _ viewer: Viewer, _ desk: Desk) throws -> [Draft] {
        let own = try desk.read { views in
            try views.prepare("SELECT person FROM account WHERE account = ?")
                .first(.text(viewer.user)) { $0.textIfPresent(0) } ?? nil
        }
        guard let own, own == person || own == survivor else { return [] }
        let emails = try desk.read { views in
            try views.prepare(
                """
                SELECT address.email FROM person_address JOIN address ON address.address = person_address.address
                WHERE person_address.person IN (?, ?) AND address.email IS NOT NULL ORDER BY address.email
                """
            ).map(.text(person), .text(survivor)) { $0.text(0) }
        }
        var changed = UserChanged()
        changed.user = viewer.user
        changed.person = survivor
        return [desk.draft(changed, stream: "user/\(viewer.user)", owner: viewer.user)]
            + (try Claims(desk, viewer.user).drafts(emails))
    }
}

/// Says that somebody is not kept any more.
public struct RemovePersonRequest: Request {
    public static let name = "remove_person"

    public struct Removed: Codable, Sendable {
        public let person: PeopleRequest.Known
        public let isDryRun: Bool
        public let followed: Followed
    }

    public var user: String?
    public var person: String
    public var isDryRun = false

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> Removed {
        let viewer = try home.viewer(user)
        let id = try home.person(person, of: viewer)
        guard let known = try PeopleRequest.one(id, home) else {
            throw Refusal(.notFound, "there is no person “\(person)”")
        }
        if isDryRun { return Removed(person: known, isDryRun: true, followed: Followed()) }
        var removed = PersonRemoved()
        removed.person = id
        removed.reason = .byHand
        let desk = home.desk()
        try desk.append(removed, stream: "person/\(id)", owner: viewer.user)
        return Removed(person: known, isDryRun: false, followed: try desk.follow(viewer.user))
    }
}
