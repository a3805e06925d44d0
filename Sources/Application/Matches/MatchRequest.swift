import Entries
import Projections
import SQLite
import Sync

/// An address, whose it is now, and what followed from that.
public struct AddressDecision: Codable, Sendable {
    public let address: String
    public let email: String?
    public let name: String?
    public let person: String?
    public let personName: String?
    /// With whom it was matched before.
    public let before: String?
    public let followed: Followed
}

/// Says whose an address is. It beats every rule, and holds until it is taken back.
public struct MatchRequest: Request {
    public static let name = "match"

    public var user: String?
    public var address: String
    public var person: String

    public init(user: String?, address: String, person: String) {
        self.user = user
        self.address = address
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> AddressDecision {
        let viewer = try home.viewer(user)
        let known = try home.decidedAddress(address, of: viewer)
        let person = try home.person(person, of: viewer)
        if known.isOwn {
            throw Refusal(
                .conflict, "\(known.shown) is your own address",
                hint: "If it is not: daybook own-address remove \(ShellWord.text(known.shown))")
        }
        if known.isExcluded {
            throw Refusal(.conflict, "\(known.shown) is never to be matched with anybody: it was excluded or erased")
        }
        let name = try home.nameOfPerson(person)
        if known.person == person, known.isByHand, known.rule == .manual {
            throw Refusal(.conflict, "\(known.shown) is matched with \(name ?? "this person") already, by hand")
        }
        let before = try known.person.flatMap { try home.nameOfPerson($0) }
        let desk = home.desk()
        try desk.append(
            AddressMatched.byHand(known.address, person), stream: "address/\(known.address)", owner: viewer.user)
        return AddressDecision(
            address: known.address, email: known.email, name: known.name, person: person, personName: name,
            before: before, followed: try desk.follow(viewer.user))
    }
}

extension AddressMatched {
    static func byHand(_ address: String, _ person: String) -> AddressMatched {
        var matched = AddressMatched()
        matched.address = address
        matched.person = person
        matched.rule = .manual
        matched.confidence = 100
        return matched
    }
}

/// Says that an address is not somebody's; no rule says it again.
public struct UnmatchRequest: Request {
    public static let name = "unmatch"

    public var user: String?
    public var address: String
    /// Whose it is not; nil is whoever it is matched with, or suggested for.
    public var person: String?

    public init(user: String?, address: String, person: String?) {
        self.user = user
        self.address = address
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> AddressDecision {
        let viewer = try home.viewer(user)
        let known = try home.decidedAddress(address, of: viewer)
        let wanted = try person.map { try home.person($0, of: viewer) }
        let suggested = try home.views().read { views in
            try views.prepare("SELECT person, rule FROM address_suggestion WHERE address = ? ORDER BY position")
                .map(.text(known.address)) { ($0.text(0), MatchRule(rawValue: $0.text(1))) }
        }
        var whose: [(String, MatchRule?)] = known.person.map { [($0, known.rule)] } ?? suggested
        if let wanted { whose = [whose.first { $0.0 == wanted } ?? (wanted, nil)] }
        guard let first = whose.first else {
            throw Refusal(
                .conflict, "\(known.shown) is matched with nobody",
                hint: "To keep it from being somebody's: daybook unmatch \(ShellWord.text(known.shown)) PERSON")
        }
        let name = try home.nameOfPerson(first.0)
        let desk = home.desk()
        try desk.append(
            whose.map { person, rule in
                var rejected = AddressRejected()
                rejected.address = known.address
                rejected.person = person
                rejected.rule = rule
                return desk.draft(rejected, stream: "address/\(known.address)", owner: viewer.user)
            })
        return AddressDecision(
            address: known.address, email: known.email, name: known.name, person: nil, personName: nil, before: name,
            followed: try desk.follow(viewer.user))
    }
}
