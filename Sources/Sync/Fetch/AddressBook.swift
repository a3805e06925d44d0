public import Entries
import Ledger
import Matching
import Providers
public import SQLite

/// Gives addresses their ids, and writes down those that came up for the first time or with a better name.
///
/// Of somebody who was forgotten nothing is written down again but the id.
///
/// A name is replaced only by a longer one that was not known: two invitations that write a name differently must not
/// take turns for ever.
struct AddressBook {
    private let desk: Desk
    private let owner: String
    /// What is known of addresses, as far as they came up in this run: how many parts their names have.
    private var known: [String: Int] = [:]

    init(_ desk: Desk, owner: String) {
        self.desk = desk
        self.owner = owner
    }

    /// The id of an attendee's address; nil for one who has neither address nor name.
    func identifier(_ attendee: FoundAttendee) -> String? {
        if let email = attendee.email { return desk.names.address(owner, email: email) }
        guard let name = attendee.name.map(Folding.fold), !name.isEmpty else { return nil }
        return desk.names.address(owner, name: name)
    }

    /// What must be written before a meeting refers to these.
    mutating func introduce(
        _ attendees: [FoundAttendee], source: AddressSource, meeting: String?, _ views: Connection
    ) throws -> [Draft] {
        var drafts: [Draft] = []
        for attendee in attendees {
            guard let address = identifier(attendee) else { continue }
            let folded = attendee.name.map(Folding.fold).flatMap { $0.isEmpty ? nil : $0 }
            let parts = folded?.split(separator: " ").count ?? 0
            let before = try known[address] ?? Self.partsOfName(address, views)
            if before == nil || parts > before ?? 0, try isForgotten(attendee, address, views) {
                known[address] = Int.max
                if before == nil { drafts += forgotten(attendee, address, source, meeting) }
                continue
            }
            known[address] = max(before ?? 0, parts)
            if let before, parts <= before { continue }
            drafts.append(seen(attendee, address, folded, source, meeting))
        }
        return drafts
    }

    /// Whether it is an address of somebody who was forgotten, in this or in another spelling of its mailbox.
    func isForgotten(_ attendee: FoundAttendee, _ address: String, _ views: Connection) throws -> Bool {
        let mailbox = attendee.email.map { desk.names.mailbox(owner, MailAddress($0)?.alias ?? $0) }
        return try views.prepare(
            """
            SELECT 1 FROM address WHERE address = ?1 AND exclusion = 'erased'
            UNION ALL SELECT 1 FROM address WHERE mailbox = ?2 AND exclusion = 'erased' LIMIT 1
            """
        ).first(.text(address), Value(mailbox)) { _ in true } ?? false
    }

    /// Another spelling comes up without what it says, and is never matched either: meetings can refer to it.
    private func forgotten(
        _ attendee: FoundAttendee, _ address: String, _ source: AddressSource, _ meeting: String?
    ) -> [Draft] {
        var seen = AddressSeen()
        (seen.address, seen.kind, seen.source, seen.meeting) = (address, attendee.kind, source, meeting)
        seen.mailbox = attendee.email.map { desk.names.mailbox(owner, MailAddress($0)?.alias ?? $0) }
        var excluded = AddressExcluded()
        (excluded.address, excluded.reason) = (address, .erased)
        let stream = "address/\(address)"
        return [
            desk.draft(seen, stream: stream, owner: owner), desk.draft(excluded, stream: stream, owner: owner),
        ]
    }

    private func seen(
        _ attendee: FoundAttendee, _ address: String, _ folded: String?, _ source: AddressSource, _ meeting: String?
    ) -> Draft {
        var seen = AddressSeen()
        seen.address = address
        seen.kind = attendee.kind
        seen.source = source
        seen.meeting = meeting
        seen.email = attendee.email
        seen.name = attendee.name
        seen.foldedName = folded
        seen.foldedGivenName = attendee.name.flatMap { NameParts($0).given }
        seen.mailbox = attendee.email.map { desk.names.mailbox(owner, MailAddress($0)?.alias ?? $0) }
        return desk.draft(seen, stream: "address/\(address)", owner: owner)
    }

    /// How many parts the known name of an address has; nil for an address that never came up.
    private static func partsOfName(_ address: String, _ views: Connection) throws -> Int? {
        try views.prepare("SELECT folded_name FROM address WHERE address = ?").first(.text(address)) { row in
            row.textIfPresent(0)?.split(separator: " ").count ?? 0
        }
    }
}

extension Desk {
    /// What must be written before something refers to addresses that a person typed.
    public func introduced(_ emails: [String], owner: String, _ views: Connection) throws -> [Draft] {
        var book = AddressBook(self, owner: owner)
        let attendees = emails.map { email in
            var attendee = FoundAttendee()
            attendee.email = email
            return attendee
        }
        return try book.introduce(attendees, source: .hand, meeting: nil, views)
    }
}
