import Entries
import Matching
import Projections
import SQLite

/// The people whom a user knows.
public struct PeopleRequest: ReadingRequest {
    public static let name = "people"

    public struct Answer: Codable, Sendable {
        public let people: [Known]
        public let total: Int64
        /// The zone in which the user reads times.
        public let zone: String?
        /// Where the next page begins; nil after the last.
        public let next: String?
    }

    public struct Known: Codable, Sendable {
        public let person: String
        public let name: String?
        public let organization: String?
        public let emails: [String]
        /// hand, attendee, address_book or import.
        public let source: String
        /// The address book that holds the person.
        public let book: String?
        public let activities: Int64
        public let lastMet: Int64?
        /// The user.
        public let isYou: Bool
        public let phones: [String]
        public let note: String?
    }

    public var user: String?
    /// A part of a name, an organization or an address; nil is everybody.
    public var text: String?
    public var limit: Int64
    /// Where to go on, as the page before said.
    public var cursor: String?

    public init(user: String?, text: String? = nil, limit: Int64 = 50) {
        self.user = user
        self.text = text
        self.limit = limit
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let folded = text.map(Folding.fold)
        let lowered = text.map { $0.lowercased() }
        let found = try home.views().read { views in
            try views.prepare(
                """
                SELECT person FROM person
                WHERE owner = ?1 AND merged_into IS NULL AND (?2 IS NULL
                    OR instr(COALESCE(folded_name, ''), ?2) > 0 AND ?2 <> ''
                    OR instr(lower(COALESCE(organization, '')), ?3) > 0
                    OR EXISTS (
                        SELECT 1 FROM person_address JOIN address ON address.address = person_address.address
                        WHERE person_address.person = person.person AND instr(COALESCE(address.email, ''), ?3) > 0))
                ORDER BY COALESCE(folded_name, ''), person
                """
            ).map(.text(viewer.user), Value(folded), Value(lowered)) { $0.text(0) }
        }
        let rest = try cursor.map { cursor in
            guard let last = found.firstIndex(of: cursor) else { throw Refusal.badCursor }
            return found[(last + 1)...]
        }
        let page = (rest ?? found[...]).prefix(Int(limit))
        return Answer(
            people: try page.compactMap { try Self.one($0, home) }, total: Int64(found.count), zone: viewer.zone,
            next: page.endIndex < found.endIndex ? page.last : nil)
    }

    /// One whom `OpenHome.person` found.
    static func one(_ person: String, _ home: OpenHome) throws -> Known? {
        try home.views().read { views in
            let emails = try views.prepare(
                """
                SELECT address.email FROM person_address JOIN address ON address.address = person_address.address
                WHERE person_address.person = ? AND address.email IS NOT NULL
                ORDER BY person_address.number, address.email
                """
            ).map(.text(person)) { $0.text(0) }
            return try views.prepare(
                """
                SELECT person.person, person.name, person.organization, person.source, connection.name,
                    (SELECT COUNT(*) FROM activity
                        WHERE activity.person = person.person AND activity.retracted IS NULL),
                    (SELECT MAX(activity.occurred) FROM activity
                        WHERE activity.person = person.person AND activity.retracted IS NULL),
                    account.person IS NOT NULL, person.phones, person.note
                FROM person
                    LEFT JOIN connection ON connection.connection = person.connection
                    LEFT JOIN account ON account.account = person.owner AND account.person = person.person
                WHERE person.person = ?
                """
            ).first(.text(person)) { row in
                Known(
                    person: row.text(0), name: row.textIfPresent(1), organization: row.textIfPresent(2), emails: emails,
                    source: row.text(3), book: row.textIfPresent(4), activities: row.integer(5),
                    lastMet: row.integerIfPresent(6), isYou: row.integer(7) == 1,
                    phones: StoredList.texts(row.textIfPresent(8)), note: row.textIfPresent(9))
            }
        }
    }
}

/// One person, with all that is known.
public struct KnownPersonRequest: ReadingRequest {
    public static let name = "known_person"

    public struct Answer: Codable, Sendable {
        public let person: PeopleRequest.Known
        /// The zone in which the user reads times.
        public let zone: String?
    }

    public var user: String?
    public var person: String

    public init(user: String?, person: String) {
        self.user = user
        self.person = person
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        guard let known = try PeopleRequest.one(try home.person(person, of: viewer), home) else {
            throw Refusal(.notFound, "there is no person “\(person)”")
        }
        return Answer(person: known, zone: viewer.zone)
    }
}
