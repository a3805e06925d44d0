import Entries
public import Matching
public import SQLite

/// An address that came up, and what was answered about it last.
public struct KnownAddress: Sendable, Equatable {
    public var address = ""
    public var candidate = Candidate()
    /// matched, unmatched, suggested; nil while nothing was answered.
    public var answer: String?
    public var person: String?
    public var rule: String?
    public var reason: String?
    public var candidates: [String] = []
    /// Somebody said so; no rule says otherwise.
    public var isByHand = false
    public var exclusion: String?
    /// It came up, or something about it changed, since it was answered.
    public var isDue = true
    public var seen: Int64 = 0

    public init() {}

    private static let columns = """
        SELECT address, email, name, kind, claimed_by, exclusion, answer, person, rule, reason, candidates, is_by_hand,
            answered IS NULL OR answered < seen, seen,
            (SELECT json_group_array(address_rejection.person) FROM address_rejection
                WHERE address_rejection.address = address.address),
            (SELECT address_suggestion.person FROM address_suggestion
                WHERE address_suggestion.address = address.address ORDER BY address_suggestion.position DESC LIMIT 1),
            (SELECT address_suggestion.rule FROM address_suggestion
                WHERE address_suggestion.address = address.address ORDER BY address_suggestion.position DESC LIMIT 1)
        FROM address
        """

    public static func due(of owner: String, _ views: Connection) throws -> [KnownAddress] {
        try read("owner = ? AND (answered IS NULL OR answered < seen) ORDER BY seen", .text(owner), views)
    }

    public static func all(of owner: String, _ views: Connection) throws -> [KnownAddress] {
        try read("owner = ? ORDER BY seen", .text(owner), views)
    }

    public static func one(_ address: String, _ views: Connection) throws -> KnownAddress? {
        try read("address = ?", .text(address), views).first
    }

    private static func read(_ condition: String, _ value: Value, _ views: Connection) throws -> [KnownAddress] {
        try views.prepare("\(columns) WHERE \(condition)").map(value) { row in
            var known = KnownAddress()
            known.address = row.text(0)
            known.candidate.address = row.textIfPresent(1)
            known.candidate.name = row.textIfPresent(2)
            let kind: AddressKind? = row.word(3)
            known.candidate.isResource = kind == .room || kind == .resource
            known.candidate.isGroup = kind == .group
            known.candidate.isSelf = !row.isNull(4)
            known.exclusion = row.textIfPresent(5)
            known.answer = row.textIfPresent(6)
            known.person = row.textIfPresent(7)
            known.rule = row.textIfPresent(8)
            known.reason = row.textIfPresent(9)
            known.candidates = JSONList.texts(row.textIfPresent(10))
            known.isByHand = row.integer(11) == 1
            known.isDue = row.integer(12) == 1
            known.seen = row.integer(13)
            known.candidate.rejectedPersons = Set(JSONList.texts(row.textIfPresent(14)))
            if known.answer == "suggested" {
                known.person = row.textIfPresent(15)
                known.rule = row.textIfPresent(16)
            }
            return known
        }
    }
}
