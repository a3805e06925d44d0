import Entries
import Matching
import Projections
import SQLite

/// An address that came up, as decisions about it need it.
struct DecidedAddress {
    let address: String
    let email: String?
    let name: String?
    let answer: String?
    let person: String?
    let rule: Entries.MatchRule?
    let isByHand: Bool
    let isOwn: Bool
    let isExcluded: Bool

    /// As people read it.
    var shown: String { email ?? name ?? "an address that was erased" }
}

extension OpenHome {
    /// An address of a user: as it is written, by its id or the beginning of that, or by a part of it or of its name.
    func decidedAddress(_ named: String, of viewer: Viewer) throws -> DecidedAddress {
        let id = try address(named, of: viewer) ?? addressByPart(named, of: viewer)
        let found = try views().read { views in
            try views.prepare(
                """
                SELECT address, email, name, answer, person, rule, is_by_hand, claimed_by, exclusion FROM address
                WHERE owner = ? AND address = ?
                """
            ).first(.text(viewer.user), .text(id)) { row in
                DecidedAddress(
                    address: row.text(0), email: row.textIfPresent(1), name: row.textIfPresent(2),
                    answer: row.textIfPresent(3), person: row.textIfPresent(4),
                    rule: row.textIfPresent(5).flatMap { Entries.MatchRule(rawValue: $0) },
                    isByHand: row.integer(6) == 1,
                    isOwn: !row.isNull(7), isExcluded: !row.isNull(8))
            }
        }
        guard let found else { throw Self.unknownAddress(named) }
        return found
    }

    private func addressByPart(_ named: String, of viewer: Viewer) throws -> String {
        let all = try views().read { views in
            try views.prepare(
                """
                SELECT address, COALESCE(email, ''), COALESCE(name, '') FROM address
                WHERE owner = ? ORDER BY first_position
                """
            ).map(.text(viewer.user)) { ($0.text(0), [$0.text(1), $0.text(2)].filter { !$0.isEmpty }) }
        }
        let names = all.map { (id: $0.0, name: $0.1.joined(separator: " ")) }
        do {
            return try Finding.one(
                named, of: names, "attendee", hint: "Give the whole address, as it stands in the meeting.")
        } catch let refusal as Refusal where refusal.kind == .notFound && MailAddress(named) != nil {
            throw Self.unknownAddress(named)
        }
    }

    private static func unknownAddress(_ named: String) -> Refusal {
        Refusal(
            .notFound, "the address “\(named)” never came up",
            hint: "To give it to somebody all the same: daybook people add --from \(ShellWord.text(named)) --to PERSON")
    }

    /// What people are called; nil for one without a name.
    func nameOfPerson(_ person: String) throws -> String? {
        try views().read { views in
            try views.prepare(
                """
                SELECT COALESCE(person.name, (
                    SELECT address.email FROM person_address
                        JOIN address ON address.address = person_address.address
                    WHERE person_address.person = person.person ORDER BY person_address.number LIMIT 1))
                FROM person WHERE person.person = ?
                """
            ).first(.text(person)) { $0.textIfPresent(0) } ?? nil
        }
    }
}
